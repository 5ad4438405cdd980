import { create, toJson } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { AccountSchema, Platform, type Account } from "@gen/user/v1/account_pb";
import { TokenSetSchema, type TokenSet } from "@gen/user/v1/session_pb";
import { RegisterRequestSchema, SignInRequestSchema } from "@gen/user/v1/user_service_pb";
import { get, post } from "./http.ts";
import { currentRefreshToken, deviceToken, forgetTokens, keepTokens } from "./tokens.ts";

export { Platform, type Account };

export interface Credentials {
  email: string;
  password: string;
  secondFactorCode: string;
}

export interface NewAccount {
  email: string;
  displayName: string;
  platform: Platform;
}

/** A mail is on its way afterwards; the code in its link completes the registration. */
export async function register(account: NewAccount): Promise<void> {
  const request = create(RegisterRequestSchema, { ...account });
  await post(EmptySchema, "/v1/accounts:register", toJson(RegisterRequestSchema, request));
}

export async function completeRegistration(code: string, password: string): Promise<Account> {
  return begin(await post(TokenSetSchema, "/v1/accounts:completeRegistration", { code, password }));
}

/** The answer is the same for an address without account; only the mail tells. */
export async function sendPasswordReset(email: string): Promise<void> {
  await post(EmptySchema, "/v1/accounts:sendPasswordReset", { email });
}

export async function resetPassword(code: string, newPassword: string): Promise<void> {
  await post(EmptySchema, "/v1/accounts:resetPassword", { code, newPassword });
}

export async function verifyEmail(code: string): Promise<void> {
  await post(EmptySchema, "/v1/accounts:verifyEmail", { code });
}

export async function unlock(code: string): Promise<void> {
  await post(EmptySchema, "/v1/accounts:unlock", { code });
}

export async function signIn(credentials: Credentials): Promise<Account> {
  const request = create(SignInRequestSchema, { ...credentials, deviceToken: deviceToken() });
  return begin(await post(TokenSetSchema, "/v1/sessions:signIn", toJson(SignInRequestSchema, request)));
}

/** Whose session this tab still holds after a reload, if it does. */
export async function restore(): Promise<Account | undefined> {
  return currentRefreshToken() ? getMe() : undefined;
}

export function getMe(): Promise<Account> {
  return get(AccountSchema, "/v1/me");
}

export async function signOut(): Promise<void> {
  await post(EmptySchema, "/v1/sessions:signOut").catch(() => undefined);
  forgetTokens();
}

/** The session that the tokens are of is this tab's from now on. */
export function begin(tokens: TokenSet): Account {
  keepTokens(tokens);
  return tokens.account ?? create(AccountSchema);
}
