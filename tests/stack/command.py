"""`skillsync up` as a person runs it: a process of its own, its lines, and every process that comes of it."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from services.embedded.program import until

SKILLSYNC = str(Path(sys.executable).parent / "skillsync")
# In the environment of the command, and so of all that it starts.
MARK = "SKILLSYNC_TEST_RUN"


@dataclass
class Up:
    """A running command. `said` has its lines, of both outputs."""

    process: asyncio.subprocess.Process
    data: Path
    mark: str
    said: list[str] = field(default_factory=list)

    async def until_said(self, words: str, seconds: float = 200) -> None:
        async def is_said() -> bool:
            assert self.process.returncode is None, "\n".join(self.said)
            return any(words in line for line in self.said)

        await until(is_said, seconds)

    async def until_running(self, words: str, seconds: float = 60) -> None:
        """Until a child has these in its command line."""

        async def runs() -> bool:
            assert self.process.returncode is None, "\n".join(self.said)
            # Children come and go while they are looked at.
            with suppress(psutil.NoSuchProcess):
                return any(words in " ".join(child.cmdline()) for child in psutil.Process(self.process.pid).children())
            return False

        await until(runs, seconds)

    def family(self) -> set[psutil.Process]:
        """Every process of this run that lives; PostgreSQL's children overwrite their environment."""
        found = {process for process in psutil.process_iter() if self._is_marked(process)}
        for process in tuple(found):
            with suppress(psutil.Error):
                found.update(process.children(recursive=True))
        return {process for process in found if is_alive(process)}

    async def ends(self, number: int) -> int:
        """The exit code after a signal, once nothing of the family is left."""
        before = self.family()
        self.process.send_signal(number)
        code = await asyncio.wait_for(self.process.wait(), 60)

        async def nobody_is_left() -> bool:
            return not self.family() and not any(map(is_alive, before))

        # The last may still be on their way out.
        await until(nobody_is_left, 60)
        return code

    def _is_marked(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == self.mark
        except psutil.Error:
            return False


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@asynccontextmanager
async def up(data: Path, *options: str) -> AsyncIterator[Up]:
    mark = uuid.uuid4().hex
    process = await asyncio.create_subprocess_exec(
        *(SKILLSYNC, "up", "--data", str(data), *options),
        env={**os.environ, MARK: mark, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    run = Up(process, data, mark)
    reading = asyncio.create_task(_read(run))
    try:
        yield run
    finally:
        for left in run.family():
            with suppress(psutil.NoSuchProcess):
                left.kill()
        await process.wait()
        await reading


async def _read(run: Up) -> None:
    assert run.process.stdout
    async for line in run.process.stdout:
        run.said.append(line.decode().rstrip())


@asynccontextmanager
async def bystander() -> AsyncIterator[psutil.Process]:
    """A process that is nobody's business here, though it looks like one of ours."""
    command = (sys.executable, "-c", "import time; time.sleep(3600)", "-m", "services.fleet", "postgres", "envoy")
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()
