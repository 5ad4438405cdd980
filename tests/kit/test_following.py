"""What comes over a stream is written once, in its order, and with it how far the stream was followed."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import uuid4

import grpc
import pytest
from sqlalchemy import text

from services.kit import following
from services.kit.background import beside
from services.kit.db import EVERYONE, Database, WriteSession
from services.kit.following import BATCH, Apply, Following, Message
from services.matching.tables import Member, follows
from tests.harness import System

MESSAGES = 3 * BATCH


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    async with system.empty_database() as name:
        url = system.database_url(name, "matching").replace("postgresql://", "postgresql+asyncpg://")
        async with Database.opened(url, EVERYONE) as opened:
            yield opened


class Written:
    """What was written: numbers, and the transaction of each. Kept here only after it was done in the database."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.transactions: list[str] = []
        self.fails_at: int | None = None

    def of(self, number: int) -> Apply:
        return partial(self._apply, number)

    async def _apply(self, number: int, session: WriteSession) -> None:
        if number == self.fails_at:
            self.fails_at = None
            raise ValueError(f"{number} cannot be written")
        transaction = str((await session.execute(text("select pg_current_xact_id()"))).scalar_one())
        session.after_commit.append(partial(self._keep, number, transaction))

    def _keep(self, number: int, transaction: str) -> None:
        self.numbers.append(number)
        self.transactions.append(transaction)


async def numbered(written: Written, last: int, token: str) -> AsyncIterator[Message]:
    for number in range(int(token or -1) + 1, last + 1):
        yield str(number), written.of(number)


async def until(db: Database, written: Written, last: int) -> None:
    async with asyncio.timeout(60):
        while not written.numbers or written.numbers[-1] < last:
            await asyncio.sleep(0.02)
    assert written.numbers == list(range(last + 1)), "each once, in its order"
    assert await told(db) == str(last)


async def told(db: Database) -> str | None:
    """How far the stream was followed."""
    async with db.read(EVERYONE) as session:
        return (await session.execute(text("select resume_token from matching.follows"))).scalar_one_or_none()


async def test_what_came_meanwhile_is_written_together(db: Database) -> None:
    written = Written()
    stream = partial(numbered, written, MESSAGES)
    async with beside(Following(db, follows, {"one": stream}).run()):
        await until(db, written, MESSAGES)
    # The first is written alone, or with what was there by then.
    assert len(set(written.transactions)) <= MESSAGES / BATCH + 2
    longest = max(written.transactions.count(one) for one in set(written.transactions))
    assert 1 < longest <= BATCH + 1


async def test_what_came_before_the_stream_broke_is_written_and_it_goes_on_from_there(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", 0.01)
    written, tokens = Written(), list[str]()

    async def breaking(token: str) -> AsyncIterator[Message]:
        tokens.append(token)
        async for message in numbered(written, 3 * len(tokens), token):
            yield message
        if len(tokens) == 3:
            await asyncio.Event().wait()
        raise grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata())

    async with beside(Following(db, follows, {"one": breaking}).run()):
        await until(db, written, 9)
    assert tokens == ["", "3", "6"]


@pytest.mark.parametrize("where", ["reading", "writing"])
async def test_what_cannot_be_read_or_written_is_tried_again_and_nothing_after_it_is_lost(
    db: Database, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", 0.01)
    written, wrong = Written(), [5]
    written.fails_at = 5 if where == "writing" else None

    async def failing(token: str) -> AsyncIterator[Message]:
        async for number, apply in numbered(written, 9, token):
            if where == "reading" and int(number) in wrong:
                wrong.clear()
                raise ValueError(f"{number} cannot be read")
            yield number, apply

    async with beside(Following(db, follows, {"one": failing}).run()):
        await until(db, written, 9)


async def test_what_is_written_together_ends_as_if_each_came_alone(db: Database) -> None:
    key, found, transactions = (uuid4(), uuid4()), list[bool](), set[str]()

    async def add(session: WriteSession) -> None:
        found.append(await session.get(Member, key) is not None)
        if not found[-1]:
            session.add(Member(organization_id=key[0], account_id=key[1], role="ADMIN"))
        transactions.add((await session.execute(text("select pg_current_xact_id()"))).scalar_one())

    async def remove(session: WriteSession) -> None:
        await session.delete(await session.get_one(Member, key))

    async def changes(token: str) -> AsyncIterator[Message]:
        for number, apply in enumerate((add, remove, add)):
            yield str(number), apply
        await asyncio.Event().wait()

    async with beside(Following(db, follows, {"one": changes}).run()), asyncio.timeout(60):
        while await told(db) != "2":
            await asyncio.sleep(0.02)
    assert (found, len(transactions)) == ([False, False], 1)
    async with db.read(EVERYONE) as session:
        assert await session.get(Member, key)
