"""The score of one person for one position, and what each factor brought to it.

The same features and version give the same bytes in every process: no sets are walked, sums are exact, and each contribution is rounded
before it is added.
"""

from collections.abc import Iterator, Sequence
from math import fsum

from services.ai.embedding import cosine
from services.ai.matching.features import (
    CandidateFeatures,
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    Score,
    SkillFact,
)
from services.ai.spans import Span

ENGINE_VERSION = "match-1"
DECIMALS = 9

# Shares of the score. What a position does not ask for leaves its share to the others.
SHARES = {
    RequirementKind.SKILL: 0.60,
    RequirementKind.YEARS: 0.12,
    RequirementKind.DEGREE: 0.06,
    RequirementKind.LANGUAGE: 0.04,
}
SIMILARITY_SHARE = 0.18
# What must be there weighs this much against what is nice to have.
MUST_WEIGHT, NICE_WEIGHT = 2.0, 1.0
# A skill that is only named, in no dated role.
STATED_CREDIT = 0.7
# Texts on unrelated work have a cosine near the first number, close ones near the second.
SIMILARITY_FLOOR, SIMILARITY_CEILING = 0.10, 0.70


def score(candidate: CandidateFeatures, position: PositionFeatures) -> Score:
    asked = [r for r in position.requirements if r.kind in SHARES]
    shares = {kind: share for kind, share in SHARES.items() if any(r.kind is kind for r in asked)}
    whole = fsum([*shares.values(), SIMILARITY_SHARE])
    reasons = [_reason(candidate, r, shares[r.kind] / whole * _part(r, asked)) for r in asked]
    reasons.append(_similarity(candidate, position, SIMILARITY_SHARE / whole))
    return Score(round(fsum(r.contribution for r in reasons), DECIMALS), tuple(reasons))


def _part(requirement: Requirement, asked: Sequence[Requirement]) -> float:
    """Its part of its kind's share."""
    return _weight(requirement) / fsum(_weight(r) for r in asked if r.kind is requirement.kind)


def _weight(requirement: Requirement) -> float:
    return MUST_WEIGHT if requirement.must else NICE_WEIGHT


def _reason(candidate: CandidateFeatures, requirement: Requirement, weight: float) -> Reason:
    credit, rule, finding, evidence = _JUDGES[requirement.kind](candidate, requirement)
    return Reason(
        requirement.kind.value.lower(),
        f"{requirement.label}: {finding}",
        rule,
        round(weight, DECIMALS),
        round(weight * credit, DECIMALS),
        requirement.span,
        evidence,
    )


Verdict = tuple[float, str, str, tuple[Span, ...]]
"""Credit from 0 to 1, the rule, what was found in words, and where it stands."""


def _skill(candidate: CandidateFeatures, requirement: Requirement) -> Verdict:
    fact = next(_named(candidate.skills, requirement.skill_id), None)
    if fact is None:
        return 0.0, "missing", "not found", ()
    if not fact.used:
        return STATED_CREDIT, "stated", "named, but in no dated role", fact.spans[:3]
    last = f", last used {fact.last_used.year}" if fact.last_used else ""
    return 1.0, "used", f"{fact.years:.1f} years{last}", fact.spans[:3]


def _named(skills: Sequence[SkillFact], skill_id: str) -> Iterator[SkillFact]:
    return (s for s in skills if s.skill_id == skill_id)


def _years(candidate: CandidateFeatures, requirement: Requirement) -> Verdict:
    have, need = candidate.years_of_experience, requirement.years
    credit = min(1.0, have / need) if need else 1.0
    return credit, "proportional", f"{have:.1f} years in dated roles", candidate.roles[:3]


def _degree(candidate: CandidateFeatures, requirement: Requirement) -> Verdict:
    evidence = (candidate.education,) if candidate.education else ()
    missing = requirement.level - candidate.education_level
    if not evidence or not candidate.education_level:
        return 0.0, "missing", "none found", ()
    found = candidate.education_level.name.lower()
    if missing <= 0:
        return 1.0, "reached", found, evidence
    return (0.5, "one_below", found, evidence) if missing == 1 else (0.0, "below", found, evidence)


def _language(candidate: CandidateFeatures, requirement: Requirement) -> Verdict:
    spans = tuple(fact.span for fact in candidate.languages if fact.name == requirement.label)
    return (1.0, "stated", "named", spans[:1]) if spans else (0.0, "missing", "not found", ())


_JUDGES = {
    RequirementKind.SKILL: _skill,
    RequirementKind.YEARS: _years,
    RequirementKind.DEGREE: _degree,
    RequirementKind.LANGUAGE: _language,
}


def _similarity(candidate: CandidateFeatures, position: PositionFeatures, weight: float) -> Reason:
    likeness = cosine(candidate.vector, position.vector)
    credit = min(1.0, max(0.0, (likeness - SIMILARITY_FLOOR) / (SIMILARITY_CEILING - SIMILARITY_FLOOR)))
    label, brought = f"whole text: likeness {likeness:.2f}", round(weight * credit, DECIMALS)
    return Reason("similarity", label, "cosine", round(weight, DECIMALS), brought, None, ())
