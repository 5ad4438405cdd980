"""What a recruiter marked as strict: who does not meet it is left out."""

from collections.abc import Iterator

from services.ai.matching.features import PositionFeatures, Requirement, RequirementKind, Score

# A skill is held by itself or by a narrower one, whoever bears it out; a broader or related one is another skill.
HELD = frozenset({"exact", "alias", "narrower", "implied", "listed", "unproven"})
# A share of a requirement from which it counts as met in full.
MET = 0.999


def unmet(position: PositionFeatures, found: Score) -> Iterator[Requirement]:
    """The strict requirements that a scored person does not meet. The score's first reasons are of the requirements, in their order."""
    for requirement, reason in zip(position.requirements, found.reasons, strict=False):
        if not requirement.strict:
            continue
        if requirement.kind is RequirementKind.SKILL:
            met = reason.rule in HELD
        else:
            met = reason.contribution >= MET * reason.weight and reason.rule != "missing"
        if not met:
            yield requirement
