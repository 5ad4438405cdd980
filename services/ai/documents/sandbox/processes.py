"""The sandbox's processes, seen from outside: the warm one, and its forks."""

import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import count
from typing import Any

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.sandbox import answers, child, confinement

START_SECONDS = 60
MAX_ANSWER_BYTES = 128 << 20
GONE_WITHIN_SECONDS = 0.02
# What the interpreter needs to find its packages; passwords are not among it. One thread: threads do not survive a fork.
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG")
# For numerical libraries.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

log = logging.getLogger(__name__)


class SandboxDown(Exception):
    """No document can be read here at all, whatever it holds: the readers do not start, or the kernel has no filters."""


class EndedError(Exception):
    """The child, or the process it would be forked from, is no more."""


class WarmProcess:
    """The process that has the readers loaded. It never sees anybody's document."""

    def __init__(self, reader: str, recognition: bool) -> None:
        self.limits = confinement.limits(recognition)
        self._control, theirs = socket.socketpair()
        with theirs:
            program = f"from {child.__name__} import main; main({theirs.fileno()}, {reader!r}, {recognition})"
            self._process = subprocess.Popen(
                [sys.executable, "-c", program],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**ONE_THREAD, **{name: os.environ[name] for name in PASSED_ON if name in os.environ}},
                start_new_session=True,
            )
        self._lock, self._orders = threading.Lock(), threading.Lock()
        self._numbers = count()
        self._said: dict[str, Any] = {}

    def is_warm(self) -> bool:
        """Once it is; never when it ended before. Raises SandboxDown when it cannot lock its children."""
        with self._lock:
            if not self._said:
                self._said = self._listen()
                for lack in self._said.get("lacking", ()):
                    log.warning("documents are read without a part of the sandbox: %s", lack)
        if self._said.get("locked") is False:
            raise SandboxDown("the kernel refuses system call filters; documents are not read without")
        return bool(self._said)

    def _listen(self) -> dict[str, Any]:
        self._control.settimeout(START_SECONDS)
        with suppress(OSError, ValueError):
            return dict(json.loads(self._control.makefile("rb").readline()))
        return {}

    def fork(self) -> "Child":
        """At once: the child itself says when it is ready."""
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        with theirs:
            self.order(child.FORK, number, [theirs.fileno()])
        return Child(self, number, ours)

    def order(self, letter: bytes, number: int, descriptors: list[int]) -> None:
        # A process that is gone is found out by who waits for its child.
        with self._orders, suppress(OSError):
            socket.send_fds(self._control, [child.ORDER.pack(letter, number)], descriptors)

    def ended(self) -> bool:
        return self._process.poll() is not None

    def gone(self) -> bool:
        """Its children end a moment before it does."""
        try:
            self._process.wait(GONE_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


class Child:
    """One fork. It ends when it fails, when it is told to, and with the warm process."""

    def __init__(self, warm: WarmProcess, number: int, connection: socket.socket) -> None:
        self.warm, self._number, self._connection = warm, number, connection
        self._file: bytes | None = None
        self._tasks, self._answered_at = 0, 0.0

    def is_ready(self) -> bool:
        """Once the child says so; never when it ended before. Raises SandboxDown."""
        ready = False
        try:
            self._connection.settimeout(START_SECONDS)
            ready = self.warm.is_warm() and self._connection.recv(1) == child.READY
        except OSError:
            pass
        finally:
            if not ready:
                self.end()
        return ready

    def waits(self) -> bool:
        """Whether one that has answered can be asked once more: it has been silent since, and not for long."""
        kept_for = time.monotonic() - self._answered_at
        if kept_for < confinement.KEPT_SECONDS and self._tasks < self.warm.limits.tasks and self._is_silent():
            return True
        self.end()
        return False

    def _is_silent(self) -> bool:
        try:
            self._connection.setblocking(False)
            self._connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def ask(self, task: bytes, data: bytes, kind: Kind) -> tuple[bytes, bytes]:
        """Letter and content of the answer. Raises TimeoutError, EndedError, DocumentError; then the child is ended."""
        try:
            letter, answer = self._ask(task, data, kind)
            if letter == child.ERROR:
                raise answers.believed(answers.unpack_error, answer)
        except BaseException:
            self.end()
            raise
        self._tasks, self._answered_at = self._tasks + 1, time.monotonic()
        return letter, answer

    def _ask(self, task: bytes, data: bytes, kind: Kind) -> tuple[bytes, bytes]:
        deadline = time.monotonic() + self.warm.limits.wall_seconds
        try:
            self._connection.settimeout(self.warm.limits.wall_seconds)
            self._hand_over(data, kind)
            self._connection.sendall(task)
            letter, length = child.ANSWER.unpack(self._receive(child.ANSWER.size, deadline))
            if length > MAX_ANSWER_BYTES:
                raise DocumentError("FILE_UNREADABLE", "the file holds more than a resume should")
            return letter, self._receive(length, deadline)
        except TimeoutError:
            raise
        except (OSError, struct.error):
            raise EndedError from None

    def _hand_over(self, data: bytes, kind: Kind) -> None:
        """Once. Nobody's file meets another's: raises ValueError for any but the first."""
        if self._file is None:
            self._file = data
            self._connection.sendall(child.FILE.pack(kind.name.encode(), len(data)))
            self._connection.sendall(data)
        elif self._file is not data:
            raise ValueError("a child reads one file")
        else:
            self.warm.order(child.RENEW, self._number, [])

    def _receive(self, length: int, deadline: float) -> bytes:
        data = bytearray(length)
        view, place = memoryview(data), 0
        while place < length:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            got = self._connection.recv_into(view[place:])
            if not got:
                raise EndedError
            place += got
        return bytes(data)

    def end(self) -> None:
        self._connection.close()
        self.warm.order(child.KILL, self._number, [])
