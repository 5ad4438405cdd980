import { events } from "./sse.ts";

export type Connection = "connecting" | "live" | "reconnecting";

export interface Feed<T extends { resumeToken: string }> {
  /** Opens the stream after the token; an empty one begins anew. */
  open(resumeToken: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  decode(data: string): T;
  onItem(item: T): void;
  /** Everything that was told is void: the stream begins anew. */
  onRestart(): void;
  onConnection(connection: Connection): void;
}

export interface Timing {
  silenceMs: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

/** The server breaks silence every 15 s: three times that, and the connection is dead without having told. */
const TIMING: Timing = { silenceMs: 45_000, firstPauseMs: 500, longestPauseMs: 15_000 };

/** Follows a feed through cuts until `signal` aborts. Rejects with an error that trying again does not cure. */
export async function follow<T extends { resumeToken: string }>(
  feed: Feed<T>,
  signal: AbortSignal,
  timing: Timing = TIMING,
): Promise<void> {
  let token = "";
  let failures = 0;
  const onItem = (item: T): void => {
    token = item.resumeToken || token;
    failures = 0;
    feed.onItem(item);
  };
  feed.onConnection("connecting");
  while (!signal.aborted) {
    const error = await readOnce(feed, token, onItem, signal, timing.silenceMs);
    if (signal.aborted) return;
    if (token && isExpiredToken(error)) {
      token = "";
      feed.onRestart();
      continue;
    }
    if (error !== undefined && !isCut(error)) throw error;
    feed.onConnection("reconnecting");
    await pause(Math.min(timing.firstPauseMs * 2 ** failures++, timing.longestPauseMs), signal);
  }
}

/** Reads one connection to its end; the error that ended it, if one did. */
async function readOnce<T extends { resumeToken: string }>(
  feed: Feed<T>,
  token: string,
  onItem: (item: T) => void,
  signal: AbortSignal,
  silenceMs: number,
): Promise<unknown> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const body = await feed.open(token, AbortSignal.any([signal, silence.signal]));
    feed.onConnection("live");
    for await (const data of events(body)) {
      if (signal.aborted) return undefined;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      onItem(feed.decode(data));
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}

function isExpiredToken(error: unknown): boolean {
  return hasReason(error) && ["RESUME_TOKEN_EXPIRED", "RESUME_TOKEN_INVALID"].includes(error.reason);
}

/** fetch reports a cut as a TypeError, and our own giving up after silence as an AbortError. */
function isCut(error: unknown): boolean {
  if (hasReason(error)) return error.transient;
  return error instanceof TypeError || (error instanceof DOMException && error.name === "AbortError");
}

function hasReason(error: unknown): error is { reason: string; transient: boolean } {
  return error instanceof Error && "reason" in error && "transient" in error;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
