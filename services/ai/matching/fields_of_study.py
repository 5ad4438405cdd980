"""What was studied, and how near it is to what a position asks for: `fields_of_study.toml`, after ISCED-F."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "fields_of_study.toml"
_BROAD, _NARROW = 2, 3
# `Bachelor of Science` says no subject.
_IDLE = re.compile(
    r"\b(?:bachelor|master|associate|doctor)(?:['’]?s)?(?: degree)?s? (?:of|in) (?:applied )?(?:science|arts?|philosophy)s?"
    r"(?: degree)?(?! (?:and|&))",
    re.IGNORECASE,
)
# Names of so few letters are abbreviations, but for these.
_LETTERS, _WORDS = 4, frozenset(("arts", "art", "math", "film", "law", "jura"))
# Kept in memory: of texts that resumes repeat, so many.
_MOST = 20_000

Fields = frozenset[str]
"""Codes of two to four digits; a shorter one holds all that begin with it."""


class Nearness(IntEnum):
    """How far what was studied is what is asked for."""

    OTHER = 0
    DISTANT = 1
    """Of the same broad field."""
    RELATED = 2
    """Of the same narrow field, or near it; or a broad field that holds the one asked for."""
    SAME = 3


@lru_cache(_MOST)
def fields_in(text: str) -> Fields:
    """All fields that a text names, of names within each other the longest."""
    return frozenset(code for _, _, codes in named(_IDLE.sub(" ", text)) for code in codes)


def named(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Characters of each name of a field, in order of the text, with the codes that it stands for."""
    names, pattern, _ = _vocabulary()
    for match in pattern.finditer(text):
        yield match.start(), match.end(), names[_plain(match[0])]


def nearness(asked: Fields, studied: Fields) -> Nearness:
    """Of the nearest of what was studied to any of what is asked for."""
    return max((_nearness(one, other) for one in asked for other in studied), default=Nearness.OTHER)


@lru_cache(_MOST)
def _nearness(asked: str, studied: str) -> Nearness:
    if studied.startswith(asked):
        return Nearness.SAME
    if asked.startswith(studied) or asked[:_NARROW] == studied[:_NARROW] or _near(asked, studied):
        return Nearness.RELATED
    return Nearness.DISTANT if asked[:_BROAD] == studied[:_BROAD] else Nearness.OTHER


def _near(asked: str, studied: str) -> bool:
    """What was studied is as narrow as the pair says: business is not near to statistics because finance is."""
    _, _, pairs = _vocabulary()
    ways = (way for one, other in pairs for way in ((one, other), (other, one)))
    return any(
        studied.startswith(mine) and (asked.startswith(theirs) or theirs.startswith(asked)) for theirs, mine in ways
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("&", "and").replace("’", "'").split()).rstrip(".")


@cache
def _vocabulary() -> tuple[Mapping[str, tuple[str, ...]], re.Pattern[str], tuple[tuple[str, str], ...]]:
    """Codes by name; a pattern of all names, longer ones first; pairs of near fields."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for code, names in table["fields"].items():
        for name in names.split(" | "):
            found.setdefault(name, []).append(code)
    words = sorted(found, key=lambda name: (-len(name), name))
    pattern = "|".join(_written(name) for name in words)
    pairs = tuple((one, other) for one, other in (pair.split() for pair in table["near"]["pairs"]))
    return (
        {name: tuple(codes) for name, codes in found.items()},
        re.compile(rf"(?<![\w.])(?:{pattern})\.?(?!\w)", re.I),
        pairs,
    )


def _written(name: str) -> str:
    """Blanks may be any; letters alone stand as capitals, so that `be` is no degree."""
    if len(name) <= _LETTERS and name.isalpha() and name not in _WORDS:
        return f"(?-i:{name.upper()})"
    return re.escape(name).replace(r"\ ", r"\s+").replace(r"\s+and\s+", r"\s*(?:\band\b|&)\s*").replace("'", "['’]")
