"""Calendar months and the intervals that experience is counted in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = 12


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """A month as resumes write it: `month` is 0 when only the year stands there."""

    year: int
    month: int = 0

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2200 and 0 <= self.month <= MONTHS):
            raise ValueError(f"{self.year}-{self.month} is not a month")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Months from `start` to `end` (exclusive), both as `year * 12 + month - 1`; `end` is None while it lasts."""

    start: int
    end: int | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"interval ends ({self.end}) before it starts ({self.start})")


def month_index(day: date) -> int:
    """The month of a day as Interval counts it."""
    return day.year * MONTHS + day.month - 1


def interval(start: YearMonth, end: YearMonth | None) -> Interval | None:
    """The months that "start – end" covers, or None when it ends before it starts.

    A stated end month counts in full. Where only years stand, "2014 – 2018" is four years, and a single year counts as
    half of one: the least assumption that does not make it zero.
    """
    first = start.year * MONTHS + max(start.month, 1) - 1
    if end is None:
        return Interval(first, None)
    if end.month:
        last = end.year * MONTHS + end.month
    else:
        last = end.year * MONTHS
        if end.year == start.year:
            last = max(first, last) + MONTHS // 2
    return Interval(first, last) if last >= first else None


def union_months(intervals: Iterable[Interval], as_of: date) -> int:
    """Months covered by at least one interval, none counted twice, none after `as_of`."""
    now = month_index(as_of) + 1
    total, reached = 0, 0
    for part in sorted(intervals, key=lambda i: i.start):
        end = now if part.end is None else min(part.end, now)
        begin = max(part.start, reached)
        if end > begin:
            total += end - begin
            reached = end
    return total


def union_years(intervals: Iterable[Interval], as_of: date) -> float:
    """`union_months` in years."""
    return union_months(intervals, as_of) / MONTHS
