"""Whether a refused call left anything behind: a row of any service that it reached, a job, a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
    counts = " union all ".join(f"select '{row['name']}' as name, count(*) from {row['name']}" for row in names)
    found: dict[str, object] = {row["name"]: row["count"] for row in await system.database.fetch(counts)}
    return found | {"files": sorted(await system.blobs.keys())}
