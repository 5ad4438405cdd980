"""Scores of one person for one position with one skill more: each exactly what `score` gives, in a fraction of its time.

Only what asks for skills, or for years with one, can change; the rest is judged once.
"""

from dataclasses import replace
from datetime import date
from math import fsum

from services.ai.matching.changes import learning
from services.ai.matching.coverage import cover
from services.ai.matching.features import CandidateFeatures, PositionFeatures, Proof, RequirementKind, SkillFact
from services.ai.matching.gains import Touched, weights_of
from services.ai.matching.scoring import DECIMALS, score
from services.ai.matching.verdicts import years
from services.ai.matching.weights import Weights, default_weights


class Rescoring:
    """`base` is the score as it is."""

    def __init__(
        self, candidate: CandidateFeatures, position: PositionFeatures, as_of: date, weights: Weights | None = None
    ) -> None:
        weights = default_weights() if weights is None else weights
        found = score(candidate, position, as_of, weights)
        self.base = found.value
        self._candidate, self._asked, self._as_of = candidate, position.requirements, as_of
        self._weights = weights_of(self._asked, found, weights)
        self._contributions = [reason.contribution for reason in found.reasons]
        self._rows = [i for i, r in enumerate(self._asked) if r.kind is RequirementKind.SKILL]
        self._touched = Touched(self._asked)

    def named(self, skill_id: str, label: str) -> float:
        """With the skill named, and in no dated role: as a profile that lists it."""
        return self._with(
            replace(self._candidate, skills=(*self._candidate.skills, named_fact(skill_id, label))), skill_id
        )

    def shown(self, skill_id: str, label: str) -> float:
        """With a year of dated work with it until the day of the score."""
        return self._with(learning(skill_id, label, self._as_of).effect(self._candidate), skill_id)

    def _with(self, changed: CandidateFeatures, skill_id: str) -> float:
        touched = self._touched.of_skill(skill_id)
        if not touched:
            return self.base
        contributions = list(self._contributions)
        verdicts = cover(changed, [self._asked[i] for i in self._rows], self._as_of)
        for i, verdict in zip(self._rows, verdicts, strict=True):
            contributions[i] = self._contribution(i, verdict.credit)
        for i in touched:
            if self._asked[i].kind is RequirementKind.YEARS:
                contributions[i] = self._contribution(i, years(changed, self._asked[i], self._as_of).credit)
        return round(fsum(contributions), DECIMALS)

    def _contribution(self, i: int, credit: float) -> float:
        return round(self._weights[i] * credit, DECIMALS)


def named_fact(skill_id: str, label: str) -> SkillFact:
    return SkillFact(skill_id, label, Proof.STATED, (), ())
