"""The live ranking of a position, or of the positions for a person: its first ranks, then what happens to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.kit.background import woken
from services.kit.changes import CHECKPOINT_SECONDS
from services.kit.errors import InvalidArgument
from services.kit.seal import seal, unseal
from services.matching.auditing import Row, row_of
from services.matching.boards import Board, Boards
from services.matching.steps import Difference
from services.matching.tables import Match

# Rows read at once for a snapshot: few first, so that the first is there soon.
FIRST_ROWS, MORE_ROWS = 4, 100
# Steps after which a watcher who fell behind is told of the whole anew.
MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """How far a watcher has come: `number` events of those between two revisions, or, where `before` is SNAPSHOT, rows of `after`."""

    before: int
    after: int
    number: int = 0

    def seal(self, key: str, watch: str) -> str:
        """`watch` names stream and subject, so that a token works nowhere else."""
        return seal(key, f"watch/{watch}", [self.before, self.after, self.number])

    @classmethod
    def unseal(cls, key: str, watch: str, token: str) -> "Place | None":
        """None for an empty token. Raises InvalidArgument for one that is not of this stream."""
        if not token:
            return None
        match unseal(key, f"watch/{watch}", token):
            case [int(before), int(after), int(number)]:
                return cls(before, after, number)
        raise InvalidArgument(
            "resume_token", "is not from this stream; begin without one", reason="RESUME_TOKEN_INVALID"
        )


SNAPSHOT = -1


class Encoder(Protocol):
    """Makes the messages of one stream, each with where to go on from. Who came without a match is gone by now: a later one says so."""

    def change(self, place: Place, found: Difference, match: Match | None, snapshot: bool) -> bytes: ...
    def snapshot_complete(self, place: Place, rows: int) -> bytes: ...
    def checkpoint(self, place: Place) -> bytes: ...
    def resync(self, place: Place) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Event:
    """A message, and the row of the ranking that it shows, if any."""

    body: bytes
    row: Row | None = None


@dataclass(frozen=True)
class Feed:
    """`limit` ranks of one ranking. `check` raises when the watcher may look no longer; it is asked when nothing happened for a while.

    `note` is told the revision and which rows were shown of it.
    """

    boards: Boards[Event]
    encoder: Encoder
    ranking_id: UUID
    limit: int
    check: Callable[[], Awaitable[None]]
    note: Callable[[int, Sequence[Row]], None]

    async def follow(self, place: Place | None) -> AsyncIterator[bytes]:
        """A snapshot, best first, then every change; or on from a place. Raises StaleResumeToken."""
        async with self.boards.open(self.ranking_id) as (board, wake):
            if place is None:
                place = Place(SNAPSHOT, board.revision)
            elif place.before != SNAPSHOT:
                # Says that it goes on from here: without any message, a client behind a proxy cannot tell a quiet stream from none.
                yield self.encoder.checkpoint(place)
            while True:
                if place.before == SNAPSHOT:
                    async for row in self._snapshot(board, place):
                        yield row
                    place = Place(place.after, place.after)
                async for event in self._changes(board, place, wake):
                    yield event
                place = Place(SNAPSHOT, board.revision)
                yield self.encoder.resync(place)

    async def _snapshot(self, board: Board[Event], place: Place) -> AsyncIterator[bytes]:
        item_ids = (await board.ids_at(place.after))[: self.limit]
        encoded = board.snapshot_rows(place.after, self.limit)
        shown: list[Event] = []
        try:
            for first, ids in _cut(item_ids, place.number):
                missing = [item_id for item_id in ids if item_id not in encoded]
                matches = await board.matches(missing)
                for rank, item_id in enumerate(ids, first + 1):
                    if item_id not in encoded:
                        row = Place(SNAPSHOT, place.after, rank)
                        found = Difference(item_id, 0, rank, rank, "")
                        encoded[item_id] = self._event(row, found, matches.get(item_id), True)
                    shown.append(encoded[item_id])
                    yield encoded[item_id].body
        finally:
            self._note(place.after, shown)
        yield self.encoder.snapshot_complete(Place(place.after, place.after), len(item_ids))

    async def _changes(self, board: Board[Event], place: Place, wake: asyncio.Event) -> AsyncIterator[bytes]:
        """Until the watcher is too far behind to be told of each change."""
        if place.number or place.before != place.after:
            async for event in self._batch(board, place.before, place.after, place.number):
                yield event
        at = place.after
        while True:
            wake.clear()
            await board.refresh()
            if board.revision == at:
                if not await woken(wake, CHECKPOINT_SECONDS):
                    await self.check()
                    yield self.encoder.checkpoint(Place(at, at))
            elif len(await board.steps_since(at)) > MOST_TOLD:
                return
            else:
                reached = board.revision
                async for event in self._batch(board, at, reached, 0):
                    yield event
                at = reached

    async def _batch(self, board: Board[Event], before: int, after: int, skip: int) -> AsyncIterator[bytes]:
        batch = await board.batch(before, after, self.limit, self._encode)
        self._note(after, batch.events[skip:])
        for event in batch.events[skip:]:
            yield event.body

    def _encode(self, before: int, after: int, number: int, found: Difference, match: Match | None) -> Event:
        return self._event(Place(before, after, number), found, match, False)

    def _event(self, place: Place, found: Difference, match: Match | None, snapshot: bool) -> Event:
        body = self.encoder.change(place, found, match, snapshot)
        return Event(body, row_of(match, found.rank) if match and found.rank else None)

    def _note(self, revision: int, events: Sequence[Event]) -> None:
        if rows := [event.row for event in events if event.row]:
            self.note(revision, rows)


def _cut(item_ids: Sequence[UUID], skip: int) -> list[tuple[int, Sequence[UUID]]]:
    """The rest in pieces, each with how many come before it."""
    starts = [skip, *range(skip + FIRST_ROWS, len(item_ids), MORE_ROWS)]
    ends = [*starts[1:], len(item_ids)]
    return [(start, item_ids[start:end]) for start, end in zip(starts, ends, strict=True) if start < end]
