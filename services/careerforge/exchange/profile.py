"""A profile between formats: what an import fills and an export shows.

Fields and their longest values are those of `skillsync.careerforge.v1`, so that nothing is lost on the way in or out. Texts are plain:
lines end with a line feed, items of a list begin with "• ".
"""

from dataclasses import dataclass

from services.ai.months import YearMonth

ITEM = "• "
"""How a line of a description begins that is an item of a list."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place no finer than a city; `country_code` is ISO 3166-1 alpha-2 in upper case."""

    city: str = ""
    region: str = ""
    country_code: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.region, self.country_code) if part)


@dataclass(frozen=True, slots=True)
class Experience:
    """One role. `end` is None while it is `current`, and where it is not known."""

    title: str
    employer: str = ""
    location: str = ""
    start: YearMonth | None = None
    end: YearMonth | None = None
    current: bool = False
    description: str = ""

    def __post_init__(self) -> None:
        if self.current and self.end:
            raise ValueError(f"{self.title!r} cannot both be current and have ended {self.end}")


@dataclass(frozen=True, slots=True)
class Education:
    """One course of study; `end` is None while it lasts, and where it is not known."""

    institution: str
    degree: str = ""
    field: str = ""
    start: YearMonth | None = None
    end: YearMonth | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as written; `skill_id` is its id in the ontology, empty when nobody looked for it; `years` of use, 0 when not known."""

    name: str
    skill_id: str = ""
    years: float = 0.0


@dataclass(frozen=True, slots=True)
class Language:
    """A language spoken; `level` is A1 to C2, NATIVE, or empty when not said."""

    name: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Certification:
    """A certificate or licence; `date` is when it was given."""

    name: str
    issuer: str = ""
    date: YearMonth | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project to show; addresses are http or https."""

    title: str
    description: str = ""
    technologies: tuple[str, ...] = ()
    project_url: str = ""
    github_url: str = ""
    start: YearMonth | None = None
    end: YearMonth | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """Something published."""

    title: str
    publisher: str = ""
    date: YearMonth | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """A prize, scholarship or honour."""

    title: str
    awarder: str = ""
    date: YearMonth | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything about a person that formats exchange. Experiences and educations stand in the order in which they are shown."""

    name: str = ""
    headline: str = ""
    summary: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    location: Location = Location()
    experiences: tuple[Experience, ...] = ()
    educations: tuple[Education, ...] = ()
    skills: tuple[Skill, ...] = ()
    languages: tuple[Language, ...] = ()
    certifications: tuple[Certification, ...] = ()
    projects: tuple[Project, ...] = ()
    publications: tuple[Publication, ...] = ()
    awards: tuple[Award, ...] = ()
