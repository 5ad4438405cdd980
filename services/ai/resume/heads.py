"""Headings of entries cut into pieces: what is left of a row without its dates, parted by bars, tabs, dashes and commas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.ai.documents import Document
from services.ai.resume.degrees import DEGREE
from services.ai.resume.hints import (
    ends_in_legal_form,
    is_employment_type,
    is_legal_form,
    names_organization,
    names_school,
    title_score,
)
from services.ai.resume.places import names_campus, names_town, place_score
from services.ai.resume.records import Value
from services.ai.resume.rows import Row

_STRONG = re.compile(r"\s*[\t|•·∙●▪◦‖¦]\s*|\s+[–—―-]\s+|\s+@\s+|\s*[–—]\s+|\s+[–—]\s*|\s{3,}")
_AT = re.compile(r"(?<=\w)\s+(?:at|bei|chez)\s+(?=\w)")
# A reader of pictures may take a comma for a full stop.
_COMMA = re.compile(r",\s+|(?<=\w{4})\.\s+(?=[A-ZÀ-Þ])")
_DURATION = re.compile(
    r"\(?\s*(?:[·•|,]\s*)?(?<!\w)(?:(?:\d+\+?\s*(?:years?|yrs?\.?|jahre?|ans?|"
    r"años?)(?:,?\s*(?:and\s+)?\d+\s*(?:months?|mos?\.?|monate?|mois|mes(?:es)?))?)|\d+\s*(?:months?|mos?\.?|"
    r"monate?|mois|mes(?:es)?))(?!\w)\s*\)?",
    re.IGNORECASE,
)
_EDGES = " \t,;|•·∙–—-―:/"
_TITLE_LABELS = "position|title|role|designation|job title|working as|worked as|tätigkeit|funktion|poste|puesto|cargo"
_EMPLOYER_LABELS = (
    "company|company name|employer|organi[sz]ation|organi[sz]ation name|name of (?:the )?(?:company|organi[sz]ation|employer)"
    "|working with|working in|working at|working for|worked with|worked at|worked in|worked for|contractor|"
    r"firma|unternehmen|arbeitgeber|entreprise|empresa"
)
_OTHER_LABELS = (
    "client|location|place|duration|period|dates?|lugar|ort|lieu|institut(?:e|ion)|university|college|school"
)
_LABEL = re.compile(
    rf"(?:(?P<title>{_TITLE_LABELS})|(?P<employer>{_EMPLOYER_LABELS})|{_OTHER_LABELS})\s*:[\s-]*", re.IGNORECASE
)
_UNENDED = re.compile(r"\s(?:of|and|&|for|de|der|und|et|y|für)$", re.IGNORECASE)
# Letters of a label.
LONGEST_LABEL = 26
# From here on words alone say that a piece is a job's title.
SURE_TITLE = 2.0
# A heading goes on for a few words at most.
MOST_WRAPPED_WORDS = 6
# From so many letters on a cell beside a date is likely to have been broken.
LONG_CELL = 45
# Words of a school's name that had room enough: what stands below is something else.
SHORT_SCHOOL = 5
_TOWN = re.compile(r"(?:,\s+|\s+[-–—]\s+)([A-ZÀ-Þ][\w'’À-ÿ]*(?:[ -][A-ZÀ-Þ][\w'’À-ÿ]*){0,2})\.?$")
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text between two marks; `places` says where in the document each character stands, as a wrapped piece leaves out what stood between.

    `row` counts the rows of the heading, `dashed` says that a dash parts it from the piece before,
    `label` what it is by a label in front: title or employer.
    """

    text: str
    places: tuple[int, ...]
    row: int
    dashed: bool = False
    bold: bool = False
    label: str = ""

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1

    def with_text_of(self, other: "Piece", joint: str, cut: int = 0) -> "Piece":
        """This piece, without its last `cut` characters, and another after it."""
        text = self.text[: len(self.text) - cut]
        places = self.places[: len(text)] + (other.places[0],) * len(joint) + other.places
        return Piece(text + joint + other.text, places, self.row, self.dashed, self.bold, self.label)


def pieces_of(row: Row, number: int) -> Iterator[Piece]:
    """The pieces of a row between strong marks, without dates, durations, kinds of employment and empty brackets."""
    for begin, end in _undated(row):
        position, dashed, label = begin, False, ""
        for mark in [*_marks(row.text, begin, end), None]:
            stop = mark.start() if mark else end
            piece = _piece(row, position, stop, number, dashed)
            if piece and not is_employment_type(piece.text):
                yield replace(piece, label=label) if label and not piece.label else piece
                label = ""
            elif alone := _label_alone(row.text[position:stop]):
                label = alone.lastgroup or ""
            if mark:
                position, dashed = mark.end(), any(c in mark[0] for c in "–—―-")


def _marks(text: str, begin: int, end: int) -> list[re.Match[str]]:
    marks = [*_STRONG.finditer(text, begin, end)]
    marks += [m for m in _AT.finditer(text, begin, end) if _parts_names(text[begin : m.start()], text[m.end() : end])]
    return sorted((m for m in marks if not _in_brackets(text, m.start())), key=lambda m: m.start())


def _parts_names(before: str, after: str) -> bool:
    """Whether "at" stands between a title and an employer: not in `University of Texas at Austin`, nor in a sentence."""
    last = before.split(",")[-1]
    if names_school(last) and title_score(last) < SURE_TITLE:
        return False
    if title_score(before) >= SURE_TITLE:
        return True
    return after[:1].isupper() or after[:1].isdigit()


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
    while end > start and _is_loose_end(text, start, end):
        end -= 1
    if text[end - 2 : end] == "()":
        return _piece(row, start, end - 2, number, dashed)
    label = ""
    if named := _LABEL.match(text, start, end):
        label, start = named.lastgroup or "", named.end()
    if not any(c.isalnum() for c in text[start:end]) or _label_alone(text[start:end]):
        return None
    places = tuple(range(row.start + start, row.start + end))
    return Piece(text[start:end], places, number, dashed, row.line.bold, label)


def _label_alone(text: str) -> re.Match[str] | None:
    """A label whose value stands in the next cell or row."""
    return _LABEL.fullmatch(f"{text.strip(_EDGES)}:") if len(text) <= LONGEST_LABEL else None


def _is_loose_end(text: str, start: int, end: int) -> bool:
    """Whether the last character is a mark that parts; a hyphen at a letter cuts a word."""
    last = text[end - 1]
    if last in "([":
        return True
    if last == "-" and end - 2 >= start and text[end - 2].isalpha():
        return False
    return last in _EDGES or (last in ")]" and not _opened(text, start, end))


def _closed(text: str, start: int, end: int) -> bool:
    return any(c in ")]" for c in text[start + 1 : end])


def _opened(text: str, start: int, end: int) -> bool:
    return any(c in "([" for c in text[start : end - 1])


def without_place(pieces: Sequence[Piece]) -> tuple[list[Piece], Piece | None]:
    """The pieces that are no place, and the first place among them: a piece of its own, or at a piece's end after a comma."""
    rest: list[Piece] = []
    place: Piece | None = None
    for piece in pieces:
        if place is None and place_score(piece.text) >= 0.9 and not names_organization(piece.text.split(",")[0]):
            place = piece
            continue
        if place is None and (cut := place_at_end(piece)):
            rest.append(cut[0])
            place = cut[1]
        else:
            rest.append(piece)
    return rest, place


def place_at_end(piece: Piece) -> tuple[Piece, Piece] | None:
    """`Acme Corp, Springfield, IL` and `Fabrikam Ltd., India`: two or one of the parts after commas."""
    commas = list(_COMMA.finditer(piece.text))
    for comma in commas[-2:]:
        tail = piece.text[comma.end() :]
        if names_organization(tail.split(",")[0]) and len(tail.split()) > 1:
            continue
        if place_score(tail) >= 0.9 and not names_campus(piece.text[: comma.start()]):
            return part(piece, 0, comma.start()), part(piece, comma.end(), len(piece.text))
    for bracket in _BRACKETS.finditer(piece.text):
        if bracket.end() == len(piece.text) and bracket.start() and place_score(bracket[1]) >= 0.9:
            return part(piece, 0, bracket.start()), part(piece, bracket.start(1), bracket.end(1))
    return None


def town_at_end(piece: Piece) -> tuple[Piece, Piece] | None:
    """`Hilltop Academy, Wakefield`: a town that we do not know, where others of the section name theirs."""
    mark = _TOWN.search(piece.text)
    if mark is None or is_legal_form(mark[1]) or not piece.text[: mark.start()].strip():
        return None
    return part(piece, 0, mark.start()), part(piece, mark.start(1), mark.end(1))


def sure_town_at_end(piece: Piece) -> tuple[Piece, Piece] | None:
    """A town at the end that is one whatever others do: known, or behind the legal form that a name ends with."""
    cut = town_at_end(piece)
    if cut is None or names_organization(cut[1].text) or title_score(cut[1].text) >= 1:
        return None
    closed = ends_in_legal_form(cut[0].text) and not any(c in cut[1].text for c in "&/")
    return cut if closed or (names_town(cut[1].text) and not names_campus(cut[0].text)) else None


def part(piece: Piece, start: int, end: int) -> Piece:
    """Some characters of a piece, without marks at the edges."""
    text = piece.text
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Piece(text[start:end], piece.places[start:end], piece.row, piece.dashed, piece.bold, piece.label)


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
    return Value(" ".join(piece.text.split()), document.span(piece.start, piece.end), confidence)


def wraps(row: Row, following: Row) -> bool:
    """Whether a heading's row goes on in the next for want of room: a cut word, an open bracket, a short rest."""
    if following.bullet or len(following.text.split()) > MOST_WRAPPED_WORDS:
        return False
    cell = _first_cell(row)
    if row.full and _UNENDED.search(cell):
        return True
    if following.periods:
        return False
    if cell.endswith("-") and following.text[:1].islower():
        return True
    if cell.count("(") > cell.count(")") and ")" in following.text:
        return True
    if row.full and DEGREE.fullmatch(f"{cell} {following.text}"):
        return True
    if names_school(cell) and len(cell.split()) <= SHORT_SCHOOL and cell.split()[-1].istitle():
        return False
    if len(following.text.split()) > 2 or following.style != row.style or following.gap >= 0.6 or not row.line.page:
        return False
    return len(cell) >= LONG_CELL if "\t" in row.text else row.full


def _first_cell(row: Row) -> str:
    """The row's text without a date at its end."""
    last = row.periods[-1] if row.periods else None
    text = row.text[: last.position] if last and not row.text[last.stop :].strip(" )") else row.text
    return text.rstrip(" \t(")


def pieces_of_head(rows: Sequence[Row]) -> list[Piece]:
    """The pieces of a heading's rows, with what was wrapped made whole."""
    found: list[Piece] = []
    last_named = -1
    for number, row in enumerate(rows):
        pieces = list(pieces_of(row, number))
        bare = not pieces
        if found and pieces and last_named == number - 1 and wraps(rows[number - 1], row):
            last, rest = found[-1], pieces.pop(0)
            cut = last.text.endswith("-")
            found[-1] = last.with_text_of(rest, "" if cut else " ", int(cut))
        found += pieces
        last_named = last_named if bare else number
    return found
