"""Entries of a profile: as a resume has them, or as a person wrote them."""

from dataclasses import dataclass

from services.ai.credentials import EducationLevel, find_degree, language_level
from services.ai.months import YearMonth
from services.ai.resume.degrees import find_study
from services.ai.resume.records import Education, Experience, Language, Value

MOST_TITLE, MOST_LOCATION, MOST_DEGREE, MOST_LANGUAGE, MOST_DESCRIPTION = 300, 200, 200, 60, 10_000


@dataclass(frozen=True, slots=True)
class Role:
    """`place`: of the role among those of the resume, None for what is not from it. What is not said is empty."""

    title: str
    employer: str = ""
    location: str = ""
    start: YearMonth | None = None
    end: YearMonth | None = None
    current: bool = False
    description: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Study:
    institution: str
    degree: str = ""
    field: str = ""
    start: YearMonth | None = None
    end: YearMonth | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """`level`: A1 to C2, NATIVE, or empty."""

    language: str
    level: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """A profile. `listed`: id and label of each skill set by hand; `removed`: ids of skills that the person removed; `certificates` beside
    those of the resume.
    """

    roles: tuple[Role, ...] = ()
    studies: tuple[Study, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    removed: frozenset[str] = frozenset()
    certificates: tuple[str, ...] = ()


def role_of(found: Experience, place: int) -> Role:
    """As it stands in the resume, cut to what an entry may have."""
    description = "\n".join(" ".join(bullet.text.split()) for bullet in found.bullets)
    return Role(
        text_of(found.title, MOST_TITLE), text_of(found.employer, MOST_TITLE), text_of(found.location, MOST_LOCATION),
        found.start, None if found.current else found.end, found.current, description[:MOST_DESCRIPTION], place,
    )  # fmt: skip


def study_of(found: Education, place: int) -> Study:
    school, degree = text_of(found.institution, MOST_TITLE), text_of(found.degree, MOST_DEGREE)
    return Study(school, degree, text_of(found.field, MOST_DEGREE), found.start, found.end, place)


def spoken_of(found: Language, place: int) -> Spoken:
    return Spoken(text_of(found.name, MOST_LANGUAGE), language_level(found.level), place)


def text_of(value: Value | None, most: int) -> str:
    return value.text.replace("\x00", "")[:most].strip() if value else ""


def level_of(degree: str, field: str) -> EducationLevel:
    """Of a degree as a person wrote it."""
    study = find_study(degree) if degree else None
    if study and study.level:
        return study.level
    found = find_degree(f"{degree} in {field or 'X'}") if degree else None
    return found.level if found else EducationLevel.UNKNOWN
