"""How soon matches arrive: the first of a stream, each change at many watchers, and one page, beside the plain way to ask pgvector.

`python -m tests.bench.streams [SIZE …]`: numbers of candidates, 100,000 if none is named.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import grpc
from rich.console import Console
from rich.progress import track
from rich.table import Table
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC, MATCH_VIEW_FULL, MatchView
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from sqlalchemy import func, select

from services.ai.matching import Reason, Score
from services.ai.spans import Span
from services.demo.client import Client, Person
from services.embedded.postgres import superuser_url
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.matching import queries, rankings
from services.matching.rankings import Cause, Pair
from services.matching.tables import jobs
from services.migrate import DATABASE
from services.stack.ports import choose
from services.stack.servers import Servers
from services.stack.up import Stack, running
from tests.bench import people as generated
from tests.bench.frames import Watching
from tests.bench.wire import Connection

SIZES = (100_000,)
RANKED, SHOWN, PAGE = 500, 50, 10
FOLLOWED = ("candidates", "hiring")
STREAM = "/skillsync.matching.v1.MatchingService/StreamMatches"
# The gateway lets 100 into each connection.
STREAMS_EACH = 50
# So many stay in the first ranks whatever their scores: a change of one of them is one event.
ELITE = 25
OPENINGS, CHANGES, WATCHERS, CUTS = 200, 60, 200, 1_000
ROUNDS, CALLS, AT_ONCE = 12, 200, 8
PEER = Path(__file__).parent / "peers"

console = Console()


async def main(sizes: Sequence[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder) / "data", say=lambda line: None) as stack:
                client = Client(stack.state.urls["api"], stack.data / "mail")
                try:
                    async with Scene.opened(stack, client, size) as scene:
                        for measured in (first_match, delivery, cuts, pages):
                            console.print(await measured(scene))
                finally:
                    await client.close()


class Scene:
    """A position with 500 ranked people among many, and its recruiter."""

    def __init__(self, stack: Stack, client: Client, size: int, db: Database, recruiter: Person, position: str) -> None:
        self.stack, self.client, self.size, self.db = stack, client, size, db
        self.recruiter, self.position = recruiter, position
        self.people = [UUID(int=i) for i in range(RANKED)]
        self.random = random.Random(5)

    @classmethod
    @asynccontextmanager
    async def opened(cls, stack: Stack, client: Client, size: int) -> AsyncIterator["Scene"]:
        url = superuser_url(stack.data / "postgres", stack.state.ports["postgres"], DATABASE)
        database = await asyncpg.connect(url)
        # The first look at the other services takes away whom they do not know.
        while await database.fetchval("select count(*) from matching.follows") < len(FOLLOWED):
            await asyncio.sleep(0.1)
        console.print(f"{size:,} candidates: loading and indexing")
        await generated.load(database, generated.People(size))
        await database.close()
        recruiter, position = await a_position(client)
        settings = Settings.of("matching", Servers(stack.data, stack.state).environment)
        async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
            scene = cls(stack, client, size, db, recruiter, position)
            await scene.ranked()
            await scene.score(scene.people)
            yield scene

    async def ranked(self) -> None:
        """The position's own jobs are over."""
        waiting = select(func.count()).select_from(jobs).where(jobs.c.state.in_(["queued", "running"]))
        while True:
            async with self.db.read() as session:
                found = await queries.find_ranking(session, UUID(self.position))
                left = (await session.execute(waiting)).scalar_one()
            if found and found.refresh_date and not left:
                return
            await asyncio.sleep(0.1)

    async def score(self, some: Sequence[UUID]) -> float:
        """Other scores for these people, in one change. Returns when it was stored."""
        async with self.db.write() as session:
            position = await queries.find_position(session, UUID(self.position))
            assert position is not None
            pairs = [self._pair(one, position.version) for one in some]
            await rankings.store(session, position.id, pairs, Cause.CANDIDATE)
        return time.perf_counter()

    def _pair(self, candidate_id: UUID, version: str) -> Pair:
        """As large as real ones: twelve reasons, with evidence."""
        share = self.random.uniform(0.9, 1) / 12 if candidate_id.int < ELITE else self.random.uniform(0, 0.9) / 12
        span = Span(100, 160, 1, "Led the move of the billing platform to Kubernetes and Go")
        reasons = tuple(
            Reason("skill", f"Skill {i}: 3.2 years, last used 2026", "exact", 1 / 12, share, span, (span, span))
            for i in range(12)
        )
        found = Score(12 * share, reasons)
        day = date(2026, 11, 1)
        return Pair(UUID(self.position), candidate_id, "1", "bench", version, "", found, found, "bench", day, False)

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[grpc.aio.Channel]:
        # A connection of its own: channels to one address share theirs, and the gateway lets so many streams into each.
        options = (("grpc.use_local_subchannel_pool", 1),)
        async with grpc.aio.insecure_channel(self.stack.state.urls["grpc"], options) as channel:
            yield channel

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.recruiter.token}"),)

    def request(self, token: str = "") -> pb.StreamMatchesRequest:
        return pb.StreamMatchesRequest(position_id=self.position, limit=SHOWN, resume_token=token)

    def raw_stream(self, channel: grpc.aio.Channel) -> Any:
        """Responses as bytes: the client's own work is none of what is measured."""
        call = channel.unary_stream(STREAM, pb.StreamMatchesRequest.SerializeToString, lambda data: data)
        return call(self.request(), metadata=self.metadata)

    def watching(self, streams: int) -> AbstractAsyncContextManager[Watching]:
        headers = [(":method", "POST"), (":scheme", "http"), (":path", STREAM), (":authority", "bench")]
        headers += [("content-type", "application/grpc"), ("te", "trailers"), *self.metadata]
        return Watching.opened(self.stack.state.urls["grpc"], headers, self.request().SerializeToString(), streams)


async def a_position(client: Client) -> tuple[Person, str]:
    recruiter = await client.sign_up("recruiter", "PLATFORM_TALENTHUB")
    await client.call("POST", "/v1/organizations", recruiter, json={"organization": {"displayName": "Bench"}})
    body = {
        "title": "Go developer",
        "description": "You know Go, Kubernetes and PostgreSQL and have 5 years of experience.",
    }
    made = await client.call("POST", "/positions/create", recruiter, json=body)
    await client.call("POST", f"/v1/positions/{made['id']}:publish", recruiter, json={})
    return recruiter, made["id"]


async def first_match(scene: Scene) -> Table:
    """Opened → first row, over gRPC and over server-sent events in turns."""
    times: dict[str, list[float]] = {"native gRPC": [], "server-sent events": []}
    async with scene.channel() as channel:
        for _ in track(range(OPENINGS), "streams"):
            start = time.perf_counter()
            call = scene.raw_stream(channel)
            await call.read()
            times["native gRPC"].append(time.perf_counter() - start)
            call.cancel()
            start = time.perf_counter()
            async with scene.client.stream(f"/v1/positions/{scene.position}/matches:stream", scene.recruiter) as events:
                await anext(events)
                times["server-sent events"].append(time.perf_counter() - start)
    table = Table(title=f"Stream opened → first match, {scene.size:,} candidates, {OPENINGS} openings")
    for column in ("way", "p50 ms", "p95 ms"):
        table.add_column(column)
    for way, found in times.items():
        table.add_row(way, ms(quantile(found, 0.5)), ms(quantile(found, 0.95)))
    return table


async def delivery(scene: Scene) -> Table:
    """A score is stored → each watcher has it, with one and with many."""
    found = {count: await _delivered(scene, count) for count in (1, WATCHERS)}
    table = Table(title=f"Score stored → delivered, {CHANGES} changes")
    for column in ("open streams", "p50 ms", "p90 ms", "p90 against one"):
        table.add_column(column)
    one = quantile(found[1], 0.9)
    for count, times in found.items():
        p90 = quantile(times, 0.9)
        table.add_row(str(count), ms(quantile(times, 0.5)), ms(p90), f"{p90 / one:.1f}")
    return table


async def _delivered(scene: Scene, count: int) -> list[float]:
    times: list[float] = []
    async with AsyncExitStack() as stack:
        each = min(count, STREAMS_EACH)
        opened = [scene.watching(each) for _ in range(count // each)]
        connections = [await stack.enter_async_context(one) for one in opened]
        await _reached(connections, SHOWN + 1)
        for number in track(range(CHANGES), f"changes, {count} watching"):
            stored = await scene.score([scene.random.choice(scene.people[:ELITE])])
            await _reached(connections, SHOWN + 2 + number)
            times += [max(0.0, at - stored) for one in connections for at in one.times.values()]
    return times


async def _reached(connections: Sequence[Watching], count: int) -> None:
    async with asyncio.timeout(30):
        await asyncio.gather(*(one.reached(count) for one in connections))


async def _top(scene: Scene) -> list[UUID]:
    async with scene.db.read() as session:
        found = await queries.find_ranking(session, UUID(scene.position))
    assert found is not None
    return list(found.item_ids)


async def cuts(scene: Scene) -> Table:
    """A client that is cut off a thousand times, after any number of events and before the first, while scores change."""
    watcher, lost = _Watcher(), 0
    async with scene.channel() as channel:
        stub = MatchingServiceStub(channel)
        changing = asyncio.create_task(_keep_changing(scene))
        for _ in track(range(CUTS), "cuts"):
            lost += await watcher.follow(stub, scene, scene.random.randint(0, 3))
        changing.cancel()
        await asyncio.gather(changing, return_exceptions=True)
        lost += await watcher.follow(stub, scene, 10_000)
    right = watcher.shown == [str(one) for one in (await _top(scene))[:SHOWN]]
    table = Table(title=f"{CUTS:,} forced disconnects, {watcher.events:,} events", show_header=False)
    table.add_row("events that do not fit what the client has (repeated or lost)", str(lost))
    table.add_row("first 50 ranks at the end", "equal, in order" if right else "DIFFERENT")
    return table


async def _keep_changing(scene: Scene) -> None:
    while True:
        await scene.score(scene.random.sample(scene.people, 3))
        await asyncio.sleep(0.005)


class _Watcher:
    """Keeps the rows as a client does."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.token, self.events = "", 0

    async def follow(self, stub: Any, scene: Scene, most: int) -> int:
        """Reads so many events, or until none comes; returns how many did not fit."""
        wrong, call = 0, stub.StreamMatches(scene.request(self.token), metadata=scene.metadata)
        try:
            for _ in range(most):
                async with asyncio.timeout(1):
                    wrong += self._take(await call.read())
        except TimeoutError:
            pass
        finally:
            call.cancel()
        return wrong

    def _take(self, response: Any) -> int:
        self.token = response.resume_token
        if response.HasField("resync"):
            self.shown = []
        if not response.HasField("match"):
            return 0
        self.events += 1
        event, who = response.match, response.match.match.candidate_id
        known = who in self.shown
        if known:
            self.shown.remove(who)
        if event.new_rank:
            self.shown.insert(event.new_rank - 1, who)
        fits = known == (event.kind in (event.KIND_MOVED, event.KIND_RESCORED, event.KIND_LEFT))
        return int(not fits)


async def pages(scene: Scene) -> Table:
    """The first ten, bare and explained, against the peer's ten nearest: in turns, so that what else the machine does hits all."""
    async with AsyncExitStack() as stack:
        peer = await stack.enter_async_context(_peer(scene))
        path = f"/v1/positions/{scene.position}/matches"
        token = {"authorization": f"Bearer {scene.recruiter.token}"}
        ours = await stack.enter_async_context(Connection.pool(scene.stack.state.urls["api"], AT_ONCE))
        theirs = await stack.enter_async_context(Connection.pool(peer, AT_ONCE))
        channel = await stack.enter_async_context(scene.channel())
        native = channel.unary_unary(
            "/skillsync.matching.v1.MatchingService/ListMatches",
            pb.ListMatchesRequest.SerializeToString,
            lambda data: data,
        )
        ways: dict[str, Callable[[int], Awaitable[object]]] = {
            "FastAPI, uvicorn, asyncpg: pgvector": lambda i: theirs[i].get(f"{path}?page_size={PAGE}", {})
        }
        for view, said in ((MATCH_VIEW_BASIC, "the same fields"), (MATCH_VIEW_FULL, "with all reasons and evidence")):
            asked = pb.ListMatchesRequest(position_id=scene.position, page_size=PAGE, view=view)
            query = f"{path}?pageSize={PAGE}&view={MatchView.Name(view)}"
            ways[f"SkillSync, REST through Envoy, {said}"] = lambda i, query=query: ours[i].get(query, token)  # type: ignore[misc]
            ways[f"SkillSync, native gRPC through Envoy, {said}"] = lambda i, asked=asked: native(  # type: ignore[misc]
                asked, metadata=scene.metadata
            )
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for _ in track(range(ROUNDS), "pages in turns"):
            for name, call in ways.items():
                rates[name].append(await _rate(call))
    first = rates[next(iter(rates))]
    table = Table(title=f"The {PAGE} best of {scene.size:,}, {AT_ONCE} at once (client and servers share the cores)")
    for column in ("way", "requests/s, median", "against FastAPI, median"):
        table.add_column(column)
    for name, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(found, first, strict=True))
        table.add_row(name, f"{statistics.median(found):.0f}", f"{ratio:.2f}")
    return table


async def _rate(call: Callable[[int], Awaitable[object]]) -> float:
    async def some(i: int) -> None:
        for _ in range(CALLS // AT_ONCE):
            await call(i)

    start = time.perf_counter()
    await asyncio.gather(*(some(i) for i in range(AT_ONCE)))
    return CALLS / (time.perf_counter() - start)


@asynccontextmanager
async def _peer(scene: Scene) -> AsyncIterator[str]:
    """The peer's server, in an environment of its own that is made once."""
    python = await asyncio.to_thread(_peers_python)
    port = choose(["peer"], {}, {})["peer"]
    database = superuser_url(scene.stack.data / "postgres", scene.stack.state.ports["postgres"], DATABASE)
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database}
    command = [
        str(python),
        "-m",
        "uvicorn",
        "fastapi_pgvector:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
        "--timeout-keep-alive",
        "600",
    ]
    process = subprocess.Popen(command, cwd=PEER, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        await _answers(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _peers_python() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillsync" / "peers" / "fastapi"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", PEER / "fastapi.txt"], check=True)
    return python


async def _answers(url: str) -> None:
    parts = urlsplit(url)
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


def quantile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    asyncio.run(main([int(one) for one in sys.argv[1:]] or SIZES))
