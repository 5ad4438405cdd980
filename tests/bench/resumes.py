"""How fast resumes become facts: many at once, one step after the other, and the same bytes again."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import psutil
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from services.ai.documents import Pool
from services.ai.embedding import MiniLM
from services.ai.skills import ConceptRanker, SkillLinker, load
from services.careerforge import hits, tables
from services.careerforge.findings import Engine
from services.careerforge.tasks import Analyst, Reading
from services.demo.client import Client, Person
from services.embedded.postgres import superuser_url
from services.kit.blobs import Blobs
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.jobs import Job, Queue
from services.kit.settings import Settings
from services.migrate import DATABASE
from services.stack.servers import Servers
from services.stack.up import Stack, running

RESUME = (files("services.demo") / "resumes" / "john-doe.pdf").read_bytes()
# A new account has as many analyses.
PEOPLE, EACH = 9, 4
STEPS, HIT_ROUNDS = 20, 10


async def main() -> None:
    """The tables of this file alone."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", say=lambda line: None) as stack:
            client = Client(stack.state.urls["api"], stack.data / "mail")
            try:
                for table in await resume_tables(stack, client):
                    Console().print(table)
            finally:
                await client.close()


async def resume_tables(stack: Stack, client: Client) -> list[Table]:
    url = superuser_url(stack.data / "postgres", stack.state.ports["postgres"], DATABASE)
    database = await asyncpg.connect(url)
    settings = Settings.of("careerforge", Servers(stack.data, stack.state).environment)
    try:
        people = [await client.sign_up("seeker", "PLATFORM_CAREERFORGE") for _ in range(PEOPLE)]
        async with all_read(database, 1):
            await client.upload(people[0], "cv.pdf", another("first"))
        many = await many_at_once(stack, client, database, people)
        async with opened_analyst(settings) as (analyst, db):
            steps = await step_by_step(analyst, db, database)
            again = await the_same_again(stack, analyst, db, database)
        return [many, steps, again]
    finally:
        await database.close()


def processor_seconds(stack: Stack) -> dict[str, float]:
    """Of each program so far, with its children, those that ended too. Other programs on the machine do not change it much."""
    found = {}
    for name, pid in stack.state.pids.items():
        process = psutil.Process(pid)
        family = [process, *(process.children(recursive=True) if name != "stack" else [])]
        found[name] = sum(sum(one.cpu_times()[:4]) for one in family if one.is_running())
    return found


def another(number: object) -> bytes:
    """The same two pages in a file of other bytes."""
    return RESUME + f"\n% {number}\n".encode()


@asynccontextmanager
async def all_read(database: asyncpg.Connection, number: int) -> AsyncIterator[None]:
    """Waits after the block until so many more analyses succeeded."""
    count = "select count(*) from careerforge.resume_analyses where state = 'SUCCEEDED'"
    before = await database.fetchval(count)
    yield
    while await database.fetchval(count) < before + number:
        await asyncio.sleep(0.05)


async def many_at_once(stack: Stack, client: Client, database: asyncpg.Connection, people: list[Person]) -> Table:
    """Through the gateway, into the workers that the stack has, which have read one already: their models are loaded."""
    whole, before = PEOPLE * EACH, processor_seconds(stack)
    start = time.perf_counter()

    async def upload_all(person: Person) -> None:
        for number in range(EACH):
            await client.upload(person, "cv.pdf", another(f"{person.id} {number}"))

    async with all_read(database, whole):
        await asyncio.gather(*map(upload_all, people))
        uploaded = time.perf_counter() - start
    ended = time.perf_counter() - start
    spent = {name: seconds - before[name] for name, seconds in processor_seconds(stack).items()}
    waits = await database.fetchval(
        """select percentile_cont(0.5) within group (order by extract(epoch from first - a.create_time))
           from careerforge.resume_analyses a,
           lateral (select min(create_time) as first from careerforge.changes
                    where resource_id = a.id and create_time > a.create_time) begun"""
    )
    table = Table(title=f"{whole} resumes of two pages, sent at once", show_header=False)
    table.add_row("all uploaded after", f"{uploaded:.2f} s")
    table.add_row("all matchable after", f"{ended:.2f} s")
    table.add_row("resumes/s, upload included", f"{whole / ended:.2f}")
    table.add_row("each waited for a worker (median)", f"{float(waits or 0):.2f} s")
    table.add_row("processor time for each", f"{sum(spent.values()) / whole:.3f} s")
    table.add_row("resumes/s that two idle cores would do", f"{2 * whole / sum(spent.values()):.2f}")
    for name, seconds in sorted(spent.items(), key=lambda one: -one[1]):
        table.add_row(f"  of it {name}", f"{seconds / sum(spent.values()):.1%}")
    return table


class Watch:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def on(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step].append(time.perf_counter() - start)


class TimedDatabase(Database):
    """Tells how long its transactions are open."""

    watch: Watch | None = None

    @asynccontextmanager
    async def _transaction(self, *args: Any) -> AsyncIterator[Any]:
        start = time.perf_counter()
        async with super()._transaction(*args) as session:
            yield session
        self._add(start)

    async def run(self, *args: Any) -> Any:
        start = time.perf_counter()
        rows = await super().run(*args)
        self._add(start)
        return rows

    def _add(self, start: float) -> None:
        if self.watch:
            self.watch.seconds["database"].append(time.perf_counter() - start)


@asynccontextmanager
async def opened_analyst(settings: Settings) -> AsyncIterator[tuple[Analyst, TimedDatabase]]:
    """One in this process, that has all to itself."""
    encoder, linker = MiniLM(), cache(lambda: SkillLinker(load()))
    ranker = ConceptRanker.over(load())
    ranker.load()
    linker()
    db = TimedDatabase.open(settings.database_url.get_secret_value(), EVERYONE)
    with Pool(1) as pool:
        reading = Reading(pool, None, settings)
        yield Analyst(Blobs.open(settings), None, Engine(encoder, linker, ranker), reading), db  # type: ignore[arg-type]
    await db.close()


MADE = """
    with made as (
      insert into careerforge.resumes (id, user_id, filename, content_type, byte_size, sha256, blob_key)
      values ($1, $2, 'cv.pdf', 'application/pdf', $3, $4, $5) returning id, user_id),
    begun as (
      insert into careerforge.resume_analyses (id, user_id, resume_id) select $6, user_id, id from made)
    insert into careerforge.jobs (id, kind, payload, state, fence, lease_until)
    select $7, 'analyze_resume', jsonb_build_object('analysis_id', $6::uuid, 'resume_id', id, 'user_id', user_id), 'running', 1,
      now() + interval '1 hour' from made"""


async def held_job(analyst: Analyst, database: asyncpg.Connection, user_id: UUID) -> Job:
    """Of a new resume; the stack's own workers leave it alone."""
    resume_id, analysis_id, job_id = uuid4(), uuid4(), uuid4()
    key = f"quarantine/{user_id}/{resume_id}"
    data = another(resume_id)
    await analyst.blobs.put(key, data)
    await database.execute(MADE, resume_id, user_id, len(data), str(resume_id), key, analysis_id, job_id)
    payload = {"analysis_id": str(analysis_id), "resume_id": str(resume_id), "user_id": str(user_id)}
    return Job(job_id, "analyze_resume", payload, 1, 1)


async def a_profile(database: asyncpg.Connection) -> UUID:
    user_id = uuid4()
    await database.execute("insert into careerforge.user_careerforge (id, base_user_id) values ($1, $1)", user_id)
    return user_id


async def step_by_step(analyst: Analyst, db: TimedDatabase, database: asyncpg.Connection) -> Table:
    watch, queue = Watch(), Queue(db, tables.jobs)
    user_id = await a_profile(database)
    watched = Analyst(
        *(Watched(part, watch) for part in (analyst.blobs, analyst.credits, analyst.engine, analyst.reading))
    )  # type: ignore[arg-type]
    await watched.analyse(queue, await held_job(analyst, database, user_id))
    watch.seconds.clear()
    db.watch = watch
    for _ in range(STEPS):
        job = await held_job(analyst, database, user_id)
        with watch.on("whole"):
            await watched.analyse(queue, job)
    db.watch = None
    return steps_table(watch)


class Watched:
    """A part of the analyst whose methods are timed under their names."""

    def __init__(self, part: Any, watch: Watch) -> None:
        self._part, self._watch = part, watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not callable(found):
            return found
        if asyncio.iscoroutinefunction(found):
            return self._timed_later(name, found)

        def timed(*args: Any) -> Any:
            with self._watch.on(name):
                return found(*args)

        return timed

    def _timed_later(self, name: str, found: Any) -> Any:
        async def timed(*args: Any) -> Any:
            with self._watch.on(name):
                return await found(*args)

        return timed


NAMES = {
    "get": "file from S3",
    "scan": "scan",
    "extract": "extract, in the sandbox",
    "link": "link skills",
    "embed": "embed",
    "copy": "file out of quarantine",
    "database": "database: all transactions",
}


def steps_table(watch: Watch) -> Table:
    whole = statistics.mean(watch.seconds["whole"])
    table = Table(title=f"One resume of two pages in a worker, {STEPS} one after the other")
    for column in ("step", "ms", "share"):
        table.add_column(column, justify="right" if column != "step" else "left")
    rest = whole
    for step, name in NAMES.items():
        spent = sum(watch.seconds[step]) / STEPS
        rest -= spent
        table.add_row(name, f"{spent * 1e3:.1f}", f"{spent / whole:.1%}")
    table.add_row("parse, analyse, into JSON", f"{rest * 1e3:.1f}", f"{rest / whole:.1%}")
    table.add_row("whole (mean)", f"{whole * 1e3:.1f}", "")
    return table


WAITING = """
    with made as (
      insert into careerforge.resumes (id, user_id, filename, content_type, byte_size, sha256, blob_key)
      select gen_random_uuid(), user_id, filename, content_type, byte_size, sha256, 'quarantine/none'
      from careerforge.resumes r, generate_series(1, :each) where user_id = any(:users) and clean
        and id = (select min(id::text)::uuid from careerforge.resumes where user_id = r.user_id and clean)
      returning id, user_id),
    begun as (
      insert into careerforge.resume_analyses (id, user_id, resume_id) select gen_random_uuid(), user_id, id from made returning id)
    insert into careerforge.jobs (id, kind, payload)
    select gen_random_uuid(), 'analyze_resume', jsonb_build_object('analysis_id', id) from begun"""


async def the_same_again(stack: Stack, analyst: Analyst, db: TimedDatabase, database: asyncpg.Connection) -> Table:
    """Of many people with a resume each: what waits with known bytes, answered as a worker does, committed."""
    queue, users = Queue(db, tables.jobs), [await a_profile(database) for _ in range(STEPS)]
    for user_id in users:
        await analyst.analyse(queue, await held_job(analyst, database, user_id))
    version = await database.fetchval(
        "select max(engine_version) from careerforge.resumes where user_id = $1", users[0]
    )
    known, answered, spent = hits.Known(version, "bench", utc_now().date()), 0, 0.0
    used = 0.0
    for _ in range(HIT_ROUNDS):
        async with db.write() as session:
            # In the same transaction, so that nobody else answers them.
            await session.execute(sa.text(WAITING), {"users": users, "each": hits.MOST // len(users)})
            start, before = time.perf_counter(), processor_seconds(stack)["postgres"] + time.process_time()
            answered += await hits.answer_waiting(session, known)
        used += processor_seconds(stack)["postgres"] + time.process_time() - before
        spent += time.perf_counter() - start
    table = Table(title="Bytes that were read before", show_header=False)
    table.add_row("answered, in one transaction each 200", f"{answered}")
    table.add_row("content-hash hits/s, committed", f"{answered / spent:.0f}")
    table.add_row("hits/s by processor time (client and PostgreSQL), one idle core", f"{answered / used:.0f}")
    return table


if __name__ == "__main__":
    asyncio.run(main())
