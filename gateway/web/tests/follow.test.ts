import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "../src/stream/follow.ts";

const TIMING = { silenceMs: 40, firstPauseMs: 1, longestPauseMs: 4 };
const CUT = new TypeError("the network went away");

class Refused extends Error {
  readonly reason: string;
  readonly transient: boolean;

  constructor(reason: string, transient: boolean) {
    super(reason);
    this.reason = reason;
    this.transient = transient;
  }
}

/** What one connection sends; then it ends, fails, or stays silent. */
interface Script {
  tokens: string[];
  end?: Error | "silence" | undefined;
}

test("goes on from the last token after an end, a cut and a silence", async () => {
  const seen = await run([
    { tokens: ["1", "2"] },
    { tokens: ["3"], end: CUT },
    { tokens: ["4"], end: "silence" },
    { tokens: ["5", "stop"] },
  ]);
  assert.deepEqual(seen.opened, ["", "2", "3", "4"]);
  assert.deepEqual(seen.items, ["1", "2", "3", "4", "5", "stop"]);
  assert.equal(seen.restarts, 0);
});

test("tries again while the server is away", async () => {
  const away = new Refused("DEPENDENCY_UNAVAILABLE", true);
  const seen = await run([{ tokens: ["1"] }, away, away, { tokens: ["stop"] }]);
  assert.deepEqual(seen.opened, ["", "1", "1", "1"]);
});

test("starts anew when the token is too old", async () => {
  const seen = await run([{ tokens: ["1"] }, new Refused("RESUME_TOKEN_EXPIRED", false), { tokens: ["stop"] }]);
  assert.deepEqual(seen.opened, ["", "1", ""]);
  assert.equal(seen.restarts, 1);
});

test("gives up on what trying again does not cure", async () => {
  await assert.rejects(run([{ tokens: ["1"] }, new Refused("NOT_FOUND", false)]), /NOT_FOUND/);
  await assert.rejects(run([new Refused("RESUME_TOKEN_EXPIRED", false)]), /RESUME_TOKEN_EXPIRED/);
});

async function run(scripts: (Script | Error)[]) {
  const stop = new AbortController();
  const seen = { opened: [] as string[], items: [] as string[], restarts: 0 };
  const feed = {
    open: async (token: string, signal: AbortSignal) => {
      seen.opened.push(token);
      const script = scripts.shift();
      if (!script || script instanceof Error) throw script ?? new Refused("NO_MORE_SCRIPTS", false);
      return bodyOf(script, signal);
    },
    decode: (resumeToken: string) => ({ resumeToken }),
    onItem: ({ resumeToken }: { resumeToken: string }) => {
      seen.items.push(resumeToken);
      if (resumeToken === "stop") stop.abort();
    },
    onRestart: () => {
      seen.restarts++;
    },
    onConnection: () => undefined,
  };
  await follow(feed, stop.signal, TIMING);
  return seen;
}

/** Like a body of fetch: what was sent is read first, and the signal breaks the rest off. */
function bodyOf({ tokens, end }: Script, signal: AbortSignal): ReadableStream<Uint8Array> {
  const left = tokens.map((token) => new TextEncoder().encode(`data: ${token}\n\n`));
  return new ReadableStream({
    start: (controller) => signal.addEventListener("abort", () => controller.error(signal.reason), { once: true }),
    pull: (controller) => {
      const next = left.shift();
      if (next) return controller.enqueue(next);
      if (end instanceof Error) controller.error(end);
      else if (!end) controller.close();
    },
  });
}
