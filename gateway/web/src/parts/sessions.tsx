import { useState } from "preact/hooks";
import { listSessions, revokeSession, signOutEverywhere, type Session } from "../api/account-care.ts";
import { asApiError, type ApiError } from "../api/errors.ts";
import { forgetTokens } from "../api/tokens.ts";
import { useLoaded } from "../load.ts";
import { moment } from "../words.ts";
import { ErrorNotice, Loading } from "./notice.tsx";
import { Section } from "./section.tsx";

/** Where the person is signed in. */
export function Sessions({ onGone }: { onGone: () => void }) {
  const { value: sessions, error, again } = useLoaded(listSessions);
  const [failure, setFailure] = useState<ApiError>();
  const attempt = (act: Promise<void>, then: () => void): Promise<void> =>
    act.then(then, (thrown: unknown) => setFailure(asApiError(thrown)));
  const leaveAll = (): Promise<void> =>
    attempt(signOutEverywhere(), () => {
      forgetTokens();
      onGone();
    });
  return (
    <Section id="sessions" title="Where you are signed in">
      {error && <ErrorNotice error={error} onRetry={again} />}
      {failure && <ErrorNotice error={failure} />}
      {!sessions && !error && <Loading what="your sessions" />}
      <ul class="rows">
        {sessions?.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => attempt(revokeSession(session.id), again)} />
        ))}
      </ul>
      <div class="actions">
        <button type="button" onClick={leaveAll}>
          Sign out everywhere
        </button>
      </div>
    </Section>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <li>
      <span>
        <strong>{browserOf(session.userAgent)}</strong>
        <span class="muted">
          {" "}
          {session.address} · {session.current ? "this one" : moment(session.lastUseTime)}
        </span>
      </span>
      {!session.current && (
        <button type="button" class="quiet" aria-label={`End the session of ${browserOf(session.userAgent)}`} onClick={onEnd}>
          End
        </button>
      )}
    </li>
  );
}

/** `Mozilla/5.0 (X11; Linux x86_64) … Chrome/140.0 …` → `Chrome on Linux`. */
export function browserOf(userAgent: string): string {
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari", "grpc"].find((name) => userAgent.includes(name));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => userAgent.includes(name));
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", grpc: "A gRPC client" };
  const shown = browser ? (names[browser] ?? browser) : "A program";
  return system ? `${shown} on ${system}` : shown;
}
