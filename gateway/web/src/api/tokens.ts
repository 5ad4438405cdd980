import type { TokenSet } from "@gen/user/v1/session_pb";

const REFRESH_TOKEN = "skillsync.refreshToken";
const DEVICE_TOKEN = "skillsync.deviceToken";

let accessToken = "";

/** The access token lives in memory only: a script that reads the storage finds nothing that calls the API. */
export function currentAccessToken(): string {
  return accessToken;
}

export function currentRefreshToken(): string {
  return sessionStorage.getItem(REFRESH_TOKEN) ?? "";
}

/** That somebody signed in here before: strangers' wrong guesses do not keep this browser out. Opens nothing. */
export function deviceToken(): string {
  return localStorage.getItem(DEVICE_TOKEN) ?? "";
}

export function keepTokens(tokens: TokenSet): void {
  accessToken = tokens.accessToken;
  localStorage.setItem(DEVICE_TOKEN, tokens.deviceToken);
  sessionStorage.setItem(REFRESH_TOKEN, tokens.refreshToken);
}

export function forgetTokens(): void {
  accessToken = "";
  sessionStorage.removeItem(REFRESH_TOKEN);
}
