"""Jobs that are told in sentences: `Worked as a site engineer in Acme Ltd, Pune from 2014 to 2018.`"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ai.resume.dates import Period, find_periods
from services.ai.resume.entries import dated
from services.ai.resume.heads import Piece, part
from services.ai.resume.hints import employer_score, title_score
from services.ai.resume.rows import Row

_BEGINS = re.compile(
    r"(?:(?:presently|currently|at present|previously|earlier|also|i am|i|have|has|been)[\s,]+)*(?:working|worked|employed|served|serving)"
    r"[\s,]+(?=(?:as|in|at|with|for)\b)",
    re.IGNORECASE,
)
_TITLE_FIRST = re.compile(
    r"as\s+(?:(?:an?|the)\s+)?(?P<title>.{3,60}?)\s+(?:in|at|with|for|of)\s+(?:the\s+)?"
    r"(?P<employer>.{2,90}?)(?:,? (?:which|where|that)\b.*)?",
    re.IGNORECASE,
)
_EMPLOYER_FIRST = re.compile(
    r"(?:in|at|with|for)\s+(?:the\s+)?(?P<employer>.{2,90}?),?\s+as\s+(?:(?:an?|the)\s+)?(?P<title>.{3,60})",
    re.IGNORECASE,
)
# Words before a period, and what may be left of a sentence after it.
_BEFORE_PERIOD = re.compile(
    r"[\s,.;(]*(?:(?:from|since|during|for the period|w\.?e\.?f\.?|for)\s*)?(?:from\s*)?$", re.IGNORECASE
)
_CUT = re.compile(r"\s*(?:to|till|until|-|–)(?:\s+\w{1,6})?\s*$", re.IGNORECASE)
# A sentence goes over so many rows at most.
MOST_ROWS = 3
LEAST_TITLE = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """A job that rows `first` to `last` (exclusive) tell."""

    title: Piece
    employer: Piece
    period: Period
    first: int
    last: int


def find_told(rows: Sequence[Row]) -> list[Told]:
    """The jobs of a section whose dates stand in such sentences; none of a section with as many other dates."""
    told = list(_told(rows))
    inside = {index for job in told for index in range(job.first, job.last)}
    others = sum(dated(row) is not None for index, row in enumerate(rows) if index not in inside)
    return told if len(told) > others else []


def _told(rows: Sequence[Row]) -> Iterator[Told]:
    index = 0
    while index < len(rows):
        begins = _BEGINS.match(rows[index].text)
        job = _shortest(rows, index, begins.end()) if begins else None
        if job:
            yield job
        index = job.last if job else index + 1


def _shortest(rows: Sequence[Row], first: int, begin: int) -> Told | None:
    """What a sentence tells that begins in a row, taken as short as it tells a job."""
    lasts = range(first + 1, _stop(rows, first) + 1)
    return next((job for last in lasts if (job := _read(rows, first, last, begin))), None)


def _stop(rows: Sequence[Row], first: int) -> int:
    """Up to where a sentence that begins in a row may go on."""
    last = first + 1
    while last < min(len(rows), first + MOST_ROWS) and not rows[last].bullet and not _BEGINS.match(rows[last].text):
        last += 1
    return last


def _read(rows: Sequence[Row], first: int, last: int, begin: int) -> Told | None:
    whole = _joined(rows[first:last])
    period = next(find_periods(whole.text), None)
    if period is None or (last < len(rows) and _is_cut(whole.text, period)):
        return None
    before = _BEFORE_PERIOD.search(whole.text, 0, period.position)
    named = part(whole, begin, before.start() if before else period.position)
    rest = part(whole, period.stop, len(whole.text))
    if named.text and rest.text.lower().startswith("as "):
        named = Piece(f"{named.text} {rest.text}", (*named.places, rest.places[0], *rest.places), named.row)
    for pattern in (_TITLE_FIRST, _EMPLOYER_FIRST):
        match = pattern.fullmatch(named.text.rstrip(" .,"))
        if match and title_score(match["title"]) >= LEAST_TITLE and employer_score(match["employer"]) > -1:
            return Told(part(named, *match.span("title")), part(named, *match.span("employer")), period, first, last)
    return None


def _is_cut(text: str, period: Period) -> bool:
    """`from July 2016 to 15th` at a row's end goes on in the next."""
    return not (period.start and period.end) and _CUT.match(text, period.stop) is not None


def _joined(rows: Sequence[Row]) -> Piece:
    text = ""
    places: tuple[int, ...] = ()
    for row in rows:
        own = tuple(range(row.start, row.end))
        text, places = (f"{text} {row.text}", (*places, own[0], *own)) if text else (row.text, own)
    return Piece(text, places, 0)
