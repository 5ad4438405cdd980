"""Rankings: computed from frozen features, stored with what changed, and told to who watches.

All changes of one ranking happen under the lock of its row, each with the next revision: so the order of revisions is the order of commits,
and whoever knows a revision can be told exactly what came after.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.ai import codec
from services.ai.matching import CandidateFeatures, PositionFeatures, Score, Weights, fit, score
from services.kit.db import WriteSession, utc_now
from services.kit.housekeeping import KEEP_CHANGES_SECONDS
from services.matching import queries, tables
from services.matching.barriers import barred
from services.matching.steps import Order
from services.matching.tables import Candidate, Match, Position, Ranking, RankingChange
from services.matching.versions import drop_former

PERSON_KIND = "positions"
# A person's list is kept up to date for so long after they last looked.
WATCHED = timedelta(days=1)
# Steps are kept so long, like other changes.
KEPT = timedelta(seconds=KEEP_CHANGES_SECONDS)
# Who is further down is in nobody's sight.
MOST = 1_000
# Rows of a statement: PostgreSQL takes 32,767 values.
ROWS = 1_000


class Cause(Enum):
    """Why a ranking changed; names are those of `ChangeCause`."""

    CANDIDATE = "CANDIDATE"
    POSITION = "POSITION"
    OTHERS = "OTHERS"
    ENGINE = "ENGINE"


@dataclass(frozen=True, slots=True)
class Pair:
    """A scored pair with what it was computed from."""

    position_id: UUID
    candidate_id: UUID
    position_etag: str
    candidate_etag: str
    position_version: str
    candidate_version: str
    score: Score
    fit: Score
    engine_version: str
    as_of: date
    barred: bool


def score_pair(
    position: Position,
    asked: PositionFeatures,
    candidate: Candidate,
    told: CandidateFeatures,
    weights: Weights | None,
    engine_version: str,
    as_of: date,
) -> Pair:
    """`asked` and `told` are what the rows' features say, `weights` what the position's do."""
    found = score(told, asked, as_of, weights)
    return Pair(
        position.id,
        candidate.id,
        position.etag,
        candidate.etag,
        position.version,
        candidate.version,
        found,
        fit(told, asked, as_of),
        engine_version,
        as_of,
        barred(position, asked, candidate, told, found),
    )


async def store(
    session: WriteSession, position_id: UUID, pairs: Sequence[Pair], cause: Cause, alone: bool = False
) -> None:
    """Scored pairs of one position. One whose position or candidate has changed meanwhile is left to the job that the change began.

    `alone`: nobody else belongs into the ranking any more.
    """
    ranking = await _lock(session, position_id)
    fresh = await _still_true(session, position_id, pairs)
    changed = await _put(session, [pair for pair in fresh if not pair.barred])
    scores: dict[UUID, float | None] = {p.candidate_id: p.score.value for p in fresh if p.candidate_id in changed}
    scores |= dict.fromkeys((pair.candidate_id for pair in fresh if pair.barred), None)
    if alone:
        kept = {pair.candidate_id for pair in pairs}
        scores |= dict.fromkeys((i for i in ranking.item_ids if i not in kept), None)
    await _change(session, ranking, scores, cause)
    await _change(session, ranking, dict.fromkeys(ranking.item_ids[MOST:], None), Cause.OTHERS)


async def remove(session: WriteSession, position_id: UUID, candidate_ids: Collection[UUID], cause: Cause) -> None:
    """Takes people out of a position's ranking."""
    ranking = await _lock(session, position_id)
    await _change(session, ranking, dict.fromkeys(candidate_ids, None), cause)


async def close(session: WriteSession, position_id: UUID) -> None:
    """The position is no longer open: who has it in their list is told. Its own ranking stays for its team to read."""
    await _tell_people(session, await queries.candidates_of(session, position_id))


async def refreshed(session: WriteSession, position_id: UUID, today: date, engine_version: str) -> None:
    """The whole of a position's ranking is of this day and engine."""
    ranking = await _lock(session, position_id)
    ranking.refresh_date = today
    await session.execute(update(Position).where(Position.id == position_id).values(ranked_version=engine_version))


async def tidy(session: WriteSession, now: datetime) -> None:
    """Forgets old steps, and inputs that no match is computed from any more, stored or shown. Watchers who were away longer begin anew."""
    await session.execute(delete(RankingChange).where(RankingChange.create_time < now - KEPT))
    await drop_former(session)


async def refresh_person(session: WriteSession, candidate_id: UUID) -> None:
    """A person's list of positions, from the matches that are stored."""
    ranking = await _lock(session, candidate_id)
    ranking.watch_time = utc_now()
    found = await queries.positions_of(session, candidate_id)
    before = dict(zip(ranking.item_ids, ranking.scores, strict=True))
    since = ranking.update_time
    scores: dict[UUID, float | None] = dict.fromkeys((i for i in before if i not in found), None)
    scores |= {i: value for i, (value, time) in found.items() if before.get(i) != value or time > since}
    await _step(session, ranking, scores, Cause.POSITION)


async def _change(session: WriteSession, ranking: Ranking, scores: Mapping[UUID, float | None], cause: Cause) -> None:
    if not await _step(session, ranking, scores, cause):
        return
    gone = [candidate_id for candidate_id, score in scores.items() if score is None]
    if gone:
        await session.execute(delete(Match).where(Match.position_id == ranking.id, Match.candidate_id.in_(gone)))
    await _tell_people(session, list(scores))


async def _step(session: WriteSession, ranking: Ranking, scores: Mapping[UUID, float | None], cause: Cause) -> bool:
    """The next revision, unless nothing changed."""
    order = Order(ranking.item_ids, ranking.scores)
    steps = order.change(scores, cause.value)
    if not steps:
        return False
    ranking.revision += 1
    ranking.item_ids, ranking.scores, ranking.update_time = order.item_ids, order.scores, utc_now()
    await session.flush()
    rows = [
        {
            "ranking_id": ranking.id,
            "revision": ranking.revision,
            "seq": seq,
            "item_id": step.item_id,
            "old_rank": step.old_rank,
            "new_rank": step.new_rank,
            "cause": step.cause,
        }
        for seq, step in enumerate(steps)
    ]
    await session.execute(insert(RankingChange), rows)
    return True


async def _lock(session: WriteSession, ranking_id: UUID) -> Ranking:
    await session.execute(upsert(Ranking).values(id=ranking_id).on_conflict_do_nothing())
    statement = select(Ranking).where(Ranking.id == ranking_id).with_for_update()
    return (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one()


async def _still_true(session: WriteSession, position_id: UUID, pairs: Sequence[Pair]) -> list[Pair]:
    position, candidates = await queries.lock_versions(session, position_id, {pair.candidate_id for pair in pairs})
    return [
        pair
        for pair in pairs
        if pair.position_version == position and candidates.get(pair.candidate_id) == pair.candidate_version
    ]


async def _tell_people(session: WriteSession, candidate_ids: Collection[UUID]) -> None:
    """Those who look at their positions."""
    watching = select(Ranking.id).where(Ranking.id.in_(candidate_ids), Ranking.watch_time > utc_now() - WATCHED)
    found = (await session.execute(watching)).scalars().all()
    if found:
        rows = [{"kind": PERSON_KIND, "resource_id": one, "scope": one} for one in found]
        await session.execute(tables.changes.insert(), rows)


async def _put(session: WriteSession, pairs: Iterable[Pair]) -> set[UUID]:
    """Returns the candidates whose row is new or other than before."""
    values, found = [_values(pair) for pair in pairs], set[UUID]()
    for first in range(0, len(values), ROWS):
        found |= await _put_some(session, values[first : first + ROWS])
    return found


async def _put_some(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> set[UUID]:
    statement = upsert(Match).values(values)
    new = statement.excluded
    kept = ("position_id", "candidate_id")
    columns = [name for name in values[0] if name not in kept]
    compared = [name for name in columns if name not in ("compute_time", "as_of", "position_etag", "candidate_etag")]
    statement = statement.on_conflict_do_update(
        index_elements=[Match.position_id, Match.candidate_id],
        set_={name: new[name] for name in columns},
        where=or_(*(getattr(Match, name) != new[name] for name in compared)),
    )
    return set((await session.execute(statement.returning(Match.candidate_id))).scalars().all())


def _values(pair: Pair) -> dict[str, Any]:
    return {
        "position_id": pair.position_id,
        "candidate_id": pair.candidate_id,
        "score": pair.score.value,
        "reasons": codec.to_json(pair.score.reasons),
        "candidate_fit": pair.fit.value,
        "candidate_reasons": codec.to_json(pair.fit.reasons),
        "engine_version": pair.engine_version,
        "candidate_etag": pair.candidate_etag,
        "position_etag": pair.position_etag,
        "candidate_version": pair.candidate_version,
        "position_version": pair.position_version,
        "as_of": pair.as_of,
        "compute_time": utc_now(),
    }
