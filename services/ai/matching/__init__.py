"""Who fits a position, how well, and why. Pure functions over frozen features; nothing in them names a person."""

from services.ai.matching.features import (
    CandidateFeatures,
    LanguageFact,
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    Score,
    SkillFact,
)
from services.ai.matching.ranking import fuse, rank
from services.ai.matching.requirements import find_requirements
from services.ai.matching.scoring import ENGINE_VERSION, score

__all__ = [
    "ENGINE_VERSION",
    "CandidateFeatures",
    "LanguageFact",
    "PositionFeatures",
    "Reason",
    "Requirement",
    "RequirementKind",
    "Score",
    "SkillFact",
    "find_requirements",
    "fuse",
    "rank",
    "score",
]
