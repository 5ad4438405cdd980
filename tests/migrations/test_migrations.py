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


async def _create_extensions(system: System, name: str) -> None:
    port = system.servers.state.ports["postgres"]
    connection = await asyncpg.connect(superuser_url(system.servers.data / "postgres", port, name))
    for extension in EXTENSIONS:
        await connection.execute(f"create extension {extension}")
    await connection.close()


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    )
    await connection.close()
    return {row["name"] for row in rows} - {"public.alembic_version"}


async def test_up_down_and_up_again(scratch: str) -> None:
    await upgrade(scratch)
    built = await tables(scratch)
    assert {"user.base_users", "careerforge.milestones", "talenthub.positions", "billing.feature_usage"} <= built
    await downgrade(scratch)
    assert await tables(scratch) == set()
    await upgrade(scratch)
    assert await tables(scratch) == built


async def test_the_tables_are_what_the_code_says(scratch: str) -> None:
    """Raises when autogenerate would find something to do."""
    await upgrade(scratch)
    await asyncio.to_thread(command.check, configuration(scratch))


async def test_the_check_finds_a_difference(scratch: str) -> None:
    await upgrade(scratch)
    connection = await asyncpg.connect(scratch)
    await connection.execute('alter table "user".base_users drop column display_name')
    await connection.close()
    with pytest.raises(Exception, match="display_name"):
        await asyncio.to_thread(command.check, configuration(scratch))


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
