"""How much of what is nearest retrieval finds, and how long it takes, whatever part of all a filter leaves.

Alone: `SIZES=10000,100000,1000000 python -m tests.bench.retrieval`. A million takes most of an hour, nearly all of it for the index, and
6 GB of memory.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
from rich.console import Console
from rich.table import Table

from services.embedded.postgres import superuser_url
from services.kit.db import EVERYONE, Database
from services.matching.retrieval.dense import nearest
from services.matching.retrieval.filters import CandidateFilter
from services.matching.retrieval.skills import best_skilled, refresh_counts
from services.matching.retrieval.views import CANDIDATES
from services.migrate import DATABASE
from tests.bench.people import FIELD_SHARE, SHARES, SKILLS, Matrix, People, load
from tests.matching.databases import MATCHING, running_postgres, url_of

SIZES = (10_000, 100_000)
K, QUERIES, WARM = 100, 100, 5


@dataclass(frozen=True)
class Case:
    """A filter, and whom it leaves."""

    name: str
    wanted: CandidateFilter
    left: Any

    @property
    def expected(self) -> int:
        return min(K, int(self.left.sum()))


@dataclass
class Measured:
    recall: list[float]
    rows: int
    seconds: list[float]

    def milliseconds(self, quantile: float) -> str:
        return f"{1e3 * float(np.quantile(self.seconds, quantile)):.1f}"


async def main() -> None:
    sizes = [int(size) for size in os.environ.get("SIZES", "").split(",") if size] or SIZES
    for table in await tables(sizes):
        Console().print(table)


async def tables(sizes: Sequence[int] = SIZES) -> list[Table]:
    return [table for size in sizes for table in await _tables(size)]


async def _tables(size: int) -> list[Table]:
    people = People(size)
    with tempfile.TemporaryDirectory() as folder:
        async with running_postgres(Path(folder)) as port:
            connection = await asyncpg.connect(superuser_url(Path(folder) / "postgres", port, DATABASE))
            try:
                await load(connection, people)
            finally:
                await connection.close()
            async with Database.opened(url_of(MATCHING, port), EVERYONE) as db:
                return await measure(db, people)


async def measure(db: Database, people: People) -> list[Table]:
    """Of people that are in the database."""
    queries = people.near(people.fields[people.random.integers(0, people.count, QUERIES)])
    near = Table(title=f"Nearest {K} of {people.count:,} candidates, {QUERIES} queries")
    for column in ("filter", "leaves", f"recall@{K}", "worst", "rows / expected", "p50 ms", "p95 ms"):
        near.add_column(column, justify="left" if column == "filter" else "right")
    for case in cases(people):
        found = await _near(db, people, case, queries)
        share = found.rows / (QUERIES * case.expected) if case.expected else 1.0
        quality = (f"{np.mean(found.recall):.4f}", f"{min(found.recall):.2f}", f"{share:.3f}")
        near.add_row(case.name, f"{case.left.sum():,}", *quality, found.milliseconds(0.5), found.milliseconds(0.95))
    return [near, await _skilled(db, people)]


def cases(people: People) -> Iterator[Case]:
    """Skills are looked up in an index, years are not; people of some fields are where most queries do not look."""
    everybody = np.ones(people.count, bool)
    for share in SHARES:
        wanted = CandidateFilter(skills=(frozenset({f"share/{share}"}),))
        yield Case(f"a skill of {share:.2%}", wanted, people.shares < share)
    for share in SHARES[:-1]:
        least = float(np.quantile(people.years, 1 - share))
        yield Case(f"years of {share:.2%}", CandidateFilter(years=least), people.years >= least)
    some = CandidateFilter(skills=(frozenset({f"field/{FIELD_SHARE}"}),))
    yield Case(f"a skill of {FIELD_SHARE:.0%} of fields", some, people.of_some_fields)
    yield Case("none", CandidateFilter(), everybody)


async def _near(db: Database, people: People, case: Case, queries: Matrix) -> Measured:
    measured = Measured([], 0, [])
    for number, query in enumerate([*queries[:WARM], *queries]):
        start = time.perf_counter()
        async with db.snapshot() as session:
            found = await nearest(session, CANDIDATES, tuple(query.tolist()), case.wanted.condition(), K)
        if number >= WARM:
            measured.seconds.append(time.perf_counter() - start)
            measured.rows += len(found)
            best = _exactly(people.vectors, query, case)
            measured.recall.append(len({i.int for i in found} & best) / case.expected if case.expected else 1.0)
    return measured


def _exactly(vectors: Matrix, query: Matrix, case: Case) -> set[int]:
    """In 32 bits, as they were before they were stored in 16."""
    near = np.where(case.left, vectors @ query, -np.inf)
    return set(np.argpartition(-near, case.expected - 1)[: case.expected].tolist()) if case.expected else set()


async def _skilled(db: Database, people: People) -> Table:
    """As a position asks: a dozen skills, most of them common."""
    async with db.write() as session:
        start = time.perf_counter()
        await refresh_counts(session, CANDIDATES)
        counted = time.perf_counter() - start
    seconds = []
    for _ in range(QUERIES):
        asked = {f"skill/{s}": 1.0 for s in np.minimum(people.random.zipf(1.2, 12), SKILLS).tolist()}
        start = time.perf_counter()
        async with db.snapshot() as session:
            await best_skilled(session, CANDIDATES, asked, CandidateFilter().condition(), 1_000)
        seconds.append(time.perf_counter() - start)
    found = Measured([], 0, seconds)
    table = Table(title=f"Best 1,000 of {people.count:,} by skills, {QUERIES} queries", show_header=False)
    table.add_row("p50 ms", found.milliseconds(0.5))
    table.add_row("p95 ms", found.milliseconds(0.95))
    table.add_row("counting all skills, nightly, s", f"{counted:.1f}")
    return table


if __name__ == "__main__":
    asyncio.run(main())
