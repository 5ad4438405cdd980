"""How soon matches arrive: the first of a stream, each change at many watchers, and one page, beside the plain way to ask pgvector.

`python -m tests.bench.streams [SIZE …]`: numbers of candidates, 100,000 if none is named.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.progress import track
from rich.table import Table
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.demo.client import Client
from services.matching import queries
from services.stack.up import running
from tests.bench.frames import Watching
from tests.bench.pages import pages
from tests.bench.scene import ELITE, SHOWN, Scene, console

SIZES = (100_000,)
# The gateway lets 100 into each connection.
STREAMS_EACH = 50
OPENINGS, CHANGES, WATCHERS, CUTS = 200, 60, 200, 1_000


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


def quantile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    asyncio.run(main([int(one) for one in sys.argv[1:]] or SIZES))
