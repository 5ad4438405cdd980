"""Whether a refused call left anything behind: a row of any service that it reached, a job, a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.harness import System

# The matcher follows the others in its own time.
SCHEMAS = ["careerforge", "talenthub", "billing"]


@asynccontextmanager
async def nothing_added(system: System) -> AsyncIterator[None]:
    """As much as before the block is there after it. What earlier calls left to be done is done first."""
    await system.until_idle()
    before = await inventory(system)
    yield
    after = await inventory(system)
    grown = {name: (before[name], found) for name, found in after.items() if found != before[name]}
    assert not grown, grown


async def inventory(system: System) -> dict[str, object]:
    """Rows by table, keys of files. How far events of payments were read is nobody's call."""
    names = await system.database.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname = any($1) and tablename <> 'reconciliations'",
        SCHEMAS,
    )
    counts = " union all ".join(f"select '{row['name']}' as name, count(*) from {row['name']}" for row in names)
    found: dict[str, object] = {row["name"]: row["count"] for row in await system.database.fetch(counts)}
    return found | {"files": sorted(await system.blobs.keys())}
