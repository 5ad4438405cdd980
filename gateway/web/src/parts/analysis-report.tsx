import { SkillEvidence } from "@gen/careerforge/v1/parsed_resume_pb";
import type { AnalysisResult, AtsCheck, StrengthPart, Suggestion } from "@gen/careerforge/v1/resume_pb";
import { Seniority } from "@gen/type/v1/work_pb";
import { listSkills, type ParsedSkill } from "../api/career.ts";
import { useLoaded } from "../load.ts";
import { Bar, Ring } from "./bar.tsx";
import { Comparison } from "./comparison.tsx";
import { Empty, ErrorNotice, Loading } from "./notice.tsx";
import { ResumePages } from "./resume-pages.tsx";
import { HiddenText, Lines, Timeline } from "./writing-report.tsx";
import { sentence, titled, years } from "../words.ts";

export function AnalysisReport({ resumeId, result }: { resumeId: string; result: AnalysisResult }) {
  return (
    <div class="report">
      <HiddenText concealed={result.concealed} count={result.concealedCount} />
      <section class="card strength" aria-labelledby="strength">
        <Ring value={result.strength} label={`Strength ${result.strength} of 100`} />
        <div>
          <h2 id="strength">Strength</h2>
          <p>
            {titled(Seniority[result.careerStage] ?? "")} · {years(result.yearsOfExperience)} in work ·{" "}
            {result.skillCount} skills
          </p>
        </div>
        <ul class="parts">{result.strengthParts.map((part) => <Part key={part.name} part={part} />)}</ul>
      </section>
      <section class="card" aria-labelledby="suggestions">
        <h2 id="suggestions">What would make it stronger</h2>
        <Suggestions suggestions={result.suggestions} />
      </section>
      <section class="card" aria-labelledby="checks">
        <h2 id="checks">How well machines read it</h2>
        <ul class="checks">{result.atsChecks.map((check) => <Check key={check.name} check={check} />)}</ul>
      </section>
      <section class="card wide" aria-labelledby="skills">
        <h2 id="skills">Skills found</h2>
        <Skills resumeId={resumeId} />
      </section>
      <Timeline result={result} />
      <Lines bullets={result.bullets} />
      <section class="card wide" aria-labelledby="pages">
        <h2 id="pages">The resume as a machine reads it</h2>
        <ResumePages resumeId={resumeId} result={result} />
      </section>
      <div class="wide">
        <Comparison resumeId={resumeId} found={result.comparison} />
      </div>
    </div>
  );
}

function Part({ part }: { part: StrengthPart }) {
  return (
    <li>
      <span class="line">
        <strong>{titled(part.name)}</strong>
        <span>
          {part.points} of {part.maxPoints}
        </span>
      </span>
      <Bar value={part.points} max={part.maxPoints} />
      <small>{sentence(part.why)}</small>
    </li>
  );
}

function Suggestions({ suggestions }: { suggestions: readonly Suggestion[] }) {
  if (!suggestions.length) return <Empty title="Nothing to add">Every part has all of its points.</Empty>;
  return (
    <ul class="suggestions">
      {suggestions.map(({ text, maxGain }) => (
        <li key={text}>
          <span class="badge good">+{maxGain}</span> {text}
        </li>
      ))}
    </ul>
  );
}

function Check({ check }: { check: AtsCheck }) {
  return (
    <li class={check.passed ? "passed" : "failed"}>
      <strong>
        <span class={check.passed ? "badge good" : "badge warn"}>{check.passed ? "✓ Passed" : "! Look at"}</span>{" "}
        {titled(check.name)}
      </strong>
      <small>{sentence(check.detail)}</small>
    </li>
  );
}

function Skills({ resumeId }: { resumeId: string }) {
  const { value: skills, error, again } = useLoaded(() => listSkills(resumeId), resumeId);
  if (error) return <ErrorNotice error={error} onRetry={again} />;
  if (!skills) return <Loading what="the skills" />;
  if (!skills.length) {
    return <Empty title="No skills recognised">Name the tools and methods you used in each role.</Empty>;
  }
  return (
    <>
      <p class="muted">Filled ones are shown at work in a dated role, dashed ones follow from what you did; the others are only named.</p>
      <ul class="chips">{skills.map((skill) => <Chip key={skill.skillId} skill={skill} />)}</ul>
    </>
  );
}

const EVIDENCE: Partial<Record<SkillEvidence, [string, string]>> = {
  [SkillEvidence.USED_IN_ROLE]: ["used", "in a role"],
  [SkillEvidence.IMPLIED]: ["implied", "implied"],
};

function Chip({ skill }: { skill: ParsedSkill }) {
  const [look, words] = EVIDENCE[skill.evidence] ?? ["", "named"];
  const quotes = [...new Set(skill.spans.map(({ text }) => `“${text}”`))].join(", ");
  return (
    <li class={look} title={quotes}>
      {skill.label}
      <small>{skill.years ? years(skill.years) : words}</small>
    </li>
  );
}
