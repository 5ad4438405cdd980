"""What the scorer sees of a person and of a position. No name, gender, age, photo or address has a place here."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum

from services.ai.credentials import EducationLevel
from services.ai.embedding import Vector
from services.ai.months import Interval
from services.ai.spans import Span

Compact = bytes
"""A vector in 384 signed bytes, as `compact.pack` makes it: its products are whole numbers, the same in every process."""


class Seniority(IntEnum):
    """Numbers are those of `skillsync.type.v1.Seniority`."""

    UNKNOWN = 0
    ENTRY = 1
    MID = 2
    SENIOR = 3
    EXPERT = 4


class WorkMode(Enum):
    """Names are those of `skillsync.type.v1.WorkMode`."""

    ONSITE = "ONSITE"
    HYBRID = "HYBRID"
    REMOTE = "REMOTE"


@dataclass(frozen=True, slots=True)
class Place:
    """No finer than a city. `country` is ISO 3166-1 alpha-2; what is unknown is empty."""

    city: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Minor units (cents) a year, whatever period was written; either end may be None. `currency` is ISO 4217."""

    minimum: int | None
    maximum: int | None
    currency: str


class Proof(Enum):
    """How a skill is shown: used in a dated role, only named, or not named but what was done takes it."""

    USED = "USED"
    STATED = "STATED"
    IMPLIED = "IMPLIED"


@dataclass(frozen=True, slots=True)
class SkillFact:
    """A skill of a person. `months`: of the dated roles that show it; empty unless it is USED or IMPLIED. `assessed`: whether a test of it
    by the platform was passed, whatever else shows it.
    """

    skill_id: str
    label: str
    proof: Proof
    months: tuple[Interval, ...]
    spans: tuple[Span, ...]
    assessed: bool = False


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role, latest first. `months` is None without dates; `vector` is of its title, empty before it was embedded."""

    title: str
    months: Interval | None
    span: Span
    vector: Compact = b""


@dataclass(frozen=True, slots=True)
class LanguageFact:
    """A language by its English name in lower case. `level`: `A1` to `C2`, `NATIVE`, or empty when none is stated."""

    name: str
    level: str
    span: Span


@dataclass(frozen=True, slots=True)
class LicenceFact:
    """A certificate or licence as written."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class DegreeFact:
    """A degree with its subject as written; `spans`: of the one and of the other, where it is told."""

    level: EducationLevel
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text worth comparing: what was done in a role, or a sentence of a position."""

    span: Span
    vector: Compact


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants. Empty: anything. `permits`: countries where the person may work; `available`: from when on; `seniority`: the
    step wanted.
    """

    pay: Pay | None = None
    places: tuple[Place, ...] = ()
    modes: tuple[WorkMode, ...] = ()
    available: date | None = None
    interests: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    seniority: Seniority = Seniority.UNKNOWN


@dataclass(frozen=True, slots=True)
class CandidateFeatures:
    """Spans point into the person's resume. `vector` is of the work as a whole.

    `education_level` is of the highest degree and `education` where it stands; `degrees`, highest first, is empty where no more is known.
    """

    skills: tuple[SkillFact, ...]
    roles: tuple[RoleFact, ...]
    education_level: EducationLevel
    education: Span | None
    languages: tuple[LanguageFact, ...]
    vector: Vector
    licences: tuple[LicenceFact, ...] = ()
    seniority: Seniority = Seniority.UNKNOWN
    passages: tuple[Passage, ...] = ()
    wishes: Wishes = Wishes()
    degrees: tuple[DegreeFact, ...] = ()


class RequirementKind(Enum):
    """Names are those of `skillsync.matching.v1.Requirement.Kind`."""

    SKILL = "SKILL"
    YEARS = "YEARS"
    DEGREE = "DEGREE"
    LANGUAGE = "LANGUAGE"
    LICENCE = "LICENCE"
    SENIORITY = "SENIORITY"
    PLACE = "PLACE"
    WORK_MODE = "WORK_MODE"
    PAY = "PAY"


class Origin(Enum):
    """Read from the description, taken from a field of the position, or written by a recruiter."""

    TEXT = "TEXT"
    POSITION = "POSITION"
    RECRUITER = "RECRUITER"


class Relation(Enum):
    """How another skill stands to the one asked for: who has a narrower one has it too; a broader or related one is a part of it."""

    NARROWER = "NARROWER"
    BROADER = "BROADER"
    RELATED = "RELATED"


@dataclass(frozen=True, slots=True)
class Kin:
    """A skill that counts in part for another."""

    skill_id: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a position asks for. `must` is false for what is nice to have; `strict`: who does not meet it is left out.

    `span` points into the description, None for what stands in a field or was added. `id` depends on what is asked for, not on where it
    stands. By kind: `skill_id` (SKILL; YEARS when they are in one skill), `years` (YEARS), `level` (DEGREE: a name of EducationLevel,
    LANGUAGE: `A1` to `C2` or `NATIVE`, SENIORITY: a name of Seniority, WORK_MODE: a name of WorkMode), `name` (LANGUAGE: in English, lower
    case; LICENCE: lower case), `place`, `pay`. `kin`: skills that count in part for this one. `work` (YEARS without
    a skill): the vector of the position's title, since years of other work are not meant. `manner` (SKILL): a manner or habit of all
    trades, which anybody can claim.
    """

    id: str
    kind: RequirementKind
    label: str
    must: bool
    span: Span | None
    skill_id: str = ""
    years: float = 0.0
    level: str = ""
    name: str = ""
    place: Place | None = None
    pay: Pay | None = None
    strict: bool = False
    origin: Origin = Origin.TEXT
    kin: tuple[Kin, ...] = ()
    work: Compact = b""
    manner: bool = False


@dataclass(frozen=True, slots=True)
class PositionFeatures:
    """`vector` is of title and description, `title_vector` of the title, `passages` of what it says of work and people."""

    requirements: tuple[Requirement, ...]
    vector: Vector
    title: str = ""
    title_vector: Compact = b""
    passages: tuple[Passage, ...] = ()


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
