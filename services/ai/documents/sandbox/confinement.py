"""What a process gives up before it reads a stranger's file: memory, time, files, the network, other processes."""

import ctypes
import logging
import os
import platform
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from services.ai.documents.sandbox import landlock, seccomp

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
# The clock of another process's processor time, as clock_getcpuclockid(3) makes it of its number.
CPUCLOCK_SCHED = 2
OPEN_FILES = 32
LINUX = sys.platform == "linux"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: `memory` in bytes beyond what the warm process has mapped; seconds for each of `tasks`."""

    memory: int
    cpu_seconds: int
    wall_seconds: int
    tasks: int


TEXT = Limits(768 << 20, 8, 10, tasks=2)
# Letters are recognised page by page, at four seconds of an idle core a page.
RECOGNITION = Limits(1536 << 20, 60, 120, tasks=1)
# How long a child may be kept waiting for its second task, while scanners look at what the first one found.
KEPT_SECONDS = 30


def limits(recognition: bool) -> Limits:
    return RECOGNITION if recognition else TEXT


def leave_network() -> list[str]:
    """For the process that forks the children, before a library starts a thread. What the kernel refuses is returned."""
    return _refused("network namespace", lambda: _libc("unshare", NEW_USER | NEW_NETWORK))


def leave_files(packages: Iterable[str]) -> list[str]:
    """The same for files, but its own packages' and the system's libraries; once everything is imported."""
    return _refused("Landlock", lambda: landlock.restrict(landlock.readable_paths(packages)))


def _refused(name: str, step: Callable[[], object]) -> list[str]:
    if not LINUX:
        return [f"{name}: Linux only"]
    try:
        step()
    except OSError as error:
        return [f"{name}: {error}"]
    return []


def limit(most: Limits, mapped: int) -> None:
    """Of this process, for good. `mapped` is the address space it has already, in bytes."""
    memory = mapped + most.memory
    # Beyond the soft limit, which is for one task, the process is killed; beyond the hard one even if it ignores that.
    resource.setrlimit(resource.RLIMIT_CPU, (most.cpu_seconds, most.tasks * most.cpu_seconds + 1))
    for name, value in (("AS", memory), ("FSIZE", 0), ("CORE", 0), ("NOFILE", OPEN_FILES), ("NPROC", 0)):
        if LINUX or name != "AS":  # Darwin counts its shared cache as address space
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    # Whoever waits for the answer ends this process long before; this is for when nobody waits any more.
    signal.setitimer(signal.ITIMER_REAL, most.tasks * most.wall_seconds + KEPT_SECONDS + 1)


def renew(child: int, most: Limits) -> None:
    """Gives `child`, a process of this one, the processor time of a task from now on. Its memory stays what one file may cost.

    Only from outside, and on Linux; elsewhere the tasks share the time of one.
    """
    if LINUX:
        hard = most.tasks * most.cpu_seconds + 1
        with suppress(OSError):
            used = time.clock_gettime(~child << 3 | CPUCLOCK_SCHED)
            resource.prlimit(child, resource.RLIMIT_CPU, (min(ceil(used) + most.cpu_seconds, hard), hard))


def lock() -> None:
    """No call to the kernel but those that reading needs. Raises OSError where Linux has no filters: nothing is read without."""
    if LINUX:
        _libc("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
        seccomp.install()


def end_with(parent: int) -> None:
    """Of this process, when that one ends; at once when it has."""
    if LINUX:
        _libc("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def prepare() -> None:
    """What `lock` needs, worked out once and not by every child."""
    if LINUX:
        seccomp.program(platform.machine())


def mapped_bytes() -> int:
    """The address space of this process; 0 where that cannot be told."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _libc(name: str, *arguments: int) -> None:
    if getattr(seccomp.LIBC, name)(*arguments):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
