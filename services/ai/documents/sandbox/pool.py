"""Extraction by sandboxed children that stand ready: one document each, so that nobody's file meets another's. What breaks is replaced."""

import atexit
import json
import logging
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from itertools import count
from types import TracebackType
from typing import Any, TypeVar

from services.ai.documents.document import Document, DocumentError, Kind
from services.ai.documents.sandbox import answers, child, confinement

READERS = "services.ai.documents.readers"
START_SECONDS = 60
MAX_ANSWER_BYTES = 128 << 20
GONE_WITHIN_SECONDS = 0.02
# What the interpreter needs to find its packages; passwords are not among it. One thread: threads do not survive a fork.
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

T = TypeVar("T")

log = logging.getLogger(__name__)


class SandboxDown(Exception):
    """No document can be read here at all, whatever it holds: the readers do not start, or the kernel has no filters."""


class Pool:
    """`size` children for text and, from the first picture on, as many for recognition. Calls block and may come from any thread."""

    def __init__(self, size: int = 2, reader: str = READERS) -> None:
        self._size, self._reader = size, reader
        self._lock = threading.Lock()
        self._text = _Lane(size, reader, recognition=False)
        self._recognition: _Lane | None = None

    def extract(self, data: bytes, kind: Kind) -> Document:
        """Raises DocumentError: what the reader says of the file, or FILE_UNREADABLE when a limit ended the child. Raises SandboxDown."""
        lane = self._recognition_lane() if kind in confinement.PICTURES else self._text
        letter, answer = lane.ask(child.READ, data, kind)
        if letter == child.TO_RECOGNITION:
            letter, answer = self._recognition_lane().ask(child.READ, data, kind)
        if letter != child.DOCUMENT:
            raise _broken()
        return _trusting_nothing(answers.unpack_document, answer)

    def inspect(self, data: bytes, kind: Kind) -> list[tuple[str, bytes]]:
        """The decoded parts of a file whose structure holds nothing active. Raises DocumentError, SandboxDown."""
        letter, answer = self._text.ask(child.INSPECT, data, kind)
        if letter != child.PARTS:
            raise _broken()
        return _trusting_nothing(answers.unpack_parts, answer)

    def close(self) -> None:
        """Ends all children; who is waiting for one gets SandboxDown or FILE_UNREADABLE."""
        with self._lock:
            for lane in filter(None, (self._text, self._recognition)):
                lane.close()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _recognition_lane(self) -> "_Lane":
        with self._lock:
            if self._recognition is None:
                self._recognition = _Lane(self._size, self._reader, recognition=True)
            return self._recognition


def extract(data: bytes, kind: Kind) -> Document:
    """`Pool.extract` on a pool of this process, started when first asked for."""
    return default_pool().extract(data, kind)


def default_pool() -> Pool:
    return _pool_of(os.getpid())


@lru_cache(maxsize=1)
def _pool_of(pid: int) -> Pool:
    """A process forked from one with a pool must not share its sockets."""
    pool = Pool()
    atexit.register(pool.close)
    return pool


class _Lane:
    """Children of one warm process. A child that has answered, or not, is never used again."""

    def __init__(self, size: int, reader: str, recognition: bool) -> None:
        self._reader, self._recognition = reader, recognition
        self._lock = threading.Lock()
        self._closed = False
        self._warm = _WarmProcess(reader, recognition)
        # First in, first out: who was forked longest ago is ready.
        self._ready: queue.Queue[_Child] = queue.Queue()
        for _ in range(size):
            self._ready.put(self._warm.fork())

    def ask(self, task: bytes, data: bytes, kind: Kind) -> tuple[bytes, bytes]:
        """Letter and content of the answer; errors of the child are raised. Once more when the fault was not the document's."""
        seconds = confinement.limits(self._recognition).wall_seconds
        for _ in range(2):
            one = self._ready.get()
            try:
                if one.is_ready():
                    return one.ask(task, data, kind, seconds)
            except _EndedError:
                if not one.warm.gone():
                    raise _broken() from None
            except TimeoutError:
                raise DocumentError("FILE_UNREADABLE", f"the file could not be read within {seconds} s") from None
            finally:
                self._replace(one)
        raise SandboxDown("the document readers ended; try again later")

    def _replace(self, used: "_Child") -> None:
        used.end()
        self._ready.put(self._fork())

    def _fork(self) -> "_Child":
        with self._lock:
            if not self._closed and self._warm.ended():
                self._warm.close()
                self._warm = _WarmProcess(self._reader, self._recognition)
            return self._warm.fork()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._warm.close()
        for _ in range(self._ready.qsize()):
            with suppress(queue.Empty):
                one = self._ready.get_nowait()
                one.end()
                # Who comes later finds a child that has ended, and is told so, instead of waiting for ever.
                self._ready.put(one)


class _EndedError(Exception):
    """The child, or the process it would be forked from, is no more."""


class _WarmProcess:
    """The process that has the readers loaded. It never sees a document."""

    def __init__(self, reader: str, recognition: bool) -> None:
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

    def fork(self) -> "_Child":
        """At once: the child itself says when it is ready."""
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        with theirs:
            self.order(child.FORK, number, [theirs.fileno()])
        return _Child(self, number, ours)

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


class _Child:
    """One fork, seen from outside."""

    def __init__(self, warm: _WarmProcess, number: int, connection: socket.socket) -> None:
        self.warm, self._number, self._connection = warm, number, connection

    def is_ready(self) -> bool:
        """Once the child says so; never when it ended before."""
        with suppress(OSError):
            self._connection.settimeout(START_SECONDS)
            return self.warm.is_warm() and self._connection.recv(1) == child.READY
        return False

    def ask(self, task: bytes, data: bytes, kind: Kind, seconds: float) -> tuple[bytes, bytes]:
        """Raises TimeoutError, _EndedError, DocumentError."""
        deadline = time.monotonic() + seconds
        try:
            self._connection.settimeout(seconds)
            self._connection.sendall(child.TASK.pack(task, kind.name.encode(), len(data)))
            self._connection.sendall(data)
            letter, length = child.ANSWER.unpack(self._receive(child.ANSWER.size, deadline))
            if length > MAX_ANSWER_BYTES:
                raise DocumentError("FILE_UNREADABLE", "the file holds more than a resume should")
            answer = self._receive(length, deadline)
        except TimeoutError:
            raise
        except (OSError, struct.error):
            raise _EndedError from None
        if letter == child.ERROR:
            raise _trusting_nothing(answers.unpack_error, answer)
        return letter, answer

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
                raise _EndedError
            place += got
        return bytes(data)

    def end(self) -> None:
        self._connection.close()
        self.warm.order(child.KILL, self._number, [])


def _broken() -> DocumentError:
    return DocumentError("FILE_UNREADABLE", child.DAMAGED)


def _trusting_nothing(unpack: Callable[[bytes], T], answer: bytes) -> T:
    try:
        return unpack(answer)
    except ValueError:
        raise _broken() from None
