"""Executions by the thousand: each batch in a fork, which says in shared memory where it is, so that whoever kills it is known."""

import mmap
import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from services.ai.documents.sandbox import confinement
from tests.fuzz.execute import ESCAPED, KINDS, OURS, STAGES, VERDICTS, a_file, explain, verdict, without_recognition

# Of a processor, for one file; a busy machine is no hang. Who waits for something uses none.
HANG_SECONDS, WAITING_SECONDS = 10, 120
MEMORY_BYTES = 2 << 30
BATCH = 500
# Number within the batch, stage, when it began by the clock and by the processor: doubles at their places, which are written whole.
PLACE, HEAD_BYTES = "d", 32
UNDONE = 0xFF


def place_of(shared: mmap.mmap) -> memoryview:
    return memoryview(shared)[:HEAD_BYTES].cast(PLACE)


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

    def place(self) -> tuple[int, str]:
        number, stage, *_ = place_of(self.shared)
        return int(number), STAGES[int(stage)]

    def hangs(self) -> bool:
        _, _, began, worked = place_of(self.shared)
        times = psutil.Process(self.pid).cpu_times()
        return times.user + times.system - worked > HANG_SECONDS or time.monotonic() - began > WAITING_SECONDS


def run(seed: int, executions: int, seconds: float, workers: int) -> Iterator[Result]:
    """The result as it grows. Ends after so many executions or seconds."""
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
    shared = mmap.mmap(-1, HEAD_BYTES + 2 * count)
    shared[HEAD_BYTES:] = bytes([UNDONE]) * (2 * count)
    place_of(shared)[2] = time.monotonic()
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
    without_recognition()
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    most = confinement.mapped_bytes() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    here = place_of(shared)
    for number in range(count):
        kind, data = a_file(seed, first + number)

        def enter(stage: str, number: int = number) -> None:
            here[0], here[1], here[2], here[3] = number, STAGES.index(stage), time.monotonic(), time.process_time()

        found = verdict(kind, data, random.Random(first + number), enter)
        shared[HEAD_BYTES + 2 * number : HEAD_BYTES + 2 * number + 2] = bytes(
            [VERDICTS.index(found), KINDS.index(kind)]
        )


def _advance(seed: int, batch: Batch, result: Result) -> bool:
    """Whether the batch goes on; a dead or hanging one is continued behind what stopped it."""
    ended, status = os.waitpid(batch.pid, os.WNOHANG)
    if not ended and not batch.hangs():
        return True
    if not ended:
        os.kill(batch.pid, signal.SIGKILL)
        os.waitpid(batch.pid, 0)
    number, stage = batch.place()
    if not ended:
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
        found, kind = batch.shared[HEAD_BYTES + 2 * number : HEAD_BYTES + 2 * number + 2]
        if found != UNDONE:
            result.verdicts[KINDS[kind].name, VERDICTS[found]] += 1
            if VERDICTS[found] == ESCAPED:
                result.escaped.append(batch.first + number)


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
