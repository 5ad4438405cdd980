import {
  ListResumesResponseSchema,
  WatchResumeAnalysisResponseSchema,
  type WatchResumeAnalysisResponse,
} from "@gen/careerforge/v1/careerforge_service_pb";
import type { ParsedSkill } from "@gen/careerforge/v1/parsed_resume_pb";
import {
  ParsedResumeDocumentSchema,
  ResumeAnalysisSchema,
  ResumeAnalysis_State as State,
  ResumeSchema,
  ResumeTextSchema,
  type Resume,
  type ResumeAnalysis,
  type ResumeText,
} from "@gen/careerforge/v1/resume_pb";
import { decode, get, openStream, post, upload } from "./http.ts";
import type { Feed } from "../stream/follow.ts";

export { State, type ParsedSkill, type Resume, type ResumeAnalysis, type ResumeText, type WatchResumeAnalysisResponse };

export const MAX_FILE_BYTES = 20 * 2 ** 20;

export const MAX_POSITION_LETTERS = 20_000;

export function analyzeResume(file: File, positionText: string, signal: AbortSignal): Promise<ResumeAnalysis> {
  const query = new URLSearchParams({ filename: file.name.slice(-255), requestId: crypto.randomUUID() });
  if (positionText) query.set("positionText", positionText);
  return upload(ResumeAnalysisSchema, `/resume/analyze?${query}`, file, signal);
}

export function reanalyzeResume(resumeId: string, positionText: string): Promise<ResumeAnalysis> {
  return post(ResumeAnalysisSchema, `/v1/resumes/${resumeId}:reanalyze`, { positionText, requestId: crypto.randomUUID() });
}

export function cancelAnalysis(id: string): Promise<ResumeAnalysis> {
  return post(ResumeAnalysisSchema, `/v1/resumeAnalyses/${id}:cancel`);
}

export async function listResumes(): Promise<Resume[]> {
  return (await get(ListResumesResponseSchema, "/v1/resumes")).resumes;
}

export function getResume(id: string): Promise<Resume> {
  return get(ResumeSchema, `/v1/resumes/${id}`);
}

export function getResumeText(id: string): Promise<ResumeText> {
  return get(ResumeTextSchema, `/v1/resumes/${id}/text`);
}

export async function listSkills(resumeId: string): Promise<ParsedSkill[]> {
  const document = await get(ParsedResumeDocumentSchema, `/v1/resumes/${resumeId}/parsed`);
  return document.parsedResume?.skills ?? [];
}

export function analysisFeed(id: string): Pick<Feed<WatchResumeAnalysisResponse>, "open" | "decode"> {
  return {
    open: (token, signal) => openStream(`/v1/resumeAnalyses/${id}:watch`, token, signal),
    decode: (data) => decode(WatchResumeAnalysisResponseSchema, data),
  };
}

export function isOver({ state }: ResumeAnalysis): boolean {
  return state === State.SUCCEEDED || state === State.FAILED || state === State.CANCELLED;
}
