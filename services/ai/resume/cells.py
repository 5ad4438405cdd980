"""A degree in a narrow cell, wrapped beside its school.

Readers go across it: `Bach- Massachusetts Institute…`, `elor`, `of Sci-`, `ence`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from services.ai.resume.dates import find_periods
from services.ai.resume.degrees import DEGREE
from services.ai.resume.rows import Row

# A wrapped cell's lines have no more letters, and there are no more of them.
MOST_LETTERS, MOST_LINES = 15, 7
# Lines of a cell begin at one place, in points or a share of what stands beside.
LEFT_SLACK = 0.02
# How like a degree misread letters are at least, and the degrees.
ALIKE = 0.88
_WRITTEN = (
    "bachelor of science", "bachelor of arts", "bachelor of engineering", "bachelor of technology", "bachelor",
    "master of science", "master of arts", "master of engineering", "master of business administration", "master",
    "high school", "high school diploma", "primary school", "secondary school", "doctor of philosophy", "associate degree",
)  # fmt: skip
_BEGINS = re.compile(r"(?<=\s)\S|(?<=[a-zà-ÿ.])(?=[A-ZÀ-Þ])|(?<=-)(?=[A-ZÀ-Þ])")


def with_cells(rows: Sequence[Row]) -> list[Row]:
    """The rows, each cell's lines before what stands beside them."""
    found: list[Row] = []
    index = 0
    while index < len(rows):
        cut = next(_cuts(rows, index, _narrow(rows, index)), None)
        if cut is None:
            found.append(rows[index])
            index += 1
            continue
        last = max(cut.below, default=index)
        below = [_halves(rows[i]) for i in cut.below]
        bold = below[0][0].line.bold if below else rows[index].line.bold
        cell = [_part(rows[index], 0, cut.at, bold), *(left for left, _ in below)]
        if cut.meant:
            cell = [replace(cell[0], text=cut.meant)]
        # White above, so that nobody takes the cell for the end of the row before; none within it.
        found += [replace(row, full=row is not cell[-1], gap=0.0 if row is not cell[0] else 1.0) for row in cell]
        found += [_part(rows[index], cut.at, len(rows[index].text), rows[index].line.bold)]
        beside = {i: right for i, (_, right) in zip(cut.below, below, strict=True)}
        found += [row for i in range(index + 1, last + 1) if (row := beside.get(i, rows[i])) is not None]
        index = last + 1
    return found


@dataclass(frozen=True, slots=True)
class _Cut:
    """A row is cut at a character; rows `below` are the rest of its cell. `meant` is what a misread cell said."""

    at: int
    below: tuple[int, ...]
    meant: str = ""


def _narrow(rows: Sequence[Row], index: int) -> list[int]:
    """Rows below that could be the rest of a cell; in a picture what stands beside it may be read between them."""
    row, found = rows[index], list[int]()
    slack = max(2.0, LEFT_SLACK * (row.line.box[2] - row.line.box[0]))
    for i in range(index + 1, min(len(rows), index + 1 + MOST_LINES)):
        below = rows[i]
        left = below.text.split("\t")[0]
        if not below.sized and below.left > row.left + 2 * slack and not below.bullet and not below.periods:
            continue
        if below.bullet or below.periods or len(left) > MOST_LETTERS or abs(below.left - row.left) > slack:
            break
        found.append(i)
    return found


def _cuts(rows: Sequence[Row], index: int, narrow: Sequence[int]) -> Iterator[_Cut]:
    """Where a row could be cut so that what is left of it, with the rows below, is a degree and nothing else."""
    row = rows[index]
    if row.bullet or not row.line.page:
        return
    for count in range(len(narrow), -1, -1):
        rest = [rows[i].text.split("\t")[0] for i in narrow[:count]]
        for mark in _BEGINS.finditer(row.text[: 2 * MOST_LETTERS + 10]):
            glued = mark.end() == mark.start()
            # `Bachelor of Engineering in Information`: a degree that goes on past the cut is no cell.
            if (whole := DEGREE.match(row.text)) and whole.end() > mark.start() and not glued:
                continue
            text = joined([row.text[: mark.start()].strip(), *rest])
            if (count or glued) and DEGREE.fullmatch(text):
                yield _Cut(mark.start(), tuple(narrow[:count]))
            elif count and not row.sized and (meant := _meant(text)):
                yield _Cut(mark.start(), tuple(narrow[:count]), meant)


def _meant(text: str) -> str:
    """The degree that a misread cell comes near; empty for none."""
    near = get_close_matches(text.lower(), _WRITTEN, 1, ALIKE)
    return near[0].title().replace(" Of ", " of ") if near else ""


def joined(lines: Sequence[str]) -> str:
    """The text of a cell, hyphens at its lines' ends undone."""
    text = ""
    for line in lines:
        text = text[:-1] + line if text.endswith("-") else f"{text} {line}".strip()
    return text


def _halves(row: Row) -> tuple[Row, Row | None]:
    """What stands in the cell, and what stands beside it behind a tab."""
    tab = row.text.find("\t")
    if tab < 0:
        return row, None
    return _part(row, 0, tab, row.line.bold), _part(row, tab, len(row.text), row.line.bold)


def _part(row: Row, start: int, end: int, bold: bool) -> Row:
    while start < end and row.text[start].isspace():
        start += 1
    while end > start and row.text[end - 1].isspace():
        end -= 1
    text = row.text[start:end]
    line = replace(row.line, bold=bold)
    return replace(
        row, line=line, text=text, start=row.start + start, end=row.start + end, periods=tuple(find_periods(text))
    )
