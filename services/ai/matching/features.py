"""What the scorer sees of a person and of a position. No name, gender, age, photo or address has a place here."""

from dataclasses import dataclass
from enum import Enum

from services.ai.credentials import EducationLevel
from services.ai.embedding import Vector
from services.ai.months import YearMonth
from services.ai.spans import Span


@dataclass(frozen=True, slots=True)
class SkillFact:
    """A skill of a person. `used`: shown in a dated role; `years` is 0 without dates."""

    skill_id: str
    label: str
    used: bool
    years: float
    last_used: YearMonth | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LanguageFact:
    """A language of a person, by its English name in lower case."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class CandidateFeatures:
    """Spans point into the person's resume; `vector` is of its whole text."""

    skills: tuple[SkillFact, ...]
    years_of_experience: float
    roles: tuple[Span, ...]
    education_level: EducationLevel
    education: Span | None
    languages: tuple[LanguageFact, ...]
    vector: Vector


class RequirementKind(Enum):
    """Names are those of `skillsync.matching.v1.Requirement.Kind`."""

    SKILL = "SKILL"
    YEARS = "YEARS"
    DEGREE = "DEGREE"
    LANGUAGE = "LANGUAGE"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a position asks for. `must` is false for what is nice to have; `span` points into the description.

    `skill_id` is set for skills, `years` for years, `level` for degrees. `id` depends on what is asked for, not on where it stands.
    """

    id: str
    kind: RequirementKind
    label: str
    must: bool
    span: Span
    skill_id: str = ""
    years: float = 0.0
    level: EducationLevel = EducationLevel.UNKNOWN


@dataclass(frozen=True, slots=True)
class PositionFeatures:
    """`vector` is of title and description."""

    requirements: tuple[Requirement, ...]
    vector: Vector


@dataclass(frozen=True, slots=True)
class Reason:
    """What one factor brought. `weight` is the most it could bring, `contribution` what it brought, both as parts of 1."""

    factor: str
    label: str
    rule: str
    weight: float
    contribution: float
    requirement: Span | None
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is the sum of the contributions, 0 to 1."""

    value: float
    reasons: tuple[Reason, ...]
