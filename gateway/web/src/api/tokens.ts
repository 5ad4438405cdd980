import type { TokenSet } from "@gen/user/v1/session_pb";

const REFRESH_TOKEN = "skillsync.refreshToken";

let accessToken = "";

/** The access token lives in memory only: a script that reads the storage finds nothing that calls the API. */
export function currentAccessToken(): string {
  return accessToken;
}

export function currentRefreshToken(): string {
  return sessionStorage.getItem(REFRESH_TOKEN) ?? "";
}

export function keepTokens(tokens: TokenSet): void {
  accessToken = tokens.accessToken;
  sessionStorage.setItem(REFRESH_TOKEN, tokens.refreshToken);
}

export function forgetTokens(): void {
  accessToken = "";
  sessionStorage.removeItem(REFRESH_TOKEN);
}
