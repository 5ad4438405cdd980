"""Runs of letters on a page, and the rows that they stand in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

# White between letters of a line, as a share of their height: from here on a tab; below it none.
TAB_GAP, NO_GAP = 1.5, 0.12
# What stands beside each entry of a table has at most so many lines, of so many letters; its cells are parted by this share of a line.
LABEL_LINES, LABEL_LETTERS = 3, 32
CELL_GAP = 0.3
# Lines whose middles are so far apart, as a share of their height, stand over each other.
STACKED = 0.4
# White between letter-spaced letters is at most this share of their height, and between their words this many times as wide.
LETTER_SPACE, WORD_SPACE = 1.2, 1.6
_LETTER_SPACED = re.compile(r"(?<!\S)[A-ZÀ-Ýa-zà-ÿ&](?:[ \t][A-ZÀ-Ýa-zà-ÿ&]){3,}(?!\S)")


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


Row = list[Run]
"""Runs of one line, from left to right."""


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
    """At one height with the row's tallest, and not over or under one of its letters."""
    tallest = max(row, key=lambda r: r.height)
    return tallest.top <= run.middle <= tallest.bottom and not any(_stacked(run, other) for other in row)


def _stacked(run: Run, other: Run) -> bool:
    """Two small lines beside a tall one."""
    shared = min(run.right, other.right) - max(run.left, other.left)
    return shared > run.height and abs(run.middle - other.middle) > STACKED * min(run.height, other.height)


def cells_of(rows: list[Row]) -> list[list[Row]]:
    """Rows cut where the white between them is wider than between lines of one text."""
    cells = [[rows[0]]]
    for before, row in pairwise(rows):
        if top_of(row) - max(r.bottom for r in before) > CELL_GAP * min(row[0].height, before[0].height):
            cells.append([row])
        else:
            cells[-1].append(row)
    return cells


def is_label(cell: list[Row]) -> bool:
    """A few words: a date, a place, a title in the margin."""
    return len(cell) <= LABEL_LINES and all(len(plain(row)) <= LABEL_LETTERS for row in cell)


def plain(row: Row) -> str:
    return " ".join(run.text for run in row)


def top_of(row: Row) -> float:
    return min(run.top for run in row)


def size_of(rows: Sequence[Row]) -> float:
    return median(run.size for row in rows for run in row)


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


def one_of(cell: list[Row]) -> Run:
    """A cell's lines as one; where its letters stand is known only when it has one line."""
    runs = [line_of(row) for row in cell]
    if len(runs) == 1:
        return runs[0]
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    text = " ".join(r.text for r in runs)
    step = (right - left) / len(text)
    edges = (*(left + i * step for i in range(len(text))), right)
    return replace(runs[0], text=text, edges=edges, bottom=max(r.bottom for r in runs))
