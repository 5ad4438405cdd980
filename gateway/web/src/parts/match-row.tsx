import type { Reason } from "@gen/matching/v1/match_pb";
import type { Span } from "@gen/type/v1/span_pb";
import { useState } from "preact/hooks";
import { candidateName, type Change, type Row } from "../stream/ranking.ts";
import { Bar } from "./bar.tsx";
import { points, titled } from "./words.ts";

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
  const left = change === "left";
  return (
    <li class={`match ${change}`}>
      <button type="button" aria-expanded={open} aria-controls={reasonsId} disabled={left} onClick={() => setOpen(!open)}>
        <span class="rank">{left ? "–" : row.rank}</span>
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
        <strong>{reason.label}</strong>
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
      {spans.length ? spans.map((span) => <Quote key={span.start} span={span} />) : <p class="muted">Nothing about it.</p>}
    </figure>
  );
}

function Quote({ span }: { span: Span }) {
  return (
    <blockquote>
      {span.text}
      {span.page > 0 && <cite>page {span.page}</cite>}
    </blockquote>
  );
}
