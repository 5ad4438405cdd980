"""The change log: nothing is lost when transactions commit out of order, and old tokens are told so."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID, uuid4

import pytest

from services.billing.tables import changes
from services.kit.changes import Cursor, Event, Relay, prune, record, watch
from services.kit.db import Database, ReadSession
from services.kit.errors import InvalidArgument, StaleResumeToken, Unavailable
from services.kit.settings import Settings
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")

CUT_RELAYS = """select count(pg_terminate_backend(pid)) from pg_stat_activity
    where query like 'select tx::text as head%"billing".changes%' and pid <> pg_backend_pid()"""


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as found:
        yield found


@pytest.fixture
async def relay(db: Database) -> AsyncIterator[Relay]:
    async with Relay.opened(db, changes) as found:
        yield found


async def nothing(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, str]]:
    return []


async def names(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    return {resource_id: f"{kind} {resource_id}" for resource_id in ids}


class Watcher:
    """Collects what a watch sends."""

    def __init__(self, relay: Relay, cursor: Cursor | None = None, scopes: Collection[UUID] | None = None) -> None:
        self.events: list[Event[str]] = []
        self._relay, self._scopes = relay, scopes
        self._watch = watch(relay, cursor, ["thing"], nothing, names, scopes, checkpoint_seconds=60)
        self._task = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        try:
            async for event in self._watch:
                self.events.append(event)
        # The watch's own connection was cut too: go on from the last token, as clients do.
        except Unavailable:
            self._watch = watch(self._relay, self.events[-1].cursor, ["thing"], nothing, names, self._scopes, 60)
            await self._collect()

    @property
    def seen(self) -> list[UUID]:
        return [event.resource_id for event in self.events if event.resource_id]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.seen) < count:
                await asyncio.sleep(0.01)

    async def ready(self) -> None:
        async with asyncio.timeout(60):
            while not self.events:
                await asyncio.sleep(0.01)

    async def end(self) -> Cursor:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return self.events[-1].cursor


async def test_a_change_that_commits_late_is_not_lost(db: Database, relay: Relay) -> None:
    """The first transaction takes the lower number and commits last; a reader by number alone would have passed it."""
    watcher, slow, quick = Watcher(relay), uuid4(), uuid4()
    await watcher.ready()
    async with db.write() as first:
        await record(first, changes, "thing", slow)
        async with db.write() as second:
            await record(second, changes, "thing", quick)
        await asyncio.sleep(0.3)
        assert watcher.seen == []
    await watcher.until(2)
    assert watcher.seen == [slow, quick]
    await watcher.end()


async def test_many_writers_at_once_lose_and_repeat_nothing(db: Database, relay: Relay) -> None:
    watcher, wanted = Watcher(relay), [uuid4() for _ in range(200)]
    await watcher.ready()

    async def write(resource_id: UUID, number: int) -> None:
        async with db.write() as session:
            await record(session, changes, "thing", resource_id)
            await asyncio.sleep(0.001 * (number * 7919 % 23))

    await asyncio.gather(*(write(resource_id, number) for number, resource_id in enumerate(wanted)))
    await watcher.until(len(wanted))
    await asyncio.sleep(0.2)
    assert sorted(watcher.seen) == sorted(wanted)
    await watcher.end()


async def test_a_watch_that_is_cut_again_and_again_gets_each_change_once(db: Database, relay: Relay) -> None:
    wanted = [uuid4() for _ in range(60)]
    seen: list[UUID] = []
    cursor: Cursor | None = None

    async def write() -> None:
        for resource_id in wanted:
            async with db.write() as session:
                await record(session, changes, "thing", resource_id)

    first = Watcher(relay)
    await first.ready()
    cursor = await first.end()
    writing = asyncio.create_task(write())
    async with asyncio.timeout(60):
        while len(seen) < len(wanted):
            watcher = Watcher(relay, cursor)
            # Not after a time: a slow machine would cut each before its first event, for ever.
            await watcher.until(1)
            cursor = await watcher.end()
            seen += watcher.seen
    await writing
    assert sorted(seen) == sorted(wanted)


async def test_watchers_wake_when_transaction_numbers_get_longer(system: System, db: Database, relay: Relay) -> None:
    """As text, 1000 comes before 999: the newest change must be found by number."""
    watcher, told = Watcher(relay), uuid4()
    await watcher.ready()
    await system.database.execute(
        "insert into billing.changes (kind, resource_id, tx) values ('thing', $1, '9')", uuid4()
    )
    await asyncio.sleep(0.2)
    async with db.write() as session:
        await record(session, changes, "thing", told)
    async with asyncio.timeout(60):
        while told not in watcher.seen:
            await asyncio.sleep(0.01)
    await watcher.end()


async def test_watchers_wake_after_the_database_cut_the_relay_off(system: System, db: Database, relay: Relay) -> None:
    watcher, told = Watcher(relay), uuid4()
    await watcher.ready()
    cut = 0
    async with asyncio.timeout(60):
        while not cut:
            cut = await system.database.fetchval(CUT_RELAYS)
    async with db.write() as session:
        await record(session, changes, "thing", told)
    await watcher.until(1)
    assert watcher.seen == [told]
    await watcher.end()


async def test_a_change_that_is_rolled_back_is_never_told(db: Database, relay: Relay) -> None:
    watcher, told = Watcher(relay), uuid4()
    await watcher.ready()
    with pytest.raises(RuntimeError):
        async with db.write() as session:
            await record(session, changes, "thing", uuid4())
            raise RuntimeError
    async with db.write() as session:
        await record(session, changes, "thing", told)
    await watcher.until(1)
    assert watcher.seen == [told]
    await watcher.end()


async def test_a_scope_hides_the_others(db: Database, relay: Relay) -> None:
    mine, other, told = uuid4(), uuid4(), uuid4()
    watcher = Watcher(relay, scopes=[mine])
    await watcher.ready()
    async with db.write() as session:
        await record(session, changes, "thing", uuid4(), other)
        await record(session, changes, "thing", told, mine)
    await watcher.until(1)
    assert watcher.seen == [told]
    await watcher.end()


async def test_repeated_changes_of_one_thing_collapse(db: Database, relay: Relay) -> None:
    watcher, thing = Watcher(relay), uuid4()
    await watcher.ready()
    async with db.write() as session:
        for _ in range(5):
            await record(session, changes, "thing", thing)
    await watcher.until(1)
    await asyncio.sleep(0.2)
    assert watcher.seen == [thing]
    await watcher.end()


async def test_a_token_older_than_what_is_kept_is_told_so(db: Database, relay: Relay) -> None:
    watcher = Watcher(relay)
    await watcher.ready()
    old = await watcher.end()
    async with db.write() as session:
        await record(session, changes, "thing", uuid4())
    async with db.write() as session:
        assert await prune(session, changes, keep_seconds=0) == 1
    with pytest.raises(StaleResumeToken):
        async for _ in watch(relay, old, ["thing"], nothing, names):
            pass


def test_a_token_opens_only_with_its_key_and_for_its_watch() -> None:
    cursor = Cursor("10:12:", "key", 11, 3)
    token = cursor.seal("secret", "matches/1")
    assert Cursor.unseal("secret", "matches/1", token) == cursor
    for key, name, given in (
        ("other", "matches/1", token),
        ("secret", "matches/2", token),
        ("secret", "matches/1", token[:-2]),
    ):
        with pytest.raises(InvalidArgument):
            Cursor.unseal(key, name, given)
