"""Runs of a page → lines in the order in which a person reads them: columns, sidebars, tables, headings in a margin."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from statistics import median

from services.ai.documents.document import Box
from services.ai.documents.tables import Band, bands_of

# White between letters of a line, as a share of their height: from here on a tab; below it none.
TAB_GAP, NO_GAP = 1.5, 0.12
# A column has at least so many lines and this share of the width of what is cut.
COLUMN_LINES, COLUMN_SHARE = 3, 0.15
# More runs than any resume has on a page: they are read line by line.
MOST_RUNS = 4000
# What stands beside each entry of a table has at most so many lines, of so many letters; its cells are parted by this share of a line.
LABEL_LINES, LABEL_LETTERS = 3, 32
CELL_GAP = 0.3
# A ruled table's row is one line as long as no cell has more lines or letters.
CELL_LINES, CELL_LETTERS = 7, 140
# Levels this near, as a share of a line, are one.
ALIGNED = 0.25
# Right edges that differ by less, in points, are one.
FLUSH = 3.0
# Letters of a title against those of the text.
TITLE_SIZE = 1.4
# White between letter-spaced letters is at most this share of their height, and between their words this many times as wide.
LETTER_SPACE, WORD_SPACE = 1.2, 1.6
_LETTER_SPACED = re.compile(r"(?<!\S)[A-ZÀ-Ýa-zà-ÿ&](?:[ \t][A-ZÀ-Ýa-zà-ÿ&]){3,}(?!\S)")
_BULLET = re.compile(r"[•●▪◦*·–►▸‣-](?!\w)")
_DATED = re.compile(r"(?:19|20)\d\d|\bpresent\b|\bheute\b|\d{1,2}/\d{2,4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line; `edges` as in `Line`; `top` and `bottom` count downwards."""

    text: str
    edges: tuple[float, ...]
    top: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    cell: bool = False  # begins a cell: a tab stands before it

    @property
    def left(self) -> float:
        return self.edges[0]

    @property
    def right(self) -> float:
        return self.edges[-1]

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


_LEVELS: tuple[Callable[[Run], float], ...] = (lambda r: r.top, lambda r: r.middle, lambda r: r.bottom)

Row = list[Run]
"""Runs of one line, from left to right."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together; `column` says that others stand beside it."""

    rows: list[Row]
    column: bool = False


def in_reading_order(runs: Sequence[Run], rules: Sequence[Box] = ()) -> list[Block]:
    """Columns one after the other, blocks from top to bottom, ruled tables row by row; `rules` are thin boxes and frames."""
    if len(runs) > MOST_RUNS:
        return [Block(rows_of(runs))]
    bands = bands_of(rules) if len(rules) <= MOST_RUNS else []
    return list(_around_tables(list(runs), bands))


def _around_tables(runs: list[Run], bands: list[Band]) -> Iterator[Block]:
    for band in bands:
        level = [run for run in runs if band.top <= run.middle < band.bottom]
        held = [run for run in level if band.holds((run.left + run.right) / 2, run.middle)]
        if not held or len(held) < len(level):
            continue
        yield from _blocks([run for run in runs if run.middle < band.top], False)
        yield from _table_row(held, band)
        runs = [run for run in runs if run.middle >= band.bottom]
    yield from _blocks(runs, False)


def _table_row(runs: list[Run], band: Band) -> Iterator[Block]:
    """One line with tabs when its cells are small, else cell after cell."""
    cells: dict[int, list[Run]] = {}
    for run in runs:
        cells.setdefault(band.cell((run.left + run.right) / 2), []).append(run)
    parts = [rows_of(cells[number]) for number in sorted(cells)]
    if all(len(rows) <= CELL_LINES and sum(len(_plain(row)) for row in rows) <= CELL_LETTERS for rows in parts):
        first, *rest = (_one(rows) for rows in parts)
        yield Block([[first, *(replace(run, cell=True) for run in rest)]])
    else:
        for rows in parts:
            yield from _blocks([run for row in rows for run in row], len(parts) > 1)


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """Runs whose middles are at one height are one row."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.left)):
        if rows and _beside(rows[-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.left) for row in rows]


def _beside(row: Row, run: Run) -> bool:
    """At one height with the row's tallest, and not over one of its letters."""
    tallest = max(row, key=lambda r: r.height)
    return tallest.top <= run.middle <= tallest.bottom


def _blocks(runs: list[Run], column: bool) -> Iterator[Block]:
    if not runs:
        return
    rows = rows_of(runs)
    cut = _best_cut(rows)
    if cut is None:
        yield Block(rows, column)
        return
    inside = [run for row in rows[cut.first : cut.last] for run in row]
    left, right = [r for r in inside if r.left < cut.edge], [r for r in inside if r.left >= cut.edge]
    yield from _blocks([run for row in rows[: cut.first] for run in row], column)
    if cut.reading is Reading.ASIDE:
        yield Block(_with_asides(rows_of(left), rows_of(right)), column)
    elif cut.reading is Reading.CELLS:
        yield from _cells(_cells_of(rows_of(left)), rows_of(right), column)
    else:
        yield from _blocks(left, True)
        yield from _blocks(right, True)
    yield from _blocks([run for row in rows[cut.last :] for run in row], column)


def _cells(cells: list[list[Row]], others: list[Row], column: bool) -> Iterator[Block]:
    """Each cell, then what stands beside it and down to the next cell."""
    tops = [_top(cell[0]) - 0.5 * cell[0][0].height for cell in cells]
    yield from _blocks([run for row in others if _top(row) < tops[0] for run in row], column)
    for cell, top, end in zip(cells, tops, [*tops[1:], float("inf")], strict=True):
        beside = [row for row in others if top <= _top(row) < end]
        yield from _cell(cell, list(_blocks([run for row in beside for run in row], column)), column)


def _cell(cell: list[Row], beside: list[Block], column: bool) -> Iterator[Block]:
    if beside and _is_label(cell) and not _is_heading(cell, beside):
        first, *rest = beside
        inner, *others = first.rows[0]
        yield Block([[_one(cell), replace(inner, cell=True), *others], *first.rows[1:]], column)
        yield from rest
    else:
        yield Block([[_one(cell)]] if _is_label(cell) else cell, column)
        yield from beside


def _top(row: Row) -> float:
    return min(run.top for run in row)


def _is_label(cell: list[Row]) -> bool:
    """A few words: a date, a place, a title in the margin."""
    return len(cell) <= LABEL_LINES and all(len(_plain(row)) <= LABEL_LETTERS for row in cell)


def _is_heading(cell: list[Row], beside: list[Block]) -> bool:
    """Looks other than what stands beside it, and says no date."""
    text = " ".join(_plain(row) for row in cell)
    if any(c.isdigit() for c in text) or not text[:1].isupper() or text.endswith((":", ",")):
        return False
    lines = [line_of(row) for block in beside for row in block.rows]
    mine, theirs = line_of(cell[0]), max(lines, key=lambda r: len(r.text))
    return mine.size > 1.1 * theirs.size or (mine.bold and not theirs.bold) or len(lines) > 3 * len(cell)


def _one(cell: list[Row]) -> Run:
    """A cell's lines as one; where its letters stand is known only when it has one line."""
    runs = [line_of(row) for row in cell]
    if len(runs) == 1:
        return runs[0]
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    text = " ".join(r.text for r in runs)
    step = (right - left) / len(text)
    edges = (*(left + i * step for i in range(len(text))), right)
    return replace(runs[0], text=text, edges=edges, bottom=max(r.bottom for r in runs))


def _cells_of(rows: list[Row]) -> list[list[Row]]:
    """Rows cut where the white between them is wider than between lines of one text."""
    cells = [[rows[0]]]
    for before, row in pairwise(rows):
        if _top(row) - max(r.bottom for r in before) > CELL_GAP * min(row[0].height, before[0].height):
            cells.append([row])
        else:
            cells[-1].append(row)
    return cells


def _with_asides(rows: list[Row], asides: list[Row]) -> list[Row]:
    """Each row with the date or place at its right; further lines of those follow, but never within an item of a list."""
    merged: list[Row] = []
    left = list(rows)
    for cell in _cells_of(asides):
        while left and left[0][0].middle < _top(cell[0]):
            merged.append(left.pop(0))
        for number, row in enumerate(cell):
            fits = left and _level(left[0], row) and not (number and _BULLET.match(left[0][0].text))
            merged.append([*left.pop(0), *row] if fits else row)
    return merged + left


def _level(row: Row, other: Row) -> bool:
    return row[0].top <= other[0].middle <= row[0].bottom


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


def _best_cut(rows: list[Row]) -> Cut | None:
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
    if _is_form(left, right):
        return None
    if _read_across(right, left):
        return Reading.ASIDE if max(map(len, _cells_of(right))) > 1 else None
    if _is_table(left, right):
        return Reading.CELLS
    if min(len(left), len(right)) >= COLUMN_LINES and not _read_across(left, right):
        return Reading.COLUMNS
    return None


def _titles(left: list[Row], right: list[Row]) -> int:
    """How many rows at the top stand alone: all on the left, and on the right those in large letters."""
    both = (
        next(i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a and b)
        if any(a and b for a, b in zip(left, right, strict=True))
        else 0
    )
    if any(left[:both]):
        return both
    body = size_of([row for row in right if row])
    return max((i + 1 for i in range(both) if right[i] and right[i][0].size > TITLE_SIZE * body), default=0)


def _are_wide(left: list[Row], right: list[Row]) -> bool:
    if min(len(left), len(right)) < 2:
        return False
    width = max(row[-1].right for row in right) - min(row[0].left for row in left)
    return all(_width(side) >= COLUMN_SHARE * width for side in (left, right))


def _is_table(left: list[Row], right: list[Row]) -> bool:
    """Whether the left has cells, each beginning where something on the right begins."""
    cells, others = _cells_of(left), _cells_of(right)
    if len(cells) < 2:
        return False
    firsts = [cell[0] for cell in cells]
    aligned = _aligned(firsts, right)
    if all(_is_label(cell) for cell in cells) and aligned >= 0.8 and 1.5 * len(left) <= len(right):
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
    labels = _cells_of(cells)
    if not all(map(_is_label, labels)):
        return False
    dated = sum(any(_DATED.search(_plain(row)) for row in label) for label in labels) / len(labels)
    if dated >= 0.5 and _aligned([label[0] for label in labels], others) >= 0.6:
        return True
    if _aligned(cells, others) < 0.9:
        return False
    if _flush_right(cells) and cells[0][-1].right > others[0][0].right:
        return True
    return len(cells) <= 0.6 * len(others) and _width(cells) <= 0.6 * _width(others)


def _flush_right(cells: list[Row]) -> bool:
    rights, lefts = [row[-1].right for row in cells], [row[0].left for row in cells]
    return max(rights) - min(rights) < FLUSH < max(lefts) - min(lefts)


def _is_form(left: list[Row], right: list[Row]) -> bool:
    """Labels with colons at the left, and beside them what they name."""
    colons = sum(_plain(row).rstrip().endswith(":") for row in left) + sum(row[0].text.startswith(":") for row in right)
    return 2 * colons >= len(left) and _aligned(left, right) >= 0.6


def _aligned(cells: list[Row], others: list[Row]) -> float:
    """The part of the rows that stand beside one of the others."""
    tops, middles, bottoms = ([f(row[0]) for row in others] for f in _LEVELS)
    hits = 0
    for row in cells:
        near = ALIGNED * row[0].height
        hits += any(
            abs(f(row[0]) - y) < near for f, ys in zip(_LEVELS, (tops, middles, bottoms), strict=True) for y in ys
        )
    return hits / len(cells)


def _plain(row: Row) -> str:
    return " ".join(run.text for run in row)


def line_of(row: Row) -> Run:
    """The runs of a row as one: a tab where the white between them is wide, letter-spaced words closed up."""
    run = row[0] if len(row) == 1 else _joined(row)
    return _closed_up(run) if _LETTER_SPACED.search(run.text) else run


def _closed_up(run: Run) -> Run:
    """E X P E R I E N C E is one word; wider white than between its letters parts two."""
    dropped: set[int] = set()
    for match in _LETTER_SPACED.finditer(run.text):
        blanks = range(match.start() + 1, match.end(), 2)
        gaps = [run.edges[i + 1] - run.edges[i] for i in blanks]
        usual = median(gaps)
        if usual < LETTER_SPACE * run.height:
            dropped.update(i for i, gap in zip(blanks, gaps, strict=True) if gap <= WORD_SPACE * usual)
    kept = [i for i in range(len(run.text)) if i not in dropped]
    text = "".join(run.text[i] for i in kept)
    return replace(run, text=text, edges=(*(run.edges[i] for i in kept), run.edges[-1]))


def _joined(row: Row) -> Run:
    text, edges = row[0].text, list(row[0].edges)
    for before, run in pairwise(row):
        text += _between(before, run) + run.text
        edges = [*edges[: len(text) - len(run.text)], *run.edges]
    look = max(row, key=lambda r: len(r.text))
    return replace(look, text=text, edges=tuple(edges), top=min(r.top for r in row), bottom=max(r.bottom for r in row))


def _between(before: Run, run: Run) -> str:
    gap, height = run.left - before.right, max(before.height, run.height)
    if run.cell or gap > TAB_GAP * height:
        return "\t"
    return " " if gap > NO_GAP * height else ""


def size_of(rows: Sequence[Row]) -> float:
    return median(run.size for row in rows for run in row)
