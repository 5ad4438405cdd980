"""Transactions: who reads cannot write, who fails leaves nothing, and what is short is said."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kit import db as kit_db
from services.kit.db import EVERYONE, Database
from services.kit.errors import Conflict, Unavailable
from services.kit.settings import Settings
from tests.harness import System

pytestmark = pytest.mark.usefixtures("clean")

INSERT = "insert into billing.feature_usage (id, user_id) values (:id, :id)"
LOCK = "select from billing.feature_usage where id = :id for update"
TENANT = "select current_setting('skillsync.tenant', true)"


@pytest.fixture
def url(system: System) -> str:
    return Settings.of("billing", system.environment).database_url.get_secret_value()


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database.opened(url, EVERYONE) as found:
        yield found


@pytest.mark.parametrize("way", ["read", "snapshot", "read for a tenant"])
async def test_a_reading_session_cannot_write(db: Database, system: System, way: str) -> None:
    opened = {"read": db.read, "snapshot": db.snapshot, "read for a tenant": lambda: db.read(uuid4())}[way]
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with opened() as session:
            await session.execute(text(INSERT), {"id": uuid4()})
    assert await system.count("billing.feature_usage") == 0


async def test_what_fails_leaves_nothing_and_tells_nobody(db: Database, system: System) -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError):
        async with db.write() as session:
            session.after_commit.append(lambda: told.append("failed"))
            await session.execute(text(INSERT), {"id": uuid4()})
            raise RuntimeError
    assert await system.count("billing.feature_usage") == 0
    async with db.write() as session:
        session.after_commit.append(lambda: told.append("done"))
    assert told == ["done"]


async def test_the_same_twice_is_a_conflict(db: Database) -> None:
    with pytest.raises(Conflict):
        async with db.write() as session:
            for _ in range(2):
                await session.execute(text(INSERT), {"id": UUID(int=1)})


async def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(db: Database) -> None:
    async with db.write() as session:
        for number in (1, 2):
            await session.execute(text(INSERT), {"id": UUID(int=number)})
    meeting = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with db.write() as session:
            await session.execute(text(LOCK), {"id": UUID(int=first)})
            await meeting.wait()
            await session.execute(text(LOCK), {"id": UUID(int=second)})

    ends = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    assert sorted(map(type, ends), key=str) == sorted([type(None), Unavailable], key=str)


async def test_the_tenant_ends_with_its_transaction(url: str) -> None:
    tenant = uuid4()
    async with Database.opened(url, EVERYONE) as db:
        async with db.write(tenant) as session:
            assert (await session.execute(text(TENANT))).scalar_one() == str(tenant)
        # The pool gives the same connection out again.
        async with db.write() as session:
            assert (await session.execute(text(TENANT))).scalar_one() == EVERYONE


async def test_a_connection_that_broke_while_asking_is_given_to_nobody(url: str) -> None:
    db = Database.open(url, EVERYONE, pool_size=1)
    with pytest.raises(Unavailable):
        async with db.prepared("select pg_terminate_backend(pg_backend_pid())") as ask:
            await ask()
    with pytest.raises(Unavailable):
        await db.first("select pg_terminate_backend(pg_backend_pid())")
    assert await db.first("select 1")
    async with db.write() as session:
        assert (await session.execute(text(TENANT))).scalar_one() == EVERYONE
    await db.close()


async def test_a_statement_has_an_end(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_db, "STATEMENT_TIMEOUT_MS", 50)
    async with Database.opened(url, EVERYONE) as db:
        with pytest.raises(Unavailable):
            async with db.write() as session:
                await session.execute(text("select pg_sleep(20)"))


async def test_waiting_for_a_connection_has_an_end(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_db, "POOL_SECONDS", 0.1)
    db = Database.open(url, EVERYONE, pool_size=1)
    async with db.write() as one, db.write() as two:
        for session in (one, two):
            await session.execute(text("select 1"))
        with pytest.raises(Unavailable):
            async with db.write() as third:
                await third.execute(text("select 1"))
    await db.close()
