/** The `data` of each server-sent event in a body of bytes that may be cut anywhere, inside a character too. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + decoder.decode(part.value, { stream: true })).split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop() ?? "";
      yield* blocks.flatMap(dataOf);
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** No element for a block without data, such as a comment. */
function dataOf(block: string): string[] {
  const lines = block.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  return lines.length ? [lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n")] : [];
}
