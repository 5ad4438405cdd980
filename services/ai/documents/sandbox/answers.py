"""What a child answers, as bytes: a document, or why there is none. The reader trusts nothing: a hostile file may have written it.

A document is a head, then page sizes, lines and edges as flat arrays of little-endian numbers, the text as UTF-8, and what was
concealed and what links as JSON.
"""

import json
import struct
import sys
from array import array
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from math import isfinite
from typing import Any, TypeVar

from services.ai.documents.document import Concealed, Concealment, Document, DocumentError, Line

HEAD = struct.Struct("<IIBIIIII")
# start, end, page, block, edges, heading, bold, italic, bullet, box, size, confidence
LINE = struct.Struct("<IIIIIBBBB6d")
MAX_PAGES, MAX_LINES, MAX_COLUMNS, MAX_HEADING = 1_000_000, 1_000_000, 1000, 6
SWAP = sys.byteorder == "big"
DAMAGED = "the file is damaged or made to break readers; save it again"

T = TypeVar("T")


def broken() -> DocumentError:
    """Of a file whose child did not answer, or not soundly."""
    return DocumentError("FILE_UNREADABLE", DAMAGED)


def believed(unpack: Callable[[bytes], T], answer: bytes) -> T:
    """What `unpack` makes of it. Raises DocumentError when that is nothing sound."""
    try:
        return unpack(answer)
    except ValueError:
        raise broken() from None


def pack_document(document: Document) -> bytes:
    """Numbers are kept exactly; a lone surrogate in a text becomes a question mark."""
    text = document.text.encode(errors="replace")
    edges = array("d", [edge for line in document.lines for edge in line.edges])
    sizes = array("d", [side for size in document.page_sizes for side in size])
    concealed = [[c.text, c.reason.value, c.page, c.box] for c in document.concealed]
    beside = json.dumps([concealed, document.links]).encode()
    head = HEAD.pack(
        document.page_count,
        document.columns,
        document.recognised,
        len(sizes),
        len(document.lines),
        len(edges),
        len(text),
        len(beside),
    )
    return b"".join([head, _bytes(sizes), *map(_pack_line, document.lines), _bytes(edges), text, beside])


def _pack_line(line: Line) -> bytes:
    return LINE.pack(
        line.start,
        line.end,
        line.page,
        line.block,
        len(line.edges),
        line.heading,
        line.bold,
        line.italic,
        line.bullet,
        *line.box,
        line.size,
        line.confidence,
    )


def unpack_document(answer: bytes) -> Document:
    """Raises ValueError for anything that is not a document in itself: lengths, order of lines, pages, numbers that are none."""
    try:
        return _unpack(answer)
    except (struct.error, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no document: {error}") from None


def _unpack(answer: bytes) -> Document:
    page_count, columns, recognised, sides, line_count, edge_count, *lengths = HEAD.unpack_from(answer)
    ends = [HEAD.size]
    for length in (8 * sides, LINE.size * line_count, 8 * edge_count, *lengths):
        ends.append(ends[-1] + length)
    _require(ends[-1] == len(answer) and sides % 2 == 0, "lengths")
    _require(
        page_count <= MAX_PAGES and line_count <= MAX_LINES and columns <= MAX_COLUMNS and recognised <= 1, "counts"
    )
    sizes, lines, edges, text, beside = (answer[start:end] for start, end in pairwise(ends))
    flat = _doubles(sizes)
    decoded = text.decode()
    concealed, links = json.loads(beside)
    return Document(
        decoded,
        tuple(_lines(lines, iter(_doubles(edges)), len(decoded), page_count)),
        page_count,
        tuple(zip(flat[::2], flat[1::2], strict=True)),
        tuple(_concealed(item, page_count) for item in concealed),
        bool(recognised),
        columns,
        tuple(_link(item, len(decoded)) for item in links),
    )


def _lines(packed: bytes, edges: Iterator[float], length: int, pages: int) -> Iterator[Line]:
    reached = 0
    for start, end, page, block, own, heading, bold, italic, bullet, *numbers in LINE.iter_unpack(packed):
        _require(reached <= start <= end <= length and page <= pages, "place of a line")
        _require(
            own in (0, end - start + 1) and heading <= MAX_HEADING and max(bold, italic, bullet) <= 1, "form of a line"
        )
        *box, size, confidence = numbers
        _require(all(map(isfinite, numbers)) and 0 <= confidence <= 1, "numbers of a line")
        reached = end
        line_edges = tuple(islice(edges, own))
        _require(len(line_edges) == own, "edges")
        yield Line(
            start,
            end,
            page,
            tuple(box),
            line_edges,
            size,
            bool(bold),
            bool(italic),
            heading,
            bool(bullet),
            block,
            confidence,
        )
    _require(next(edges, None) is None, "edges")


def _concealed(item: Any, pages: int) -> Concealed:
    text, reason, page, box = item
    _require(type(text) is str and type(page) is int and 0 <= page <= pages, "concealed")
    _require(len(box) == 4 and all(type(edge) in (int, float) and isfinite(edge) for edge in box), "concealed")
    left, top, right, bottom = map(float, box)
    return Concealed(text.encode(errors="replace").decode(), Concealment(reason), page, (left, top, right, bottom))


def _link(item: Any, length: int) -> tuple[int, int, str]:
    start, end, address = item
    _require(type(start) is int and type(end) is int and 0 <= start <= end <= length and type(address) is str, "a link")
    return start, end, address.encode(errors="replace").decode()


def _doubles(packed: bytes) -> "array[float]":
    numbers = array("d", packed)
    if SWAP:
        numbers.byteswap()
    _require(all(map(isfinite, numbers)), "numbers")
    return numbers


def _bytes(numbers: "array[float]") -> bytes:
    if SWAP:
        numbers.byteswap()
    return numbers.tobytes()


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"no document: {what}")


def pack_parts(parts: list[tuple[str, bytes]]) -> bytes:
    """Names and contents of what a file holds, decoded."""
    names = json.dumps([[name, len(content)] for name, content in parts]).encode()
    return b"".join([struct.pack("<I", len(names)), names, *(content for _, content in parts)])


def unpack_parts(answer: bytes) -> list[tuple[str, bytes]]:
    """Raises ValueError when lengths do not add up."""
    try:
        (length,) = struct.unpack_from("<I", answer)
        place, parts = 4 + length, []
        for name, size in json.loads(answer[4:place]):
            _require(type(name) is str and type(size) is int and size >= 0, "a part")
            parts.append((name, answer[place : place + size]))
            place += size
    except (struct.error, TypeError, RecursionError) as error:
        raise ValueError(f"no parts: {error}") from None
    _require(place == len(answer), "parts")
    return parts


REASONS = frozenset(
    {
        "FILE_ENCRYPTED",
        "FILE_MALICIOUS",
        "FILE_TRUNCATED",
        "FILE_UNREADABLE",
        "FILE_TYPE_UNSUPPORTED",
        "FILE_EMPTY",
        "NO_TEXT",
    }
)
MAX_MESSAGE = 500


def pack_error(error: DocumentError) -> bytes:
    return json.dumps([error.reason, str(error)]).encode()


def unpack_error(answer: bytes) -> DocumentError:
    """What the child said, if it is one of the things a child can say. Raises ValueError otherwise."""
    said = json.loads(answer)
    _require(isinstance(said, list) and len(said) == 2 and all(type(part) is str for part in said), "an error")
    reason, message = said
    _require(reason in REASONS, "a reason")
    return DocumentError(reason, "".join(c if c.isprintable() else " " for c in message[:MAX_MESSAGE]))
