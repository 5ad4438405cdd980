"""Tables with ruled lines: which bands of a page are their rows, and where their cells part."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.ai.documents.document import Box

# Lines this near, in points, are one; a row is at least so high, a column so wide.
SAME, LEAST = 2.0, 6.0
# A column's line runs along at least this share of a row.
ALONG = 0.7


@dataclass(frozen=True, slots=True)
class Band:
    """A row of a ruled table: between two horizontal lines, cut at `edges`."""

    left: float
    top: float
    right: float
    bottom: float
    edges: tuple[float, ...]

    def cell(self, x: float) -> int:
        return bisect(self.edges, x)

    def holds(self, x: float, y: float) -> bool:
        return self.left - SAME <= x <= self.right + SAME and self.top <= y < self.bottom


def bands_of(rules: Sequence[Box]) -> list[Band]:
    """Rows of ruled tables, from top to bottom; `rules` are thin boxes and frames of cells."""
    flat = list(_lines(rules))
    level = _merged([(top, left, right) for left, top, right, bottom in flat if right - left >= bottom - top])
    upright = [(left, top, bottom) for left, top, right, bottom in flat if bottom - top > right - left]
    return [band for band in _bands(level, upright) if band.edges]


def _lines(rules: Sequence[Box]) -> Iterator[Box]:
    """A frame is its four sides."""
    for left, top, right, bottom in rules:
        if min(right - left, bottom - top) <= SAME:
            yield left, top, right, bottom
        else:
            yield from ((left, top, right, top), (left, bottom, right, bottom))
            yield from ((left, top, left, bottom), (right, top, right, bottom))


def _merged(lines: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Level, left and right; pieces at one level that touch are one line."""
    merged: list[tuple[float, float, float]] = []
    group: list[tuple[float, float, float]] = []
    for line in sorted(lines):
        if group and line[0] - group[0][0] > SAME:
            merged += _touching(group)
            group = []
        group.append(line)
    return merged + _touching(group)


def _touching(group: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    joined: list[tuple[float, float, float]] = []
    for y, left, right in sorted(group, key=lambda line: line[1]):
        if joined and left <= joined[-1][2] + 2 * SAME:
            joined[-1] = (joined[-1][0], joined[-1][1], max(right, joined[-1][2]))
        else:
            joined.append((y, left, right))
    return joined


def _bands(level: list[tuple[float, float, float]], upright: list[tuple[float, float, float]]) -> Iterator[Band]:
    for (top, a, b), (bottom, c, d) in pairwise(level):
        left, right = max(a, c), min(b, d)
        if bottom - top < LEAST or right - left < 2 * LEAST:
            continue
        inside = sorted(
            x
            for x, y0, y1 in upright
            if left + LEAST < x < right - LEAST and min(y1, bottom) - max(y0, top) >= ALONG * (bottom - top)
        )
        edges = [x for before, x in pairwise([-1e9, *inside]) if x - before > SAME]
        yield Band(left, top, right, bottom, tuple(edges))
