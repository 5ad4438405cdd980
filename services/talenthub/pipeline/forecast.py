"""How many hires a quarter brings, if applications go on moving as they did."""

from collections.abc import Mapping, Sequence

from services.talenthub.pipeline.facts import ACTIVE, QUARTER_DAYS, Stays

_HIRED = len(ACTIVE)
_ARRIVING = _HIRED + 1
_TAYLOR = 18

Matrix = list[list[float]]


def expected_hires(
    current: Mapping[str, int], stays: Sequence[Stays], arrivals: int, days: float = QUARTER_DAYS
) -> float:
    """Expected hires in the next `days`, of those in the pipeline and of those who will come.

    Stages are a Markov process in continuous time. The intensity from a stage to another is the number of such moves divided by the days
    that applications spent in the stage, those still in it included: the maximum-likelihood estimate under right censoring. With the matrix
    Q of intensities, exp(Q t) has for each stage the share hired after t days. As many applications arrive a day as did over the quarter
    before. Headcounts and `hiring_capacity` do not bound it: the two are shown side by side.
    """
    size = _ARRIVING + 1
    rates = _intensities(stays, size)
    # The last state is a source that is never used up: what has come out of it counts how many arrived.
    rates[_ARRIVING][0] = arrivals / QUARTER_DAYS
    share = _grown([[value * days for value in row] for row in rates])
    present = sum(current.get(stage, 0) * share[place][_HIRED] for place, stage in enumerate(ACTIVE))
    return present + share[_ARRIVING][_HIRED]


def _intensities(stays: Sequence[Stays], size: int) -> Matrix:
    """Hires absorb; who is rejected or withdraws leaves for good, and needs no state."""
    rates = [[0.0] * size for _ in range(size)]
    for place, stage in enumerate(ACTIVE):
        days = sum(one.days for one in stays if one.stage == stage)
        for one in stays:
            if one.stage == stage and one.next_stage and days > 0:
                rate = one.count / days
                rates[place][place] -= rate
                if one.next_stage in (*ACTIVE, "HIRED"):
                    rates[place][(*ACTIVE, "HIRED").index(one.next_stage)] += rate
    return rates


def _grown(matrix: Matrix) -> Matrix:
    """exp(matrix) - 1, by scaling and squaring: Taylor's series of the matrix divided by a power of two, then as often
    (1 + E)² - 1 = 2 E + E².

    Kept without the unit matrix: beside it, slow rates would lose their digits where others are faster by many orders.
    """
    norm = max(sum(map(abs, row)) for row in matrix)
    halvings = 0
    while norm > 0.25:
        norm, halvings = norm / 2, halvings + 1
    scaled = [[value / 2**halvings for value in row] for row in matrix]
    found = [[0.0] * len(matrix) for _ in matrix]
    for order in range(_TAYLOR, 0, -1):
        found = [[value / order for value in row] for row in _sum(scaled, _product(scaled, found))]
    for _ in range(halvings):
        found = _sum([[2 * value for value in row] for row in found], _product(found, found))
    return found


def _sum(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(row, other, strict=True)] for row, other in zip(left, right, strict=True)]


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]
