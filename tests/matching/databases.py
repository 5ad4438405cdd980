"""A PostgreSQL of its own with the real schema, for what asks only the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from gateway.contract import SERVICES
from services.embedded.postgres import initialise, postgres, superuser_url
from services.kit.db import Database
from services.migrate import DATABASE, OWNER, prepare, upgrade
from services.stack.ports import LOOPBACK, choose

PASSWORD = "secret"
MATCHING = "matching"


@asynccontextmanager
async def running_postgres(folder: Path) -> AsyncIterator[int]:
    """The port of a server with the roles, the database and all migrations."""
    folder.chmod(0o755)
    (folder / "logs").mkdir()
    port = choose(("postgres",), {}, {})["postgres"]
    await initialise(folder / "postgres")
    program = postgres(folder / "postgres", port, folder / "logs" / "postgres.log", fast=True)
    await program.start()
    try:
        await prepare(superuser_url(folder / "postgres", port), dict.fromkeys((OWNER, *SERVICES), PASSWORD))
        await upgrade(url_of(OWNER, port))
        yield port
    finally:
        await program.stop()


async def empty(db: Database) -> None:
    """Deletes what a test left."""
    async with db.write() as session:
        for table in ("candidates", "positions", "members", "words", "skill_counts"):
            await session.execute(text(f"delete from matching.{table}"))


def url_of(role: str, port: int) -> str:
    return f"postgresql://{role}:{PASSWORD}@{LOOPBACK}:{port}/{DATABASE}"
