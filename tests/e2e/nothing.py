"""Whether a refused call left anything behind: a row of any service that it reached, a job, a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.kit.blobs import Blobs
from services.kit.settings import Settings
from tests.harness import System

# The matcher follows the others in its own time.
SCHEMAS = ["careerforge", "talenthub", "billing"]


@asynccontextmanager
async def nothing_added(system: System) -> AsyncIterator[None]:
    """As much as before the block is there after it."""
    before = await inventory(system)
    yield
    assert await inventory(system) == before


async def inventory(system: System) -> dict[str, object]:
    """Rows by table, keys of files."""
    names = await system.database.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1)", SCHEMAS
    )
    found: dict[str, object] = {row["name"]: await system.count(row["name"]) for row in names}
    blobs = Blobs.open(Settings.of("careerforge", system.environment))
    return found | {"files": sorted(await blobs.keys())}
