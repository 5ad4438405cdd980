"""Every SELECT of the matching service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text

from services.ai.embedding import Vector
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.matching.tables import Candidate, Match, Member, Position


@dataclass(frozen=True, slots=True)
class RankedMatch:
    """A stored match and its place, from 1."""

    row: Match
    rank: int


async def find_own_position(
    session: ReadSession, account_id: UUID, position_id: UUID
) -> tuple[Position, str] | tuple[None, None]:
    """A position of an organization that the account belongs to, and its role there."""
    own = (Member.organization_id == Position.organization_id) & (Member.account_id == account_id)
    statement = select(Position, Member.role).join(Member, own).where(Position.id == position_id)
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else (None, None)


async def top_matches(session: ReadSession, position_id: UUID, skip: int, limit: int) -> Sequence[RankedMatch]:
    """Ranks `skip + 1` to `skip + limit`, best first."""
    statement = select(Match).where(Match.position_id == position_id).order_by(Match.score.desc(), Match.candidate_id)
    rows = (await session.execute(statement.offset(skip).limit(limit))).scalars().all()
    return [RankedMatch(row, skip + place) for place, row in enumerate(rows, 1)]


async def top_ids(session: ReadSession, position_id: UUID, limit: int) -> list[UUID]:
    """Candidates of the first ranks, best first."""
    statement = select(Match.candidate_id).where(Match.position_id == position_id)
    ordered = statement.order_by(Match.score.desc(), Match.candidate_id).limit(limit)
    return list((await session.execute(ordered)).scalars().all())


async def matches_by_candidate(
    session: ReadSession, position_id: UUID, candidate_ids: Collection[UUID]
) -> dict[UUID, Match]:
    statement = select(Match).where(Match.position_id == position_id, Match.candidate_id.in_(candidate_ids))
    return {row.candidate_id: row for row in (await session.execute(statement)).scalars().all()}


async def get_match(session: ReadSession, position_id: UUID, candidate_id: UUID) -> RankedMatch:
    row = await session.get(Match, (position_id, candidate_id))
    if row is None:
        raise NotFound("match", str(candidate_id))
    better = (Match.score > row.score) | ((Match.score == row.score) & (Match.candidate_id < candidate_id))
    count = select(func.count()).select_from(Match).where(Match.position_id == position_id, better)
    return RankedMatch(row, (await session.execute(count)).scalar_one() + 1)


async def find_position(session: ReadSession, position_id: UUID) -> Position | None:
    return await session.get(Position, position_id)


async def list_rankable_positions(session: ReadSession) -> Sequence[Position]:
    """Open, with features of their present text."""
    where = (Position.state == "OPEN", Position.features.is_not(None), Position.features_etag == Position.etag)
    return (await session.execute(select(Position).where(*where).order_by(Position.id))).scalars().all()


async def position_ids(session: ReadSession) -> set[UUID]:
    return set((await session.execute(select(Position.id))).scalars())


async def candidate_ids(session: ReadSession) -> set[UUID]:
    return set((await session.execute(select(Candidate.id))).scalars())


async def member_keys(session: ReadSession) -> set[tuple[UUID, UUID]]:
    rows = (await session.execute(select(Member.organization_id, Member.account_id))).all()
    return {(row[0], row[1]) for row in rows}


async def find_candidate(session: ReadSession, candidate_id: UUID) -> Candidate | None:
    return await session.get(Candidate, candidate_id)


async def candidates_by_id(session: ReadSession, ids: Collection[str]) -> Sequence[Candidate]:
    statement = select(Candidate).where(Candidate.id.in_([UUID(i) for i in ids])).order_by(Candidate.id)
    return (await session.execute(statement)).scalars().all()


async def nearest_candidates(session: ReadSession, vector: Vector, limit: int) -> list[str]:
    """By the angle between vectors, nearest first."""
    statement = text(
        "select candidate_id::text from matching.candidate_vectors"
        " order by vector <#> cast(:vector as halfvec(384)), candidate_id limit :limit"
    )
    return list((await session.execute(statement, {"vector": str(list(vector)), "limit": limit})).scalars().all())


async def candidates_with_skills(session: ReadSession, skill_ids: Sequence[str], limit: int) -> list[str]:
    """Who has most of them first."""
    statement = text(
        "select id::text from matching.candidates where skill_ids && cast(:skills as text[])"
        " order by (select count(*) from unnest(skill_ids) s where s = any(cast(:skills as text[]))) desc, id limit :limit"
    )
    return list((await session.execute(statement, {"skills": list(skill_ids), "limit": limit})).scalars().all())


async def lock_etags(
    session: ReadSession, position_ids: Collection[UUID], candidate_ids: Collection[UUID]
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """The present etags of positions and candidates, which cannot change until this transaction ends."""
    positions = select(Position.id, Position.etag).where(Position.id.in_(position_ids)).order_by(Position.id)
    candidates = select(Candidate.id, Candidate.etag).where(Candidate.id.in_(candidate_ids)).order_by(Candidate.id)
    first = {row[0]: row[1] for row in (await session.execute(positions.with_for_update(read=True))).all()}
    second = {row[0]: row[1] for row in (await session.execute(candidates.with_for_update(read=True))).all()}
    return first, second


async def positions_with_candidate(session: ReadSession, candidate_id: UUID) -> Sequence[UUID]:
    return (await session.execute(select(Match.position_id).where(Match.candidate_id == candidate_id))).scalars().all()
