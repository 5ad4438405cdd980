import { create, toJson } from "@bufbuild/protobuf";
import { StreamMatchesResponseSchema, type StreamMatchesResponse } from "@gen/matching/v1/matching_service_pb";
import { OrganizationSchema, type Organization } from "@gen/talenthub/v1/organization_pb";
import {
  PositionSchema,
  Position_CloseReason as CloseReason,
  Position_State as State,
  type Position,
} from "@gen/talenthub/v1/position_pb";
import {
  ClosePositionRequestSchema,
  CreateOrganizationRequestSchema,
  ListOrganizationsResponseSchema,
  ListPositionsResponseSchema,
} from "@gen/talenthub/v1/talenthub_service_pb";
import { decode, get, openStream, post } from "./http.ts";
import type { Feed } from "../stream/follow.ts";

export { CloseReason, State, type Organization, type Position };

export async function listOrganizations(): Promise<Organization[]> {
  return (await get(ListOrganizationsResponseSchema, "/v1/organizations")).organizations;
}

export function createOrganization(displayName: string): Promise<Organization> {
  const requestId = crypto.randomUUID();
  const request = create(CreateOrganizationRequestSchema, { organization: { displayName }, requestId });
  return post(OrganizationSchema, "/v1/organizations", toJson(CreateOrganizationRequestSchema, request));
}

export async function listPositions(): Promise<Position[]> {
  return (await get(ListPositionsResponseSchema, "/v1/positions?pageSize=200")).positions;
}

export function getPosition(id: string): Promise<Position> {
  return get(PositionSchema, `/v1/positions/${id}`);
}

export function createPosition(organizationId: string, title: string, description: string): Promise<Position> {
  const draft = { organizationId, title, description };
  return post(PositionSchema, "/positions/create", toJson(PositionSchema, create(PositionSchema, draft)));
}

export type Verb = "publish" | "pause" | "reopen";

export function changePosition({ id, etag }: Position, verb: Verb): Promise<Position> {
  return post(PositionSchema, `/v1/positions/${id}:${verb}`, { etag });
}

export function closePosition({ id, etag }: Position, closeReason: CloseReason): Promise<Position> {
  const request = create(ClosePositionRequestSchema, { closeReason, etag });
  return post(PositionSchema, `/v1/positions/${id}:close`, toJson(ClosePositionRequestSchema, request));
}

export function matchFeed(positionId: string): Pick<Feed<StreamMatchesResponse>, "open" | "decode"> {
  return {
    open: (token, signal) => openStream(`/v1/positions/${positionId}/matches:stream`, token, signal),
    decode: (data) => decode(StreamMatchesResponseSchema, data),
  };
}
