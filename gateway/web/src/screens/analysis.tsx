import { useEffect, useState } from "preact/hooks";
import {
  State,
  analysisFeed,
  cancelAnalysis,
  getResume,
  isOver,
  type ResumeAnalysis,
  type WatchResumeAnalysisResponse,
} from "../api/career.ts";
import { adviceFor, asApiError, type ApiError } from "../api/errors.ts";
import { useLoaded } from "../load.ts";
import { AnalysisReport } from "../parts/analysis-report.tsx";
import { ErrorNotice, Loading } from "../parts/notice.tsx";
import { Title } from "../parts/title.tsx";
import { follow } from "../stream/follow.ts";
import { sentence } from "../words.ts";

const STAGES: Partial<Record<State, string>> = {
  [State.PENDING]: "Waiting for a free worker",
  [State.SCANNING]: "Checking the file for malware",
  [State.EXTRACTING]: "Taking out the text",
  [State.PARSING]: "Reading contact, roles and education",
  [State.LINKING]: "Recognising skills",
  [State.EMBEDDING]: "Preparing for matching",
};

export function AnalysisScreen({ id }: { id: string }) {
  const { analysis, error, again } = useAnalysis(id);
  return (
    <>
      <a class="back" href="#/resumes">
        ← Your resumes
      </a>
      <ResumeTitle resumeId={analysis?.resumeId} />
      {error && <ErrorNotice error={error} onRetry={again} />}
      {!analysis && !error && <Loading what="the analysis" />}
      {analysis && <Outcome analysis={analysis} />}
    </>
  );
}

function useAnalysis(id: string) {
  const [analysis, setAnalysis] = useState<ResumeAnalysis>();
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const watching = new AbortController();
    const onAnalysis = (next: ResumeAnalysis): void => {
      setAnalysis(next);
      if (isOver(next)) watching.abort();
    };
    setError(undefined);
    const feed = {
      ...analysisFeed(id),
      onItem: ({ event }: WatchResumeAnalysisResponse) => event.case === "analysis" && onAnalysis(event.value),
      onRestart: () => undefined,
      onConnection: () => undefined,
    };
    follow(feed, watching.signal).catch((thrown: unknown) => setError(asApiError(thrown)));
    return () => watching.abort();
  }, [id, turn]);
  return { analysis, error, again: () => setTurn(turn + 1) };
}

function ResumeTitle({ resumeId }: { resumeId: string | undefined }) {
  const { value: resume } = useLoaded(async () => (resumeId ? getResume(resumeId) : undefined), resumeId);
  return <Title text={resume?.filename || "Resume"} />;
}

function Outcome({ analysis }: { analysis: ResumeAnalysis }) {
  switch (analysis.state) {
    case State.SUCCEEDED:
      return analysis.result ? <AnalysisReport resumeId={analysis.resumeId} result={analysis.result} /> : null;
    case State.FAILED:
      return <Failed analysis={analysis} />;
    case State.CANCELLED:
      return <Stopped text="You called this analysis off. No credit was spent." />;
    default:
      return <Progress analysis={analysis} />;
  }
}

function Progress({ analysis }: { analysis: ResumeAnalysis }) {
  const [error, setError] = useState<ApiError>();
  const cancel = (): Promise<void> => cancelAnalysis(analysis.id).then(
    () => setError(undefined),
    (thrown: unknown) => setError(asApiError(thrown)),
  );
  const stage = STAGES[analysis.state] ?? "Working";
  return (
    <section class="card progress">
      <label for="progress">
        <span role="status">{stage}</span>
        <span>{analysis.progressPercent} %</span>
      </label>
      <progress id="progress" max={100} value={analysis.progressPercent} />
      {analysis.waitMessage && <p role="status">{sentence(analysis.waitMessage)}</p>}
      {error && <ErrorNotice error={error} />}
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </section>
  );
}

function Failed({ analysis }: { analysis: ResumeAnalysis }) {
  const what = sentence(analysis.failureMessage || "The file could not be read");
  return (
    <div role="alert">
      <Stopped text={`${what} ${adviceFor(analysis.failureReason)} No credit was spent.`} />
    </div>
  );
}

function Stopped({ text }: { text: string }) {
  return (
    <div class="notice">
      <p>{text}</p>
      <a class="button primary" href="#/resumes">
        Upload another file
      </a>
    </div>
  );
}
