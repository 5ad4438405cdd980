"""Who fits a position, how well, and why; and which position fits a person. Pure functions over frozen features that name nobody."""

from services.ai.matching.compact import likeness, pack
from services.ai.matching.features import (
    CandidateFeatures,
    DegreeFact,
    Kin,
    LanguageFact,
    LicenceFact,
    Origin,
    Passage,
    Pay,
    Place,
    PositionFeatures,
    Proof,
    Reason,
    Relation,
    Requirement,
    RequirementKind,
    RoleFact,
    Score,
    Seniority,
    SkillFact,
    Wishes,
    WorkMode,
)
from services.ai.matching.kinship import with_kin
from services.ai.matching.person import fit
from services.ai.matching.ranking import fuse, rank
from services.ai.matching.requirements import find_requirements
from services.ai.matching.scoring import score
from services.ai.matching.versions import code_version, engine_version
from services.ai.matching.weights import BadWeights, Weights, default_weights, scaled

__all__ = [
    "BadWeights",
    "CandidateFeatures",
    "DegreeFact",
    "Kin",
    "LanguageFact",
    "LicenceFact",
    "Origin",
    "Passage",
    "Pay",
    "Place",
    "PositionFeatures",
    "Proof",
    "Reason",
    "Relation",
    "Requirement",
    "RequirementKind",
    "RoleFact",
    "Score",
    "Seniority",
    "SkillFact",
    "Weights",
    "Wishes",
    "WorkMode",
    "code_version",
    "default_weights",
    "engine_version",
    "find_requirements",
    "fit",
    "fuse",
    "likeness",
    "pack",
    "rank",
    "scaled",
    "score",
    "with_kin",
]
