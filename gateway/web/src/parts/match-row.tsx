import type { Reason } from "@gen/matching/v1/match_pb";
import type { Span } from "@gen/type/v1/span_pb";
import { useState } from "preact/hooks";
import { candidateName, type Change, type Row } from "../stream/ranking.ts";
import { Bar } from "./bar.tsx";
import { begun, points, titled } from "../words.ts";

const CHANGES: Record<Change, string> = {
  none: "",
  entered: "New",
  up: "▲ Up",
  down: "▼ Down",
  rescored: "New score",
  left: "Left",
};

/** One candidate; the button shows and hides the reasons. */
export function MatchRow({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  const { match, change } = row;
  const reasonsId = `reasons-${match.candidateId}`;
  return (
    <li class={`match ${change}`}>
      <button type="button" aria-expanded={open} aria-controls={reasonsId} onClick={() => setOpen(!open)}>
        <span class="rank">{change === "left" ? "–" : row.rank}</span>
        <span class="name">{candidateName(match.candidateId)}</span>
        <span class="badge">{CHANGES[change]}</span>
        <Bar value={match.score} max={1} />
        <span class="score">
          {points(match.score)}
          <small> of 100</small>
        </span>
      </button>
      <div id={reasonsId} hidden={!open}>
        {open && <Reasons reasons={match.reasons} />}
      </div>
    </li>
  );
}

function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const greatest = Math.max(...reasons.map((reason) => reason.weight), Number.MIN_VALUE);
  return (
    <ul class="reasons">
      {reasons.map((reason, index) => (
        <ReasonItem key={`${reason.factor} ${reason.label} ${index}`} reason={reason} greatest={greatest} />
      ))}
    </ul>
  );
}

function ReasonItem({ reason, greatest }: { reason: Reason; greatest: number }) {
  return (
    <li class={reason.contribution > 0 ? "" : "unmet"}>
      <span class="line">
        <strong>{begun(reason.label)}</strong>
        <span>
          {points(reason.contribution)} of {points(reason.weight)}
        </span>
      </span>
      <Bar value={reason.contribution} max={reason.weight} width={reason.weight / greatest} />
      <small>
        {titled(reason.factor)} · {titled(reason.rule)}
      </small>
      {reason.requirement && (
        <div class="quotes">
          <Quotes from="The position says" spans={[reason.requirement]} />
          <Quotes from="The resume says" spans={reason.evidence} />
        </div>
      )}
    </li>
  );
}

function Quotes({ from, spans }: { from: string; spans: readonly Span[] }) {
  return (
    <figure>
      <figcaption>{from}</figcaption>
      {sameTogether(spans).map(([span, times]) => (
        <Quote key={same(span)} span={span} times={times} />
      ))}
      {!spans.length && <p class="muted">Nothing about it.</p>}
    </figure>
  );
}

function Quote({ span, times }: { span: Span; times: number }) {
  return (
    <blockquote>
      <q>{span.text}</q>
      {span.page > 0 && <cite>page {span.page}</cite>}
      {/* What a person wrote into the profile is no place of the resume. */}
      {!span.end && <cite>in the profile</cite>}
      {times > 1 && <cite>{times} times</cite>}
    </blockquote>
  );
}

/** Spans with the same words on the same page once, with how often they stand there. */
function sameTogether(spans: readonly Span[]): [Span, number][] {
  const found = Object.values(Object.groupBy(spans, same));
  return found.flatMap((same = []) => same.slice(0, 1).map((first): [Span, number] => [first, same.length]));
}

function same(span: Span): string {
  return `${span.page} ${span.text}`;
}
