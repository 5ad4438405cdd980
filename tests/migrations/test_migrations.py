"""The database: built from nothing and taken down again, as the tables say, and each service in its own schema."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.embedded.postgres import superuser_url
from services.migrate import EXTENSIONS, OWNER, configuration, downgrade, upgrade
from services.stack.database import OWNER_URL
from tests.harness import System


@pytest.fixture
async def scratch(system: System) -> AsyncIterator[str]:
    """The owner's way into an empty database of its own, beside the system's."""
    name = f"scratch_{uuid4().hex[:8]}"
    await system.database.execute(f'create database {name} owner "{OWNER}"')
    url = make_url(system.environment[OWNER_URL]).set(drivername="postgresql", database=name)
    text = url.render_as_string(hide_password=False)
    await _create_extensions(system, name)
    yield text
    await system.database.execute(f"drop database {name} with (force)")


@pytest.fixture
async def migrated(system: System) -> AsyncIterator[str]:
    """The owner's way into a database that the migrations have made, as the system's."""
    async with system.empty_database() as name:
        url = make_url(system.environment[OWNER_URL]).set(drivername="postgresql", database=name)
        yield url.render_as_string(hide_password=False)


async def _create_extensions(system: System, name: str) -> None:
    port = system.servers.state.ports["postgres"]
    connection = await asyncpg.connect(superuser_url(system.servers.data / "postgres", port, name))
    for extension in EXTENSIONS:
        await connection.execute(f"create extension {extension}")
    await connection.close()


OURS = "nspname !~ '^pg_' and nspname <> 'information_schema'"
# Everything that is not part of an extension, with its kind: schemas, tables, indexes, types, functions, and who may do what.
OBJECTS = f"""
    select 'schema' as kind, nspname::text as name from pg_namespace where {OURS} and nspname <> 'public'
    union select 'relation', c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = relnamespace where {OURS}
    union select 'type', t.oid::regtype::text from pg_type t join pg_namespace n on n.oid = typnamespace
      where {OURS} and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
        and not exists (select from pg_depend d where d.objid = t.typelem and d.deptype = 'e')
    union select 'function', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = pronamespace
      where {OURS} and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union select 'default privilege', defaclacl::text from pg_default_acl"""


async def objects(url: str) -> set[tuple[str, str]]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(OBJECTS)
    await connection.close()
    return {(row["kind"], row["name"]) for row in rows if "alembic_version" not in row["name"]}


async def test_up_down_and_up_again(scratch: str) -> None:
    before = await objects(scratch)
    await upgrade(scratch)
    built = await objects(scratch)
    tables = {"base_users", "milestones", "positions", "feature_usage"}
    assert tables <= {name.split(".")[-1] for kind, name in built if kind == "relation"}
    await downgrade(scratch)
    assert await objects(scratch) == before
    await upgrade(scratch)
    assert await objects(scratch) == built


async def test_the_tables_are_what_the_code_says(migrated: str) -> None:
    """Raises when autogenerate would find something to do."""
    await asyncio.to_thread(command.check, configuration(migrated))


@pytest.mark.parametrize("change", ["drop column display_name", "alter column display_name set default 'x'"])
async def test_the_check_finds_a_difference(migrated: str, change: str) -> None:
    connection = await asyncpg.connect(migrated)
    await connection.execute(f'alter table "user".base_users {change}')
    await connection.close()
    with pytest.raises(Exception, match="display_name"):
        await asyncio.to_thread(command.check, configuration(migrated))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_sees_its_own_schema_and_no_other(system: System, service: str) -> None:
    url = make_url(system.environment[f"SKILLSYNC_{service.upper()}_DATABASE_URL"]).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        for other in SERVICES:
            table = await system.database.fetchval(
                "select tablename from pg_tables where schemaname = $1 limit 1", other
            )
            if other == service:
                await connection.fetch(f'select 1 from "{other}".{table} limit 1')
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch(f'select 1 from "{other}".{table} limit 1')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f'create table "{service}".mine ()')
    finally:
        await connection.close()
