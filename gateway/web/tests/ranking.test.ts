import assert from "node:assert/strict";
import test from "node:test";
import { EMPTY, LIMIT, reduce, type Ranking, type RankingEvent } from "../src/stream/ranking.ts";

type MatchEvent = Extract<RankingEvent, { case: "match" }>["value"];

const COMPLETE = { case: "snapshotComplete", value: {} } as RankingEvent;

test("rows are there before the snapshot is over, without being announced", () => {
  const ranking = run([row("a", 0.9), row("b", 0.5)]);
  assert.deepEqual(shown(ranking), ["1 a none", "2 b none"]);
  assert.equal(ranking.complete, false);
  assert.equal(ranking.news, "");
  assert.equal(reduce(ranking, COMPLETE).news, "Candidates ranked: 2.");
});

test("who enters takes their place and pushes the others down", () => {
  const ranking = run([row("a", 0.9), row("b", 0.5), COMPLETE, row("c", 0.7)]);
  assert.deepEqual(shown(ranking), ["1 a none", "2 c entered", "3 b none"]);
  assert.equal(ranking.news, "Candidate c entered at rank 2.");
});

test("who moves is told with the way they went", () => {
  const start = [row("a", 0.9), row("b", 0.5), row("c", 0.3), COMPLETE];
  assert.deepEqual(shown(run([...start, row("c", 0.95)])), ["1 c up", "2 a none", "3 b none"]);
  assert.deepEqual(shown(run([...start, row("a", 0.1)])), ["1 b none", "2 c none", "3 a down"]);
  assert.deepEqual(shown(run([...start, row("b", 0.6)])), ["1 a none", "2 b rescored", "3 c none"]);
});

test("who leaves is shown leaving without a rank, and then swept", () => {
  const ranking = run([row("a", 0.9), row("b", 0.5), COMPLETE, gone("a")]);
  assert.deepEqual(shown(ranking), ["1 a left", "1 b none"]);
  assert.deepEqual(shown(reduce(ranking, { case: "sweep", candidateId: "a" })), ["1 b none"]);
});

test("who comes back before the sweep stays", () => {
  const ranking = run([row("a", 0.9), COMPLETE, gone("a"), row("a", 0.8), { case: "sweep", candidateId: "a" }]);
  assert.deepEqual(shown(ranking), ["1 a entered"]);
});

test("equal scores are ordered by candidate id, in whatever order they come", () => {
  assert.deepEqual(shown(run([row("b", 0.5), row("a", 0.5), row("c", 0.5)])), ["1 a none", "2 b none", "3 c none"]);
});

test("an event that comes twice changes nothing", () => {
  const once = run([row("a", 0.9), row("b", 0.5), COMPLETE, row("c", 0.7)]);
  assert.equal(reduce(once, row("c", 0.7)), once);
  assert.equal(reduce(once, gone("nobody")), once);
});

test("each change of a row has its own version", () => {
  const ranking = run([row("a", 0.9), COMPLETE, row("a", 0.8), row("a", 0.7)]);
  assert.equal(ranking.rows[0]?.version, 3);
});

test("whoever falls beyond the limit is gone", () => {
  const full = Array.from({ length: LIMIT }, (_, index) => row(`c${index}`, 0.5 - index / 1000));
  const ranking = run([...full, COMPLETE, row("best", 0.9)]);
  assert.equal(ranking.rows.length, LIMIT);
  assert.equal(ranking.rows[0]?.match.candidateId, "best");
});

test("a resync and a restart forget all rows", () => {
  const ranking = run([row("a", 0.9), COMPLETE]);
  assert.deepEqual(reduce(ranking, { case: "resync", value: {} } as RankingEvent), EMPTY);
  assert.deepEqual(reduce(ranking, { case: "restart" }), EMPTY);
});

function row(candidateId: string, score: number): RankingEvent {
  return { case: "match", value: { match: { candidateId, score }, newRank: 1 } as MatchEvent };
}

function gone(candidateId: string): RankingEvent {
  return { case: "match", value: { match: { candidateId, score: 0 }, newRank: 0 } as MatchEvent };
}

function run(events: readonly RankingEvent[]): Ranking {
  return events.reduce(reduce, EMPTY);
}

function shown(ranking: Ranking): string[] {
  return ranking.rows.map(({ rank, match, change }) => `${rank} ${match.candidateId} ${change}`);
}
