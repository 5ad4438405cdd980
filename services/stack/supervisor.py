"""Keeps programs running: what ends by itself is started again, a little later each time."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from services.embedded.program import StartError

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
        self._tasks.append(asyncio.create_task(self._keep(server), name=f"keep {server.name}"))

    async def close(self) -> None:
        """Stops restarting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, server: Server) -> None:
        pause = FIRST_PAUSE
        while True:
            since = time.monotonic()
            code = await server.wait()
            pause = FIRST_PAUSE if time.monotonic() - since > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
            self._say(f"{server.name} ended with code {code}; starting it again")
            await asyncio.sleep(pause)
            await self._start(server)

    async def _start(self, server: Server) -> None:
        try:
            await server.start()
        except StartError as failure:
            self._say(str(failure))
        self._changed()
