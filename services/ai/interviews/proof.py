"""Which requirements a resume proves, by the engine's own rules: so that questions agree with what recruiters see."""

from services.ai.interviews.records import Asked
from services.ai.matching import RequirementKind

# Dated work with the skill itself or a narrower one; a level, years or licence that are reached; a language that is named where no level is
# asked for. What is only listed, implied or near, and what comes close, proves nothing.
PROVED = frozenset({"exact", "alias", "narrower", "reached", "held", "stated"})
# The rest is no matter of a resume: place, mode and pay are what people want.
ABOUT_RESUMES = frozenset({
    RequirementKind.SKILL, RequirementKind.YEARS, RequirementKind.DEGREE, RequirementKind.LANGUAGE, RequirementKind.LICENCE,
    RequirementKind.SENIORITY,
})  # fmt: skip


def is_unproved(asked: Asked) -> bool:
    """Whether it is a matter of resumes that this one does not prove."""
    return asked.kind in ABOUT_RESUMES and asked.rule not in PROVED
