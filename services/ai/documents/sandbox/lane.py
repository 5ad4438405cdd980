"""Children of one warm process, and who may ask them when."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from services.ai.documents.document import DocumentError, Kind
from services.ai.documents.sandbox import answers
from services.ai.documents.sandbox.processes import Child, EndedError, SandboxDown, WarmProcess


class Lane:
    """At most `size` children work at a time. One that has met a file goes with that file and is replaced."""

    def __init__(self, size: int, reader: str, recognition: bool) -> None:
        self._reader, self._recognition = reader, recognition
        self._lock = threading.Lock()
        self._closed = False
        self._warm = WarmProcess(reader, recognition)
        # First in, first out: who was forked longest ago is ready.
        self._ready: queue.Queue[Child] = queue.Queue()
        for _ in range(size):
            self._ready.put(self._warm.fork())

    def ask(self, task: bytes, data: bytes, kind: Kind, kept: Child | None = None) -> tuple[Child, bytes, bytes]:
        """Who answered, and letter and content of the answer; the caller keeps or ends that child. Errors of the child are raised.

        `kept` has answered about the same file before: it is asked if it still waits. Once more when the fault was not the document's.
        """
        for again in (kept, None):
            with self._turn(again) as one:
                try:
                    if one is again or one.is_ready():
                        return one, *one.ask(task, data, kind)
                except EndedError:
                    if not one.warm.gone():
                        raise answers.broken() from None
                except TimeoutError:
                    seconds = one.warm.limits.wall_seconds
                    raise DocumentError("FILE_UNREADABLE", f"the file could not be read within {seconds} s") from None
        raise SandboxDown("the document readers ended; try again later")

    @contextmanager
    def _turn(self, kept: Child | None) -> Iterator[Child]:
        """Who is asked: `kept` while it waits, else who stands ready. The latter is taken off in any case: it is the right to work."""
        ready = self._ready.get()
        asked = kept if kept and kept.waits() else ready
        try:
            yield asked
        finally:
            self._ready.put(self._fork() if asked is ready else ready)

    def _fork(self) -> Child:
        with self._lock:
            if not self._closed and self._warm.ended():
                self._warm.close()
                self._warm = WarmProcess(self._reader, self._recognition)
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
