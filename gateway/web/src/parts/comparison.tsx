import type { PositionComparison, RequirementMatch } from "@gen/careerforge/v1/resume_pb";
import { MAX_POSITION_LETTERS, reanalyzeResume } from "../api/career.ts";
import { go } from "../route.ts";
import { begun, points } from "../words.ts";
import { Bar } from "./bar.tsx";
import { TextField } from "./field.tsx";
import { Form } from "./form.tsx";
import { Empty } from "./notice.tsx";
import { Section } from "./section.tsx";

export function Comparison({ resumeId, found }: { resumeId: string; found: PositionComparison | undefined }) {
  return (
    <Section id="comparison" title="Compared with a position">
      {found ? <Answers found={found} /> : <Compare resumeId={resumeId} />}
    </Section>
  );
}

function Answers({ found }: { found: PositionComparison }) {
  if (!found.requirements.length) {
    return <Empty title="Nothing is asked for">The text names no skill, degree, language or years of experience.</Empty>;
  }
  return (
    <>
      <p>
        <strong>{points(found.score)} of 100.</strong> {found.metCount} of {found.requirements.length} requirements are met in full.
      </p>
      <ul class="reasons">{found.requirements.map((answer, index) => <Answer key={index} answer={answer} />)}</ul>
    </>
  );
}

function Answer({ answer: { label, must, fulfilment, requirement, evidence } }: { answer: RequirementMatch }) {
  return (
    <li class={fulfilment > 0 ? "" : "unmet"}>
      <span class="line">
        <strong>{begun(label)}</strong>
        <span class={must ? "badge warn" : "badge"}>{must ? "must" : "nice to have"}</span>
      </span>
      <Bar value={fulfilment} max={1} />
      <div class="quotes">
        <Quotes from="The position says" words={requirement ? [requirement.text] : []} />
        <Quotes from="Your resume says" words={[...new Set(evidence.map(({ text }) => text))]} />
      </div>
    </li>
  );
}

function Quotes({ from, words }: { from: string; words: readonly string[] }) {
  return (
    <figure>
      <figcaption>{from}</figcaption>
      {words.map((text) => (
        <blockquote key={text}>
          <q>{text}</q>
        </blockquote>
      ))}
      {!words.length && <p class="muted">Nothing about it.</p>}
    </figure>
  );
}

function Compare({ resumeId }: { resumeId: string }) {
  const send = async ({ positionText = "" }: Record<string, string>): Promise<void> => {
    go(`/analyses/${(await reanalyzeResume(resumeId, positionText)).id}`);
  };
  return (
    <Form submit="Compare" onSend={send}>
      {(problems) => (
        <TextField
          name="positionText"
          label="Title and description of the position"
          rows={6}
          required
          maxLength={MAX_POSITION_LETTERS}
          hint="Costs one analysis. You see what the position asks for, and where your resume shows it."
          problems={problems}
        />
      )}
    </Form>
  );
}
