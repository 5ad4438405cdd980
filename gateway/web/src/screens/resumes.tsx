import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError, ApiError } from "../api/errors.ts";
import { MAX_FILE_BYTES, MAX_POSITION_LETTERS, analyzeResume, listResumes, type Resume } from "../api/career.ts";
import { useLoaded } from "../load.ts";
import { DropZone } from "../parts/drop-zone.tsx";
import { Empty, ErrorNotice, Loading } from "../parts/notice.tsx";
import { Title } from "../parts/title.tsx";
import { day, fileSize } from "../words.ts";
import { go } from "../route.ts";

export function ResumesScreen() {
  return (
    <>
      <Title text="Your resumes" />
      <Upload />
      <section aria-labelledby="earlier">
        <h2 id="earlier">Earlier resumes</h2>
        <EarlierResumes />
      </section>
    </>
  );
}

function Upload() {
  const [file, setFile] = useState<File>();
  const [error, setError] = useState<ApiError>();
  const sending = useRef<AbortController>(undefined);
  const position = useRef<HTMLTextAreaElement>(null);
  useEffect(() => () => sending.current?.abort(), []);

  const send = async (chosen: File): Promise<void> => {
    setError(refusalOf(chosen));
    if (refusalOf(chosen)) return;
    const controller = (sending.current = new AbortController());
    setFile(chosen);
    try {
      const analysis = await analyzeResume(chosen, position.current?.value ?? "", controller.signal);
      go(`/analyses/${analysis.id}`);
    } catch (thrown) {
      if (!controller.signal.aborted) setError(asApiError(thrown));
      setFile(undefined);
    }
  };
  return (
    <>
      {file ? <Sending file={file} onCancel={() => sending.current?.abort()} /> : <DropZone onFile={send} />}
      <PositionToCompare text={position} hidden={!!file} />
      {error && <ErrorNotice error={error} />}
    </>
  );
}

function PositionToCompare({ text, hidden }: { text: RefObject<HTMLTextAreaElement | null>; hidden: boolean }) {
  return (
    <details class="card" hidden={hidden}>
      <summary>Compare it with a position</summary>
      <div class="field">
        <label for="position">Title and description of the position</label>
        <textarea id="position" ref={text} rows={8} maxLength={MAX_POSITION_LETTERS} aria-describedby="position-help" />
        <p id="position-help" class="help">
          Paste it before you choose the file. You see what it asks for, and where your resume shows it.
        </p>
      </div>
    </details>
  );
}

function Sending({ file, onCancel }: { file: File; onCancel: () => void }) {
  return (
    <div class="card sending">
      <p role="status">
        <span class="spinner" aria-hidden="true" /> Uploading {file.name} ({fileSize(file.size)})…
      </p>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

function EarlierResumes() {
  const { value: resumes, error, again } = useLoaded(listResumes);
  if (error) return <ErrorNotice error={error} onRetry={again} />;
  if (!resumes) return <Loading what="your resumes" />;
  if (!resumes.length) {
    return <Empty title="None yet">Choose a file above; in a few seconds you see how it reads.</Empty>;
  }
  return (
    <ul class="list">
      {resumes.map((resume) => (
        <li key={resume.id}>
          <ResumeLink resume={resume} />
        </li>
      ))}
    </ul>
  );
}

function ResumeLink({ resume }: { resume: Resume }) {
  return (
    <a href={`#/analyses/${resume.latestAnalysisId}`}>
      <strong>{resume.filename || "Unnamed file"}</strong>
      <span class="muted">
        {day(resume.createTime)} · {fileSize(Number(resume.byteSize))}
      </span>
    </a>
  );
}

function refusalOf(file: File): ApiError | undefined {
  if (!file.size) return new ApiError(400, "FILE_EMPTY", `${file.name} is empty.`);
  if (file.size > MAX_FILE_BYTES) return new ApiError(413, "FILE_TOO_LARGE", `${file.name} is too large.`);
  return undefined;
}
