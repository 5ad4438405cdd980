"""The figures of a bias audit after New York City's Local Law 144 (6 RCNY § 5-301). Pure.

* Selection rate: of the applications of a group, the share that was moved forward.
* Scoring rate: of those with a score, the share above the median of all scores of the sample.
* Impact ratio: a rate divided by that of the group with the highest, within sex, within race, and within sex and race together.
* A group under 2 % of those who told what it is about is reported without a ratio. Of one under 5 people nothing is told but that it is
  there, and where fewer than 5 told, not even that: it would tell of single people.

Intervals are Katz's for a ratio of two binomial rates (1978): normal on the logarithm, with variance 1/a - 1/m + 1/b - 1/n. Where one of
the four cells is empty, a half is added to each (Haldane and Anscombe), which also keeps the interval from closing where everybody was
selected.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist, median

LEAST_SHARE = 0.02
LEAST_PEOPLE = 5
# The four-fifths rule of the Uniform Guidelines (29 CFR 1607.4 D): below it, a difference is evidence of adverse impact.
FOUR_FIFTHS = 0.8
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Applicant:
    """One application. `sex` and `race` are empty where the person did not say; `score` is None where none was computed."""

    sex: str
    race: str
    selected: bool
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """A rate over `total`, beside the highest of the groups. `ratio` is None for who is excluded, and where nobody was selected."""

    total: int
    rate: float
    ratio: float | None = None
    low: float = 0.0
    high: float = 0.0

    @property
    def is_adverse(self) -> bool:
        """Under four fifths, and not by chance alone."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS and self.high < 1


@dataclass(frozen=True, slots=True)
class Group:
    """`dimension` is `sex`, `race` or `sex,race`; `name` e.g. `sex=female,race=asian`. `count` is 0 for a group under `LEAST_PEOPLE`."""

    dimension: str
    name: str
    count: int
    selection: Impact
    scoring: Impact
    excluded: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """`unknown`: people who told nothing of themselves. `scored`: those with a score."""

    groups: Sequence[Group]
    total: int
    unknown: int
    scored: int


_DIMENSIONS: dict[str, Callable[[Applicant], str]] = {
    "sex": lambda one: one.sex and f"sex={one.sex}",
    "race": lambda one: one.race and f"race={one.race}",
    "sex,race": lambda one: one.sex and one.race and f"sex={one.sex},race={one.race}",
}


def bias_audit(people: Sequence[Applicant]) -> Audit:
    """Groups in order of dimension and name."""
    scores = [one.score for one in people if one.score is not None]
    middle = median(scores) if scores else 0.0
    groups = [group for name in _DIMENSIONS for group in _groups(name, people, middle)]
    unknown = sum(not one.sex and not one.race for one in people)
    return Audit(groups, len(people), unknown, len(scores))


def _groups(dimension: str, people: Sequence[Applicant], middle: float) -> Iterable[Group]:
    members: dict[str, list[Applicant]] = {}
    for one in people:
        if name := _DIMENSIONS[dimension](one):
            members.setdefault(name, []).append(one)
    known = sum(map(len, members.values()))
    if known < LEAST_PEOPLE:
        return
    told = {name for name, some in members.items() if len(some) >= max(LEAST_PEOPLE, LEAST_SHARE * known)}
    selection = _impacts({name: _selected(some) for name, some in members.items()}, told)
    scoring = _impacts({name: _above(some, middle) for name, some in members.items()}, told)
    for name in sorted(members):
        count = len(members[name]) if len(members[name]) >= LEAST_PEOPLE else 0
        yield Group(dimension, name, count, selection[name], scoring[name], name not in told)


def _selected(people: Sequence[Applicant]) -> tuple[int, int]:
    return sum(one.selected for one in people), len(people)


def _above(people: Sequence[Applicant], middle: float) -> tuple[int, int]:
    scores = [one.score for one in people if one.score is not None]
    return sum(score > middle for score in scores), len(scores)


def _impacts(counts: dict[str, tuple[int, int]], told: set[str]) -> dict[str, Impact]:
    rates = {name: some / total if total else 0.0 for name, (some, total) in counts.items()}
    ranked = [name for name in told if counts[name][1] >= LEAST_PEOPLE]
    # Of equal ones, that of more people: its interval is the narrowest.
    best = max(ranked, key=lambda name: (rates[name], counts[name][1], name), default="")
    return {name: _impact(name, best if name in ranked else "", counts, rates) for name in counts}


def _impact(name: str, best: str, counts: dict[str, tuple[int, int]], rates: dict[str, float]) -> Impact:
    """`best` is empty for who is beside none."""
    some, total = counts[name]
    if total < LEAST_PEOPLE:
        return Impact(total, 0.0)
    if not best or not rates[best]:
        return Impact(total, rates[name])
    ratio = rates[name] / rates[best]
    low, high = (1.0, 1.0) if name == best else interval(some, total, *counts[best])
    return Impact(total, rates[name], ratio, min(low, ratio), max(high, ratio))


def interval(a: int, m: int, b: int, n: int) -> tuple[float, float]:
    """The 95 % interval of (a/m) / (b/n)."""
    empty = min(a, m - a, b, n - b) == 0
    some, total, others, all_others = (a + 0.5, m + 1.0, b + 0.5, n + 1.0) if empty else (a, m, b, n)
    middle = log(some / total) - log(others / all_others)
    wide = _Z * sqrt(1 / some - 1 / total + 1 / others - 1 / all_others)
    return exp(middle - wide), exp(middle + wide)
