import type { AnalysisResult, ResumeText, TextLine } from "@gen/careerforge/v1/resume_pb";
import { Concealment } from "@gen/careerforge/v1/resume_pb";
import type { Box, Span } from "@gen/type/v1/span_pb";
import { titled } from "./words.ts";

/** A part of a page, or of the text where there are no pages. */
export interface Place {
  page: number;
  box: Box | undefined;
  span: Span | undefined;
  note: string;
}

/** What can be shown on the pages under one name. */
export interface Mark {
  key: string;
  label: string;
  kind: "warn" | "bad" | "hint";
  places: Place[];
}

/** Of what machines cannot read, what is hidden and what could be better, whatever has a place. */
export function marksOf(result: AnalysisResult, text: ResumeText): Mark[] {
  const checks = result.atsChecks
    .filter(({ passed, name }) => !passed && name !== "hidden_text")
    .map(({ name, detail, regions }): Mark => ({
      key: name,
      label: titled(name),
      kind: "warn",
      places: regions.map(({ page, box, span }) => ({ page, box, span, note: detail })),
    }));
  const hidden: Mark = {
    key: "hidden_text",
    label: "Hidden text",
    kind: "bad",
    places: text.concealed
      .filter(({ reason }) => reason !== Concealment.METADATA)
      .map(({ page, box, text: words, reason }) => ({ page, box, span: undefined, note: `${titled(Concealment[reason] ?? "")}: ${words}` })),
  };
  const advice = result.suggestions.map(({ topic, text: note, spans }): Mark => ({
    key: topic,
    label: titled(topic),
    kind: "hint",
    places: spans.flatMap((span) => placesOf(span, text.lines, note)),
  }));
  return [hidden, ...checks, ...advice].filter(({ places }) => places.length > 0);
}

/** One place for each line that the span is on. */
export function placesOf(span: Span, lines: readonly TextLine[], note: string): Place[] {
  return lines
    .filter(({ start, end }) => start < span.end && end > span.start)
    .map((line) => ({ page: line.page, box: partOf(line, span), span, note }));
}

/** As exact as the line knows where its characters are. */
function partOf({ start, end, box, edges }: TextLine, span: Span): Box | undefined {
  if (!box || edges.length !== end - start + 1) return box;
  const left = edges[Math.max(span.start, start) - start] ?? box.left;
  const right = edges[Math.min(span.end, end) - start] ?? box.right;
  return { ...box, left, right };
}
