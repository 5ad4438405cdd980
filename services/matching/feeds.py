"""The live ranking of a position: its first ranks, then what happens to them."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from services.kit.changes import Cursor, Event, Load, Relay, Snapshot, watch
from services.kit.db import ReadSession
from services.matching import queries, rankings
from services.matching.tables import Match


class Move(Enum):
    """What happened to a row; names are those of `MatchEvent.Kind`."""

    SNAPSHOT = "SNAPSHOT"
    ENTERED = "ENTERED"
    MOVED = "MOVED"
    RESCORED = "RESCORED"
    LEFT = "LEFT"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the feed. `match` is None for who left; ranks are 0 where there is none."""

    cursor: Cursor
    move: Move
    candidate_id: UUID
    match: Match | None
    old_rank: int
    new_rank: int


@dataclass
class _Known:
    """What the client has: candidates with their ranks. A resumed one may have rows that have left since."""

    resumed: bool
    ranks: dict[UUID, int] = field(default_factory=dict)


async def watch_ranking(
    relay: Relay, cursor: Cursor | None, position_id: UUID, limit: int
) -> AsyncIterator[Row | Event[Match]]:
    """The first `limit` ranks, best first, then each change of them; between them the pauses as they come.

    The log only tells that something changed: what did is found by comparing the ranking now with what the client has, so a person who
    is pushed out, or moves up because somebody left, is told too.
    """
    known = _Known(resumed=cursor is not None)
    async with relay.db.read() as session:
        if cursor is not None:
            known.ranks = _ranks(await queries.top_ids(session, position_id, limit))
    snapshot, load = _snapshot(position_id, limit), _load(position_id)
    async for event in watch(relay, cursor, [rankings.KIND], snapshot, load, [position_id]):
        if event.resource_id is None:
            yield event
        elif event.in_snapshot and event.item is not None:
            rank = len(known.ranks) + 1 if event.resource_id not in known.ranks else known.ranks[event.resource_id]
            known.ranks[event.resource_id] = rank
            yield Row(event.cursor, Move.SNAPSHOT, event.resource_id, event.item, 0, rank)
        else:
            async with relay.db.read() as session:
                rows = await _changes(session, known, event, position_id, limit)
            for row in rows:
                yield row


def _snapshot(position_id: UUID, limit: int) -> Snapshot[Match]:
    async def read(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, Match]]:
        skip = int(after) if after else 0
        found = await queries.top_matches(session, position_id, skip, limit - skip)
        return [(str(entry.rank), rankings.KIND, entry.row.candidate_id, entry.row) for entry in found]

    return read


def _load(position_id: UUID) -> Load[Match]:
    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, Match]:
        return await queries.matches_by_candidate(session, position_id, ids)

    return load


async def _changes(
    session: ReadSession, known: _Known, event: Event[Match], position_id: UUID, limit: int
) -> list[Row]:
    """What the change did to the ranks that the client follows."""
    before, now = known.ranks, _ranks(await queries.top_ids(session, position_id, limit))
    changed = event.resource_id
    entered = [i for i in now if i not in before]
    left = [i for i in before if i not in now]
    if known.resumed and changed is not None and changed not in before and changed not in now:
        left.append(changed)
    touched = [changed] if changed in now and changed in before else []
    matches = await queries.matches_by_candidate(session, position_id, [*entered, *touched])
    known.ranks = now
    rows = [Row(event.cursor, Move.LEFT, i, None, before.get(i, 0), 0) for i in left]
    rows += [Row(event.cursor, Move.ENTERED, i, matches[i], 0, now[i]) for i in entered if i in matches]
    for i in touched:
        if i in matches:
            move = Move.RESCORED if before[i] == now[i] else Move.MOVED
            rows.append(Row(event.cursor, move, i, matches[i], before[i], now[i]))
    return rows


def _ranks(ids: Sequence[UUID]) -> dict[UUID, int]:
    return {candidate_id: place for place, candidate_id in enumerate(ids, 1)}
