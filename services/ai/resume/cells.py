"""A degree in a narrow cell, wrapped beside its school.

Readers go across it: `Bach- Massachusetts Institute…`, `elor`, `of Sci-`, `ence`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.ai.resume.dates import find_periods
from services.ai.resume.degrees import DEGREE
from services.ai.resume.rows import Row

# A wrapped cell's lines have no more letters, and there are no more of them.
MOST_LETTERS, MOST_LINES = 15, 7
# Lines of a cell begin at one place, in points or a share of what stands beside.
LEFT_SLACK = 0.02
_BEGINS = re.compile(r"(?<=\s)\S|(?<=[a-zà-ÿ.])(?=[A-ZÀ-Þ])|(?<=-)(?=[A-ZÀ-Þ])")


def with_cells(rows: Sequence[Row]) -> list[Row]:
    """The rows, each cell's lines before what stands beside them."""
    found: list[Row] = []
    index = 0
    while index < len(rows):
        narrow = _narrow(rows, index)
        cut = next((c for c in _cuts(rows, index, narrow)), None)
        if cut is None:
            found.append(rows[index])
            index += 1
            continue
        at, count = cut
        below = [_halves(row) for row in rows[index + 1 : index + 1 + count]]
        bold = below[0][0].line.bold if below else rows[index].line.bold
        cell = [_part(rows[index], 0, at, bold), *(left for left, _ in below)]
        # White above, so that nobody takes the cell for the end of the row before; none within it.
        found += [replace(row, full=row is not cell[-1], gap=0.0 if row is not cell[0] else 1.0) for row in cell]
        found += [_part(rows[index], at, len(rows[index].text), rows[index].line.bold)]
        found += [right for _, right in below if right is not None]
        index += 1 + count
    return found


def _narrow(rows: Sequence[Row], index: int) -> int:
    """How many rows below could be the rest of a cell."""
    row, count = rows[index], 0
    slack = max(2.0, LEFT_SLACK * (row.line.box[2] - row.line.box[0]))
    for below in rows[index + 1 : index + 1 + MOST_LINES]:
        left = below.text.split("\t")[0]
        if below.bullet or below.periods or len(left) > MOST_LETTERS or abs(below.left - row.left) > slack:
            break
        count += 1
    return count


def _cuts(rows: Sequence[Row], index: int, narrow: int) -> Iterator[tuple[int, int]]:
    """Where a row could be cut so that what is left of it, with the rows below, is a degree and nothing else."""
    row = rows[index]
    if row.bullet or not row.line.page:
        return
    for count in range(narrow, -1, -1):
        rest = [below.text.split("\t")[0] for below in rows[index + 1 : index + 1 + count]]
        for mark in _BEGINS.finditer(row.text[: 2 * MOST_LETTERS + 10]):
            glued = mark.end() == mark.start()
            # `Bachelor of Engineering in Information`: a degree that goes on past the cut is no cell.
            if (whole := DEGREE.match(row.text)) and whole.end() > mark.start() and not glued:
                continue
            if (count or glued) and DEGREE.fullmatch(joined([row.text[: mark.start()].strip(), *rest])):
                yield mark.start(), count


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
