import assert from "node:assert/strict";
import test from "node:test";
import { events } from "../src/stream/sse.ts";

const TEXT = 'data: {"name":"Zoë 🚀"}\n\n: nothing\n\ndata: one\ndata:two\r\n\r\nevent: x\ndata: 3\n\ndata: cut o';
const EXPECTED = ['{"name":"Zoë 🚀"}', "one\ntwo", "3"];

test("events come out whole wherever the bytes are cut in two", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await read([bytes.slice(0, cut), bytes.slice(cut)]), EXPECTED);
  }
});

test("events come out whole when each byte comes alone", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  assert.deepEqual(await read([...bytes].map((byte) => Uint8Array.of(byte))), EXPECTED);
});

test("an event is given before the stream ends", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  void writer.write(new TextEncoder().encode("data: now\n\n"));
  const found = events(readable);
  assert.equal((await found.next()).value, "now");
  await found.return(undefined);
});

test("leaving the loop cancels the body, so that the connection is closed", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const _ of events(body)) break;
  assert.equal(cancelled, true);
});

async function read(parts: Uint8Array[]): Promise<string[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      parts.forEach((part) => controller.enqueue(part));
      controller.close();
    },
  });
  const found: string[] = [];
  for await (const data of events(body)) found.push(data);
  return found;
}
