"""A section of education → courses of study: where, which degree, in what, when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from services.ai.credentials import EducationLevel
from services.ai.documents import Document
from services.ai.months import YearMonth
from services.ai.resume.cells import with_cells
from services.ai.resume.dates import Period
from services.ai.resume.degrees import Study, find_study
from services.ai.resume.entries import dated
from services.ai.resume.heads import (
    Piece,
    part,
    pieces_of,
    pieces_of_head,
    town_at_end,
    value_of,
    without_place,
    wraps,
)
from services.ai.resume.hints import names_school
from services.ai.resume.pieces import classify
from services.ai.resume.places import names_campus, place_score
from services.ai.resume.records import Education, Value
from services.ai.resume.rows import Row
from services.ai.resume.studies import LIKELY, REMARK, SUBJECT_LEAD, UNIT, RowSays, read_row

_COURSES = re.compile(
    r"(?:relevant |selected |incoming |key )?(?:coursework|courses|subjects|modules|activities|thesis|advisor|gpa|"
    r"honou?rs|minor|awards|schwerpunkte?|abschlussarbeit)\b\s*(?:include\w*)?\s*[:–-]",
    re.IGNORECASE,
)
_DEGREE_LABEL = re.compile(r",?\s*(?:abschluss|degree|diplôme|título)$", re.IGNORECASE)
_HEADINGS = (
    r"(?:name of (?:the )?)?(?:qualifications?|degree|course|examination|exam|institut(?:e|ion)|school|college|board|"
    r"university|period|year(?: of passing)?|dates?|results?|grade|score|percentage|marks|cgpa|gpa|subjects?|place|class|%(?: of marks)?)"
)
_TABLE_HEAD = re.compile(
    rf"(?:s\.? ?no\.?\t)?{_HEADINGS}(?:\s*/\s*{_HEADINGS})?(?:\t{_HEADINGS}(?:\s*/\s*{_HEADINGS})?){{1,6}}",
    re.IGNORECASE,
)
_DETAIL_WORDS = 14
MOST_SUBJECT_WORDS = 9
# White above the first row of an entry, in heights of the row.
MORE_WHITE = 0.25
_PROGRAMME = re.compile(
    r"\b(?:program(?:me)?|bootcamp|immersive|course|training|certificate|nanodegree|track|lehrgang|kurs|curso)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Draft:
    """An entry in the making. `rest` are pieces that are none of the known."""

    rows: list[Row] = field(default_factory=list)
    schools: list[Piece] = field(default_factory=list)
    study: tuple[Piece, Study] | None = None
    period: Period | None = None
    rest: list[Piece] = field(default_factory=list)
    details: int = 0
    inherited: bool = False

    @property
    def empty(self) -> bool:
        return not (self.schools or self.study or self.rest)


def find_educations(document: Document, rows: Sequence[Row]) -> Iterator[Education]:
    """Every course of study of a section, in the order of the document."""
    cells = with_cells(rows)
    placed = any(without_place(list(pieces_of(row, 0)))[1] for row in cells)
    for draft in _drafts(cells):
        draft.schools = [_without_town(school, placed) for school in draft.schools]
        made = _education(document, draft)
        if made is not None:
            yield made


def _without_town(school: Piece, placed: bool) -> Piece:
    """The school without the town after it: one that is in its name, or any where others of the section name theirs."""
    cut = town_at_end(school)
    if cut is None or names_school(cut[1].text) or not names_school(cut[0].text) or names_campus(cut[0].text):
        return school
    return cut[0] if placed or cut[1].text in cut[0].text else school


def _drafts(rows: Sequence[Row]) -> list[_Draft]:
    """A row that says again what the entry already has begins the next entry."""
    drafts: list[_Draft] = [_Draft()]
    bulleted = not any(_names_study(row) for row in rows if not row.bullet)
    skipped = -1
    for index, row in enumerate(rows):
        draft = drafts[-1]
        if _TABLE_HEAD.fullmatch(row.text):
            continue
        if index <= skipped:
            draft.rows.append(row)
            continue
        if _is_detail(rows, index, bulleted):
            draft.details += 1
            draft.rows.append(row)
            continue
        skipped = _last_of(rows, index)
        said = read_row(row, _numbered(pieces_of_head(rows[index : skipped + 1]), index))
        if said.period is None and skipped > index:
            said = replace(said, period=dated(rows[skipped]))
        if _begins(draft, said, row, rows[index - 1] if index else None):
            fresh = _Draft()
            if said.study and not said.schools and draft.schools and _same_school(draft, drafts):
                fresh.schools, fresh.inherited = list(draft.schools), True
            if not draft.empty:
                drafts.append(fresh)
            draft = drafts[-1]
        _add(draft, said, row)
    return [d for d in drafts if d.rows]


def _last_of(rows: Sequence[Row], index: int) -> int:
    """The last row that a row goes on in."""
    while index + 1 < len(rows) and wraps(rows[index], rows[index + 1]):
        index += 1
    return index


def _names_study(row: Row) -> bool:
    return names_school(row.text) or find_study(row.text) is not None


def _names_both(row: Row) -> bool:
    """A degree at the row's begin and its school behind a bar or a tab."""
    study = find_study(row.text)
    return study is not None and not study.degree[0] and names_school(row.text) and any(c in row.text for c in "|\t")


def _numbered(pieces: Sequence[Piece], number: int) -> list[Piece]:
    return [replace(piece, row=number) for piece in pieces]


def _is_detail(rows: Sequence[Row], index: int, bulleted: bool) -> bool:
    """Courses, grades, theses. Bullets are entries only where no other row names a school or a degree."""
    row = rows[index]
    if _COURSES.match(row.text):
        return True
    if row.bullet and not (dated(row) and not any(True for _ in pieces_of(row, 0))):
        unlike = not _names_study(row) or len(row.text.split()) > _DETAIL_WORDS
        return not bulleted or unlike or bool(REMARK.fullmatch(row.text))
    before = rows[index - 1] if index else None
    goes_on = before is not None and before.full and before.line.page == row.line.page and row.gap < 0.5
    if goes_on and before and (before.bullet or _COURSES.match(before.text)) and not row.periods:
        return True
    return len(row.text.split()) > _DETAIL_WORDS and not dated(row) and not _names_both(row)


def _begins(draft: _Draft, said: RowSays, row: Row, before: Row | None) -> bool:
    if draft.empty:
        return False
    if said.schools and draft.schools:
        return not UNIT.match(said.schools[0].text) or bool(draft.details)
    if said.study and draft.study:
        return True
    if draft.details and not row.bullet and (said.schools or said.study or (said.period and said.rest)):
        return True
    if said.period and draft.period and (said.schools or said.study or said.rest):
        return True
    if said.rest and draft.schools and draft.study and _set_as_first(draft, row):
        return True
    gap = before is not None and row.gap > 0.6 and row.gap > before.gap + 0.25
    return (
        bool(said.schools or said.study)
        and gap
        and bool(draft.schools)
        and bool(draft.study)
        and draft.period is not None
    )


def _set_as_first(draft: _Draft, row: Row) -> bool:
    """Whether a row is set like the first of the entry before, and unlike the rest of it."""
    first, rest = draft.rows[0], draft.rows[1:]
    return (
        bool(rest) and row.style == first.style and all(r.style != first.style for r in rest) and row.gap > MORE_WHITE
    )


def _same_school(draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """Whether a second degree stands under the same school: schools come first in this section."""
    if draft.details:
        return False
    first = drafts[0]
    if not first.schools or first.study is None:
        return bool(first.schools)
    return first.schools[0].start < first.study[0].start


def _add(draft: _Draft, said: RowSays, row: Row) -> None:
    draft.rows.append(row)
    if not (draft.inherited and draft.schools):
        draft.schools += said.schools
    draft.study = draft.study or said.study
    if said.period and (draft.period is None or (draft.period.start is None and said.period.start is not None)):
        draft.period = said.period
    if not draft.details:
        draft.rest += said.rest


def _education(document: Document, draft: _Draft) -> Education | None:
    rest = [p for p in draft.rest if place_score(p.text) < 0.9 and not REMARK.fullmatch(p.text)]
    school, subject, sure = draft.schools[0] if draft.schools else None, None, 0.96
    degree = part(draft.study[0], *draft.study[1].degree) if draft.study else None
    if draft.study and draft.study[1].field[1] > draft.study[1].field[0]:
        subject = part(draft.study[0], *draft.study[1].field)
    if school is None and rest and (degree or draft.period):
        school, sure = rest.pop(_likely_school(rest, draft)), 0.7
    if subject is None and rest and school is not None:
        rest = [part(p, 0, at.start()) if (at := _DEGREE_LABEL.search(p.text)) else p for p in rest]
        named = [part(p, lead.end(), len(p.text)) if (lead := SUBJECT_LEAD.match(p.text)) else p for p in rest]
        near = [p for p in named if len(p.text.split()) <= MOST_SUBJECT_WORDS and p.text[:1].isupper()]
        near = [p for p in near if not (_leaves_school(draft) and _is_town(p.text))]
        subject = near[0] if near else None
    if school is None and subject and not rest and _is_school(subject.text):
        school, subject, sure = subject, None, 0.7
    if subject and (again := find_study(subject.text)) and again.field[1] > again.field[0]:
        subject = part(subject, *again.field)
    if school is None and degree is None:
        return None
    start, end = _years(draft.period)
    level = draft.study[1].level if draft.study else EducationLevel.UNKNOWN
    return Education(
        _value(document, school, sure),
        _value(document, degree, 0.96),
        level,
        document.span(draft.rows[0].start, draft.rows[-1].end),
        _value(document, subject, 0.94),
        start,
        end,
    )


def _leaves_school(draft: _Draft) -> bool:
    """A certificate of secondary education has no subject that stands apart from it."""
    return (
        draft.study is not None and draft.study[1].level is EducationLevel.SECONDARY and "(" not in draft.study[0].text
    )


def _is_town(text: str) -> bool:
    likely = classify(text)
    return likely.place > likely.field_of_study


def _is_school(text: str) -> bool:
    """Whether the classifier takes a name without a word for a school for one."""
    likely = classify(text)
    return likely.school + likely.employer > max(LIKELY, likely.field_of_study)


def _likely_school(rest: Sequence[Piece], draft: _Draft) -> int:
    """Of pieces that are no known school: one on another row than the degree, the boldest, the first."""
    row = draft.study[0].row if draft.study else -1
    return max(
        range(len(rest)), key=lambda i: (not _PROGRAMME.search(rest[i].text), rest[i].row != row, rest[i].bold, -i)
    )


def _years(period: Period | None) -> tuple[YearMonth | None, YearMonth | None]:
    return (period.start, None if period.current else period.end) if period else (None, None)


def _value(document: Document, piece: Piece | None, confidence: float) -> Value | None:
    return value_of(document, piece, confidence) if piece and piece.text else None
