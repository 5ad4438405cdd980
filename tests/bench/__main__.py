"""`make bench`: how fast and how large, on this machine, now. Compare ratios, not seconds: machines are shared."""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

import grpc
import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.demo.client import Client, Json, Person
from services.stack.up import Stack, running
from tests.bench import credits, documents, embedding, retrieval, streams
from tests.bench.resumes import resume_tables

RESUME = (files("services.demo") / "resumes" / "john-doe.pdf").read_bytes()
POSITION = json.loads((files("services.demo") / "position.json").read_text())

UPLOADS, OPENINGS = 5, 20
# REST and gRPC take turns, so that what else the machine does hits both.
ROUNDS, CALLS, AT_ONCE = 20, 200, 8

console = Console()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", say=lambda line: None) as stack:
            client = Client(stack.state.urls["api"], stack.data / "mail")
            try:
                await measure(stack, client)
            finally:
                await client.close()
    console.print(await asyncio.to_thread(embedding.table))
    for table in await retrieval.tables():
        console.print(table)
    await streams.main(streams.SIZES)
    await credits.main()


async def measure(stack: Stack, client: Client) -> None:
    table = Table(title="Times", show_header=False)
    table.add_row("cold start: nothing there → every service healthy", seconds(max(stack.phases.values())))
    recruiter, position = await a_position(client)
    first = await upload_until_ranked(client, recruiter, position)
    table.add_row("first upload, while the model loads → matchable", seconds(first))
    times = [await upload_until_ranked(client, recruiter, position) for _ in track(range(UPLOADS), "uploads")]
    table.add_row(f"two-page PDF, upload → matchable (median of {UPLOADS})", seconds(statistics.median(times)))
    times = [await until_first_match(client, recruiter, position) for _ in track(range(OPENINGS), "streams")]
    table.add_row(f"match stream opened → first match (median of {OPENINGS})", seconds(statistics.median(times)))
    console.print(table)
    for one in await resume_tables(stack, client):
        console.print(one)
    console.print(await asyncio.to_thread(documents.table))
    console.print(await rest_and_grpc(stack, client))
    console.print(memory(stack))


async def a_position(client: Client) -> tuple[Person, str]:
    recruiter = await client.sign_up("recruiter", "PLATFORM_TALENTHUB")
    await client.call("POST", "/v1/organizations", recruiter, json={"organization": {"displayName": "Bench"}})
    made = await client.call("POST", "/positions/create", recruiter, json=POSITION)
    await client.call("POST", f"/v1/positions/{made['id']}:publish", recruiter, json={})
    return recruiter, made["id"]


async def upload_until_ranked(client: Client, recruiter: Person, position: str) -> float:
    """Until the person stands in the open ranking of a position."""
    person = await client.sign_up("seeker", "PLATFORM_CAREERFORGE")
    async with client.stream(f"/v1/positions/{position}/matches:stream", recruiter) as events:
        async for event in events:
            if "snapshotComplete" in event:
                break
        start = time.perf_counter()
        await client.upload(person, "cv.pdf", RESUME)
        async with asyncio.timeout(90):
            async for event in events:
                if candidate(event) == person.id:
                    return time.perf_counter() - start
    raise RuntimeError("the stream ended early")


async def until_first_match(client: Client, recruiter: Person, position: str) -> float:
    start = time.perf_counter()
    async with client.stream(f"/v1/positions/{position}/matches:stream", recruiter) as events:
        async for event in events:
            if candidate(event):
                return time.perf_counter() - start
    raise RuntimeError("the stream ended early")


def candidate(event: Json) -> str:
    return str(event.get("match", {}).get("match", {}).get("candidateId", ""))


async def rest_and_grpc(stack: Stack, client: Client) -> Table:
    """Requests a second for GetMe: one query, authenticated, through the same Envoy."""
    person = await client.sign_up("reader", "PLATFORM_CAREERFORGE")
    metadata = (("authorization", f"Bearer {person.token}"),)
    async with grpc.aio.insecure_channel(stack.state.urls["grpc"]) as channel:
        stub = UserServiceStub(channel)
        calls: dict[str, Callable[[], Awaitable[object]]] = {
            "REST/JSON": lambda: client.call("GET", "/v1/me", person),
            "native gRPC": lambda: stub.GetMe(user.GetMeRequest(), metadata=metadata),
        }
        rates: dict[str, list[float]] = {name: [] for name in calls}
        for _ in track(range(ROUNDS), "REST and gRPC in turns"):
            for name, call in calls.items():
                rates[name].append(await rate(call))
    ratios = [g / r for r, g in zip(*rates.values(), strict=True)]
    table = Table(title=f"GetMe, {AT_ONCE} at once, {ROUNDS} rounds in turns (client and servers share the cores)")
    for column in ("way in", "requests/s, median", "against REST, median"):
        table.add_column(column)
    table.add_row("REST/JSON", f"{statistics.median(rates['REST/JSON']):.0f}", "1.00")
    table.add_row("native gRPC", f"{statistics.median(rates['native gRPC']):.0f}", f"{statistics.median(ratios):.2f}")
    return table


async def rate(call: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()

    async def some() -> None:
        for _ in range(CALLS // AT_ONCE):
            await call()

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return CALLS / (time.perf_counter() - start)


def memory(stack: Stack) -> Table:
    """PSS where the kernel tells it: pages that processes share are split among them."""
    table = Table(title="Memory of each program, with its children")
    table.add_column("program")
    table.add_column("MB", justify="right")
    for name, pid in stack.state.pids.items():
        process = psutil.Process(pid)
        family = [process, *(process.children(recursive=True) if name != "stack" else [])]
        table.add_row(name, f"{sum(p.memory_full_info().pss for p in family) / 1e6:.0f}")
    return table


def seconds(value: float) -> str:
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


if __name__ == "__main__":
    asyncio.run(main())
