"""A document's text, in the order a person reads it, where each line stands, and what was kept out of it."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from services.ai.spans import Span, span_of

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's upper left corner."""


class Kind(Enum):
    """What we read, by content."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODT = "application/vnd.oasis.opendocument.text"
    RTF = "application/rtf"
    HTML = "text/html"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.TIFF})
"""Kinds without letters of their own: what they show has to be recognised."""


class DocumentError(Exception):
    """`reason` is a name of `skillsync.error.v1.ErrorReason`: FILE_EMPTY, FILE_TYPE_UNSUPPORTED, FILE_ENCRYPTED, FILE_UNREADABLE,
    FILE_TRUNCATED, FILE_MALICIOUS or NO_TEXT."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Concealment(Enum):
    """Why a piece of text was kept out of what is parsed."""

    INVISIBLE = "INVISIBLE"  # drawn without ink: render mode, opacity, a hidden style
    LOW_CONTRAST = "LOW_CONTRAST"  # ink of the ground's colour
    TINY = "TINY"  # too small to read
    OFF_PAGE = "OFF_PAGE"
    COVERED = "COVERED"  # something is drawn over it
    ZERO_WIDTH = "ZERO_WIDTH"  # letters without width, or tag letters
    METADATA = "METADATA"  # titles, comments, properties: never on a page
    HIDDEN_LAYER = "HIDDEN_LAYER"  # optional content, tracked deletions, hidden rows
    NOT_RENDERED = "NOT_RENDERED"  # in the text, not in the picture of the page
    INSTRUCTION = "INSTRUCTION"  # visible, but said to machines: "ignore all previous instructions"


@dataclass(frozen=True, slots=True)
class Concealed:
    """Text that is no part of `Document.text`; `page` is 0 and `box` empty where neither is known."""

    text: str
    reason: Concealment
    page: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: characters `start` to `end` (exclusive); `page` from 1, 0 without pages; `box` is where it stands.

    `edges` are the left edges of its characters and the right edge of the last, in points; empty where only the line's box is known.
    `size` is the size of its letters in points, or of its heading rank in kinds without pages; 0 when unknown. `block` numbers what
    stands together: a column, a table cell, a sidebar; lines of one block follow each other in the text. `confidence` is the
    reader's own, 1 unless letters were recognised in a picture.
    """

    start: int
    end: int
    page: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    edges: tuple[float, ...] = ()
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    heading: int = 0  # rank of a heading that the file itself declares (DOCX style, <h2>, "##"): 1 to 6, else 0
    bullet: bool = False  # the file declares it an item of a list
    block: int = 0
    confidence: float = 1.0

    def part(self, start: int, end: int) -> Box:
        """The box of these characters of the line, as exact as `edges` are."""
        left, top, right, bottom = self.box
        if len(self.edges) == self.end - self.start + 1:
            first, last = max(start, self.start) - self.start, min(end, self.end) - self.start
            left, right = self.edges[first], self.edges[last]
        return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Document:
    """`text` is the lines, each ended by a line feed. A tab in a line is wide white: cells of a table, a date at the right edge.

    Running headers and footers are kept once. `page_count` is 0 for kinds without pages; `page_sizes` are widths and heights in
    points. `links` are first letter, last (exclusive) and address of what a person can click; an icon's has no letters: first and last
    are equal. `concealed` never reaches `text`. `recognised` says that the letters were read from a picture. `columns` is the most
    columns side by side on a page.
    """

    text: str
    lines: tuple[Line, ...]
    page_count: int
    page_sizes: tuple[tuple[float, float], ...] = ()
    concealed: tuple[Concealed, ...] = ()
    recognised: bool = False
    columns: int = 1
    links: tuple[tuple[int, int, str], ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The span of these characters, with the page they begin on."""
        index = bisect_right(self.lines, start, key=lambda line: line.start) - 1
        return span_of(self.text, start, end, self.lines[index].page if index >= 0 else 0)

    def boxes(self, start: int, end: int) -> Iterator[tuple[int, Box]]:
        """Page and box of each line's part of these characters; nothing in kinds without pages."""
        first = max(0, bisect_right(self.lines, start, key=lambda line: line.start) - 1)
        for line in self.lines[first:]:
            if line.start >= end:
                return
            if line.end > start and line.page:
                yield line.page, line.part(start, end)


def from_lines(
    lines: list[tuple[str, Line]],
    page_count: int,
    page_sizes: tuple[tuple[float, float], ...] = (),
    concealed: tuple[Concealed, ...] = (),
    recognised: bool = False,
    columns: int = 1,
) -> Document:
    """Puts lines together; their own `start` and `end` are worked out here."""
    parts: list[str] = []
    placed: list[Line] = []
    position = 0
    for text, line in lines:
        placed.append(replace(line, start=position, end=position + len(text)))
        parts.append(text + "\n")
        position += len(text) + 1
    return Document("".join(parts), tuple(placed), page_count, page_sizes, concealed, recognised, columns)
