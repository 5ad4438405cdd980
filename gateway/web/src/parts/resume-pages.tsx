import type { AnalysisResult, PageSize, ResumeText, TextLine } from "@gen/careerforge/v1/resume_pb";
import { useMemo, useState } from "preact/hooks";
import { getResumeText } from "../api/career.ts";
import { useLoaded } from "../load.ts";
import { marksOf, type Mark, type Place } from "../marks.ts";
import { counted } from "../words.ts";
import { Empty, ErrorNotice, Loading } from "./notice.tsx";

// In points: files without pages, and A4.
const A_PAGE = { width: 595, height: 842 };

/** The text as a machine reads it, where it stands, with marks on what is wrong. */
export function ResumePages({ resumeId, result }: { resumeId: string; result: AnalysisResult }) {
  const { value: text, error, again } = useLoaded(() => getResumeText(resumeId), resumeId);
  if (error) return <ErrorNotice error={error} onRetry={again} />;
  if (!text) return <Loading what="the pages" />;
  return <MarkedPages text={text} result={result} />;
}

function MarkedPages({ text, result }: { text: ResumeText; result: AnalysisResult }) {
  const marks = useMemo(() => marksOf(result, text), [result, text]);
  const [chosen, choose] = useState<string>();
  const shown = marks.filter(({ key, kind }) => (chosen ? key === chosen : kind !== "hint"));
  return (
    <>
      {text.recognised && <p class="notice">The letters were recognised in a picture; some may be wrong.</p>}
      <Legend marks={marks} chosen={chosen} onChoose={(key) => choose(key === chosen ? undefined : key)} />
      {text.pageSizes.length ? <Sheets text={text} marks={shown} /> : <PlainText text={text} marks={shown} />}
    </>
  );
}

interface LegendProps {
  marks: readonly Mark[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
}

function Legend({ marks, chosen, onChoose }: LegendProps) {
  if (!marks.length) return <Empty title="Nothing to mark">A machine reads every line.</Empty>;
  return (
    <ul class="legend">
      {marks.map(({ key, label, kind, places }) => (
        <li key={key}>
          <button type="button" class={kind} aria-pressed={key === chosen} onClick={() => onChoose(key)}>
            {label} <small>{counted(places.length, "place")}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Sheets({ text, marks }: { text: ResumeText; marks: readonly Mark[] }) {
  return (
    <ol class="sheets">
      {text.pageSizes.map((size, index) => (
        <li key={index}>
          <Sheet page={index + 1} size={size} text={text} marks={marks} />
          <small>Page {index + 1}</small>
        </li>
      ))}
    </ol>
  );
}

function Sheet({ page, size, text, marks }: { page: number; size: PageSize; text: ResumeText; marks: readonly Mark[] }) {
  const { width, height } = size.width > 0 && size.height > 0 ? size : A_PAGE;
  const places = marks.flatMap(({ kind, places: all }) =>
    all.filter((place) => place.page === page && place.box).map((place) => ({ kind, place })),
  );
  return (
    <svg class="sheet" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Page ${page}, ${counted(places.length, "mark")}`}>
      {text.lines.filter((line) => line.page === page && line.box).map((line) => (
        <Words key={line.start} line={line} text={text.text} />
      ))}
      {places.map(({ kind, place }, index) => (
        <MarkBox key={index} kind={kind} place={place} />
      ))}
    </svg>
  );
}

/** A line, piece by piece where wide white parts it, each as wide as on the page. */
function Words({ line, text }: { line: TextLine; text: string }) {
  const { box, edges, start, end, fontSize, bold } = line;
  if (!box) return null;
  const letters = [...sliceOf(text, start, end)];
  const exact = edges.length === letters.length + 1;
  const size = fontSize || (box.bottom - box.top) * 0.8;
  return (
    <>
      {(exact ? piecesOf(letters) : [[0, letters.length] as const]).map(([from, to]) => {
        const left = exact ? (edges[from] ?? box.left) : box.left;
        const width = (exact ? (edges[to] ?? box.right) : box.right) - left;
        if (width <= 0) return null;
        return (
          <text key={from} x={left} y={box.bottom - (box.bottom - box.top) * 0.22} font-size={size} font-weight={bold ? 700 : 400} textLength={width} lengthAdjust="spacingAndGlyphs">
            {letters.slice(from, to).join("")}
          </text>
        );
      })}
    </>
  );
}

function MarkBox({ kind, place: { box, note } }: { kind: string; place: Place }) {
  if (!box) return null;
  return (
    <rect class={kind} x={box.left - 1} y={box.top - 1} width={box.right - box.left + 2} height={box.bottom - box.top + 2} rx="2">
      <title>{note}</title>
    </rect>
  );
}

/** For files without pages. */
function PlainText({ text, marks }: { text: ResumeText; marks: readonly Mark[] }) {
  const places = marks.flatMap(({ kind, places: all }) => all.map((place) => ({ kind, place })));
  const lines = text.lines.length ? text.lines : [{ start: 0, end: [...text.text].length }];
  return (
    <ol class="plain">
      {lines.map(({ start, end }) => {
        const found = places.find(({ place: { span } }) => span && span.start < end && span.end > start);
        const words = sliceOf(text.text, start, end);
        return <li key={start}>{found ? <mark class={found.kind} title={found.place.note}>{words}</mark> : words}</li>;
      })}
    </ol>
  );
}

/** Spans count code points; strings here count UTF-16 units, which differ beyond the 65,536th. */
function sliceOf(text: string, start: number, end: number): string {
  return /[\ud800-\udfff]/.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end);
}

function piecesOf(letters: readonly string[]): (readonly [number, number])[] {
  const pieces: (readonly [number, number])[] = [];
  let from = 0;
  for (let at = 0; at <= letters.length; at += 1) {
    if (at < letters.length && letters[at] !== "\t") continue;
    if (at > from) pieces.push([from, at]);
    from = at + 1;
  }
  return pieces;
}
