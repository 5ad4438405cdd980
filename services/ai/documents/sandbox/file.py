"""A stranger's file, and the child that has it."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from services.ai.documents.document import PICTURES, Document, Kind
from services.ai.documents.sandbox import answers, child
from services.ai.documents.sandbox.lane import Lane
from services.ai.documents.sandbox.processes import Child

if TYPE_CHECKING:
    from services.ai.documents.sandbox.pool import Pool

T = TypeVar("T")


class File:
    """To be looked into and then read by one child, which ends with the `with`. Calls block; one at a time, but `close` at any."""

    def __init__(self, pool: "Pool", data: bytes, kind: Kind) -> None:
        self.data, self.kind = data, kind
        self._pool = pool
        self._lock = threading.Lock()
        self._kept: Child | None = None
        self._closed = False

    def inspect(self) -> list[tuple[str, bytes]]:
        """The decoded parts of a file whose structure holds nothing active. Raises DocumentError, SandboxDown."""
        parts = self._ask(self._pool.text, child.INSPECT, {child.PARTS: answers.unpack_parts})
        if self.kind in PICTURES:
            self.close()
        return parts

    def extract(self) -> Document:
        """Raises DocumentError: what the reader says of the file, or FILE_UNREADABLE when a limit ended the child. Raises SandboxDown."""
        try:
            if self.kind not in PICTURES:
                unpack = {child.DOCUMENT: answers.unpack_document, child.TO_RECOGNITION: lambda _: None}
                if document := self._ask(self._pool.text, child.READ, unpack):
                    return document
                self.close()
            return self._ask(self._pool.recognition(), child.READ, {child.DOCUMENT: answers.unpack_document})
        finally:
            self.close()

    def close(self) -> None:
        """Ends the child; one that works ends when it has answered, and none is kept from now on."""
        with self._lock:
            self._closed = True
            if self._kept:
                self._kept.end()
                self._kept = None

    def __enter__(self) -> "File":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, lane: Lane, task: bytes, unpack: dict[bytes, Callable[[bytes], T]]) -> T:
        """What the answer is unpacked to, by its letter. The child is kept, unless it is not believed."""
        with self._lock:
            kept, self._kept = self._kept, None
        one, letter, answer = lane.ask(task, self.data, self.kind, kept)
        try:
            if letter not in unpack:
                raise answers.broken()
            found = answers.believed(unpack[letter], answer)
        except BaseException:
            one.end()
            raise
        self._keep(one)
        return found

    def _keep(self, one: Child) -> None:
        with self._lock:
            if self._closed:
                one.end()
            else:
                self._kept = one
