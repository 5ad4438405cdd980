"""Headings of entries cut into pieces: what is left of a row without its dates, parted by bars, tabs, dashes and commas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ai.documents import Document
from services.ai.resume.hints import is_employment_type, is_legal_form
from services.ai.resume.places import place_score
from services.ai.resume.records import Value
from services.ai.resume.rows import Row

_STRONG = re.compile(r"\s*[\t|•·∙●▪◦‖¦]\s*|\s+[–—―-]\s+|\s+@\s+|\s*[–—]\s+|\s+[–—]\s*|\s{3,}")
_AT = re.compile(r"(?<=\w)\s+(?:at|bei|chez)\s+(?=[A-ZÀ-Þ0-9])")
_COMMA = re.compile(r",\s+")
_DURATION = re.compile(
    r"\(?\s*(?:[·•|,]\s*)?(?<!\w)(?:(?:\d+\+?\s*(?:years?|yrs?\.?|jahre?|ans?|años?)(?:,?\s*(?:and\s+)?\d+\s*(?:months?|mos?\.?|monate?|mois|mes(?:es)?))?)|\d+\s*(?:months?|mos?\.?|monate?|mois|mes(?:es)?))(?!\w)\s*\)?",
    re.IGNORECASE,
)
_EDGES = " \t,;|•·∙–—-―:/"
_LABEL = re.compile(
    r"(?:company|employer|organization|client|position|title|role|designation|job title|location|place|duration|period|dates?|firma|unternehmen|arbeitgeber|position|tätigkeit|entreprise|poste|empresa|puesto|cargo|lugar|ort|lieu)\s*:\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the document between two marks. `row` counts the rows of the heading, `dashed` says that a dash parts it from the piece before."""

    text: str
    start: int
    end: int
    row: int
    dashed: bool = False
    bold: bool = False
    label: str = ""


def pieces_of(row: Row, number: int) -> Iterator[Piece]:
    """The pieces of a row between strong marks, without dates, durations, kinds of employment and empty brackets."""
    for begin, end in _undated(row):
        position, dashed = begin, False
        for mark in [*_marks(row.text, begin, end), None]:
            stop = mark.start() if mark else end
            piece = _piece(row, position, stop, number, dashed)
            if piece and not is_employment_type(piece.text):
                yield piece
            if mark:
                position, dashed = mark.end(), any(c in mark[0] for c in "–—―-")


def _marks(text: str, begin: int, end: int) -> list[re.Match[str]]:
    marks = [*_STRONG.finditer(text, begin, end), *_AT.finditer(text, begin, end)]
    return sorted((m for m in marks if not _in_brackets(text, m.start())), key=lambda m: m.start())


def _in_brackets(text: str, position: int) -> bool:
    opened = text.count("(", 0, position) - text.count(")", 0, position)
    return opened > 0 and ")" in text[position:]


def _undated(row: Row) -> Iterator[tuple[int, int]]:
    """Stretches of a row between its dates."""
    cuts = [(p.position, p.stop) for p in row.periods]
    cuts += [m.span() for m in _DURATION.finditer(row.text)]
    position = 0
    for start, stop in sorted(cuts):
        if start > position:
            yield position, start
        position = max(position, stop)
    if position < len(row.text):
        yield position, len(row.text)


def _piece(row: Row, start: int, end: int, number: int, dashed: bool = False) -> Piece | None:
    text = row.text
    while start < end and (text[start] in _EDGES or (text[start] in "([" and not _closed(text, start, end))):
        start += 1
    while end > start and (text[end - 1] in _EDGES or (text[end - 1] in ")]" and not _opened(text, start, end))):
        end -= 1
    if text[end - 2 : end] == "()":
        return _piece(row, start, end - 2, number, dashed)
    label = ""
    if named := _LABEL.match(text, start, end):
        label, start = named[0].strip(" :\t").lower(), named.end()
    if not any(c.isalnum() for c in text[start:end]):
        return None
    return Piece(text[start:end], row.start + start, row.start + end, number, dashed, row.line.bold, label)


def _closed(text: str, start: int, end: int) -> bool:
    return any(c in ")]" for c in text[start + 1 : end])


def _opened(text: str, start: int, end: int) -> bool:
    return any(c in "([" for c in text[start : end - 1])


def without_place(pieces: Sequence[Piece]) -> tuple[list[Piece], Piece | None]:
    """The pieces that are no place, and the first place among them: a piece of its own, or at a piece's end after a comma."""
    rest: list[Piece] = []
    place: Piece | None = None
    for piece in pieces:
        if place is None and place_score(piece.text) >= 0.9:
            place = piece
            continue
        if place is None and (cut := _place_at_end(piece)):
            rest.append(cut[0])
            place = cut[1]
        else:
            rest.append(piece)
    return rest, place


def _place_at_end(piece: Piece) -> tuple[Piece, Piece] | None:
    """`Acme Corp, Springfield, IL` and `Fabrikam Ltd., India`: two or one of the parts after commas."""
    commas = list(_COMMA.finditer(piece.text))
    for comma in commas[-2:]:
        if place_score(piece.text[comma.end() :]) >= 0.9:
            return part(piece, 0, comma.start()), part(piece, comma.end(), len(piece.text))
    for bracket in _BRACKETS.finditer(piece.text):
        if bracket.end() == len(piece.text) and bracket.start() and place_score(bracket[1]) >= 0.9:
            return part(piece, 0, bracket.start()), part(piece, bracket.start(1), bracket.end(1))
    return None


def part(piece: Piece, start: int, end: int) -> Piece:
    """Some characters of a piece, without marks at the edges."""
    text = piece.text
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Piece(
        text[start:end], piece.start + start, piece.start + end, piece.row, piece.dashed, piece.bold, piece.label
    )


def at_commas(piece: Piece) -> Iterator[tuple[Piece, Piece]]:
    """Each way to cut a piece in two at a comma outside of brackets, not before a legal form."""
    for comma in _COMMA.finditer(piece.text):
        before, after = piece.text[: comma.start()], piece.text[comma.end() :]
        if _in_brackets(piece.text, comma.start()) or is_legal_form(after.split(",")[0]):
            continue
        if before.strip() and after.strip():
            yield part(piece, 0, comma.start()), part(piece, comma.end(), len(piece.text))


def value_of(document: Document, piece: Piece, confidence: float) -> Value:
    """The piece as a value."""
    span = document.span(piece.start, piece.end)
    return Value(" ".join(span.text.split()), span, confidence)
