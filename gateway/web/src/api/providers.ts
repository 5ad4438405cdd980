import { create, toJson } from "@bufbuild/protobuf";
import type { Account, Platform } from "@gen/user/v1/account_pb";
import { TokenSetSchema } from "@gen/user/v1/session_pb";
import {
  BeginOidcSignInRequestSchema,
  BeginOidcSignInResponseSchema,
  ListSignInProvidersResponseSchema,
  type ListSignInProvidersResponse_Provider as Provider,
} from "@gen/user/v1/user_service_pb";
import { begin } from "./account.ts";
import { ApiError } from "./errors.ts";
import { get, post } from "./http.ts";

export type { Provider };

const BEGUN = "skillsync.signIn";

export async function listProviders(): Promise<Provider[]> {
  return (await get(ListSignInProvidersResponseSchema, "/v1/signInProviders")).providers;
}

/** Leaves this page for the provider's. What it must come back with is kept in this tab alone. */
export async function leaveFor(provider: string, platform: Platform): Promise<void> {
  const request = create(BeginOidcSignInRequestSchema, { provider, platform, redirectUri: `${location.origin}/` });
  const path = "/v1/sessions:beginOidcSignIn";
  const page = await post(BeginOidcSignInResponseSchema, path, toJson(BeginOidcSignInRequestSchema, request));
  const { state, browserSecret } = page;
  sessionStorage.setItem(BEGUN, JSON.stringify({ provider, state, browserSecret }));
  location.assign(page.authorizationUrl);
}

/** Whether a provider sent the browser here. */
export function cameBack(): boolean {
  return new URLSearchParams(location.search).has("state");
}

/** Signs in with what the provider sent; takes it out of the address bar first, since it is good once. */
export async function signInFromProvider(): Promise<Account> {
  const answer = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname + location.hash);
  const begun = JSON.parse(sessionStorage.getItem(BEGUN) ?? "{}") as Partial<Record<"provider" | "state" | "browserSecret", string>>;
  sessionStorage.removeItem(BEGUN);
  const { provider = "", state = "", browserSecret = "" } = begun;
  // Somebody else's sign-in, put under this browser: the person would work in a stranger's account.
  if (!state || answer.get("state") !== state) {
    throw new ApiError(401, "PROVIDER_REFUSED", "This sign-in was not begun here.");
  }
  const code = answer.get("code");
  if (!code) throw new ApiError(401, "PROVIDER_REFUSED", "The provider did not let you in.");
  return begin(await post(TokenSetSchema, "/v1/sessions:signInWithOidc", { provider, code, state, browserSecret }));
}
