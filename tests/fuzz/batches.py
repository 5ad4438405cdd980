"""Executions by the thousand: each batch in a fork, which says in shared memory where it is, so that whoever kills it is known."""

import mmap
import os
import random
import resource
import signal
import struct
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.execute import ESCAPED, KINDS, OURS, STAGES, VERDICTS, a_file, explain, verdict, without_recognition

HANG_SECONDS = 10
MEMORY_BYTES = 2 << 30
BATCH = 500
PLACE = struct.Struct("<IBd")  # number within the batch, stage, when it began
UNDONE = 0xFF


@dataclass
class Result:
    """Of all executions so far."""

    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    escaped: list[int] = field(default_factory=list)
    died: list[tuple[int, str, int]] = field(default_factory=list)
    hung: list[tuple[int, str]] = field(default_factory=list)

    @property
    def executions(self) -> int:
        return sum(self.verdicts.values()) + len(self.died) + len(self.hung)

    @property
    def failures(self) -> list[int]:
        """Exceptions that nobody catches, hangs, and deaths where a service's own process would have died."""
        return [*self.escaped, *(n for n, _ in self.hung), *(n for n, stage, _ in self.died if stage in OURS)]


@dataclass
class Batch:
    """One fork and what it has to do."""

    first: int
    count: int
    pid: int
    shared: mmap.mmap

    def place(self) -> tuple[int, str, float]:
        number, stage, began = PLACE.unpack_from(self.shared)
        return number, STAGES[stage], began


def run(seed: int, executions: int, seconds: float, workers: int) -> Iterator[Result]:
    """The result as it grows. Ends after so many executions or seconds."""
    without_recognition()
    result, running, following = Result(), [], 0
    ends = time.monotonic() + seconds
    while running or (following < executions and time.monotonic() < ends):
        while len(running) < workers and following < executions and time.monotonic() < ends:
            count = min(BATCH, executions - following)
            running.append(start(seed, following, count))
            following += count
        time.sleep(0.02)
        for batch in list(running):
            if not _advance(seed, batch, result):
                running.remove(batch)
        yield result


def start(seed: int, first: int, count: int) -> Batch:
    shared = mmap.mmap(-1, PLACE.size + 2 * count)
    shared[PLACE.size :] = bytes([UNDONE]) * (2 * count)
    PLACE.pack_into(shared, 0, 0, 0, time.monotonic())
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _work(seed, first, count, shared)
            status = 0
        finally:
            os._exit(status)
    return Batch(first, count, pid, shared)


def _work(seed: int, first: int, count: int, shared: mmap.mmap) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in range(count):
        kind, data = a_file(seed, first + number)

        def enter(stage: str, number: int = number) -> None:
            PLACE.pack_into(shared, 0, number, STAGES.index(stage), time.monotonic())

        found = verdict(kind, data, random.Random(first + number), enter)
        shared[PLACE.size + 2 * number : PLACE.size + 2 * number + 2] = bytes(
            [VERDICTS.index(found), KINDS.index(kind)]
        )


def _advance(seed: int, batch: Batch, result: Result) -> bool:
    """Whether the batch goes on; a dead or hanging one is continued behind what stopped it."""
    ended, status = os.waitpid(batch.pid, os.WNOHANG)
    now = time.monotonic()
    if not ended and now - batch.place()[2] < HANG_SECONDS:
        return True
    if not ended:
        os.kill(batch.pid, signal.SIGKILL)
        os.waitpid(batch.pid, 0)
    number, stage, _ = batch.place()
    if not ended:
        if _hangs(seed, batch.first + number):
            result.hung.append((batch.first + number, stage))
    elif status:
        result.died.append((batch.first + number, stage, status))
    _count(batch, result)
    done = number + 1
    if (not ended or status) and done < batch.count:
        rest = start(seed, batch.first + done, batch.count - done)
        batch.first, batch.count, batch.pid, batch.shared = rest.first, rest.count, rest.pid, rest.shared
        return True
    return False


def _count(batch: Batch, result: Result) -> None:
    for number in range(batch.count):
        found, kind = batch.shared[PLACE.size + 2 * number : PLACE.size + 2 * number + 2]
        if found != UNDONE:
            result.verdicts[KINDS[kind].name, VERDICTS[found]] += 1
            if VERDICTS[found] == ESCAPED:
                result.escaped.append(batch.first + number)


def _hangs(seed: int, index: int) -> bool:
    """Whether it takes so many seconds of a processor: a busy machine is no hang."""
    pid = os.fork()
    if not pid:
        signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        kind, data = a_file(seed, index)
        verdict(kind, data, random.Random(index), lambda stage: None)
        os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


def save(seed: int, result: Result, folder: Path) -> list[Path]:
    """The inputs that failed or killed a child, each with what is known of it."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    said = {n: f"died in {stage}, status {status}" for n, stage, status in result.died} | {
        n: f"hung in {stage}" for n, stage in result.hung
    }
    for index in [*result.escaped, *said]:
        kind, data = a_file(seed, index)
        path = folder / f"{seed}-{index}.{kind.name.lower()}"
        path.write_bytes(data)
        with suppress(OSError):
            path.with_suffix(".txt").write_text(said.get(index) or explain(seed, index))
        saved.append(path)
    return saved
