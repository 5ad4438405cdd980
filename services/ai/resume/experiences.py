"""Entries of a section of jobs → who employed whom as what, where and when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.ai.documents import Document
from services.ai.months import YearMonth
from services.ai.resume.entries import SURE_PLACE, Entry, find_entries
from services.ai.resume.heads import (
    Piece,
    at_commas,
    part,
    pieces_of,
    pieces_of_head,
    place_at_end,
    sure_town_at_end,
    town_at_end,
    value_of,
    without_place,
)
from services.ai.resume.hints import employer_score, ends_in_title, names_organization, reads_like_prose, title_score
from services.ai.resume.places import names_town, place_score
from services.ai.resume.records import Experience, Value
from services.ai.resume.rows import Row, items_of
from services.ai.resume.sentences import Told, find_told

# One heading's say in a section's order, the share of all headings' balance that counts for each, and the most it counts.
MOST_SAID, ORDER_SHARE, MOST_ORDER = 4.0, 0.25, 2.5
# Below this a lone piece is neither title nor employer.
LEAST_SCORE = -1.5
# What a label in front is worth: `Company: …`.
LABELLED = 6.0
# From here on words alone settle what a piece is.
SURE = 2.0
# Under a banner, a part of a role must say more than that to be another employer.
SURE_EMPLOYER = 2.5
# How sure what sentences tell is.
TOLD = 0.85
# What a missing mark between title and employer says against them.
UNPARTED = 1.5
_BLANK = re.compile(r"\s+")
# What stands above a list of tasks and is none.
_LABEL = re.compile(
    r"(?:(?:key |main |job |roles? (?:and|&) )?(?:responsibilities|duties|tasks|achievements|accomplishments)|"
    r"job description|aufgaben|tätigkeiten|missions|funciones|tareas)\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Naming:
    """One way to read a heading. `title_first` is None where only one of the two stands there."""

    title: Piece | None
    employer: Piece | None
    score: float
    title_first: bool | None = None


@dataclass(frozen=True, slots=True)
class _Banner:
    """An employer above roles of its own, where it is, and its size, weight and capitals if they are known."""

    employer: Value
    place: Piece | None
    setting: tuple[float, bool, bool] | None


def find_experiences(document: Document, rows: Sequence[Row]) -> Iterator[Experience]:
    """Every job of a section, in the order of the document. Where there are none but dated bullets, those are the jobs."""
    if told := find_told(rows):
        yield from _told(document, rows, told)
        return
    found = list(_found(document, rows))
    if not found and any(row.bullet and any(p.start for p in row.periods) for row in rows):
        found = list(_found(document, [replace(row, bullet=False) for row in rows]))
    yield from found


def _found(document: Document, rows: Sequence[Row]) -> Iterator[Experience]:
    rows = [part for index in range(len(rows)) for part in _without_place_beside(rows, index)]
    entries = _merged([_with_bulleted_name(e) for e in find_entries(rows)])
    parted = [without_place(pieces_of_head(e.head)) for e in entries]
    order = _usual_order([pieces for pieces, _ in parted])
    banner: _Banner | None = None
    usual = _usually_placed(parted)
    for entry, (pieces, place) in zip(entries, parted, strict=True):
        if place is None and (town := _town_by_dates(entry, pieces)):
            pieces, place = [piece for piece in pieces if piece is not town], town
        naming = _best(pieces, order)
        if naming.employer is None and place and (cut := place_at_end(place)):
            # "Fabrikam, India": no town we know, so rather who than where.
            pieces, place = [*pieces, cut[0]], cut[1]
            naming = _best(pieces, order)
        if banner and len(entry.head) == len(pieces) == 1 and _is_whole_title(entry, pieces[0], naming, banner):
            naming = Naming(pieces[0], None, naming.score)
        if place is None and naming.employer and (cut := _town_of(naming.employer, usual)):
            naming, place = replace(naming, employer=cut[0]), cut[1]
        title = value_of(document, naming.title, _confidence(naming, True)) if naming.title else None
        employer = value_of(document, naming.employer, _confidence(naming, False)) if naming.employer else None
        if employer is None and banner is not None and title is not None:
            employer, place = banner.employer, place or banner.place
        elif employer is not None and naming.employer is not None:
            alone = naming.title is None or naming.title.row != naming.employer.row
            banner = _Banner(employer, place, _setting(entry, naming.employer)) if alone else None
        if title is None and employer is not None and _is_group(entry, entries):
            continue
        if title or employer:
            yield _experience(document, entry, title, employer, value_of(document, place, 0.96) if place else None)


def _told(document: Document, rows: Sequence[Row], told: Sequence[Told]) -> Iterator[Experience]:
    """Jobs of sentences; rows up to the next are their descriptions."""
    stops = [*(job.first for job in told[1:]), len(rows)]
    for job, stop in zip(told, stops, strict=True):
        employer, place = place_at_end(job.employer) or sure_town_at_end(job.employer) or (job.employer, None)
        entry = Entry(tuple(rows[job.first : job.last]), tuple(rows[job.last : stop]), job.period)
        values = [value_of(document, piece, TOLD) if piece else None for piece in (job.title, employer, place)]
        yield _experience(document, entry, *values)


def _town_of(employer: Piece, usual: bool) -> tuple[Piece, Piece] | None:
    return town_at_end(employer) if usual else sure_town_at_end(employer)


def _usually_placed(parted: Sequence[tuple[list[Piece], Piece | None]]) -> bool:
    """Whether jobs of this section name their places: most do, or one does and all others could."""
    placed = sum(place is not None for _, place in parted)
    could = all(place or any(town_at_end(piece) for piece in pieces) for pieces, place in parted)
    return len(parted) > 1 and (2 * placed >= len(parted) or (placed > 0 and could))


def _experience(
    document: Document, entry: Entry, title: Value | None, employer: Value | None, place: Value | None
) -> Experience:
    start, end, current = _months(entry)
    bullets = tuple(items_of(document, [row for row in entry.body if not _LABEL.fullmatch(row.text)]))
    span = document.span(entry.start, entry.end)
    return Experience(title, employer, start, end, current, bullets, (), span, place)


def _town_by_dates(entry: Entry, pieces: Sequence[Piece]) -> Piece | None:
    """A town that is all that stands beside the dates of its row, where other pieces name the job."""
    for piece in pieces:
        row = entry.head[piece.row]
        if names_town(piece.text) and row.periods and len(list(pieces_of(row, 0))) == 1:
            named = [other for other in pieces if other is not piece]
            return piece if len(named) > 1 or any(True for other in named for _ in _unparted(other)) else None
    return None


def _without_place_beside(rows: Sequence[Row], index: int) -> Iterator[Row]:
    """`Lyon, France`, in the column of the dates and below them, stands beside the first line of the description."""
    row, before = rows[index], rows[index - 1] if index else None
    tab = row.text.find("\t")
    begins_dated = before is not None and any(p.position == 0 for p in before.periods) and "\t" in before.text
    if tab < 0 or not begins_dated or row.periods or place_score(row.text[:tab]) < SURE_PLACE:
        yield row
        return
    rest = row.text[tab:].lstrip()
    yield replace(row, text=row.text[:tab].rstrip(), end=row.start + tab, gap=1.0)
    yield replace(row, text=rest, start=row.end - len(rest), gap=1.0)


def _setting(entry: Entry, piece: Piece) -> tuple[float, bool, bool] | None:
    """Size, bold, capitals of a piece; None without a layout."""
    row = entry.head[piece.row]
    return (row.style[0], row.style[1], piece.text.isupper()) if row.line.page else None


def _is_whole_title(entry: Entry, piece: Piece, naming: Naming, banner: _Banner) -> bool:
    """Under an employer's banner, `Senior Engineer, Payments Core` names no other employer; nor does what is set unlike the banner."""
    unlike = banner.setting is not None and _setting(entry, piece) != banner.setting
    return title_score(piece.text) >= SURE and (
        unlike or naming.employer is None or employer_score(naming.employer.text) < SURE_EMPLOYER
    )


def _months(entry: Entry) -> tuple[YearMonth | None, YearMonth | None, bool]:
    """A single date is when a job both began and ended."""
    period = entry.period
    if period is None:
        return None, None, False
    if period.current:
        return period.start, None, period.start is not None
    start = period.start
    if start is None and period.end is not None:
        start = period.first
    return start, period.end, False


def _is_group(entry: Entry, entries: Sequence[Entry]) -> bool:
    """An employer's heading above several roles: nothing below it but the next role."""
    return not entry.body and entry is not entries[-1]


def _merged(entries: list[Entry]) -> list[Entry]:
    """An entry without a heading's words is no entry: what stands below it belongs to the one before."""
    found: list[Entry] = []
    for entry in entries:
        words = [p for row in entry.head for p in pieces_of(row, 0)]
        if found and not words and not entry.body and entry.period and found[-1].period is None:
            found[-1] = Entry((*found[-1].head, *entry.head), found[-1].body, entry.period)
        else:
            found.append(entry)
    return found


def _with_bulleted_name(entry: Entry) -> Entry:
    """Dates alone as a heading, and the job as the first bullet below them."""
    named = any(True for row in entry.head for _ in pieces_of(row, 0))
    if named or not entry.body or reads_like_prose(entry.body[0].text) or title_score(entry.body[0].text) < 1:
        return entry
    return Entry((*entry.head, entry.body[0]), entry.body[1:], entry.period)


def _usual_order(headings: Sequence[Sequence[Piece]]) -> float:
    """How much the words of all headings of a section say for titles before employers; below 0 for employers first."""
    balance = 0.0
    for pieces in headings:
        ways = list(_namings(pieces))
        first = max((w.score for w in ways if w.title_first is True), default=None)
        last = max((w.score for w in ways if w.title_first is False), default=None)
        if first is not None and last is not None:
            balance += max(-MOST_SAID, min(MOST_SAID, first - last))
    return max(-MOST_ORDER, min(MOST_ORDER, ORDER_SHARE * balance))


def _best(pieces: Sequence[Piece], order: float) -> Naming:
    def worth(way: Naming) -> float:
        return way.score + (0.0 if way.title_first is None else order if way.title_first else -order)

    return max(_namings(pieces), key=worth, default=Naming(None, None, 0.0))


def _namings(pieces: Sequence[Piece]) -> Iterator[Naming]:
    """Every way to call one piece the title and another the employer; a lone piece may hold both, parted by a comma."""
    named = _joined(pieces)
    if len(named) == 1:
        yield from _of_one(named[0])
        return
    for i, one in enumerate(named):
        for j, other in enumerate(named):
            if i != j:
                score = title_score(one.text) + employer_score(other.text) - 0.5 * (i + j)
                score += LABELLED * ((one.label == "title") + (other.label == "employer"))
                yield Naming(one, other, score, i < j)


def _of_one(piece: Piece) -> Iterator[Naming]:
    title = title_score(piece.text) + LABELLED * (piece.label == "title")
    employer = employer_score(piece.text) + LABELLED * (piece.label == "employer")
    if max(title, employer) > LEAST_SCORE:
        yield Naming(piece, None, title) if title > employer else Naming(None, piece, employer)
    for before, after in _unparted(piece):
        yield Naming(before, after, title_score(before.text) + employer_score(after.text) - UNPARTED, True)
    for before, after in at_commas(piece):
        yield Naming(before, after, title_score(before.text) + employer_score(after.text) - 0.2, True)
        yield Naming(after, before, title_score(after.text) + employer_score(before.text) - 0.2, False)


def _unparted(piece: Piece) -> Iterator[tuple[Piece, Piece]]:
    """`SYSTEM ENGINEER BRIGHTWAVE LTD`: a title that ends in its noun, and a name that is sure to be an employer's."""
    for blank in _BLANK.finditer(piece.text):
        before, after = part(piece, 0, blank.start()), part(piece, blank.end(), len(piece.text))
        if not ends_in_title(before.text) or not after.text[:1].isupper() or not names_organization(after.text):
            continue
        if title_score(after.text) < 0 and employer_score(after.text) >= SURE_EMPLOYER:
            yield before, after


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """`State University – IT Service Desk` on a row of its own is one name, when other rows name the title."""
    found: list[Piece] = []
    rows = {p.row for p in pieces}
    for piece in pieces:
        before = found[-1] if found else None
        if (
            before
            and piece.dashed
            and before.row == piece.row
            and len(rows) > 1
            and title_score(piece.text) < 1.5
            and title_score(before.text) < 1.5
        ):
            found[-1] = before.with_text_of(piece, " – ")
        else:
            found.append(piece)
    return found


def _confidence(naming: Naming, title: bool) -> float:
    piece = naming.title if title else naming.employer
    own = title_score(piece.text) if title and piece else employer_score(piece.text) if piece else 0.0
    return 0.98 if own >= SURE else 0.95 if own >= 1 else 0.85
