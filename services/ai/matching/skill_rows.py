"""The skills that a position asks for, as far as changes touch them: what `coverage.cover` makes of any set of changes, in few steps."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

from services.ai.matching.coverage import UNPROVEN, best_of, by_list, by_work, importance
from services.ai.matching.features import CandidateFeatures, Requirement, RequirementKind
from services.ai.matching.scoring import DECIMALS

UNIT: int = 10**DECIMALS

Credits = Mapping[int, float]
"""By the place of a requirement: how far dated work covers it."""


def contribution(weight: float, credit: float) -> int:
    """In whole billionths, rounded as in a score."""
    return round(round(weight * credit, DECIMALS) * UNIT)


class SkillRows:
    """`weights`: of all requirements, by place. Credits given to the methods are of rows that changes raise; others stay as they are."""

    def __init__(
        self, candidate: CandidateFeatures, asked: Sequence[Requirement], weights: Sequence[float], as_of: date
    ) -> None:
        facts = {fact.skill_id: fact for fact in candidate.skills}
        rows = [i for i, r in enumerate(asked) if r.kind is RequirementKind.SKILL]
        self._asked, self._weights = asked, weights
        worked = {i: best_of(by_work(facts, asked[i], as_of)).credit for i in rows}
        self._worked = frozenset(i for i, credit in worked.items() if credit)
        self._listed = {i: verdict.credit for i in rows if (verdict := by_list(facts, asked[i]))}
        self.shown = {i: max(credit, UNPROVEN) if i in self._listed else credit for i, credit in worked.items()}
        self._practised = sum(contribution(weights[i], credit) for i, credit in self.shown.items())
        self._allowed = sum(not asked[i].manner for i in self._worked)
        order = ((self._key(i, self.shown[i]), i) for i in self._listed)
        self._order = sorted(entry for entry in order if entry[0] < 0)
        self._places = {i: place for place, (_, i) in enumerate(self._order)}
        gains = (self._gain(i, self.shown[i]) for _, i in self._order)
        self._sums = list(accumulate(gains, initial=0))

    def value(self, raised: Credits, more: int = 0) -> int:
        """What all rows bring. `more` listed skills than dated work allows may count, for a bound."""
        allowed = self._allowed + self.newly(raised) + more
        return self._practised + self.practice(raised, {}) + self._best_listed(raised, allowed)

    def unbound(self, raised: Credits) -> int:
        """What all rows would bring if every listed skill counted."""
        return self._practised + self._sums[-1] + self.unbound_gain(raised, {})

    def newly(self, raised: Iterable[int]) -> int:
        """How many rows dated work shows that it did not show before, but for manners."""
        return sum(i not in self._worked and not self._asked[i].manner for i in raised)

    def practice(self, raised: Credits, already: Credits) -> int:
        """What dated work brings more than with `already`."""
        return sum(
            contribution(self._weights[i], credit) - contribution(self._weights[i], already.get(i, self.shown[i]))
            for i, credit in raised.items()
        )

    def unbound_gain(self, raised: Credits, already: Credits) -> int:
        """Likewise, if every listed skill counted."""
        return sum(self._at_best(i, c) - self._at_best(i, already.get(i, self.shown[i])) for i, c in raised.items())

    def rough(self, raisings: Iterable[Credits]) -> int:
        """How many rows may have a listed skill that counts beside work, so that two roundings differ by a unit."""
        found = {i for i, listed in self._listed.items() if 0 < self.shown[i] < listed}
        for raised in raisings:
            found.update(i for i, credit in raised.items() if credit < self._listed.get(i, 0.0))
        return len(found)

    def _best_listed(self, raised: Credits, allowed: int) -> int:
        """Of the listed skills that bring most, so many."""
        out = sorted(self._places[i] for i in raised if i in self._places)
        entries = sorted((self._key(i, raised[i]), i) for i in raised if i in self._listed)
        others = [entry for entry in entries if entry[0] < 0]
        taken = 0
        for place, entry in enumerate(others):
            at = bisect_left(self._order, entry)
            if at - bisect_left(out, at) + place < allowed:
                taken += 1
        best = sum(self._gain(i, raised[i]) for _, i in others[:taken])
        end = allowed - taken
        for place in out:
            if place < end:
                end += 1
        end = min(end, len(self._order))
        return best + self._sums[end] - sum(self._sums[p + 1] - self._sums[p] for p in out if p < end)

    def _key(self, i: int, shown: float) -> float:
        """Less than 0 where a bare name brings more than work does; the least brings most."""
        return -importance(self._asked[i]) * (self._listed[i] - shown)

    def _gain(self, i: int, shown: float) -> int:
        return contribution(self._weights[i], self._listed[i]) - contribution(self._weights[i], shown)

    def _at_best(self, i: int, shown: float) -> int:
        return contribution(self._weights[i], max(shown, self._listed.get(i, 0.0)))
