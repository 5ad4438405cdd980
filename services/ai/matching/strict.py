"""What a recruiter marked as strict: who does not meet it is left out."""

from collections.abc import Iterator

from services.ai.matching.features import (
    CandidateFeatures,
    PositionFeatures,
    Relation,
    Requirement,
    RequirementKind,
    Score,
)

# A share of a requirement from which it counts as met in full.
MET = 0.999


def unmet(candidate: CandidateFeatures, position: PositionFeatures, found: Score) -> Iterator[Requirement]:
    """The strict requirements that a scored person does not meet. The score's first reasons are of the requirements, in their order.

    A skill is held by itself or by a narrower one, whatever bears it out; a broader or related one is another skill.
    """
    held = {fact.skill_id for fact in candidate.skills}
    for requirement, reason in zip(position.requirements, found.reasons, strict=False):
        if not requirement.strict:
            continue
        if requirement.kind is RequirementKind.SKILL:
            met = not held.isdisjoint(_counting(requirement))
        else:
            met = reason.contribution >= MET * reason.weight and reason.rule != "missing"
        if not met:
            yield requirement


def _counting(requirement: Requirement) -> set[str]:
    return {requirement.skill_id, *(kin.skill_id for kin in requirement.kin if kin.relation is Relation.NARROWER)}
