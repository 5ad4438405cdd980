"""One page of a ranking, beside the plain way to ask pgvector."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from rich.progress import track
from rich.table import Table
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC, MATCH_VIEW_FULL, MatchView

from services.embedded.postgres import superuser_url
from services.migrate import DATABASE
from services.stack.ports import choose
from tests.bench.scene import Scene
from tests.bench.wire import Connection

PAGE = 10
ROUNDS, CALLS, AT_ONCE = 12, 200, 8
PEER = Path(__file__).parent / "peers"


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
