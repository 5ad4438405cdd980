import {
  BulletIssue,
  Concealment,
  type AnalysisResult,
  type BulletReview,
  type ConcealedText,
} from "@gen/careerforge/v1/resume_pb";
import { Bar } from "./bar.tsx";
import { Empty } from "./notice.tsx";
import { Section } from "./section.tsx";
import { counted, month, sentence, titled } from "../words.ts";

const ISSUES: Partial<Record<BulletIssue, string>> = {
  [BulletIssue.NO_ACTION_VERB]: "begin with what you did",
  [BulletIssue.NO_QUANTITY]: "say how much",
  [BulletIssue.VAGUE]: "say what you did, not what you were there for",
  [BulletIssue.FIRST_PERSON]: "leave out “I” and “my”",
  [BulletIssue.TOO_LONG]: "cut it to 40 words",
  [BulletIssue.TOO_SHORT]: "say more",
};

const REASONS: Partial<Record<Concealment, string>> = {
  [Concealment.INVISIBLE]: "drawn without ink",
  [Concealment.LOW_CONTRAST]: "in the colour of the page",
  [Concealment.TINY]: "too small to read",
  [Concealment.OFF_PAGE]: "outside of the page",
  [Concealment.COVERED]: "covered by something",
  [Concealment.ZERO_WIDTH]: "letters without width",
  [Concealment.METADATA]: "a property of the file",
  [Concealment.HIDDEN_LAYER]: "in a hidden part",
  [Concealment.NOT_RENDERED]: "not in the picture of the page",
  [Concealment.INSTRUCTION]: "said to machines",
};

/** What people cannot see, or what speaks to machines; nothing where only the file's own properties are. */
export function HiddenText({ concealed, count }: { concealed: readonly ConcealedText[]; count: number }) {
  const hidden = concealed.filter(({ reason }) => reason !== Concealment.METADATA);
  if (!hidden.length) return null;
  return (
    <section class="notice bad hidden-text" aria-labelledby="hidden">
      <h2 id="hidden">This file has text that people cannot see</h2>
      <p>It counts for nothing here: not for skills, not for strength, not for matching. Others turn such files down.</p>
      <ul>
        {hidden.map(({ text, reason, page }, index) => (
          <li key={index}>
            <q>{text}</q> <small>{[REASONS[reason], page ? `page ${page}` : ""].filter(Boolean).join(", ")}</small>
          </li>
        ))}
      </ul>
      {count > concealed.length && <small>and {count - concealed.length} more</small>}
    </section>
  );
}

export function Lines({ bullets }: { bullets: readonly BulletReview[] }) {
  const worst = [...bullets].sort((one, other) => one.impact - other.impact).filter(({ issues }) => issues.length);
  return (
    <Section id="lines" title="What your roles say">
      {!bullets.length && <Empty title="No lines on roles">Say below each role what you did, and what came of it.</Empty>}
      {bullets.length > 0 && (
        <p class="muted">
          {bullets.length - worst.length} of {counted(bullets.length, "line")} say what was done and how much. Those that could say more:
        </p>
      )}
      <ul class="lines">
        {worst.slice(0, 8).map(({ span, impact, issues }) => (
          <li key={span?.start}>
            <q>{span?.text}</q>
            <Bar value={impact} max={100} />
            <small>{sentence(issues.map((issue) => ISSUES[issue]).join("; "))}</small>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Timeline({ result }: { result: AnalysisResult }) {
  const { gaps, overlaps, industryFocus, missingSections, careerStageWhy } = result;
  return (
    <Section id="career" title="What a reader sees in it">
      <ul class="observations">
        {careerStageWhy && <li>{sentence(careerStageWhy)}</li>}
        {industryFocus.length > 0 && <li>Fields of work: {industryFocus.join(", ")}.</li>}
        {missingSections.length > 0 && <li>Not found: {missingSections.map((name) => titled(name).toLowerCase()).join(", ")}.</li>}
        {gaps.map(({ start, end, months, after }, index) => (
          <li key={`gap ${index}`}>
            <span class="badge warn">Gap</span> {counted(months, "month")} without work or study: {month(start)} to{" "}
            {after ? month(end) : "now"}.
          </li>
        ))}
        {overlaps.map(({ start, end, months }, index) => (
          <li key={`overlap ${index}`}>
            <span class="badge">Overlap</span> Two roles for {counted(months, "month")}: {month(start)} to {month(end)}.
          </li>
        ))}
        {!gaps.length && <li>No gap of more than six months.</li>}
      </ul>
    </Section>
  );
}
