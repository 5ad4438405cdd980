"""The second wall: what PostgreSQL itself shows to a tenant, whatever the services ask."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.careerforge import queries as careerforge_queries
from services.careerforge.tables import Resume
from services.kit.db import EVERYONE, Database
from services.talenthub import queries as talenthub_queries
from services.talenthub.tables import Member, Position
from services.user.tables import Password
from tests.builders import Person, a_job_seeker, a_position, a_recruiter, an_analysis
from tests.harness import System
from tests.refusals import refused

# Tables in which no row belongs to anybody, and why.
EXEMPT = {
    "changes": "ids of what changed; who may watch what is the feed's own question",
    "jobs": "work of the platform itself",
    "follows": "how far a stream was followed",
    "signing_keys": "the platform's own",
    "erasures": "the account is gone: its id alone is what the person has to ask with",
    "alembic_version": "the schema's",
}


async def forced(system: System) -> list[str]:
    rows = await system.database.fetch(
        """select n.nspname as schema, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced
           from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname = any($1)""",
        list(SERVICES),
    )
    open_ = {row["name"] for row in rows if not row["forced"]}
    assert open_ <= set(EXEMPT), (
        f"give these tables a policy in a migration, or say here why not: {open_ - set(EXEMPT)}"
    )
    return [f'"{row["schema"]}".{row["name"]}' for row in rows if row["forced"]]


@pytest.fixture(scope="module")
async def owner(system: System) -> Person:
    """Somebody with rows in most tables."""
    person = await a_job_seeker(system)
    await an_analysis(system, person)
    position = await a_position(system, await a_recruiter(system))
    request = careerforge.WriteCoverLetterRequest(position_id=position.id)
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    assert [event async for event in stub.WriteCoverLetter(request, metadata=person.metadata)]
    return person


async def connection_of(system: System, service: str) -> asyncpg.Connection:
    url = make_url(system.environment[f"SKILLSYNC_{service.upper()}_DATABASE_URL"]).set(drivername="postgresql")
    return await asyncpg.connect(url.render_as_string(hide_password=False))


@pytest.fixture
async def connections(system: System) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    found = {service: await connection_of(system, service) for service in SERVICES}
    yield found
    for connection in found.values():
        await connection.close()


async def test_every_table_is_behind_it_or_says_why_not(system: System) -> None:
    assert len(await forced(system)) >= 25


async def test_no_service_can_go_around_it(system: System) -> None:
    rows = await system.database.fetch("select rolname from pg_roles where rolsuper or rolbypassrls")
    assert not {row["rolname"] for row in rows} & {*SERVICES, "skillsync_owner"}
    rows = await system.database.fetch("select schemaname from pg_tables where tableowner = any($1)", list(SERVICES))
    assert rows == []


@pytest.mark.parametrize(
    "tenant",
    ["", "nobody", "EVERYONE", "everyone ", "*", "%", "' or true --", "4be3a9f1-2b9f-4f0c-9d0e-6c1d8b1f7a55", None],
)
async def test_who_is_no_tenant_sees_changes_and_removes_nothing(
    system: System, owner: Person, connections: dict[str, asyncpg.Connection], tenant: str | None
) -> None:
    seen = 0
    for table in await forced(system):
        seen += await system.count(table) > 0
        connection = connections[table.split(".")[0].strip('"')]
        transaction = connection.transaction()
        await transaction.start()
        if tenant is not None:
            await connection.execute("select set_config('skillsync.tenant', $1, true)", tenant)
        public = "state = 'OPEN'" if table == '"talenthub".positions' else "false"
        public = "true" if table == '"talenthub".organizations' else public
        column = await connection.fetchval(
            "select attname from pg_attribute where attrelid = $1::regclass and attnum = 1", table
        )
        assert await connection.fetchval(f"select count(*) from {table} where not ({public})") == 0, table
        assert await connection.execute(f"update {table} set {column} = {column}") == "UPDATE 0", table
        assert await connection.execute(f"delete from {table}") == "DELETE 0", table
        await transaction.rollback()
    assert seen >= 12, "most tables must have rows, or this proves nothing"


async def test_nobody_writes_into_anothers_name(system: System, owner: Person) -> None:
    """A copy of each row, by somebody else."""
    refusals = 0
    for table in await forced(system):
        connection = await connection_of(system, table.split(".")[0].strip('"'))
        row = await system.database.fetchrow(f"select * from {table} limit 1")
        if row is not None:
            values = ", ".join(f"${place + 1}" for place in range(len(row)))
            names = ", ".join(f'"{name}"' for name, _ in row.items())
            await connection.execute("select set_config('skillsync.tenant', $1, false)", str(uuid4()))
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.execute(f"insert into {table} ({names}) values ({values})", *_plain(row))
            refusals += 1
        await connection.close()
    assert refusals >= 12


def _plain(row: Any) -> list[Any]:
    return list(row.values())


async def test_a_tenant_sees_the_own_rows(system: System, owner: Person) -> None:
    url = system.environment["SKILLSYNC_CAREERFORGE_DATABASE_URL"]
    stranger = await a_job_seeker(system)
    async with Database.opened(url) as db:
        for tenant, expected in ((UUID(owner.id), {UUID(owner.id)}), (UUID(stranger.id), set()), (None, set())):
            async with db.read(tenant) as session:
                assert set((await session.execute(select(Resume.user_id))).scalars()) == expected
        async with db.read(EVERYONE) as session:
            assert UUID(owner.id) in set((await session.execute(select(Resume.user_id))).scalars())


async def test_no_tenant_is_left_on_a_connection(system: System, owner: Person) -> None:
    async with Database.opened(system.environment["SKILLSYNC_USER_DATABASE_URL"]) as db:
        for enter in (db.read, db.write, db.snapshot):
            with pytest.raises(ZeroDivisionError):
                async with enter(UUID(owner.id)) as session:
                    assert len((await session.execute(select(Password))).all()) == 1
                    raise ZeroDivisionError
            for again in (db.read, db.write, db.snapshot):
                async with again() as session:
                    assert (await session.execute(select(Password))).all() == []
                    found = await session.execute(text("select current_setting('skillsync.tenant', true)"))
                    assert found.scalar_one() == ""


async def test_it_stands_when_a_service_forgets_to_ask_whose_a_resume_is(
    system: System, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume_id = await system.database.fetchval("select id from careerforge.resumes where user_id = $1", UUID(owner.id))
    assert resume_id

    async def careless(session: Any, user_id: UUID, resume_id: UUID, *rest: Any, **options: Any) -> Resume:
        found = (await session.execute(select(Resume).where(Resume.id == resume_id))).scalar_one_or_none()
        if found is None:
            raise careerforge_queries.NotFound("resume", str(resume_id))
        return found

    monkeypatch.setattr(careerforge_queries, "get_own_resume", careless)
    stub = CareerForgeServiceStub(system.direct("careerforge"))
    request = careerforge.GetResumeRequest(resume_id=str(resume_id))
    assert (await stub.GetResume(request, metadata=owner.metadata)).id == str(resume_id)
    with refused("NOT_FOUND"):
        await stub.GetResume(request, metadata=(await a_job_seeker(system)).metadata)


async def test_it_stands_when_a_service_forgets_to_ask_whose_a_position_is(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    recruiter, stranger = await a_recruiter(system), await a_recruiter(system)
    draft = await a_position(system, recruiter, publish=False)

    async def careless(session: Any, account_id: UUID, position_id: UUID, for_update: bool = False) -> Any:
        row = (await session.execute(select(Position).where(Position.id == position_id))).scalar_one_or_none()
        if row is None:
            raise talenthub_queries.NotFound("position", str(position_id))
        return row, Member()

    monkeypatch.setattr(talenthub_queries, "get_own_position", careless)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    request = talenthub.GetPositionRequest(position_id=draft.id)
    assert (await stub.GetPosition(request, metadata=recruiter.metadata)).id == draft.id
    with refused("NOT_FOUND"):
        await stub.GetPosition(request, metadata=stranger.metadata)
