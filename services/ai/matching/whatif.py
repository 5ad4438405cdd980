"""The smallest truthful set of changes that brings a person to a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from services.ai.matching.changes import Change, possible_changes
from services.ai.matching.features import CandidateFeatures, PositionFeatures
from services.ai.matching.gains import Gains, Touched
from services.ai.matching.scoring import score
from services.ai.matching.skill_rows import UNIT
from services.ai.matching.strict import unmet
from services.ai.matching.weights import Weights, default_weights

# How often a change is looked at beside those chosen before: a few seconds.
LOOKS = 100_000
# A first set is put together from so many of those that bring most by themselves.
GREEDY_AMONG = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`gain`: what the change adds to the score by itself."""

    change: Change
    gain: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`score` with the changes, by the scorer itself. Without a set that reaches the target, no changes, and the score as it is.

    All strict requirements are met then, each by one of the changes: that several together meet one is not looked for.
    `exact`: proven that no smaller set reaches the target, none of this size scores more, and, where there is none, that there is none.
    Otherwise the search was cut short: every change counts, but there may be a better set.
    """

    changes: tuple[Suggestion, ...]
    score: float
    reached: bool
    exact: bool


def what_if(
    candidate: CandidateFeatures,
    position: PositionFeatures,
    as_of: date,
    weights: Weights | None,
    target_score: float,
    max_changes: int,
) -> Plan:
    """Of the smallest sets the one with the greatest score; of those the one whose changes bring most by themselves, in a fixed order."""
    weights = default_weights() if weights is None else weights
    base = score(candidate, position, as_of, weights)
    barring = set(unmet(candidate, position, base))
    barriers = frozenset(i for i, one in enumerate(position.requirements) if one in barring)
    if base.value >= target_score and not barriers:
        return Plan((), base.value, True, True)
    changes = list(possible_changes(candidate, position, as_of))
    gains = Gains(candidate, position, as_of, weights, changes, base)
    opens = _opens(candidate, position, as_of, weights, changes, barriers)
    useful = _useful(gains, opens)
    search = _Search(gains.only(useful), [opens[place] for place in useful], barriers, _units_up_to(target_score))
    chosen = [useful[place] for place in search.smallest(max_changes)]
    if not chosen:
        return Plan((), base.value, False, search.complete)
    changed = reduce(lambda person, place: changes[place].effect(person), chosen, candidate)
    reached = score(changed, position, as_of, weights)
    # What met a strict requirement may be covered better now by what does not meet it.
    if any(unmet(changed, position, reached)):
        return Plan((), base.value, False, False)
    suggestions = tuple(Suggestion(changes[place], _alone(gains, place) / UNIT) for place in chosen)
    return Plan(suggestions, reached.value, True, search.complete)


def _opens(
    candidate: CandidateFeatures,
    position: PositionFeatures,
    as_of: date,
    weights: Weights,
    changes: Sequence[Change],
    barriers: frozenset[int],
) -> list[frozenset[int]]:
    """Which of the strict requirements that are not met each change meets."""
    touched, asked, found = Touched(position.requirements), position.requirements, []
    for change in changes:
        near = barriers.intersection(touched.by(change)) if barriers else frozenset[int]()
        if near:
            changed = change.effect(candidate)
            left = set(unmet(changed, position, score(changed, position, as_of, weights)))
            near = frozenset(i for i in near if asked[i] not in left)
        found.append(near)
    return found


def _useful(gains: Gains, opens: Sequence[frozenset[int]]) -> list[int]:
    """Changes that bring something by themselves, most first. What brings nothing alone brings nothing with others either."""
    alone = [_alone(gains, place) for place in range(len(opens))]
    return sorted((p for p in range(len(opens)) if alone[p] > 0 or opens[p]), key=lambda p: -alone[p])


def _alone(gains: Gains, place: int) -> int:
    return gains.value(gains.choose((place,))) - gains.base


def _units_up_to(target: float) -> int:
    """The least whole number of billionths that is no less, as a score is."""
    found = round(target * UNIT)
    return found if found / UNIT >= target else found + 1


class _CutShort(Exception):
    """Looked at enough."""


class _Search:
    """Sets of one size after another, in order; a branch that cannot bring more than the best set so far is left."""

    def __init__(self, gains: Gains, opens: Sequence[frozenset[int]], barriers: frozenset[int], target: int) -> None:
        """`opens`: for each change, which of the barriers it takes away; a set must take away all."""
        self._gains, self._opens, self._barriers, self._least = gains, opens, barriers, target
        self._count = len(opens)
        self._size = 0
        self._best: tuple[int, ...] = ()
        self._looks = LOOKS
        self.complete = True

    def smallest(self, most: int) -> tuple[int, ...]:
        """The best of the smallest sets that reach the target; empty when none of up to so many does."""
        for size in range(1, min(most, self._count) + 1):
            self._size = size
            if found := self._largest():
                return found
        return ()

    def _largest(self) -> tuple[int, ...]:
        fallback = self._greedy()
        if fallback:
            self._least = self._gains.value(self._gains.choose(fallback))
        try:
            self._extend((), range(self._count))
        except _CutShort:
            self.complete = False
        return self._best or fallback

    def _greedy(self) -> tuple[int, ...]:
        """One after another what brings most; empty when that does not reach the target."""
        gains, chosen = self._gains, self._gains.choose(())
        for _ in range(self._size):
            rest = [p for p in range(min(self._count, GREEDY_AMONG)) if p not in chosen.places]
            sets = (gains.choose(tuple(sorted((*chosen.places, place)))) for place in rest)
            chosen = max(sets, key=gains.value)
        reached = gains.value(chosen) >= self._least and not self._barred(chosen.places)
        return chosen.places if reached else ()

    def _barred(self, places: Sequence[int]) -> frozenset[int]:
        """The barriers that these changes leave."""
        return self._barriers.difference(*(self._opens[place] for place in places))

    def _extend(self, places: tuple[int, ...], later: Sequence[int]) -> None:
        """`later`: changes that may still be added, in order. Once a set is found only a better one counts: the first of equals stays."""
        chosen, more = self._gains.choose(places), self._size - len(places)
        if not more:
            value = self._gains.value(chosen)
            if value >= self._least and not self._barred(places):
                self._best, self._least = places, value + 1
            return
        self._looks -= len(later)
        if self._looks < 0:
            raise _CutShort
        if self._barred(places).difference(*(self._opens[place] for place in later)):
            return
        marginals = [self._gains.marginal(chosen, place) for place in later]
        for i in range(len(later) - more + 1):
            if self._gains.bound(chosen, marginals[i:], more) < self._least:
                return
            self._extend((*places, later[i]), later[i + 1 :])
