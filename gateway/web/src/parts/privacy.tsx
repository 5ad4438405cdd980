import { useEffect, useState } from "preact/hooks";
import {
  ErasureState,
  ExportState,
  downloadExport,
  eraseMe,
  erasureFeed,
  exportFeed,
  exportMyData,
  type Account,
  type DataExport,
  type Erasure,
} from "../api/account-care.ts";
import { asApiError, type ApiError } from "../api/errors.ts";
import { forgetTokens } from "../api/tokens.ts";
import { follow, type Feed } from "../stream/follow.ts";
import { fileSize, moment } from "../words.ts";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { ErrorNotice } from "./notice.tsx";
import { Section } from "./section.tsx";

const SERVICES = 5;

export function ExportData() {
  const [found, setFound] = useState<DataExport>();
  const [error, setError] = useState<ApiError>();
  const fail = (thrown: unknown): void => setError(asApiError(thrown));
  const begin = (): Promise<void> => {
    setError(undefined);
    return exportMyData().then(setFound, fail);
  };
  useWatched(found?.state === ExportState.RUNNING ? found.id : "", exportFeed, fail, ({ event }) => {
    if (event.case === "dataExport") setFound(event.value);
  });
  return (
    <Section id="export" title="Your data">
      <p>Everything that SkillSync holds about you, and every file of yours, in one zip file.</p>
      {error && <ErrorNotice error={error} />}
      {found?.state === ExportState.RUNNING && (
        <Progress id="export-progress" label="Collecting" percent={found.progressPercent} />
      )}
      {found?.state === ExportState.FAILED && <p role="alert">A part of SkillSync did not answer. Ask again later.</p>}
      {found?.state === ExportState.SUCCEEDED ? (
        <Download found={found} onError={fail} />
      ) : (
        <div class="actions">
          <button type="button" disabled={found?.state === ExportState.RUNNING} onClick={begin}>
            Collect my data
          </button>
        </div>
      )}
    </Section>
  );
}

function Download({ found, onError }: { found: DataExport; onError: (thrown: unknown) => void }) {
  const save = (): Promise<void> => downloadExport(found).then(saveAs, onError);
  return (
    <div class="actions">
      <button type="button" class="primary" onClick={save}>
        Download ({fileSize(Number(found.byteSize))})
      </button>
      <span class="help">It is kept until {moment(found.expireTime)}.</span>
    </div>
  );
}

function saveAs(file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "skillsync-data.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function EraseAccount({ account, onGone }: { account: Account; onGone: () => void }) {
  const [asked, setAsked] = useState(false);
  const [erasure, setErasure] = useState<Erasure>();
  const [error, setError] = useState<ApiError>();
  const send = async ({ password = "", secondFactorCode = "" }: Record<string, string>): Promise<void> => {
    setErasure(await eraseMe(password, secondFactorCode));
    forgetTokens();
  };
  const running = erasure?.state === ErasureState.RUNNING;
  useWatched(running ? erasure.id : "", erasureFeed, (thrown) => setError(asApiError(thrown)), ({ event }) => {
    if (event.case === "erasure") setErasure(event.value);
  });
  return (
    <Section id="erase" title="Erase your account">
      {error && <ErrorNotice error={error} />}
      {running && (
        <Progress id="erase-progress" label="Erasing" percent={(100 * erasure.doneServices.length) / SERVICES} />
      )}
      {erasure?.state === ErasureState.SUCCEEDED && <Gone onGone={onGone} />}
      {!erasure && !asked && <Warning onAsk={() => setAsked(true)} />}
      {!erasure && asked && <Question account={account} onSend={send} onKeep={() => setAsked(false)} />}
    </Section>
  );
}

function Warning({ onAsk }: { onAsk: () => void }) {
  return (
    <>
      <p>Everything about you is removed within a minute: profile, files, applications, matches. This cannot be undone.</p>
      <div class="actions">
        <button type="button" onClick={onAsk}>
          Erase my account…
        </button>
      </div>
    </>
  );
}

interface QuestionProps {
  account: Account;
  onSend: (values: Record<string, string>) => Promise<void>;
  onKeep: () => void;
}

function Question({ account, onSend, onKeep }: QuestionProps) {
  const hasPassword = account.authProvider === "password";
  const keep = (
    <button type="button" onClick={onKeep}>
      Keep it
    </button>
  );
  return (
    <Form submit="Erase everything" onSend={onSend} aside={keep}>
      {(problems) => (
        <>
          {hasPassword ? (
            <Field
              name="password"
              label="Your password, to be sure it is you"
              type="password"
              autoComplete="current-password"
              required
              maxLength={200}
              problems={problems}
            />
          ) : (
            <p>To be sure it is you, this takes a sign-in of the last five minutes.</p>
          )}
          {account.secondFactorEnabled && (
            <Field
              name="secondFactorCode"
              label="Code of your authenticator"
              autoComplete="one-time-code"
              required
              maxLength={20}
              problems={problems}
            />
          )}
        </>
      )}
    </Form>
  );
}

function Gone({ onGone }: { onGone: () => void }) {
  return (
    <>
      <p role="status">You are erased. Nothing about you is left but what the law wants: that an account did something and when, not whose it was or from where.</p>
      <div class="actions">
        <button type="button" class="primary" onClick={onGone}>
          Goodbye
        </button>
      </div>
    </>
  );
}

function Progress({ id, label, percent }: { id: string; label: string; percent: number }) {
  return (
    <div class="progress">
      <label for={id}>
        <span role="status">{label}</span>
        <span>{Math.round(percent)} %</span>
      </label>
      <progress id={id} max={100} value={percent} />
    </div>
  );
}

/** Follows a resource while it has an id to follow. */
function useWatched<T extends { resumeToken: string }>(
  id: string,
  feedOf: (id: string) => Pick<Feed<T>, "open" | "decode">,
  onError: (thrown: unknown) => void,
  onItem: (item: T) => void,
): void {
  useEffect(() => {
    if (!id) return undefined;
    const watching = new AbortController();
    const quiet = { onRestart: () => undefined, onConnection: () => undefined };
    follow({ ...feedOf(id), ...quiet, onItem }, watching.signal).catch(onError);
    return () => watching.abort();
  }, [id]);
}
