import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { Account } from "@gen/user/v1/account_pb";
import {
  DataExportSchema,
  DataExport_State as ExportState,
  ErasureSchema,
  Erasure_State as ErasureState,
  type Activity,
  type DataExport,
  type Erasure,
} from "@gen/user/v1/privacy_pb";
import { SessionSchema, type Session } from "@gen/user/v1/session_pb";
import {
  BeginSecondFactorResponseSchema,
  ConfirmSecondFactorResponseSchema,
  ListActivitiesResponseSchema,
  ListSessionsResponseSchema,
  SignOutEverywhereResponseSchema,
  WatchDataExportResponseSchema,
  WatchErasureResponseSchema,
  type WatchDataExportResponse,
  type WatchErasureResponse,
} from "@gen/user/v1/user_service_pb";
import { decode, download, get, openStream, post } from "./http.ts";
import type { Feed } from "../stream/follow.ts";

export { ExportState, ErasureState };
export type { Account, Activity, DataExport, Erasure, Session, WatchDataExportResponse, WatchErasureResponse };

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await post(EmptySchema, "/v1/me:changePassword", { currentPassword, newPassword });
}

/** What an authenticator reads as a QR code: `otpauth://…`. */
export async function beginSecondFactor(password: string): Promise<string> {
  return (await post(BeginSecondFactorResponseSchema, "/v1/me/secondFactor:begin", { password })).otpauthUri;
}

/** The recovery codes, shown this once. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  return (await post(ConfirmSecondFactorResponseSchema, "/v1/me/secondFactor:confirm", { code })).recoveryCodes;
}

export async function removeSecondFactor(password: string, code: string): Promise<void> {
  await post(EmptySchema, "/v1/me/secondFactor:remove", { password, code });
}

export async function listSessions(): Promise<Session[]> {
  return (await get(ListSessionsResponseSchema, "/v1/sessions")).sessions;
}

export async function revokeSession(id: string): Promise<void> {
  await post(SessionSchema, `/v1/sessions/${id}:revoke`);
}

export async function signOutEverywhere(): Promise<void> {
  await post(SignOutEverywhereResponseSchema, "/v1/sessions:signOutEverywhere");
}

export async function listActivities(): Promise<Activity[]> {
  return (await get(ListActivitiesResponseSchema, "/v1/activities?pageSize=20")).activities;
}

export function exportMyData(): Promise<DataExport> {
  return post(DataExportSchema, "/v1/me:exportData", { requestId: crypto.randomUUID() });
}

export function exportFeed(id: string): Pick<Feed<WatchDataExportResponse>, "open" | "decode"> {
  return {
    open: (token, signal) => openStream(`/v1/dataExports/${id}:watch`, token, signal),
    decode: (data) => decode(WatchDataExportResponseSchema, data),
  };
}

export function downloadExport({ downloadPath }: DataExport): Promise<Blob> {
  return download(downloadPath);
}

export function eraseMe(password: string, secondFactorCode: string): Promise<Erasure> {
  return post(ErasureSchema, "/v1/me:erase", { password, secondFactorCode, requestId: crypto.randomUUID() });
}

export function erasureFeed(id: string): Pick<Feed<WatchErasureResponse>, "open" | "decode"> {
  return {
    open: (token, signal) => openStream(`/v1/erasures/${id}:watch`, token, signal),
    decode: (data) => decode(WatchErasureResponseSchema, data),
  };
}
