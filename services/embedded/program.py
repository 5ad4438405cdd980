"""One server program as a child process: started, waited for, and stopped without leaving anything behind."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
# A log that grew past this is moved aside when its program starts.
LOG_BYTES = 20 << 20

_libc = ctypes.CDLL(None, use_errno=True)


class StartError(Exception):
    """A program could not be started; the message is one sentence for a person."""


async def at_once() -> bool:
    """Ready as soon as it runs: nobody waits for it, or for its end alone."""
    return True


@dataclass
class Program:
    """A child process with its log and the question that tells whether it is ready."""

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[], Awaitable[bool]] = at_once
    env: Mapping[str, str] = field(default_factory=dict)  # on top of our own environment
    cwd: str | None = None  # ours, if not given
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 12.0  # then SIGKILL; services drain for up to 10 s
    start_seconds: float = 60.0
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns when the program is ready; raises StartError when it ends or hesitates too long."""
        self.process = await self._spawn()
        try:
            async with asyncio.timeout(self.start_seconds):
                await self._until_ready(self.process)
        except TimeoutError as late:
            await self.stop()
            raise StartError(self._sentence(f"was not ready after {self.start_seconds:.0f} s")) from late

    async def run(self) -> None:
        """For a program that does its work and ends; raises StartError unless it ends well. Cancelled, it is stopped."""
        self.process = await self._spawn()
        try:
            code = await self.process.wait()
        finally:
            await self.stop()
        if code:
            raise StartError(self._sentence(f"failed with code {code}"))

    async def wait(self) -> int:
        """The exit code, once the program has ended by itself or was stopped."""
        return await self.process.wait() if self.process else 0

    async def stop(self) -> None:
        """Asks the process group to end, then makes it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        self._signal(self.stop_signal)
        try:
            async with asyncio.timeout(self.stop_seconds):
                await process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await process.wait()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process and self.process.returncode is None else None

    async def _spawn(self) -> asyncio.subprocess.Process:
        try:
            with self._opened_log() as log:
                return await asyncio.create_subprocess_exec(
                    *self.command,
                    env={**os.environ, **self.env},
                    cwd=self.cwd,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # A group of its own: Ctrl-C reaches us alone, and we can end the program with all its children.
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
        except OSError as error:
            error.filename = error.filename or self.command[0]
            raise StartError(f"{self.name} cannot be started: {in_words(error)}") from error

    def _opened_log(self) -> BinaryIO:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        return self.log.open("ab")

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        while not await self.ready():
            if process.returncode is not None:
                raise StartError(self._sentence(f"stopped with code {process.returncode} before it was ready"))
            await asyncio.sleep(0.05)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            # The group's id is the pid of its first process. It may have ended without our loop having heard of it.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def _sentence(self, what: str) -> str:
        return f"{self.name} {what}: {last_line(self.log) or 'it said nothing'} (see {self.log})"


def die_with_parent() -> None:
    """Runs in the child: the kernel ends it when we die, even by SIGKILL."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def in_words(error: OSError) -> str:
    """What the operating system refused, and for which file, if it was one."""
    # Of a message that Python or a library wrote only the number is plain.
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return f"{reason}: {error.filename}" if error.filename else reason


def last_line(log: Path) -> str:
    """The last line that says something, shortened."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines()]
    return next((line[:300] for line in reversed(lines) if line), "")


async def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def until(true: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Waits for something to become true; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - there is nothing that could call us back
            await asyncio.sleep(0.05)
