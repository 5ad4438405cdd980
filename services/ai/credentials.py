"""Degrees and languages, as resumes state and positions ask for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class EducationLevel(IntEnum):
    """Numbers are those of `skillsync.type.v1.EducationLevel`."""

    UNKNOWN = 0
    SECONDARY = 1
    VOCATIONAL = 2
    BACHELOR = 3
    MASTER = 4
    DOCTORATE = 5


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree, at characters `start` to `end` of the text searched."""

    level: EducationLevel
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NamedLanguage:
    """A language by its name; `level` as written, lower case, empty when none stands there."""

    start: int
    end: int
    level: str


# "BS" and "MA" are degrees before a subject or a school; "MS Office" is not.
_DEGREE_GOES_ON = (
    r"(?= (?:in|of|degree)\b|,| ?\(| (?-i:(?!Office|Excel|Word|Project|SQL|Access|Teams|Windows)[A-ZÀ-Ž]))"
)

_DEGREES = (
    (EducationLevel.DOCTORATE, r"\b(ph\.?\s?d|doctorate|doctor of|dr\.)"),
    (
        EducationLevel.MASTER,
        r"\b(masters?\b|master['’]s|m\.?sc\b|m\.a\.|mba\b|m\.?eng\b|m\.s\.|(?-i:M[SA]\b){_DEGREE_GOES_ON}|diplom)",
    ),
    (
        EducationLevel.BACHELOR,
        rf"\b(bachelor|b\.?sc\b|b\.a\.|b\.?eng\b|b\.s\.|(?-i:B[SA]\b){_DEGREE_GOES_ON}|licence|grado)",
    ),
    (EducationLevel.VOCATIONAL, r"\b(associate degree|associate of|apprenticeship|vocational|ausbildung)"),
    (EducationLevel.SECONDARY, r"\b(high school|abitur|a-levels|baccalaur)"),
)
_PATTERNS = tuple((level, re.compile(pattern, re.IGNORECASE)) for level, pattern in _DEGREES)

_LANGUAGES = re.compile(
    r"\b(english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|arabic|chinese|mandarin|japanese"
    r"|korean|hindi|romanian|greek|swedish|norwegian|danish|finnish|czech|hungarian|deutsch|englisch|französisch)\b(?:[\s:(,–-]*"
    r"(native|fluent|proficient|advanced|intermediate|basic|beginner|mother tongue|muttersprache|[abc][12])\b)?",
    re.IGNORECASE,
)


def find_degrees(text: str) -> list[Degree]:
    """Every kind of degree named, highest first, each once."""
    found = ((level, pattern.search(text)) for level, pattern in _PATTERNS)
    return [Degree(level, match.start(), match.end()) for level, match in found if match]


def find_degree(text: str) -> Degree | None:
    """The highest degree named."""
    return next(iter(find_degrees(text)), None)


def find_languages(text: str, start: int, end: int) -> Iterator[NamedLanguage]:
    """Languages between two positions of the text, in order."""
    for match in _LANGUAGES.finditer(text, start, end):
        yield NamedLanguage(match.start(1), match.end(1), (match[2] or "").lower())
