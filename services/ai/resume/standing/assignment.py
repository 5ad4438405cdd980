"""Who goes with whom: the one-to-one assignment of greatest weight."""

from collections import defaultdict
from collections.abc import Mapping

Weights = Mapping[tuple[int, int], float]
"""By row and column; pairs that are not in it cannot go together. All are greater than 0."""

# Larger knots are taken greedily: a resume that repeats itself so often is not worth minutes.
MOST_EXACT = 60


def assign(weights: Weights) -> dict[int, int]:
    """Column by row. Of equal ones, the same for the same weights in every process."""
    chosen: dict[int, int] = {}
    for knot in _knots(weights):
        rows, columns = sorted({r for r, _ in knot}), sorted({c for _, c in knot})
        exact = max(len(rows), len(columns)) <= MOST_EXACT
        chosen |= _best(rows, columns, knot) if exact else _greedy(knot)
    return chosen


def _knots(weights: Weights) -> list[dict[tuple[int, int], float]]:
    """Pairs that have nothing to do with each other are looked at apart."""
    of_row, of_column = defaultdict(list), defaultdict(list)
    for pair in sorted(weights):
        of_row[pair[0]].append(pair)
        of_column[pair[1]].append(pair)
    seen: set[tuple[int, int]] = set()
    found = []
    for pair in sorted(weights):
        knot: dict[tuple[int, int], float] = {}
        waiting = [pair]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                knot[one] = weights[one]
                waiting += of_row[one[0]] + of_column[one[1]]
        if knot:
            found.append(knot)
    return found


def _greedy(knot: Weights) -> dict[int, int]:
    chosen: dict[int, int] = {}
    for row, column in sorted(knot, key=lambda pair: (-knot[pair], pair)):
        if row not in chosen and column not in chosen.values():
            chosen[row] = column
    return chosen


def _best(rows: list[int], columns: list[int], knot: Weights) -> dict[int, int]:
    """The Hungarian method, by shortest augmenting paths: costs are the negative weights, what cannot go together costs nothing."""
    size = max(len(rows), len(columns))
    cost = [[0.0] * size for _ in range(size)]
    for (row, column), weight in knot.items():
        cost[rows.index(row)][columns.index(column)] = -weight
    of_column = _matching(cost, size)
    pairs = ((rows[r], columns[c]) for c, r in enumerate(of_column) if r < len(rows) and c < len(columns))
    return {row: column for row, column in sorted(pairs) if (row, column) in knot}


def _matching(cost: list[list[float]], size: int) -> list[int]:
    """The row of each column, at least cost."""
    high, low = [0.0] * (size + 1), [0.0] * (size + 1)
    row_of = [-1] * (size + 1)
    for row in range(size):
        row_of[size] = row
        at, came_from = size, [size] * (size + 1)
        least, done = [float("inf")] * (size + 1), [False] * (size + 1)
        while row_of[at] != -1:
            done[at] = True
            at = _step(cost, size, at, (high, low), (row_of, came_from), (least, done))
        while at != size:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    return row_of[:size]


def _step(
    cost: list[list[float]],
    size: int,
    at: int,
    prices: tuple[list[float], list[float]],
    path: tuple[list[int], list[int]],
    reached: tuple[list[float], list[bool]],
) -> int:
    """The next column on the shortest path; prices follow."""
    (high, low), (row_of, came_from), (least, done) = prices, path, reached
    row, delta, following = row_of[at], float("inf"), -1
    for column in range(size):
        if not done[column]:
            now = cost[row][column] - high[row] - low[column]
            if now < least[column]:
                least[column], came_from[column] = now, at
            if least[column] < delta:
                delta, following = least[column], column
    for column in range(size + 1):
        if done[column]:
            high[row_of[column]] += delta
            low[column] -= delta
        else:
            least[column] -= delta
    return following
