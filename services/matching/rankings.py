"""Rankings: computed from frozen features, stored, and told to who watches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert

from services.ai import codec
from services.ai.matching import (
    ENGINE_VERSION,
    CandidateFeatures,
    PositionFeatures,
    RequirementKind,
    Score,
    fuse,
    score,
)
from services.kit import changes
from services.kit.db import ReadSession, WriteSession, utc_now
from services.matching import queries, tables
from services.matching.tables import Candidate, Match, Position

KIND = "match"
# Each way of finding people brings so many; the best of them all are scored.
RETRIEVED, SCORED = 1_000, 500


@dataclass(frozen=True, slots=True)
class Pair:
    """A scored pair with what it was computed from."""

    position_id: UUID
    candidate_id: UUID
    position_etag: str
    candidate_etag: str
    score: Score
    engine_version: str


async def find_candidates(session: ReadSession, features: PositionFeatures) -> Sequence[Candidate]:
    """Who is worth scoring: near in meaning, or with skills that are asked for."""
    skills = [r.skill_id for r in features.requirements if r.kind is RequirementKind.SKILL]
    near = await queries.nearest_candidates(session, features.vector, RETRIEVED)
    skilled = await queries.candidates_with_skills(session, skills, RETRIEVED)
    return await queries.candidates_by_id(session, fuse([near, skilled])[:SCORED])


def score_pair(position: Position, candidate: Candidate, versions: str) -> Pair:
    """`versions`: of model and ontology."""
    found = score(
        codec.from_json(CandidateFeatures, candidate.features), codec.from_json(PositionFeatures, position.features)
    )
    engine = f"{ENGINE_VERSION}/{versions}"
    return Pair(position.id, candidate.id, position.etag, candidate.etag, found, engine)


async def store(session: WriteSession, pairs: Iterable[Pair]) -> None:
    """Stores what is new. A pair whose position or candidate has changed meanwhile is left to the job that the change began."""
    pairs = list(pairs)
    positions, candidates = await queries.lock_etags(
        session, {p.position_id for p in pairs}, {p.candidate_id for p in pairs}
    )
    fresh = [
        p
        for p in pairs
        if positions.get(p.position_id) == p.position_etag and candidates.get(p.candidate_id) == p.candidate_etag
    ]
    for position_id, candidate_id in await _upsert(session, fresh):
        await changes.record(session, tables.changes, KIND, candidate_id, position_id)


async def drop_others(session: WriteSession, position_id: UUID, kept: Collection[UUID]) -> None:
    """Takes out of a ranking who is not among those that were scored."""
    statement = delete(Match).where(Match.position_id == position_id, Match.candidate_id.not_in(kept))
    gone = (await session.execute(statement.returning(Match.candidate_id))).scalars().all()
    for candidate_id in gone:
        await changes.record(session, tables.changes, KIND, candidate_id, position_id)


async def _upsert(session: WriteSession, pairs: Sequence[Pair]) -> Sequence[tuple[UUID, UUID]]:
    """Returns the pairs whose row is new or other than before."""
    if not pairs:
        return []
    statement = insert(Match).values([_values(pair) for pair in pairs])
    new = statement.excluded
    columns = ("score", "reasons", "engine_version", "candidate_etag", "position_etag", "as_of", "compute_time")
    compared = ("score", "reasons", "engine_version", "candidate_etag", "position_etag")
    statement = statement.on_conflict_do_update(
        index_elements=[Match.position_id, Match.candidate_id],
        set_={name: new[name] for name in columns},
        where=or_(*(getattr(Match, name) != new[name] for name in compared)),
    )
    rows = (await session.execute(statement.returning(Match.position_id, Match.candidate_id))).all()
    return [(row[0], row[1]) for row in rows]


def _values(pair: Pair) -> dict[str, Any]:
    now = utc_now()
    as_of: date = now.date()
    return {
        "position_id": pair.position_id,
        "candidate_id": pair.candidate_id,
        "score": pair.score.value,
        "reasons": codec.to_json(pair.score.reasons),
        "engine_version": pair.engine_version,
        "candidate_etag": pair.candidate_etag,
        "position_etag": pair.position_etag,
        "as_of": as_of,
        "compute_time": now,
    }
