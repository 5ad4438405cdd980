"""What watchers of rankings share: one reading of each change and one encoding of each event, however many follow.

A ranking that somebody follows has a board in this process. A watcher is at a revision and asks for what happened since; watchers at the
same revision get the very same bytes. Who reads slowly asks later, and gets more changes put together; so nothing piles up for them.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic, TypeVar
from uuid import UUID

from services.kit.changes import Relay, watch
from services.kit.db import Database, ReadSession
from services.kit.errors import StaleResumeToken
from services.matching import queries
from services.matching.steps import Difference, Step, differences, done, undone
from services.matching.tables import Match, RankingChange

# Steps that a board remembers; who is further behind is told of the whole ranking anew.
MOST_STEPS = 2_000
# Batches of events, and snapshots, that a board keeps encoded.
MOST_BATCHES, MOST_SNAPSHOTS = 32, 4
# Boards that are kept though nobody follows them just now.
MOST_IDLE = 100
# Between a score that is stored and its watchers lies half of this on the average.
POLL_SECONDS = 0.005
REVISIONS = """
    select coalesce(array_agg(id), '{}'), coalesce(array_agg(revision), '{}') from matching.rankings where id = any($1::uuid[])"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """What happened up to a revision, as a watcher of the first ranks sees it."""

    after: int
    events: Sequence[T]


Rows = Callable[[Database, UUID, Collection[UUID]], Awaitable[dict[UUID, Match]]]
"""The matches of some items of a ranking."""
Encode = Callable[[int, int, int, Difference, Match | None], T]
"""Revision before, revision after, number of the event, what happened, and the match."""
Sync = Callable[[UUID], Awaitable[None]]
"""Brings a ranking up to date before it is read."""


class Board(Generic[T]):
    """One ranking as it is now, and the steps that led to it."""

    def __init__(self, ranking_id: UUID, db: Database, rows: Rows, sync: Sync | None) -> None:
        self.id, self._db, self._rows, self._sync = ranking_id, db, rows, sync
        self.revision, self.item_ids = 0, list[UUID]()
        # All steps after the floor are remembered.
        self._steps, self._floor = deque[tuple[int, Step]](), 0
        self._batches: OrderedDict[tuple[int, int, int], Batch[T]] = OrderedDict()
        self._snapshots: OrderedDict[tuple[int, int], dict[UUID, T]] = OrderedDict()
        self._reading, self._encoding = asyncio.Lock(), asyncio.Lock()
        self._stale = True
        self._wakes: set[asyncio.Event] = set()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever there may be more. Clear it before asking."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        try:
            yield wake
        finally:
            self._wakes.discard(wake)

    @property
    def followed(self) -> bool:
        return bool(self._wakes)

    def wake(self) -> None:
        self._stale = True
        for wake in self._wakes:
            wake.set()

    async def refresh(self) -> None:
        """Reads what is new, once for all who ask."""
        # Who comes when all is read waits for no lock: there are hundreds of them for each who reads.
        if not self._stale and not self._reading.locked():
            return
        async with self._reading:
            if self._stale:
                self._stale = False
                try:
                    await self._read()
                except BaseException:
                    self._stale = True
                    raise

    async def _read(self) -> None:
        if self._sync:
            await self._sync(self.id)
        rows = await queries.steps_after(self._db, self.id, self.revision) if self.revision else []
        if rows and rows[0].revision == self.revision + 1:
            self._go_on(rows)
        elif (found := await queries.ranking_now(self._db, self.id)) and found.revision != self.revision:
            self.revision, self.item_ids = found.revision, list(found.item_ids)
            self._floor = self.revision
            self._steps.clear()

    def _go_on(self, rows: Sequence[RankingChange]) -> None:
        steps = [(row.revision, _step(row)) for row in rows]
        self.item_ids = done(self.item_ids, [step for _, step in steps])
        self.revision = rows[-1].revision
        self._steps.extend(steps)
        while len(self._steps) > MOST_STEPS:
            self._floor = self._steps.popleft()[0]

    def remembers(self, revision: int) -> bool:
        """Whether all that came after is at hand."""
        return revision >= self._floor

    async def steps_since(self, revision: int) -> list[Step]:
        """Raises StaleResumeToken when they are no longer kept, or the revision is of no such ranking."""
        if revision > self.revision:
            raise StaleResumeToken
        if self.remembers(revision):
            # From the end: most who ask are a revision behind, and thousands are remembered.
            later = list(takewhile(lambda one: one[0] > revision, reversed(self._steps)))
            return [step for _, step in reversed(later)]
        rows = await queries.steps_after(self._db, self.id, revision)
        if not rows or rows[0].revision != revision + 1:
            raise StaleResumeToken
        return [_step(row) for row in rows if row.revision <= self.revision]

    async def ids_at(self, revision: int) -> list[UUID]:
        """The ranking as it was. Raises StaleResumeToken."""
        return undone(self.item_ids, await self.steps_since(revision))

    async def matches(self, item_ids: Collection[UUID]) -> dict[UUID, Match]:
        """Of those that still have one."""
        return await self._rows(self._db, self.id, item_ids) if item_ids else {}

    def snapshot_rows(self, revision: int, limit: int) -> dict[UUID, T]:
        """Rows of a snapshot that were encoded already, by item."""
        rows = self._snapshots.setdefault((revision, limit), {})
        if len(self._snapshots) > MOST_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return rows

    async def batch(self, before: int, after: int, limit: int, encode: Encode[T]) -> Batch[T]:
        """From one revision to a later one, as who follows `limit` ranks sees it. Raises StaleResumeToken."""
        key = (before, after, limit)
        if found := self._batches.get(key):
            return found
        async with self._encoding:
            if key not in self._batches:
                self._batches[key] = await self._batch(before, after, limit, encode)
                if len(self._batches) > MOST_BATCHES:
                    self._batches.popitem(last=False)
            return self._batches[key]

    async def _batch(self, before: int, after: int, limit: int, encode: Encode[T]) -> Batch[T]:
        since, later = await self.steps_since(before), await self.steps_since(after)
        new = undone(self.item_ids, later)
        between = since[: len(since) - len(later)]
        found = differences(undone(new, between), new, between, limit)
        matches = await self.matches([one.item_id for one in found if one.new_rank])
        told = [encode(before, after, number, one, matches.get(one.item_id)) for number, one in enumerate(found, 1)]
        return Batch(after, told)


def _step(row: RankingChange) -> Step:
    return Step(row.item_id, row.old_rank, row.new_rank, row.cause)


class Boards(Generic[T]):
    """The boards of one kind in this process. `db` is the platform's own; `sync` where a list is put together when somebody looks."""

    def __init__(self, db: Database, rows: Rows, sync: Sync | None = None) -> None:
        self._db, self._rows, self._sync = db, rows, sync
        self._boards: OrderedDict[UUID, Board[T]] = OrderedDict()

    @asynccontextmanager
    async def open(self, ranking_id: UUID) -> AsyncIterator[tuple[Board[T], asyncio.Event]]:
        """The board of a ranking, read, and an event that is set whenever there may be more."""
        board = self._boards.get(ranking_id)
        if board is None:
            board = self._boards[ranking_id] = Board(ranking_id, self._db, self._rows, self._sync)
        self._boards.move_to_end(ranking_id)
        if not board.followed:
            # Nobody told it of changes while nobody looked.
            board.wake()
        async with board.following() as wake:
            self._forget_idle()
            await board.refresh()
            yield board, wake

    def _forget_idle(self) -> None:
        """Boards that nobody follows are kept for a while: people look, leave and come back."""
        idle = [key for key, board in self._boards.items() if not board.followed]
        for key in idle[: max(0, len(idle) - MOST_IDLE)]:
            del self._boards[key]

    async def wake_by_revision(self) -> None:
        """Wakes the boards whose rankings have another revision, until it fails. One look-up each time, whatever their number.

        Revisions are seen as soon as they are committed: the log of changes shows none while an older transaction still runs.
        """
        async with self._db.prepared(REVISIONS) as ask:
            while True:
                if followed := [key for key, board in self._boards.items() if board.followed]:
                    revisions = dict(zip(*await ask(followed), strict=True))
                    for key, revision in revisions.items():
                        if (board := self._boards.get(key)) and board.revision != revision:
                            board.wake()
                await asyncio.sleep(POLL_SECONDS)

    async def wake_by_changes(self, relay: Relay, kind: str) -> None:
        """Wakes the boards that the log of changes names, until it fails: then all may have missed something."""
        try:
            async for event in watch(relay, None, [kind], _nothing, _load_nothing):
                if event.resource_id and (board := self._boards.get(event.resource_id)):
                    board.wake()
        finally:
            for board in self._boards.values():
                board.wake()


async def _nothing(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, None]]:
    return []


async def _load_nothing(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, None]:
    return {}
