import type { Match } from "@gen/matching/v1/match_pb";
import type { StreamMatchesResponse } from "@gen/matching/v1/matching_service_pb";

export type Change = "none" | "entered" | "up" | "down" | "rescored" | "left";

export interface Row {
  readonly match: Match;
  readonly rank: number;
  readonly change: Change;
  /** Counts the changes of the row, so that each is highlighted once. */
  readonly version: number;
}

export interface Ranking {
  readonly rows: readonly Row[];
  /** Whether the snapshot is over, so that an empty ranking is known to be empty. */
  readonly complete: boolean;
  /** What happened last, for those who do not see it. */
  readonly news: string;
}

export type RankingEvent =
  | StreamMatchesResponse["event"]
  | { case: "restart" }
  /** Takes away a row that was shown as leaving. */
  | { case: "sweep"; candidateId: string };

export const EMPTY: Ranking = { rows: [], complete: false, news: "" };

/** How many ranks the server sends when it is not told. */
export const LIMIT = 50;

export function reduce(ranking: Ranking, event: RankingEvent): Ranking {
  switch (event.case) {
    case "match":
      return event.value.match ? apply(ranking, event.value.match, event.value.newRank > 0) : ranking;
    case "snapshotComplete":
      return { ...ranking, complete: true, news: `Candidates ranked: ${ranking.rows.length}.` };
    case "sweep":
      return { ...ranking, rows: ranking.rows.filter((row) => !isLeaving(row) || idOf(row) !== event.candidateId) };
    case "resync":
    case "restart":
      return EMPTY;
    default:
      return ranking;
  }
}

export function candidateName(candidateId: string): string {
  return `Candidate ${candidateId.slice(-8)}`;
}

function apply(ranking: Ranking, match: Match, stays: boolean): Ranking {
  const before = ranking.rows.find((row) => idOf(row) === match.candidateId);
  if (!stays) return before ? leave(ranking, before) : ranking;
  if (before && isRepeated(before, match)) return ranking;
  const others = ranking.rows.filter((row) => row !== before);
  const fresh: Row = { match, rank: 0, change: "none", version: (before?.version ?? 0) + 1 };
  const rows = ranked([...others, fresh].sort(byPlace));
  const placed = rows.find((row) => row.match === match);
  if (!placed || !ranking.complete) return { ...ranking, rows };
  const changed = { ...placed, change: changeOf(before, placed) };
  return { ...ranking, rows: rows.map((row) => (row === placed ? changed : row)), news: newsOf(changed) };
}

function leave(ranking: Ranking, gone: Row): Ranking {
  const left: Row = { ...gone, change: "left", version: gone.version + 1 };
  const rows = ranked(ranking.rows.map((row) => (row === gone ? left : row)));
  return { ...ranking, rows, news: newsOf(left) };
}

/**
 * The ranks are counted here: the server tells them for the row that changed, not for those it pushed aside.
 * What falls beyond the limit while the connection was cut is not told either.
 */
function ranked(rows: readonly Row[]): Row[] {
  let rank = 0;
  return rows.map((row) => (isLeaving(row) ? row : { ...row, rank: ++rank })).filter((row) => row.rank <= LIMIT);
}

/** The order of the contract: greatest score first, equal scores by candidate id. */
function byPlace(a: Row, b: Row): number {
  return b.match.score - a.match.score || (idOf(a) < idOf(b) ? -1 : 1);
}

function changeOf(before: Row | undefined, now: Row): Change {
  if (!before || isLeaving(before)) return "entered";
  if (before.rank === now.rank) return "rescored";
  return now.rank < before.rank ? "up" : "down";
}

function newsOf({ match, rank, change }: Row): string {
  const name = candidateName(match.candidateId);
  switch (change) {
    case "entered":
      return `${name} entered at rank ${rank}.`;
    case "left":
      return `${name} left the ranking.`;
    case "rescored":
      return `${name} has a new score at rank ${rank}.`;
    default:
      return `${name} moved ${change} to rank ${rank}.`;
  }
}

/** The stream tells how a row is now, and may tell it twice. */
function isRepeated(before: Row, { score, candidateEtag, positionEtag, engineVersion }: Match): boolean {
  const { match } = before;
  const sameInputs = match.candidateEtag === candidateEtag && match.positionEtag === positionEtag;
  return !isLeaving(before) && sameInputs && match.score === score && match.engineVersion === engineVersion;
}

function isLeaving(row: Row): boolean {
  return row.change === "left";
}

function idOf(row: Row): string {
  return row.match.candidateId;
}
