"""A section of jobs cut into entries: the rows of each heading, and the rows below it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.ai.resume.dates import Period
from services.ai.resume.heads import SURE_TITLE, at_commas, pieces_of, without_place, wraps
from services.ai.resume.hints import employer_score, reads_like_prose, small_words, title_score
from services.ai.resume.places import place_score
from services.ai.resume.rows import Row

# A heading has at most so many rows above its dates, and below.
ABOVE, BELOW = 3, 2
# What a place behind a name says for its being of a heading.
PLACED = 1.0
MOST_HEAD_LETTERS = 130
# Letters of a date's row besides the date.
MOST_DATED_LETTERS = 110
# Letters of a row below the dates that only its place says to be of a heading.
MOST_NAME_LETTERS = 60
SURE_PLACE = 0.9
# Points that the list below a heading is indented by at least.
INDENT = 4.0
_MARKS = re.compile(r"[\s,;|•·–—()\[\]:-]*")
_PARTING = "\t,;|•·–—()[]:-/"
_IN_SENTENCE = re.compile(r"\b(?:in|of|since|the|by|over)$", re.IGNORECASE)
# A place may stand behind a bulleted date; a period may stand loose between two names.
MOST_AFTER_BULLETED_DATE, MOST_LOOSE_LETTERS = 30, 80


@dataclass(frozen=True, slots=True)
class Entry:
    """`head` are the rows of the heading, `body` what stands below. `period` is the heading's, if it has one."""

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    period: Period | None

    @property
    def start(self) -> int:
        return (self.head or self.body)[0].start

    @property
    def end(self) -> int:
        return (self.body or self.head)[-1].end


def find_entries(rows: Sequence[Row]) -> list[Entry]:
    """Dated rows are what entries hang on; rows set like their headings begin entries without dates."""
    heads = [_is_head(rows, i) for i in range(len(rows))]
    anchors = _anchors(rows, heads)
    if not anchors:
        return _undated(rows, heads)
    starts = _starts(rows, heads, anchors, _usual_above(rows, heads, anchors))
    stops = [*starts[1:], len(rows)]
    bodies = [_body_begin(rows, heads, *cut) for cut in zip(starts, anchors, stops, strict=True)]
    usual = _usual_below(anchors, bodies)
    entries = []
    for start, anchor, body, stop in zip(starts, anchors, bodies, stops, strict=True):
        if body - anchor < usual and _is_set_as_usual(rows, heads, (start, anchor, anchor + usual, stop)):
            body = anchor + usual
        entries.append(_entry(rows, start, anchor, body, stop))
    return _cut_undated(entries)


def _usual_below(anchors: Sequence[int], bodies: Sequence[int]) -> int:
    """How far below their dates most headings of the section end; 0 where they differ."""
    below = Counter(body - anchor for anchor, body in zip(anchors, bodies, strict=True))
    usual, count = below.most_common(1)[0]
    return usual if 2 * count > len(anchors) else 0


def _is_set_as_usual(rows: Sequence[Row], heads: Sequence[bool], cut: tuple[int, int, int, int]) -> bool:
    """Whether a heading lacks a name, and rows that could name it stand where the other headings have theirs."""
    start, anchor, body, stop = cut
    below = range(anchor + 1, body)
    names = [p for row in rows[start : anchor + 1] for p in pieces_of(row, 0) if place_score(p.text) < SURE_PLACE]
    return body <= stop and len(names) <= 1 and all(_could_name(rows[i]) and heads[i] for i in below)


def _could_name(row: Row) -> bool:
    return not row.bullet and not dated(row) and len(row.text) <= MOST_NAME_LETTERS


def _entry(rows: Sequence[Row], start: int, anchor: int, body: int, stop: int) -> Entry:
    """Where the description begins beside the dates, its first line is no part of the heading."""
    row, period = rows[anchor], dated(rows[anchor])
    if (
        period
        and start < anchor
        and "\t" in row.text[: period.position]
        and reads_like_prose(row.text[: period.position].strip())
    ):
        text = row.text[: period.position].rstrip()
        line = replace(row, text=text, end=row.start + len(text), periods=(), full=True)
        return Entry(tuple(rows[start:anchor]), (line, *rows[anchor + 1 : stop]), period)
    return Entry(tuple(rows[start:body]), tuple(rows[body:stop]), period)


def dated(row: Row) -> Period | None:
    """The period that a row is about: at an edge of the row or of one of its parts, not in the middle of a sentence."""
    if not row.periods or len(row.text) - sum(p.stop - p.position for p in row.periods) > MOST_DATED_LETTERS:
        return None
    ranges = [p for p in row.periods if p.start or p.current]
    period = (ranges or list(row.periods))[-1]
    before, after = row.text[: period.position].rstrip(" ("), row.text[period.stop :].lstrip(" )")
    parted = not before or not after or before[-1] in _PARTING or after[0] in _PARTING
    tabbed = before.endswith(("\t", "|")) or after.startswith(("\t", "|"))
    rest = before + " " + after
    if row.bullet and (before or len(after) > MOST_AFTER_BULLETED_DATE):
        return None
    if not tabbed and (small_words(rest) >= 4 or reads_like_prose(rest.strip())):
        return None
    if period.start or period.current:
        return period if parted or len(rest) < MOST_LOOSE_LETTERS else None
    return period if parted and not _IN_SENTENCE.search(before) else None


def _is_head(rows: Sequence[Row], index: int) -> bool:
    """Whether a row could be of a heading: short, no bullet, no sentence, and no wrapped end of one."""
    row = rows[index]
    if row.line.heading:
        return True
    if row.bullet:
        return bool(dated(row)) or place_score(row.text) >= SURE_PLACE
    if len(row.text) > MOST_HEAD_LETTERS:
        return False
    before = rows[index - 1] if index else None
    if before and _goes_on(before, row):
        return False
    return bool(dated(row)) or not reads_like_prose(row.text)


def _goes_on(before: Row, row: Row) -> bool:
    """Whether a row is the wrapped end of a sentence."""
    near = before.line.page == row.line.page and before.full and row.gap < 0.6
    sentence = _prose(before) and not dated(before) and not row.periods
    return near and sentence and row.style == before.style and not row.line.bold


def _prose(row: Row) -> bool:
    return row.bullet or reads_like_prose(row.text) or len(row.text.split()) > 9


def _anchors(rows: Sequence[Row], heads: Sequence[bool]) -> list[int]:
    """Rows with the dates of entries: ranges, and single dates where they stand as the ranges do."""
    ranges = [i for i, row in enumerate(rows) if heads[i] and (p := dated(row)) and (p.start or p.current)]
    singles = [i for i, row in enumerate(rows) if heads[i] and i not in ranges and dated(row)]
    if not ranges:
        return singles
    alone = [i for i in singles if not any(abs(i - j) <= 1 for j in ranges) and _apart(rows, i)]
    return sorted(ranges + alone)


def _apart(rows: Sequence[Row], index: int) -> bool:
    """A single date is an entry's if it is at the row's end behind a tab, or alone, and no part of a list."""
    row = rows[index]
    period = dated(row)
    return (
        period is not None
        and not row.bullet
        and (
            "\t" in row.text or not _MARKS.sub("", row.text[: period.position]) or row.line.bold or row.line.heading > 0
        )
    )


def _usual_above(rows: Sequence[Row], heads: Sequence[bool], anchors: Sequence[int]) -> int:
    """How many heading rows stand above the dates: as in the first entry, before which nothing else stands."""
    first = anchors[0]
    count = 0
    while count < min(ABOVE, first) and heads[first - 1 - count]:
        count += 1
    return count


def _starts(rows: Sequence[Row], heads: Sequence[bool], anchors: Sequence[int], above: int) -> list[int]:
    styles = {rows[i].style for i in range(max(0, anchors[0] - above), anchors[0] + 1)}
    body = _body_styles(rows, heads)
    starts = [anchors[0] - above]
    above = max(_named(rows[anchors[0] - above : anchors[0]]), min(above, 1))
    for before, anchor in pairwise(anchors):
        start = anchor
        while start - 1 > before and _named(rows[start:anchor]) < above and heads[start - 1]:
            row = rows[start - 1]
            if row.line.page and row.style not in styles and row.style in body:
                break
            start -= 1
        starts.append(start)
    return starts


def _named(rows: Sequence[Row]) -> int:
    """Rows but for those that say only how long."""
    return sum(any(True for _ in pieces_of(row, 0)) for row in rows)


def _body_styles(rows: Sequence[Row], heads: Sequence[bool]) -> set[tuple[float, bool, bool]]:
    return {row.style for row, head in zip(rows, heads, strict=True) if not head}


def _body_begin(rows: Sequence[Row], heads: Sequence[bool], start: int, anchor: int, stop: int) -> int:
    """Where the heading ends: below the dates, rows still belong to it that name a place, or what it lacks yet."""
    end = anchor + 1
    while end < stop and end - anchor <= BELOW and not dated(rows[end]):
        row = rows[end]
        if (
            (heads[end] and place_score(row.text) >= SURE_PLACE)
            or wraps(rows[end - 1], row)
            or not any(True for _ in pieces_of(row, 0))
        ):
            end += 1
            continue
        indented = (
            end - 1 > anchor and row.line.page == rows[end - 1].line.page and row.left > rows[end - 1].left + INDENT
        )
        if not heads[end] or row.bullet or indented or not _lacks(rows[start:end], row, rows[end - 1]):
            break
        end += 1
    return end


def _lacks(head: Sequence[Row], row: Row, before: Row) -> bool:
    """Whether a heading has but one name yet and the row would be the other."""
    names = [p for r in head for p in pieces_of(r, 0) if place_score(p.text) < SURE_PLACE]
    if row.line.page and before.line.page == row.line.page and row.gap > max(0.9, before.gap + 0.6):
        return False
    if len(row.text.split()) > 12 or (row.full and len(row.text.split()) > 9):
        return False
    title, employer = _scores(row)
    if not names:
        return max(title, employer) > -1
    if len(names) == 1 and any(
        title_score(a.text) >= SURE_TITLE and b.text[:1].isupper() for a, b in at_commas(names[0])
    ):
        return False
    if len(names) == 1:
        known_title = title_score(names[0].text) > employer_score(names[0].text)
        return employer > 0.5 if known_title else title > 0.5
    return title >= 2 and all(title_score(name.text) < 1 for name in names)


def _scores(row: Row) -> tuple[float, float]:
    """How much a row looks like a title, and like an employer; a place behind it is a sign of both."""
    pieces, place = without_place(list(pieces_of(row, 0)))
    if place is None or len(pieces) != 1:
        return title_score(row.text), employer_score(row.text)
    name = pieces[0].text
    return title_score(name) + PLACED, employer_score(name) + PLACED


def _undated(rows: Sequence[Row], heads: Sequence[bool]) -> list[Entry]:
    """Entries of a section without any date: each run of heading rows that names a job begins one."""
    starts = [
        i for i, head in enumerate(heads) if head and (i == 0 or not heads[i - 1]) and _names_job(rows[i : i + 2])
    ]
    if not starts or len(rows) < 2:
        return []
    entries = []
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(rows)
        end = start + 1
        while end < stop and heads[end] and end - start < 2:
            end += 1
        entries.append(Entry(tuple(rows[start:end]), tuple(rows[end:stop]), None))
    return entries


def _names_job(rows: Sequence[Row]) -> bool:
    return any(title_score(piece.text) >= 2 for row in rows for piece in pieces_of(row, 0))


def _begins_undated(first: Row, body: Sequence[Row], index: int) -> bool:
    row = body[index]
    larger = row.line.bold or row.style[0] > body[0].style[0] + 0.5
    alike = first.line.page > 0 and row.style == first.style and row.style != body[0].style
    return larger and alike and not row.bullet and _names_job(body[index : index + 2])


def _cut_undated(entries: Sequence[Entry]) -> list[Entry]:
    """Below bullets, a row set like the heading's first that names a job begins an entry without dates."""
    found: list[Entry] = []
    for entry in entries:
        first = entry.head[0] if entry.head else None
        cuts = [i for i in range(1, len(entry.body)) if first and _begins_undated(first, entry.body, i)]
        stops = [*cuts, len(entry.body)]
        found.append(Entry(entry.head, entry.body[: stops[0]], entry.period))
        for start, stop in zip(cuts, stops[1:], strict=True):
            end = start + 1
            if end < stop and not entry.body[end].bullet and not reads_like_prose(entry.body[end].text):
                end += 1
            found.append(Entry(entry.body[start:end], entry.body[end:stop], None))
    return found
