"""What is found in a resume. Every value points at the characters it rests on; `confidence` is 0 to 1."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from services.ai.credentials import EducationLevel
from services.ai.months import Interval, YearMonth, interval
from services.ai.spans import Span


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of text that means something; `text` is tidied, `span` is as written."""

    text: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person."""

    name: Value | None
    emails: tuple[Value, ...]
    phones: tuple[Value, ...]
    links: tuple[Value, ...]
    location: Value | None


@dataclass(frozen=True, slots=True)
class Experience:
    """One role. `current` means that it lasts until the day of parsing."""

    title: Value | None
    employer: Value | None
    start: YearMonth | None
    end: YearMonth | None
    current: bool
    bullets: tuple[Value, ...]
    skill_ids: tuple[str, ...]
    span: Span
    location: Value | None = None

    @property
    def months(self) -> Interval | None:
        """The months it covers, None without dates."""
        if self.start is None or (self.end is None and not self.current):
            return None
        return interval(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Education:
    """One course of study."""

    institution: Value | None
    degree: Value | None
    level: EducationLevel
    span: Span
    field: Value | None = None
    start: YearMonth | None = None
    end: YearMonth | None = None


class SkillEvidence(Enum):
    """How a skill is shown."""

    STATED = "STATED"
    USED_IN_ROLE = "USED_IN_ROLE"
    IMPLIED = "IMPLIED"


@dataclass(frozen=True, slots=True)
class SkillUse:
    """One skill with its evidence; `years` is the union of the roles that name it, 0 without dates."""

    skill_id: str
    label: str
    evidence: SkillEvidence
    spans: tuple[Span, ...]
    years: float
    last_used: YearMonth | None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Language:
    """A language spoken, with the level as written."""

    name: Value
    level: str


@dataclass(frozen=True, slots=True)
class ParsedResume:
    """A resume as of a day."""

    contact: Contact
    summary: Value | None
    experiences: tuple[Experience, ...]
    educations: tuple[Education, ...]
    skills: tuple[SkillUse, ...]
    languages: tuple[Language, ...]
    certifications: tuple[Value, ...]
    sections: tuple[Value, ...]
    years_of_experience: float
    as_of: date
    projects: tuple[Value, ...] = ()
    publications: tuple[Value, ...] = ()
    awards: tuple[Value, ...] = ()
    listed_skills: tuple[Value, ...] = ()  # items of skills sections as written, whether or not the ontology knows them
