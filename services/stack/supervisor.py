"""Keeps programs running: what ends by itself is started again, a little later each time."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from services.embedded.program import StartError, in_words
from services.kit.background import for_ever

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds
# A program that ran this long is not in a crash loop.
STEADY_SECONDS = 60.0


class Server(Protocol):
    """What the supervisor needs of a program."""

    name: str

    async def start(self) -> None:
        """Returns when it is ready; raises StartError."""

    async def wait(self) -> int:
        """Returns its exit code when it ends."""

    async def stop(self) -> None:
        """Ends it."""


class Supervisor:
    """Watches started servers until it is closed. Closing does not stop them."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._say = say
        self._changed = changed  # called when a server has a new process
        self._tasks: list[asyncio.Task[None]] = []

    def watch(self, server: Server) -> None:
        """Restarts the server whenever it ends, from now on."""
        keeper = _Keeper(server, self._say, self._changed)
        work = for_ever(keeper.keep, FIRST_PAUSE, f"keep {server.name} running")
        self._tasks.append(asyncio.create_task(work, name=f"keep {server.name}"))

    async def close(self) -> None:
        """Stops restarting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class _Keeper:
    """Keeps one server. What goes wrong on the way is told, and never ends the keeping."""

    def __init__(self, server: Server, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._server, self._say, self._changed = server, say, changed
        self._pause = FIRST_PAUSE

    async def keep(self) -> None:
        """Waits for the server's end and starts it again."""
        since = time.monotonic()
        code = await self._server.wait()
        steady = time.monotonic() - since > STEADY_SECONDS
        self._pause = FIRST_PAUSE if steady else min(self._pause * 2, LONGEST_PAUSE)
        self._tell(f"{self._server.name} ended with code {code}; starting it again")
        await asyncio.sleep(self._pause)
        await self._start()

    async def _start(self) -> None:
        try:
            await self._server.start()
        except StartError as failure:
            self._tell(str(failure))
        except OSError as failure:
            self._tell(f"{self._server.name} cannot be started: {in_words(failure)}")
        self._changed()

    def _tell(self, line: str) -> None:
        # Who closed our output still wants the server.
        with suppress(OSError):
            self._say(line)
