"""What was started is kept running, whatever goes wrong on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from services.embedded.program import StartError
from services.stack import supervisor
from services.stack.supervisor import Supervisor


class Mortal:
    """A server that ends at once each time; each start does the next of `fates`."""

    name = "mortal"

    def __init__(self, fates: list[Exception | None]) -> None:
        self.fates, self.starts = fates, asyncio.Semaphore(0)

    async def start(self) -> None:
        self.starts.release()
        if self.fates and (fate := self.fates.pop(0)):
            raise fate

    async def wait(self) -> int:
        return 7

    async def stop(self) -> None: ...


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.001)


@asynccontextmanager
async def supervised(
    server: Mortal, say: Callable[[str], None] = print, changed: Callable[[], None] = lambda: None
) -> AsyncIterator[None]:
    keeping = Supervisor(say, changed)
    keeping.watch(server)
    try:
        yield
    finally:
        await keeping.close()


async def started(server: Mortal, times: int) -> None:
    async with asyncio.timeout(60):
        for _ in range(times):
            await server.starts.acquire()


async def test_a_server_is_started_again_after_any_failure_to_start() -> None:
    said: list[str] = []
    server = Mortal([StartError("no port"), PermissionError(13, "Permission denied", "log"), RuntimeError("odd")])
    async with supervised(server, said.append):
        await started(server, 5)
    assert "no port" in said
    assert "mortal cannot be started: Permission denied: log" in said


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), RuntimeError("odd")])
async def test_a_server_is_started_again_when_its_new_process_cannot_be_noted(failure: Exception) -> None:
    def changed() -> None:
        raise failure

    server = Mortal([])
    async with supervised(server, changed=changed):
        await started(server, 3)


async def test_a_server_is_started_again_when_nobody_reads_what_is_said() -> None:
    def say(line: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    server = Mortal([StartError("no port")])
    async with supervised(server, say):
        await started(server, 3)


async def test_closing_ends_the_keeping() -> None:
    server = Mortal([])
    async with supervised(server):
        await started(server, 1)
    while not server.starts.locked():
        await server.starts.acquire()
    await asyncio.sleep(0.05)
    assert server.starts.locked()
