"""How long a page in the middle of a list of applications takes, few and many of them, under row security.

`python -m tests.bench.applications [COUNT …]`: numbers of applications, 1,000 and 1,000,000 if none is named. The last column is each
against the first of its kind: 1.5 at most.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from services.embedded.postgres import superuser_url
from services.kit.auth import Caller
from services.kit.db import Database
from services.kit.pages import Page
from services.migrate import DATABASE
from services.talenthub import applications, moves, notes
from tests.matching.databases import running_postgres, url_of
from tests.talenthub.loading import Hiring, Loaded, load

SIZES = (1_000, 1_000_000)
WARM, CALLS = 30, 400

console = Console()


async def main(sizes: Sequence[int]) -> None:
    """All sizes take turns, so that what else the machine does hits each alike."""
    table = Table(title=f"A page of 50 in the middle, median of {CALLS}")
    for column in ("list", "applications", "ms", "against the fewest"):
        table.add_column(column, justify="right")
    async with AsyncExitStack() as stack:
        filled = [await stack.enter_async_context(filled_database(count)) for count in sizes]
        for name in LISTS:
            medians = await in_turns(filled, name)
            for count, seconds in zip(sizes, medians, strict=True):
                table.add_row(name, f"{count:,}", f"{seconds * 1000:.2f}", f"{seconds / medians[0]:.2f}")
    console.print(table)


@asynccontextmanager
async def filled_database(count: int) -> AsyncIterator[tuple[Database, Loaded]]:
    with tempfile.TemporaryDirectory() as folder:
        async with running_postgres(Path(folder)) as port:
            superuser = superuser_url(Path(folder) / "postgres", port, DATABASE)
            hiring = Hiring(url_of("talenthub", port), superuser)
            connection = await hiring.superuser()
            loaded = await load(connection, count)
            await connection.close()
            async with Database.opened(hiring.url) as db:
                yield db, loaded


LISTS = ("ListApplications", "ListApplications of a stage", "ListMyApplications", "ListStageMoves", "ListNotes")


async def in_turns(filled: Sequence[tuple[Database, Loaded]], name: str) -> list[float]:
    """Seconds of the use case in its transaction, which is what the method does beside packing."""
    times: list[list[float]] = [[] for _ in filled]
    for number in range(WARM + CALLS):
        for (db, loaded), taken in zip(filled, times, strict=True):
            start = time.perf_counter()
            rows = await asked(db, loaded, name)
            if number >= WARM:
                taken.append(time.perf_counter() - start)
            assert rows > 20, f"{name}: {rows} rows"
    return list(map(statistics.median, times))


async def asked(db: Database, loaded: Loaded, name: str) -> int:
    member, person = Caller(loaded.member), Caller(loaded.person)
    mine = name == "ListMyApplications"
    async with db.read(loaded.person if mine else loaded.member) as session:
        if mine:
            return len(await applications.list_my_applications(session, person, page(loaded.middle_of_person)))
        if name == "ListStageMoves":
            return len(await moves.list_moves(session, member, loaded.middle_of_position, page(None)))
        if name == "ListNotes":
            return len(await notes.list_notes(session, member, loaded.middle_of_position, page(None)))
        stage = "INTERVIEW" if name.endswith("stage") else None
        middle = page(loaded.middle_of_position)
        return len(await applications.list_applications(session, member, loaded.position, stage, middle))


def page(last: UUID | None) -> Page:
    return Page("", "bench", 50, last)


if __name__ == "__main__":
    asyncio.run(main([int(size) for size in sys.argv[1:]] or SIZES))
