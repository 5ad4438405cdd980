"""Every SELECT of the matching service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, any_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Database, ReadSession, WriteSession
from services.kit.errors import NotFound
from services.matching.tables import (
    Candidate,
    Embedding,
    FormerInput,
    Match,
    Member,
    Position,
    Ranking,
    RankingChange,
    RequirementEdit,
)

# What orders a person's list.
_MUTUAL: ColumnElement[float] = Match.score * Match.candidate_fit


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


async def find_ranking(session: ReadSession, ranking_id: UUID) -> Ranking | None:
    return await session.get(Ranking, ranking_id, populate_existing=True)


async def ranking_now(db: Database, ranking_id: UUID) -> Any | None:
    """`revision` and `item_ids`."""
    statement = select(Ranking.revision, Ranking.item_ids).where(Ranking.id == ranking_id)
    return next(iter(await db.run(statement)), None)


async def steps_after(db: Database, ranking_id: UUID, revision: int) -> Sequence[Any]:
    """Rows of `ranking_changes` in order. The first one's revision tells whether some in between are no longer kept."""
    rows = RankingChange.__table__
    statement = select(rows).where(rows.c.ranking_id == ranking_id, rows.c.revision > revision)
    return await db.run(statement.order_by(rows.c.revision, rows.c.seq))


@dataclass(frozen=True, slots=True)
class OwnRanking:
    """A position's ranking, for somebody with a role in its organization."""

    organization_id: UUID
    role: str
    revision: int


_OWN_RANKING = """
    select p.organization_id, m.role, coalesce(r.revision, 0) from matching.positions p
    join matching.members m on m.organization_id = p.organization_id and m.account_id = $1
    left join matching.rankings r on r.id = p.id where p.id = $2"""


async def find_own_ranking(db: Database, account_id: UUID, position_id: UUID) -> OwnRanking | None:
    """None where the position is not of an organization of the account's."""
    row = await db.first(_OWN_RANKING, account_id, position_id)
    return OwnRanking(*row) if row else None


def _page_of(columns: Iterable[ColumnElement[Any]]) -> Select[Any]:
    whose = Match.position_id == bindparam("position_id")
    revision = select(Ranking.revision).where(Ranking.id == bindparam("position_id")).scalar_subquery()
    ordered = select(revision.label("revision"), *columns).where(whose).order_by(Match.score.desc(), Match.candidate_id)
    return ordered.offset(bindparam("skip")).limit(bindparam("limit"))


_REASONS = {"reasons", "candidate_reasons"}
# Put together once: that takes longer than asking.
_PAGES = {
    full: _page_of(column for column in Match.__table__.columns if full or column.name not in _REASONS)
    for full in (False, True)
}


async def page_of_ranking(session: ReadSession, position_id: UUID, skip: int, limit: int, full: bool) -> Sequence[Any]:
    """Rows of `matches` from rank `skip + 1` on, best first, each with the `revision` it is of; with their reasons if `full`."""
    values = {"position_id": position_id, "skip": skip, "limit": limit}
    rows: Sequence[Any] = (await session.execute(_PAGES[full], values)).all()
    return rows


async def top_positions(session: ReadSession, candidate_id: UUID, skip: int, limit: int) -> Sequence[RankedMatch]:
    """Of the open positions for a person."""
    ordered = _open_matches(candidate_id).order_by(_MUTUAL.desc(), Match.position_id)
    return await _ranked(session, ordered, skip, limit)


async def _ranked(session: ReadSession, ordered: Select[Match], skip: int, limit: int) -> Sequence[RankedMatch]:
    rows = (await session.execute(ordered.offset(skip).limit(limit))).scalars().all()
    return [RankedMatch(row, skip + place) for place, row in enumerate(rows, 1)]


async def positions_of(session: ReadSession, candidate_id: UUID) -> dict[UUID, tuple[float, datetime]]:
    """Open positions that the person was matched with: by how much both sides fit, and when that was computed."""
    statement = _open_matches(candidate_id).with_only_columns(Match.position_id, _MUTUAL, Match.compute_time)
    return {row[0]: (row[1], row[2]) for row in (await session.execute(statement)).all()}


def _open_matches(candidate_id: UUID) -> Select[Match]:
    return (
        select(Match)
        .join(Position, Position.id == Match.position_id)
        .where(Match.candidate_id == candidate_id, Position.state == "OPEN")
    )


async def candidates_of(session: ReadSession, position_id: UUID) -> Sequence[UUID]:
    return (await session.execute(select(Match.candidate_id).where(Match.position_id == position_id))).scalars().all()


async def matches_by_candidate(db: Database, position_id: UUID, candidate_ids: Collection[UUID]) -> dict[UUID, Any]:
    """Rows of `matches` of one position."""
    rows = Match.__table__
    statement = select(rows).where(rows.c.position_id == position_id, rows.c.candidate_id.in_(candidate_ids))
    return {row.candidate_id: row for row in await db.run(statement)}


async def matches_by_position(db: Database, candidate_id: UUID, position_ids: Collection[UUID]) -> dict[UUID, Any]:
    """Rows of `matches` of one person."""
    rows = Match.__table__
    statement = select(rows).where(rows.c.candidate_id == candidate_id, rows.c.position_id.in_(position_ids))
    return {row.position_id: row for row in await db.run(statement)}


async def get_match(session: ReadSession, position_id: UUID, candidate_id: UUID) -> RankedMatch:
    row = await session.get(Match, (position_id, candidate_id))
    if row is None:
        raise NotFound("match", str(candidate_id))
    better = (Match.score > row.score) | ((Match.score == row.score) & (Match.candidate_id < candidate_id))
    count = select(func.count()).select_from(Match).where(Match.position_id == position_id, better)
    return RankedMatch(row, (await session.execute(count)).scalar_one() + 1)


async def find_position(session: ReadSession, position_id: UUID) -> Position | None:
    return await session.get(Position, position_id)


async def find_former_input(session: ReadSession, owner_id: UUID, version: str) -> FormerInput | None:
    return await session.get(FormerInput, (owner_id, version))


async def edits_of(session: ReadSession, position_id: UUID) -> Sequence[RequirementEdit]:
    """In the order in which they were made first."""
    statement = select(RequirementEdit).where(RequirementEdit.position_id == position_id)
    ordered = statement.order_by(RequirementEdit.create_time, RequirementEdit.requirement_id)
    return (await session.execute(ordered)).scalars().all()


async def wanted_positions(session: ReadSession, candidate_id: UUID, limit: int) -> Sequence[Position]:
    """Those of `top_positions` themselves, best first."""
    statement = _open_matches(candidate_id).with_only_columns(Position).where(Position.features.is_not(None))
    ordered = statement.order_by(_MUTUAL.desc(), Match.position_id).limit(limit)
    return (await session.execute(ordered)).scalars().all()


async def titled_positions(session: ReadSession, titles: Collection[str], limit: int) -> Sequence[Position]:
    """Open positions that have one of these, words in lower case with blanks between them, in their title; newest first."""
    words = func.regexp_replace(func.lower(Position.title), "[^[:alnum:]_]+", " ", "g")
    named = (" " + func.trim(words) + " ").like(any_(array([f"% {title} %" for title in titles], type_=Text)))
    statement = select(Position).where(Position.state == "OPEN", Position.features.is_not(None), named)
    return (await session.execute(statement.order_by(Position.id.desc()).limit(limit))).scalars().all()


async def rankable_positions(session: ReadSession, ids: Collection[UUID] | None = None) -> Sequence[Position]:
    """Open, with features of their present text; of these, or all."""
    statement = select(Position).where(
        Position.state == "OPEN", Position.features.is_not(None), Position.features_etag == Position.etag
    )
    narrowed = statement if ids is None else statement.where(Position.id.in_(ids))
    return (await session.execute(narrowed.order_by(Position.id))).scalars().all()


async def outdated_positions(session: ReadSession, today: date, limit: int) -> Sequence[UUID]:
    """Open ones whose ranking was last worked out as a whole for another day."""
    statement = (
        select(Position.id)
        .outerjoin(Ranking, Ranking.id == Position.id)
        .where(Position.state == "OPEN", func.coalesce(Ranking.refresh_date, date.min) < today)
    )
    return (await session.execute(statement.order_by(Position.id).limit(limit))).scalars().all()


async def outdated_candidates(session: ReadSession, version: str, limit: int) -> Sequence[UUID]:
    """Embedded by another model. Those that wait for their first job are not among them."""
    statement = select(Candidate.id).where(Candidate.embedded_version.not_in(["", version]))
    return (await session.execute(statement.order_by(Candidate.id).limit(limit))).scalars().all()


async def position_ids(session: ReadSession) -> set[UUID]:
    return set((await session.execute(select(Position.id))).scalars())


async def candidate_ids(session: ReadSession) -> set[UUID]:
    return set((await session.execute(select(Candidate.id))).scalars())


async def member_keys(session: ReadSession) -> set[tuple[UUID, UUID]]:
    rows = (await session.execute(select(Member.organization_id, Member.account_id))).all()
    return {(row[0], row[1]) for row in rows}


async def find_candidate(session: ReadSession, candidate_id: UUID) -> Candidate | None:
    return await session.get(Candidate, candidate_id)


async def candidates_by_id(session: ReadSession, ids: Collection[str | UUID]) -> Sequence[Candidate]:
    statement = select(Candidate).where(Candidate.id.in_([UUID(str(i)) for i in ids])).order_by(Candidate.id)
    return (await session.execute(statement)).scalars().all()


async def embeddings_of(session: ReadSession, owner_ids: Collection[UUID]) -> dict[tuple[UUID, bytes], bytes]:
    """Vectors by owner and hash."""
    statement = select(Embedding.owner_id, Embedding.hash, Embedding.vector).where(Embedding.owner_id.in_(owner_ids))
    return {(row[0], row[1]): row[2] for row in (await session.execute(statement)).all()}


async def lock_versions(
    session: ReadSession, position_id: UUID, candidate_ids: Collection[UUID]
) -> tuple[str | None, dict[UUID, str]]:
    """The present versions of a position and of candidates, which cannot change until this transaction ends."""
    position = select(Position.version).where(Position.id == position_id).with_for_update(read=True)
    candidates = select(Candidate.id, Candidate.version).where(Candidate.id.in_(candidate_ids)).order_by(Candidate.id)
    first = (await session.execute(position)).scalar_one_or_none()
    second = {row[0]: row[1] for row in (await session.execute(candidates.with_for_update(read=True))).all()}
    return first, second


async def positions_with_candidate(session: ReadSession, candidate_id: UUID) -> Sequence[UUID]:
    """In a fixed order: who locks several rankings does so in it."""
    statement = select(Match.position_id).where(Match.candidate_id == candidate_id).order_by(Match.position_id)
    return (await session.execute(statement)).scalars().all()


async def forget_owner(session: WriteSession, owner_id: UUID) -> None:
    """What was kept beside a candidate or position that is gone."""
    await session.execute(delete(Embedding).where(Embedding.owner_id == owner_id))
    await session.execute(delete(Ranking).where(Ranking.id == owner_id))
