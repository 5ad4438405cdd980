"""Alembic's way into the database: async, one history over the five schemas. `services/migrate.py` runs it."""

import asyncio
import importlib
from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine

from services.kit.changes import Xid8
from services.kit.db import async_url

SCHEMAS = ("user", "careerforge", "talenthub", "matching", "billing")

config = context.config
# SQLAlchemy does not know this type of PostgreSQL's when it reads a database.
ischema_names["xid8"] = Xid8


def metadata() -> list[MetaData]:
    return [importlib.import_module(f"services.{schema}.tables").metadata_ for schema in SCHEMAS]


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Ours alone; `only` narrows autogenerate to one schema, since a revision touches one."""
    only = config.attributes.get("only")
    return name in ((only,) if only else SCHEMAS) if kind == "schema" else True


def include_object(item: Any, _name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    only = config.attributes.get("only")
    return kind != "table" or not only or item.schema == only


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        include_schemas=True,
        include_name=include_name,
        include_object=include_object,
        version_table_schema="public",
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run() -> None:
    engine = create_async_engine(async_url(config.attributes["url"]), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if (existing := config.attributes.get("connection")) is not None:
    migrate(existing)
else:
    asyncio.run(run())
