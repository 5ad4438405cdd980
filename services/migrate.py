"""Brings the database to a revision: `skillsync migrate`. Creates roles, database and extensions where it may."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "skillsync"
OWNER = "skillsync_owner"
EXTENSIONS = ("vector", "pg_trgm", "unaccent", "citext")


async def prepare(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Roles with these passwords (`skillsync_owner` and one for each service), database and extensions. Again: new passwords, no more.

    `superuser_url` leads to the database `postgres`.
    """
    connection = await asyncpg.connect(superuser_url)
    try:
        for role, password in passwords.items():
            await _create_role(connection, role, password)
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f'create database {DATABASE} owner "{OWNER}"')
            await connection.execute(f"revoke all on database {DATABASE} from public")
        for role in passwords:
            await connection.execute(f'grant connect on database {DATABASE} to "{role}"')
    finally:
        await connection.close()
    await _create_extensions(superuser_url)


async def _create_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        await connection.execute(f'create role "{role}" login nosuperuser nocreatedb nocreaterole noinherit')
    quoted = await connection.fetchval("select quote_literal($1::text)", password)
    await connection.execute(f'alter role "{role}" password {quoted}')


async def _create_extensions(superuser_url: str) -> None:
    base, _, _ = superuser_url.rpartition("/")
    connection = await asyncpg.connect(f"{base}/{DATABASE}")
    try:
        for name in EXTENSIONS:
            await connection.execute(f"create extension if not exists {name} schema public")
        await connection.execute(f'alter schema public owner to "{OWNER}"')
    finally:
        await connection.close()


async def upgrade(owner_url: str, revision: str = "head") -> None:
    """Runs the migrations up to `revision` as the owner."""
    await asyncio.to_thread(command.upgrade, configuration(owner_url), revision)


async def downgrade(owner_url: str, revision: str = "base") -> None:
    """Runs them backwards. Loses the data of what they created."""
    await asyncio.to_thread(command.downgrade, configuration(owner_url), revision)


def configuration(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = owner_url
    return config
