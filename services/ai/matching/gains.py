"""What sets of changes bring to a score, without scoring anew: in whole billionths, so that sums and comparisons are exact.

A score is a sum over requirements. What ties changes to each other: a skill counts for several requirements, each of which takes the best;
several lengthen the same years; and each skill that dated work shows lets one more that is only listed count (`coverage`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import reduce
from heapq import nlargest
from math import fsum
from typing import Self

from services.ai.matching.changes import Change
from services.ai.matching.coverage import cover, importance
from services.ai.matching.features import CandidateFeatures, PositionFeatures, Requirement, RequirementKind, Score
from services.ai.matching.scoring import score
from services.ai.matching.skill_rows import UNIT, Credits, SkillRows, contribution
from services.ai.matching.verdicts import JUDGES
from services.ai.matching.weights import Weights

# Of rounding, where changes lengthen the same years: half a unit for each change of a plan, and for both sides.
YEARS_SLACK = 6


@dataclass(frozen=True, slots=True)
class Marginal:
    """The most that one more change can bring: what it shows in work, for how many rows it is the first work that shows them, and what it
    brings where every listed skill counts.
    """

    practice: int
    newly: int
    unbound: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A set of changes: the rows that it raises, and what it brings elsewhere."""

    places: tuple[int, ...]
    raised: Credits
    elsewhere: int


@dataclass(frozen=True, slots=True)
class _Effect:
    """Of one change: rows that it raises; other requirements that it helps with, each with its gain; what it brings to the whole."""

    raised: Credits
    others: Mapping[int, int]
    whole: int = 0

    @property
    def elsewhere(self) -> int:
        return sum(self.others.values()) + self.whole


class Gains:
    """Of changes, named by their places in the list. `base`: the score without any of them."""

    def __init__(
        self,
        candidate: CandidateFeatures,
        position: PositionFeatures,
        as_of: date,
        weights: Weights,
        changes: Sequence[Change],
        base: Score,
    ) -> None:
        self._candidate, self._asked, self._as_of, self._changes = candidate, position.requirements, as_of, changes
        self.base = units(base)
        self._weights = weights_of(self._asked, base, weights)
        self._rows = SkillRows(candidate, self._asked, self._weights, as_of)
        self._standing = self._rows.value({})
        touched = Touched(self._asked)
        self._use(
            _Effect({}, {}, units(score(change.effect(candidate), position, as_of, weights)) - self.base)
            if change.roles
            else self._effect(change, touched.by(change))
            for change in changes
        )

    def only(self, places: Sequence[int]) -> Self:
        """The same of some of the changes, in this order."""
        fewer = copy(self)
        fewer._changes = [self._changes[place] for place in places]
        fewer._use(self._effects[place] for place in places)
        return fewer

    def _use(self, effects: Iterable[_Effect]) -> None:
        self._effects = list(effects)
        self._helpers = self._who_helps()
        self._together: dict[tuple[int, tuple[int, ...]], int] = {}
        rough = self._rows.rough(effect.raised for effect in self._effects)
        self._slack = rough + YEARS_SLACK * len(self._helpers)

    def choose(self, places: tuple[int, ...]) -> Chosen:
        raised: dict[int, float] = {}
        for place in places:
            for i, credit in self._effects[place].raised.items():
                raised[i] = max(credit, raised.get(i, 0.0))
        return Chosen(places, raised, sum(self._effects[p].elsewhere for p in places) + self._correction(places))

    def value(self, chosen: Chosen) -> int:
        """The score with these changes, exactly as `score` gives it."""
        return self.base + self._rows.value(chosen.raised) - self._standing + chosen.elsewhere

    def marginal(self, chosen: Chosen, place: int) -> Marginal:
        effect, raised = self._effects[place], chosen.raised
        better = {i: c for i, c in effect.raised.items() if c > raised.get(i, 0.0)}
        elsewhere = effect.elsewhere
        return Marginal(
            self._rows.practice(better, raised) + elsewhere,
            self._rows.newly(i for i in better if i not in raised),
            self._rows.unbound_gain(better, raised) + elsewhere,
        )

    def bound(self, chosen: Chosen, marginals: Sequence[Marginal], more: int) -> int:
        """No set of these and so many more of the others has a greater value.

        Work on a skill brings less the more there is already, and at most so many listed skills count as rows can be shown for the first
        time; or, if every listed skill counted, each change would bring less the more there are.
        """
        newly = sum(nlargest(more, (m.newly for m in marginals)))
        practice = sum(nlargest(more, (m.practice for m in marginals)))
        unbound = sum(nlargest(more, (m.unbound for m in marginals)))
        least = min(self._rows.value(chosen.raised, newly) + practice, self._rows.unbound(chosen.raised) + unbound)
        return self.base + least - self._standing + chosen.elsewhere + self._slack

    def _effect(self, change: Change, touched: Sequence[int]) -> _Effect:
        changed = change.effect(self._candidate)
        new = CandidateFeatures(changed.skills[-1:], (), changed.education_level, None, (), ())
        raised, others = {}, {}
        for i in touched:
            if self._asked[i].kind is RequirementKind.SKILL:
                credit = cover(new, [self._asked[i]], self._as_of)[0].credit
                if credit > self._rows.shown[i]:
                    raised[i] = credit
            elif gain := self._judged(i, changed) - self._judged(i, self._candidate):
                others[i] = gain
        return _Effect(raised, others)

    def _judged(self, i: int, candidate: CandidateFeatures) -> int:
        requirement = self._asked[i]
        return contribution(self._weights[i], JUDGES[requirement.kind](candidate, requirement, self._as_of).credit)

    def _who_helps(self) -> dict[int, frozenset[int]]:
        """Requirements, other than rows, that several changes help with, and which."""
        helpers = defaultdict(set)
        for place, effect in enumerate(self._effects):
            for i in effect.others:
                helpers[i].add(place)
        return {i: frozenset(places) for i, places in helpers.items() if len(places) > 1}

    def _correction(self, places: tuple[int, ...]) -> int:
        """What changes bring together, less what each brings alone."""
        found = 0
        for i in dict.fromkeys(i for place in places for i in self._effects[place].others if i in self._helpers):
            helping = tuple(place for place in places if place in self._helpers[i])
            if len(helping) > 1:
                if (i, helping) not in self._together:
                    changed = reduce(lambda person, p: self._changes[p].effect(person), helping, self._candidate)
                    self._together[i, helping] = self._judged(i, changed) - self._judged(i, self._candidate)
                found += self._together[i, helping] - sum(self._effects[p].others[i] for p in helping)
        return found


def units(found: Score) -> int:
    return round(found.value * UNIT)


def weights_of(asked: Sequence[Requirement], base: Score, weights: Weights) -> list[float]:
    """Of each requirement, as `score` reckons them, before they are rounded."""
    factors = {reason.factor for reason in base.reasons}
    whole = fsum(weights[factor] for factor in factors)
    of_kind: dict[RequirementKind, list[float]] = defaultdict(list)
    for requirement in asked:
        of_kind[requirement.kind].append(importance(requirement))
    sums = {kind: fsum(parts) for kind, parts in of_kind.items()}
    shares = {kind: weights[kind.value.lower()] / whole if whole else 0.0 for kind in sums}
    return [shares[r.kind] * (importance(r) / sums[r.kind]) for r in asked]


class Touched:
    """Requirements that a change can help with."""

    def __init__(self, asked: Sequence[Requirement]) -> None:
        self._of_skill: dict[str, list[int]] = defaultdict(list)
        self._of_kind: dict[RequirementKind, list[int]] = defaultdict(list)
        for i, requirement in enumerate(asked):
            self._of_kind[requirement.kind].append(i)
            if requirement.skill_id:
                for skill_id in dict.fromkeys((requirement.skill_id, *(kin.skill_id for kin in requirement.kin))):
                    self._of_skill[skill_id].append(i)

    def by(self, change: Change) -> Sequence[int]:
        if change.skill_id:
            return self.of_skill(change.skill_id)
        return [i for kind in change.touches for i in self._of_kind[kind]]

    def of_skill(self, skill_id: str) -> Sequence[int]:
        return self._of_skill[skill_id]
