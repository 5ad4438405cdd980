"""Resumes made for tests: plain text, or pages drawn with fonts and columns."""

from datetime import date

from services.ai.documents import Document, Kind, Line
from services.ai.documents.document import from_lines
from services.ai.documents.readers import read
from services.ai.resume import ParsedResume, parse

AS_OF = date(2026, 11, 1)


def document_of(text: str) -> Document:
    return read(text.encode(), Kind.TEXT)


def parsed_text(text: str) -> ParsedResume:
    return parse(document_of(text), AS_OF)


def drawn(lines: list[tuple[str, float, bool, float]]) -> Document:
    """One page: text, size, bold and left edge of each line; letters are half as wide as high."""
    made, top = [], 40.0
    for text, size, bold, left in lines:
        edges = tuple(left + size * i / 2 for i in range(len(text) + 1))
        box = (left, top, edges[-1], top + size)
        made.append((text, Line(0, 0, 1, box, edges, size, bold)))
        top += 1.5 * size
    return from_lines(made, 1, ((612.0, 792.0),))
