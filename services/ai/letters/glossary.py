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
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text("utf-8"))
    return table
