import {
  GetPublicShowcaseResponseSchema,
  type GetPublicShowcaseResponse,
} from "@gen/careerforge/v1/careerforge_service_pb";
import {
  LinkPreview_State as PreviewState,
  PortfolioItem_Visibility as Visibility,
  type LinkPreview,
  type PortfolioItem,
} from "@gen/careerforge/v1/growth_pb";
import { failureOf, offline } from "./errors.ts";
import { decode } from "./http.ts";

export { PreviewState, Visibility, type GetPublicShowcaseResponse, type LinkPreview, type PortfolioItem };

/** To whoever looks: no token is sent along. */
export async function getShowcase(userId: string): Promise<GetPublicShowcaseResponse> {
  const answer = await fetch(`/v1/showcases/${encodeURIComponent(userId)}`).catch(() => Promise.reject(offline()));
  if (!answer.ok) throw await failureOf(answer);
  return decode(GetPublicShowcaseResponseSchema, await answer.text());
}
