"""Where rows of a page are cut into sides, and how the two sides are read: one after the other, cell by cell, or across."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from statistics import median

from services.ai.documents.layout.rows import LABEL_LETTERS, Row, Run, cells_of, is_label, plain, size_of

# A column has at least so many lines and this share of the width of what is cut.
COLUMN_LINES, COLUMN_SHARE = 3, 0.15
# So many dates beside as many entries are no chance.
DATED_ENTRIES = 3
# Levels this near, as a share of a line, are one.
ALIGNED = 0.25
# Right edges that differ by less, in points, are one.
FLUSH = 3.0
# Letters of a title, of a heading, and of one that is bold as well, against those of the text.
TITLE_SIZE, HEADING_SIZE, BOLD_HEADING_SIZE = 1.4, 1.12, 1.03
_DATED = re.compile(r"(?:19|20)\d\d|\bpresent\b|\bheute\b|\d{1,2}/\d{2,4}", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:[^\W\d]{3,9}\.? |\d{1,2}[./])*(?:19|20)\d\d(?:\s*(?:[-–—]|to|bis|à|a)\s*.{3,20})?", re.IGNORECASE
)
_LEVELS: tuple[Callable[[Run], float], ...] = (lambda r: r.top, lambda r: r.middle, lambda r: r.bottom)


class Reading(Enum):
    """How two sides are read."""

    COLUMNS = "one after the other"
    CELLS = "each cell of the left, then what stands beside it"
    ASIDE = "line by line, with dates and places at the right"


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows `first` to `last` (exclusive) have white at `edge` from top to bottom."""

    first: int
    last: int
    edge: float
    worth: float
    reading: Reading


def best_cut(rows: list[Row]) -> Cut | None:
    """The tallest stretch of rows with a gutter between two columns, or between a table's cells."""
    if len(rows) < COLUMN_LINES:
        return None
    masks = [_mask(row) for row in rows]
    best: Cut | None = None
    tried: set[tuple[int, tuple[int, int]]] = set()
    for first in range(len(rows)):
        taken, open_gaps = 0, list[tuple[int, int]]()
        gaps: list[tuple[int, int]] = []
        for last, mask in enumerate(masks[first:], first):
            if taken | mask == taken:
                continue
            taken |= mask
            gaps = _gaps(taken)
            for gap in open_gaps:
                if not any(a < gap[1] and b > gap[0] for a, b in gaps):
                    best = _better(best, rows, first, last, gap, tried)
            if open_gaps and not gaps:
                break
            open_gaps = gaps
        else:
            for gap in open_gaps:
                best = _better(best, rows, first, len(rows), gap, tried)
    return best


def _better(
    best: Cut | None,
    rows: list[Row],
    first: int,
    last: int,
    gap: tuple[int, int],
    tried: set[tuple[int, tuple[int, int]]],
) -> Cut | None:
    key = (last, gap)
    if key in tried:
        return best
    tried.add(key)
    cut = _cut(rows, first, last, gap)
    if cut and (best is None or cut.worth > best.worth):
        return cut
    return best


def _mask(row: Row) -> int:
    """A bit for each point of the width that has ink."""
    mask = 0
    for run in row:
        left, right = max(0, int(run.left)), max(0, int(run.right) + 1)
        mask |= (1 << right) - (1 << left)
    return mask


def _gaps(mask: int) -> list[tuple[int, int]]:
    """White stretches of at least 4 points, the least between columns, with ink on both sides."""
    low = mask & -mask
    white = ((1 << mask.bit_length()) - low) & ~mask
    wide = white & (white >> 1)
    wide &= wide >> 2
    gaps = []
    while wide:
        start = (wide & -wide).bit_length() - 1
        after = ~(white >> start)
        end = start + (after & -after).bit_length() - 1
        gaps.append((start, end))
        wide = wide >> end << end
    return gaps


def _cut(rows: list[Row], first: int, last: int, gap: tuple[int, int]) -> Cut | None:
    edge = (gap[0] + gap[1]) / 2
    left = [[r for r in row if r.left < edge] for row in rows[first:last]]
    right = [[r for r in row if r.left >= edge] for row in rows[first:last]]
    sides = [row for row in left if row], [row for row in right if row]
    if not all(sides):
        return None
    skipped = _titles(left, right)
    first, left, right = first + skipped, left[skipped:], right[skipped:]
    end = _section_end(left, right)
    last, left, right = first + end, left[:end], right[:end]
    sides = [row for row in left if row], [row for row in right if row]
    if not _are_wide(*sides):
        return None
    reading = _reading(*sides)
    if reading is None:
        return None
    # A table's outer cells hold whatever stands in them side by side.
    lines = min(map(len, sides))
    worth = max(lines, 0.5 * (last - first)) if reading is Reading.CELLS else lines
    return Cut(first, last, edge, worth + 0.01 * (last - first), reading)


def _reading(left: list[Row], right: list[Row]) -> Reading | None:
    if _is_form(left, right) or _is_dated_table(left, right):
        return None
    if _read_across(right, left):
        return Reading.ASIDE if max(map(len, cells_of(right))) > 1 else None
    if _is_table(left, right):
        return Reading.CELLS
    if (
        min(len(left), len(right)) >= COLUMN_LINES
        and not _read_across(_without_headings(left), right)
        and not _dates_entries(left, right)
    ):
        return Reading.CELLS if _are_periods(left, right) else Reading.COLUMNS
    return None


def _without_headings(rows: list[Row]) -> list[Row]:
    """Rows of labels but for those that are bold where most are not."""
    plain_rows = [row for row in rows if not row[0].bold]
    return plain_rows if 2 * len(plain_rows) > len(rows) else rows


def _dates_entries(left: list[Row], right: list[Row]) -> bool:
    """Whether dates at the left begin just where entries at the right do, whatever else stands there."""
    dates = [cell[0] for cell in cells_of(left) if is_label(cell) and _DATED.search(plain(cell[0]))]
    return len(dates) >= DATED_ENTRIES and _aligned(dates, [cell[0] for cell in cells_of(right)]) >= 0.9


def _titles(left: list[Row], right: list[Row]) -> int:
    """How many rows at the top stand alone: all on the left, and on the right those in large letters or centred."""
    both = (
        next(i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a and b)
        if any(a and b for a, b in zip(left, right, strict=True))
        else 0
    )
    if any(left[:both]):
        return both
    rows = [row for row in right if row]
    body = size_of(rows)

    def stands_over(row: Row) -> bool:
        centred = all(abs(row[0].left - other[0].left) > FLUSH for other in rows if other is not row)
        return row[0].size > (HEADING_SIZE if centred else TITLE_SIZE) * body

    return max((i + 1 for i in range(both) if right[i] and stands_over(right[i])), default=0)


def _section_end(left: list[Row], right: list[Row]) -> int:
    """Where sides end that stand beside each other within a section: at the next heading over both."""
    sides = [row for row in left if row], [row for row in right if row]
    if not all(sides):
        return len(left)
    level = _aligned(sides[1], sides[0]) >= 0.9
    body = median(row[0].size for row in sides[0])
    for index, (row, other) in enumerate(zip(left, right, strict=True)):
        if not index or not row or other:
            continue
        heads = row[0].bold and row[0].size > BOLD_HEADING_SIZE * body
        if (level and (heads or row[0].size > HEADING_SIZE * body)) or (heads and _begins_anew(right, index)):
            return index
    return len(left)


def _begins_anew(right: list[Row], index: int) -> bool:
    """Whether what stands at the right below a row begins nowhere where something above it does: no column goes on there."""
    above, below = ([row[0].left for row in some if row] for some in (right[:index], right[index:]))
    return bool(above and below) and not any(abs(x - y) < FLUSH for x in above for y in below)


def _are_wide(left: list[Row], right: list[Row]) -> bool:
    if min(len(left), len(right)) < 2:
        return False
    width = max(row[-1].right for row in right) - min(row[0].left for row in left)
    return all(_width(side) >= COLUMN_SHARE * width for side in (left, right))


def _is_table(left: list[Row], right: list[Row]) -> bool:
    """Whether the left has cells, each beginning where something on the right begins."""
    cells, others = cells_of(left), cells_of(right)
    if len(cells) < 2:
        return False
    firsts = [cell[0] for cell in cells]
    aligned = _aligned(firsts, right)
    if all(is_label(cell) for cell in cells) and aligned >= 0.8 and 1.5 * len(left) <= len(right):
        return True
    starts = [cell[0] for cell in others]
    return (
        len(others) >= 2
        and _aligned(firsts, starts) >= 0.6
        and _aligned(starts, firsts) >= 0.9
        and max(map(len, others)) > 1
    )


def _width(side: list[Row]) -> float:
    return max(row[-1].right for row in side) - min(row[0].left for row in side)


def _read_across(cells: list[Row], others: list[Row]) -> bool:
    """Whether `cells` are dates, places or labels, each beside the line it belongs to."""
    short = all(len(plain(row)) <= LABEL_LETTERS for row in cells)
    dates = sum(bool(_DATED.search(plain(row))) for row in cells)
    if short and 2 * dates > len(cells) and _aligned(cells, others) >= 0.8:
        return True
    if short and _flush_right(cells) and _aligned(cells, others) >= 0.9 and cells[0][-1].right > others[0][0].right:
        return True
    labels = cells_of(cells)
    if not all(map(is_label, labels)):
        return False
    dated = sum(any(_DATED.search(plain(row)) for row in label) for label in labels) / len(labels)
    if dated >= 0.5 and _aligned([label[0] for label in labels], others) >= 0.6:
        return True
    if _aligned(cells, others) < 0.9:
        return False
    if _flush_right(cells) and cells[0][-1].right > others[0][0].right:
        return True
    return len(cells) <= 0.6 * len(others) and _width(cells) <= 0.6 * _width(others)


def _are_periods(left: list[Row], right: list[Row]) -> bool:
    """Whether cells of the left begin with nothing but a date, each where something on the right begins: no sidebar's dates do."""
    cells, starts = cells_of(left), [cell[0] for cell in cells_of(right)]
    periods = [row for row in left if _PERIOD.fullmatch(plain(row).strip())]
    if len(periods) < COLUMN_LINES:
        return False
    firsts = [cell[0] for cell in cells]
    return all(row in firsts for row in periods) and _aligned(periods, starts) >= 0.9


def _flush_right(cells: list[Row]) -> bool:
    rights, lefts = [row[-1].right for row in cells], [row[0].left for row in cells]
    return max(rights) - min(rights) < FLUSH < max(lefts) - min(lefts)


def _is_form(left: list[Row], right: list[Row]) -> bool:
    """Labels with colons at the left, and beside them what they name."""
    colons = sum(plain(row).rstrip().endswith(":") for row in left) + sum(row[0].text.startswith(":") for row in right)
    return 2 * colons >= len(left) and _aligned(left, right) >= 0.6


def _is_dated_table(left: list[Row], right: list[Row]) -> bool:
    """Line by line beside each other, most of the left with a date: rows of a table without rules."""
    dates = sum(bool(_DATED.search(plain(row))) for row in left)
    return len(left) == len(right) and 2 * dates > len(left) and _aligned(left, right) >= 0.9


def _aligned(cells: list[Row], others: list[Row]) -> float:
    """The part of the rows that stand beside one of the others."""
    levels = [sorted(f(row[0]) for row in others) for f in _LEVELS]
    hits = 0
    for row in cells:
        near = ALIGNED * row[0].height
        hits += any(_has_near(ys, f(row[0]), near) for f, ys in zip(_LEVELS, levels, strict=True))
    return hits / len(cells)


def _has_near(levels: list[float], level: float, near: float) -> bool:
    """Whether one of the sorted levels is less than so far away."""
    place = bisect_left(levels, level)
    return any(abs(level - other) < near for other in levels[max(0, place - 1) : place + 1])
