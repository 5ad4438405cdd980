"""Lists stay flat: what PostgreSQL does for a page, under row security, does not grow with the number of applications."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from services.kit.db import Database, ReadSession
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import dossier_queries
from tests.talenthub.loading import Hiring, Loaded, load

Listing = Callable[[ReadSession, Loaded, Page], Awaitable[Any]]
LISTS: dict[str, tuple[str, Listing]] = {
    "of a position": ("member", lambda s, at, page: queries.list_applications(s, at.position, None, page)),
    "of a stage": ("member", lambda s, at, page: queries.list_applications(s, at.position, "INTERVIEW", page)),
    "of a person": ("person", lambda s, at, page: queries.list_own_applications(s, at.person, page)),
    "steps": ("member", lambda s, at, page: queries.list_moves(s, at.middle_of_position, page)),
    "notes": ("member", lambda s, at, page: dossier_queries.list_notes(s, [at.middle_of_position], page)),
}


@pytest.fixture(scope="module")
async def loaded(hiring: Hiring) -> AsyncIterator[Loaded]:
    connection = await hiring.superuser()
    yield await load(connection, 20_000)
    await connection.execute("delete from talenthub.organizations")
    await connection.close()


async def plan_of(db: Database, tenant: UUID, ask: Callable[[ReadSession], Awaitable[Any]]) -> tuple[int, str]:
    """How many rows come, and the plan of the last statement that `ask` makes."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    async with db.read(tenant) as session:
        connection = await session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", note)
        rows = await ask(session)
        statement, values = seen[-1]
        found = await connection.exec_driver_sql("explain (analyze, timing off) " + statement, values)
        return len(rows), "\n".join(row[0] for row in found)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("deep", [False, True])
async def test_a_page_is_read_along_an_index(hiring: Hiring, loaded: Loaded, name: str, deep: bool) -> None:
    side, listing = LISTS[name]
    middle = loaded.middle_of_person if name == "of a person" else loaded.middle_of_position
    page = Page("", name, 50, middle if deep and name.startswith("of") else None)
    async with Database.opened(hiring.url) as db:
        tenant = loaded.member if side == "member" else loaded.person
        count, plan = await plan_of(db, tenant, lambda session: listing(session, loaded, page))
    assert count == 51, plan
    for slow in (
        "Sort",
        "Seq Scan on applications",
        "Seq Scan on notes",
        "Seq Scan on stage_moves",
        "Seq Scan on positions",
    ):
        assert slow not in plan, plan
