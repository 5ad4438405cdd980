"""A document's text, in the order a person reads it, and where each line stands."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

from services.ai.spans import Span, span_of


class Kind(Enum):
    """What we read, by content."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    TEXT = "text/plain"


class DocumentError(Exception):
    """`reason` is a name of `skillsync.error.v1.ErrorReason`: FILE_EMPTY, FILE_TYPE_UNSUPPORTED, FILE_ENCRYPTED, FILE_UNREADABLE,
    FILE_TRUNCATED or NO_TEXT."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: characters `start` to `end` (exclusive); `page` from 1, 0 without pages; `box` is left, top, right, bottom in points
    from the page's upper left corner; `size` is its height in points."""

    start: int
    end: int
    page: int = 0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def size(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Document:
    """`text` is the lines, each ended by a line feed; `page_count` is 0 for kinds without pages."""

    text: str
    lines: tuple[Line, ...]
    page_count: int

    def span(self, start: int, end: int) -> Span:
        """The span of these characters, with the page they begin on."""
        index = bisect_right(self.lines, start, key=lambda line: line.start) - 1
        return span_of(self.text, start, end, self.lines[index].page if index >= 0 else 0)


def from_lines(lines: list[tuple[str, Line]], page_count: int) -> Document:
    """Puts lines together; their own `start` and `end` are worked out here."""
    parts: list[str] = []
    placed: list[Line] = []
    position = 0
    for text, line in lines:
        placed.append(Line(position, position + len(text), line.page, line.box))
        parts.append(text + "\n")
        position += len(text) + 1
    return Document("".join(parts), tuple(placed), page_count)
