"""Runs of a page → lines in the order in which a person reads them: columns, sidebars, tables, headings in a margin."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.ai.documents.document import Box
from services.ai.documents.layout.columns import COLUMN_LINES, Reading, best_cut
from services.ai.documents.layout.rows import Row, Run, cells_of, is_label, line_of, one_of, plain, rows_of, top_of
from services.ai.documents.layout.tables import Band, bands_of

__all__ = ["Block", "Row", "Run", "in_reading_order", "line_of", "rows_of"]

# More runs than any resume has on a page: they are read line by line.
MOST_RUNS = 4000
# A ruled table's row is one line as long as no cell has more lines or letters.
CELL_LINES, CELL_LETTERS = 7, 140
# Letters may stand out of their ground by so many points.
PANEL_SLACK = 2.0
_BULLET = re.compile(r"[•●▪◦*·–►▸‣-](?!\w)")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together; `column` says that others stand beside it."""

    rows: list[Row]
    column: bool = False


def in_reading_order(runs: Sequence[Run], rules: Sequence[Box] = (), panels: Sequence[Box] = ()) -> list[Block]:
    """Columns one after the other, blocks from top to bottom, ruled tables row by row.

    `rules` are thin boxes and frames, `panels` grounds as high as columns.
    """
    if len(runs) > MOST_RUNS:
        return [Block(rows_of(runs))]
    bands = bands_of(rules) if len(rules) <= MOST_RUNS else []
    return list(_around_panels(list(runs), panels, bands))


def _around_panels(runs: list[Run], panels: Sequence[Box], bands: list[Band]) -> Iterator[Block]:
    """What stands on a ground of its own colour is one column, what stands beside it the other."""
    for left, top, right, bottom in panels:
        level = [run for run in runs if top <= run.middle < bottom]
        held = [run for run in level if left - PANEL_SLACK <= run.left < right]
        rest = [run for run in level if not left - PANEL_SLACK <= run.left < right]
        if min(len(rows_of(held)), len(rows_of(rest))) < COLUMN_LINES or not _on_one_side(rest, left, right):
            continue
        yield from _around_tables([run for run in runs if run.middle < top], bands)
        for side in (held, rest) if rest[0].left >= right else (rest, held):
            yield from _around_tables(side, bands, True)
        yield from _around_tables([run for run in runs if run.middle >= bottom], bands)
        return
    yield from _around_tables(runs, bands)


def _on_one_side(runs: list[Run], left: float, right: float) -> bool:
    return all(run.left >= right for run in runs) or all(run.right <= left + PANEL_SLACK for run in runs)


def _around_tables(runs: list[Run], bands: list[Band], column: bool = False) -> Iterator[Block]:
    for band in bands:
        level = [run for run in runs if band.top <= run.middle < band.bottom]
        held = [run for run in level if band.holds((run.left + run.right) / 2, run.middle)]
        if not held or len(held) < len(level):
            continue
        yield from _blocks([run for run in runs if run.middle < band.top], column)
        yield from _table_row(held, band)
        runs = [run for run in runs if run.middle >= band.bottom]
    yield from _blocks(runs, column)


def _table_row(runs: list[Run], band: Band) -> Iterator[Block]:
    """One line with tabs when its cells are small, else cell after cell."""
    cells: dict[int, list[Run]] = {}
    for run in runs:
        cells.setdefault(band.cell((run.left + run.right) / 2), []).append(run)
    parts = [rows_of(cells[number]) for number in sorted(cells)]
    if all(len(rows) <= CELL_LINES and sum(len(plain(row)) for row in rows) <= CELL_LETTERS for rows in parts):
        first, *rest = (one_of(rows) for rows in parts)
        yield Block([[first, *(replace(run, cell=True) for run in rest)]])
    else:
        for rows in parts:
            yield from _blocks([run for row in rows for run in row], len(parts) > 1)


def _blocks(runs: list[Run], column: bool) -> Iterator[Block]:
    if not runs:
        return
    rows = rows_of(runs)
    cut = best_cut(rows)
    if cut is None:
        yield Block(rows, column)
        return
    inside = [run for row in rows[cut.first : cut.last] for run in row]
    left, right = [r for r in inside if r.left < cut.edge], [r for r in inside if r.left >= cut.edge]
    yield from _blocks([run for row in rows[: cut.first] for run in row], column)
    if cut.reading is Reading.ASIDE:
        yield Block(_with_asides(rows_of(left), rows_of(right)), column)
    elif cut.reading is Reading.CELLS:
        yield from _cells(cells_of(rows_of(left)), rows_of(right), column)
    else:
        yield from _blocks(left, True)
        yield from _blocks(right, True)
    yield from _blocks([run for row in rows[cut.last :] for run in row], column)


def _cells(cells: list[list[Row]], others: list[Row], column: bool) -> Iterator[Block]:
    """Each cell, then what stands beside it and down to the next cell."""
    tops = [top_of(cell[0]) - 0.5 * cell[0][0].height for cell in cells]
    yield from _blocks([run for row in others if top_of(row) < tops[0] for run in row], column)
    for cell, top, end in zip(cells, tops, [*tops[1:], float("inf")], strict=True):
        beside = [row for row in others if top <= top_of(row) < end]
        yield from _cell(cell, list(_blocks([run for row in beside for run in row], column)), column)


def _cell(cell: list[Row], beside: list[Block], column: bool) -> Iterator[Block]:
    if beside and is_label(cell) and not _is_heading(cell, beside):
        first, *rest = beside
        inner, *others = first.rows[0]
        yield Block([[one_of(cell), replace(inner, cell=True), *others], *first.rows[1:]], column)
        yield from rest
    else:
        yield Block([[one_of(cell)]] if is_label(cell) else cell, column)
        yield from beside


def _is_heading(cell: list[Row], beside: list[Block]) -> bool:
    """Looks other than what stands beside it, and says no date."""
    text = " ".join(plain(row) for row in cell)
    if any(c.isdigit() for c in text) or not text[:1].isupper() or text.endswith((":", ",")):
        return False
    lines = [line_of(row) for block in beside for row in block.rows]
    mine, theirs = line_of(cell[0]), max(lines, key=lambda r: len(r.text))
    return mine.size > 1.1 * theirs.size or (mine.bold and not theirs.bold) or len(lines) > 3 * len(cell)


def _with_asides(rows: list[Row], asides: list[Row]) -> list[Row]:
    """Each row with the date or place at its right; further lines of those follow, but never within an item of a list."""
    merged: list[Row] = []
    left = list(rows)
    for cell in cells_of(asides):
        while left and left[0][0].middle < top_of(cell[0]):
            merged.append(left.pop(0))
        for number, row in enumerate(cell):
            fits = left and _level(left[0], row) and not (number and _BULLET.match(left[0][0].text))
            merged.append([*left.pop(0), *row] if fits else row)
    return merged + left


def _level(row: Row, other: Row) -> bool:
    return row[0].top <= other[0].middle <= row[0].bottom
