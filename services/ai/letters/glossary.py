"""Skills in the languages of letters: the ontology has English labels alone."""

import re
import tomllib
from functools import cache
from pathlib import Path

_COLUMN = {"de": 0, "fr": 1, "es": 2}
_ARTICLE = re.compile(r"^(?:la |le |les |l’|el |las |los )")


def translated(label: str, language: str) -> str:
    """A skill's name in a language, in French and Spanish with its article; empty when it is not known."""
    row = _table().get(label)
    return row[_COLUMN[language]] if row else ""


@cache
def names(language: str) -> dict[str, tuple[str, ...]]:
    """Names in small letters without article, each with the labels of the skills it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for label, row in _table().items():
        name = _ARTICLE.sub("", row[_COLUMN[language]]).casefold()
        found[name] = (*found.get(name, ()), label)
    return found


@cache
def pattern(language: str) -> re.Pattern[str]:
    """Any of the names as whole words, whatever apostrophe stands in them."""
    longest = sorted(names(language), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(_declined(name, language) for name in longest)})(?!\w)", re.IGNORECASE)


def found(match: re.Match[str], language: str) -> tuple[str, ...]:
    """The labels of what the pattern found, whatever its endings are."""
    known = names(language)
    written = match[0].casefold()
    return known[written] if written in known else _by_pattern(written, language)


@cache
def _by_pattern(written: str, language: str) -> tuple[str, ...]:
    matching = (labels for name, labels in names(language).items() if re.fullmatch(_declined(name, language), written))
    return next(matching, ())


def _declined(name: str, language: str) -> str:
    """`maschinelles lernen` matches `maschinellem Lernen`, `verteilte systeme` matches `verteilten Systemen`."""
    if language != "de" or " " not in name:
        return re.escape(name) + ("n?" if language == "de" else "")
    first, rest = name.split(" ", 1)
    return re.sub(r"e[snrm]?$", "e[snrm]?", re.escape(first)) + rf"\ {re.escape(rest)}n?"


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text("utf-8"))
    return table
