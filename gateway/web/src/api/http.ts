import { create, fromJson, toJson, type DescMessage, type JsonValue, type MessageShape } from "@bufbuild/protobuf";
import { TokenSetSchema } from "@gen/user/v1/session_pb";
import { RefreshTokensRequestSchema } from "@gen/user/v1/user_service_pb";
import { failureOf, offline } from "./errors.ts";
import { currentAccessToken, currentRefreshToken, forgetTokens, keepTokens } from "./tokens.ts";

let renewing: Promise<boolean> | undefined;
let onSessionEnd = (): void => undefined;

export function whenSessionEnds(act: () => void): void {
  onSessionEnd = act;
}

export async function get<T extends DescMessage>(schema: T, path: string): Promise<MessageShape<T>> {
  return decode(schema, await (await send(path)).text());
}

export async function post<T extends DescMessage>(
  schema: T,
  path: string,
  body: JsonValue = {},
): Promise<MessageShape<T>> {
  return decode(schema, await (await send(path, asJson(body))).text());
}

export async function upload<T extends DescMessage>(
  schema: T,
  path: string,
  file: File,
  signal: AbortSignal,
): Promise<MessageShape<T>> {
  const headers = { "content-type": "application/octet-stream" };
  return decode(schema, await (await send(path, { method: "POST", body: file, headers, signal })).text());
}

/** A file that takes a token: a plain link would not send it. */
export async function download(path: string): Promise<Blob> {
  return (await send(path)).blob();
}

export async function openStream(
  path: string,
  resumeToken: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const query = resumeToken ? `?resumeToken=${encodeURIComponent(resumeToken)}` : "";
  const answer = await send(path + query, { headers: { accept: "text/event-stream" }, signal });
  if (!answer.body) throw offline();
  return answer.body;
}

export function decode<T extends DescMessage>(schema: T, text: string): MessageShape<T> {
  return fromJson(schema, JSON.parse(text) as JsonValue, { ignoreUnknownFields: true });
}

/** Trades the refresh token for a new pair; false when there is no session any more. Each token works only once. */
export function renew(): Promise<boolean> {
  renewing ??= tradeTokens().finally(() => (renewing = undefined));
  return renewing;
}

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let answer = await fetchWithToken(path, init);
  if (answer.status === 401 && currentRefreshToken() && (await renew())) answer = await fetchWithToken(path, init);
  if (!answer.ok) throw await failureOf(answer);
  return answer;
}

async function fetchWithToken(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (currentAccessToken()) headers.set("authorization", `Bearer ${currentAccessToken()}`);
  try {
    return await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw offline();
  }
}

async function tradeTokens(): Promise<boolean> {
  const request = create(RefreshTokensRequestSchema, { refreshToken: currentRefreshToken() });
  const init = asJson(toJson(RefreshTokensRequestSchema, request));
  const answer = await fetch("/v1/sessions:refresh", init).catch(() => Promise.reject(offline()));
  if (answer.ok) {
    keepTokens(decode(TokenSetSchema, await answer.text()));
    return true;
  }
  if (answer.status !== 401) throw await failureOf(answer);
  forgetTokens();
  onSessionEnd();
  return false;
}

function asJson(body: JsonValue): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
