"""Reading by sandboxed children that stand ready: one file each, so that nobody's file meets another's. What breaks is replaced."""

import atexit
import os
import threading
from functools import lru_cache
from types import TracebackType

from services.ai.documents.document import Document, Kind
from services.ai.documents.sandbox.file import File
from services.ai.documents.sandbox.lane import Lane

READERS = "services.ai.documents.readers"


class Pool:
    """`size` children for text and, from the first picture on, as many for recognition. Calls block and may come from any thread.

    So many work at a time; beside them, each open file may have a child that waits.
    `reader` names a module as `readers` is one: with `preload`, `inspect` and `read`.
    """

    def __init__(self, size: int = 2, reader: str = READERS) -> None:
        self._size, self._reader = size, reader
        self._lock = threading.Lock()
        self.text = Lane(size, reader, recognition=False)
        self._recognition: Lane | None = None

    def open(self, data: bytes, kind: Kind) -> File:
        """For looking into it and reading it, at the cost of one child. Close it."""
        return File(self, data, kind)

    def extract(self, data: bytes, kind: Kind) -> Document:
        """`File.extract` of a file of which nothing else is asked."""
        with self.open(data, kind) as file:
            return file.extract()

    def recognition(self) -> Lane:
        with self._lock:
            if self._recognition is None:
                self._recognition = Lane(self._size, self._reader, recognition=True)
            return self._recognition

    def close(self) -> None:
        """Ends all children; who is waiting for one gets SandboxDown or FILE_UNREADABLE."""
        with self._lock:
            for lane in filter(None, (self.text, self._recognition)):
                lane.close()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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
