"""What a row of an education section says: schools, a degree with its subject, dates, and what is none of these."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.resume.dates import Period
from services.ai.resume.degrees import Study, find_study
from services.ai.resume.entries import dated
from services.ai.resume.heads import Piece, at_commas, part, without_place
from services.ai.resume.hints import is_legal_form, names_school
from services.ai.resume.pieces import classify
from services.ai.resume.places import names_campus, names_town, place_score
from services.ai.resume.rows import Row

REMARK = re.compile(
    r"\(?(?:(?:overall|cumulative|major|cum\.?|current|final|in-major)?\s*(?:c?gpa|grade|note|abschlussnote|score|"
    r"percentage|average|marks?)\b.*|\d[.,]\d+\s*(?:/\s*\d.*|c?gpa.*)|.*\bgpa\b.*|magna.*|summa.*|cum laude.*|"
    r"(?:with )?honou?rs?\b.*|dean['’]s list.*"
    r"|.*distinction.*|first class.*|valedictorian.*|relevant coursework.*|coursework.*|courses?:.*|activities.*|"
    r"thesis.*|advisor.*|minor(?: in|:).*|expected.*|graduat(?:ed|ion)\b.*|grad\.?|class of.*|anticipated.*|"
    r"concentration.*|awards?:.*|scholarship.*"
    r"|mention (?:très |assez )?bien.*|schwerpunkt.*|abschluss:.*|thema.*|rank(?:ed)?\b.*|\d+(?:[.,]\d+)?\s*%.*|"
    r"completed|pursuing|in progress|present|track|major:.*|specialization.*|erasmus.*|de|to|till|from|-)\)?\s*",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"(?:college|school|department|faculty|institute|dept\.?|division|fakultät|facultad|faculté) (?:of|für|de) ",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r",\s*|\s+[–—-]\s+|\s+(?:at|from|an der|à|en la)\s+")
SUBJECT_LEAD = re.compile(
    r"(?:in|major(?:ing)?(?: in)?:?|field(?: of study)?:|subject:|(?:studien|fach)richtung:?|studiengang:?|"
    r"studium(?: der| des)?|specialization(?: in)?:?|im fach|domaine:|spécialité:?|especialidad:?)\s+(?=\S)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"[BMA][A-Z][A-Za-z]{0,3}(?=$|,)")
_NATION = re.compile(r"[A-Z][a-z]+(?:an|ish|ese|ch|ic)")
# From here on the classifier's word is taken.
LIKELY = 0.4


@dataclass(frozen=True, slots=True)
class RowSays:
    """What a row says."""

    schools: list[Piece]
    study: tuple[Piece, Study] | None
    period: Period | None
    rest: list[Piece]


def read_row(row: Row, pieces: Sequence[Piece]) -> RowSays:
    pieces, _ = without_place(_joined(pieces))
    schools: list[Piece] = []
    rest: list[Piece] = []
    study: tuple[Piece, Study] | None = None
    for piece in pieces:
        if REMARK.fullmatch(piece.text) and not names_school(piece.text) and find_study(piece.text) is None:
            continue
        if lead := SUBJECT_LEAD.match(piece.text):
            piece = part(piece, lead.end(), len(piece.text))
        found = find_study(piece.text)
        if found and study is None:
            study, others = _split(piece, found)
            for other in others:
                if names_school(other.text):
                    schools.append(_school_part(other, rest))
                else:
                    rest.append(other)
        elif names_school(piece.text):
            schools.append(_school_part(piece, rest))
        elif (
            piece.dashed
            and rest
            and rest[-1].row == piece.row
            and "\t" not in row.text[rest[-1].end - row.start : piece.start - row.start]
        ):
            rest[-1] = rest[-1].with_text_of(piece, " - ")
        else:
            rest.append(piece)
    return RowSays(schools, study, dated(row), rest)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """`Romanian - American University` is one name, a nation's adjective before the dash; `Bachelor of Science - BS` one degree."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if (
            before
            and piece.dashed
            and before.row == piece.row
            and (
                (_NATION.fullmatch(before.text) and names_school(piece.text))
                or (_ABBREVIATED.match(piece.text) and find_study(before.text))
            )
        ):
            found[-1] = before.with_text_of(piece, " - ")
        else:
            found.append(piece)
    return found


def _split(piece: Piece, study: Study) -> tuple[tuple[Piece, Study], list[Piece]]:
    """A piece with a degree → the degree with its subject, and the school before or after it."""
    begin, end = study.degree[0], max(study.degree[1], study.field[1])
    others = []
    before = part(piece, 0, begin)
    if before.text and any(c.isalpha() for c in before.text):
        others.append(before)
    subject = piece.text[study.field[0] : study.field[1]]
    if study.field[1] > study.field[0] and names_school(subject):
        study, school = _apart(piece, study)
        others.append(school)
    after = _without_remarks(part(piece, end, len(piece.text)))
    if any(c.isalpha() for c in after.text) and (names_school(after.text) or not REMARK.fullmatch(after.text)):
        others.append(after)
    return (piece, study), others


def _without_remarks(piece: Piece) -> Piece:
    """`summa cum laude, Grinnell College` → the college."""
    while names_school(piece.text) and (cut := next(at_commas(piece), None)):
        if names_school(cut[0].text) or not REMARK.fullmatch(cut[0].text):
            break
        piece = cut[1]
    return piece


def _apart(piece: Piece, study: Study) -> tuple[Study, Piece]:
    """`PhD Princeton University, Physics`, `B.Sc. Physics, University of X`: subject and school, whichever comes first."""
    begin, stop = study.field
    bounds = [begin, *(c for m in _BETWEEN.finditer(piece.text, begin, stop) for c in m.span()), stop]
    parts = list(zip(bounds[::2], bounds[1::2], strict=True))
    at = next(i for i, (a, b) in enumerate(parts) if names_school(piece.text[a:b]) or i + 1 == len(parts))
    last = at + 1 if at + 1 < len(parts) and names_school(piece.text[slice(*parts[at + 1])]) else at
    school = part(piece, parts[at][0], parts[last][1])
    if at:
        field_ = (begin, parts[at - 1][1])
    elif at + 1 < len(parts) and last == at and place_score(piece.text[parts[at + 1][0] : stop]) < 0.9:
        field_ = (parts[at + 1][0], stop)
    else:
        field_ = (study.degree[1], study.degree[1])
    return Study(study.degree, field_, study.level), school


def _school_part(piece: Piece, rest: list[Piece]) -> Piece:
    """The part of a piece that names the school; parts after commas that do not are left to others."""
    for before, after in at_commas(piece):
        one, other = names_school(before.text), names_school(after.text)
        if one and not other and not is_legal_form(after.text):
            if names_campus(before.text) and names_town(after.text):
                return piece
            if place_score(after.text) >= 0.3 or UNIT.match(before.text):
                sure = place_score(after.text) >= 0.9 and not names_campus(before.text)
                return before if sure else piece
            if len(after.text.split()) <= 2 and place_score(after.text) > 0 and classify(after.text).place >= LIKELY:
                return piece
            rest.append(after)
            return before
        if other and not one:
            rest.append(before)
            return _school_part(after, rest)
    return piece
