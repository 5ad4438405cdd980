import { sentence } from "../words.ts";

/** Field of the request, as the browser names it → what is wrong with it. */
export type Problems = Readonly<Record<string, string>>;

interface Detail {
  "@type"?: string;
  reason?: string;
  metadata?: Record<string, string>;
  fieldViolations?: { field?: string; description?: string }[];
}

interface Status {
  code?: number;
  message?: string;
  details?: Detail[];
}

const OUT_OF_RANGE = 11;
const TRANSIENT = new Set([0, 408, 429, 502, 503, 504]);

/** What a person can do about a reason. */
const ADVICE: Readonly<Record<string, string>> = {
  OFFLINE: "Check your connection, then try again.",
  RATE_LIMITED: "Wait a few seconds, then try again.",
  SIGN_IN_LOCKED: "A link that unlocks it is in your mailbox; or wait a day.",
  PROVIDER_REFUSED: "Choose a way to sign in and try again.",
  DEPENDENCY_UNAVAILABLE: "This usually passes by itself: try again in a few seconds.",
  DEADLINE_EXCEEDED: "The server is busy: try again in a moment.",
  CREDENTIALS_INVALID: "Check both and try again, or create an account.",
  ALREADY_EXISTS: "Sign in instead.",
  PASSWORD_TOO_COMMON: "Choose another one; a few unusual words work well.",
  SECOND_FACTOR_REQUIRED: "Enter the six digits that your authenticator shows.",
  TOKEN_REUSED: "Your session was continued elsewhere: sign in again.",
  TOKEN_EXPIRED: "Sign in again.",
  TOKEN_INVALID: "Sign in again.",
  TOKEN_MISSING: "Sign in again.",
  WRONG_STATE: "It changed meanwhile: reload the page to see how it stands now.",
  ETAG_MISMATCH: "It changed meanwhile: reload the page, then try again.",
  NOT_FOUND: "It may have been deleted: go back to the list.",
  PERMISSION_DENIED: "Ask an admin of your organization for this permission.",
  QUOTA_EXCEEDED: "Wait until your allowance renews, or choose a larger plan.",
  ORGANIZATION_REQUIRED: "Create an organization first.",
  FILE_EMPTY: "Choose a file with content.",
  FILE_TOO_LARGE: "Choose a file of at most 20 MB; exporting it as PDF again often makes it smaller.",
  FILE_TYPE_UNSUPPORTED: "Choose a PDF, DOCX or TXT file.",
  FILE_TRUNCATED: "Export the file again: its end is missing.",
  FILE_ENCRYPTED: "Remove the password from the file, then upload it again.",
  FILE_UNREADABLE: "Export the file again, then upload the new one.",
  NO_TEXT: "Upload a file with selectable text rather than a scan.",
};

/** A `google.rpc.Status` that the API answered with, or that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly httpStatus: number,
    readonly reason: string,
    message: string,
    readonly problems: Problems = {},
    /** Seconds to wait, where the server says so. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Whether the same request may well succeed later. */
  get transient(): boolean {
    return TRANSIENT.has(this.httpStatus);
  }

  get advice(): string {
    return adviceFor(this.reason);
  }
}

export function adviceFor(reason: string): string {
  return ADVICE[reason] ?? "Try again; if it fails again, reload the page.";
}

export function offline(): ApiError {
  return new ApiError(0, "OFFLINE", "SkillSync cannot be reached.");
}

export async function failureOf(answer: Response): Promise<ApiError> {
  const status = await readStatus(answer);
  const details = status.details ?? [];
  const problems = problemsOf(details);
  const told = Object.values(problems).join(" ") || sentence(status.message ?? "");
  const words = told || `The server answered ${answer.status}.`;
  return new ApiError(answer.status, reasonOf(status), words, problems, secondsOf(details));
}

/** Anything that was thrown, as something to show. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(500, "", `Something went wrong here: ${String(error)}.`);
}

function reasonOf({ code, details = [] }: Status): string {
  const found = details.find((detail) => detail.reason)?.reason;
  return found ?? (code === OUT_OF_RANGE ? "RESUME_TOKEN_EXPIRED" : "");
}

function secondsOf(details: readonly Detail[]): number {
  return Number(details.find((detail) => detail.metadata?.retry_after_seconds)?.metadata?.retry_after_seconds ?? 0);
}

async function readStatus(answer: Response): Promise<Status> {
  try {
    const body: unknown = await answer.json();
    const status: unknown = Array.isArray(body) ? body[0] : body;
    return typeof status === "object" && status !== null ? status : {};
  } catch {
    return {};
  }
}

function problemsOf(details: readonly Detail[]): Problems {
  const violations = details.flatMap((detail) => detail.fieldViolations ?? []);
  const named = violations.map(({ field = "", description = "" }) => [inputName(field), sentence(description)]);
  return Object.fromEntries(named);
}

/** `position.display_name` → `displayName`, the name of the input. */
function inputName(path: string): string {
  const last = path.split(".").at(-1) ?? "";
  return last.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
