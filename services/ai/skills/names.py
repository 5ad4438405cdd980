"""Which of a skill's names are looked for in texts, and how strictly: many are everyday words, or mean much else."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from pathlib import Path

from services.ai.skills.tables import Row
from services.ai.skills.tokens import words_of

LONGEST = 8
"""Tokens; a longer name stands in no resume."""
# A word that ESCO's descriptions have this often in lower case is no name by itself.
EVERYDAY_FROM = 2
COMMON_FROM = 40
_BRACKETS = re.compile(r"\s*\([^)]*\)$")
_LOWER_WORD = re.compile(r"(?<![\w.@/-])[a-z]{2,}(?![\w@/-])")
_IDLE = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "in",
        "and",
        "to",
        "on",
        "with",
        "from",
        "by",
        "as",
        "or",
        "at",
        "into",
        "be",
        "is",
        "are",
        "it",
    ]
)

# "Cleaning services" are no services that somebody cleans.
_PLURAL_TRADES = frozenset(
    ["services", "skills", "systems", "techniques", "tools", "operations", "methods", "principles", "statistics"]
)


class How(IntFlag):
    """What a name asks of the place where it stands."""

    AS_WRITTEN = 1
    """Capitals as in the name."""
    IN_CONTEXT = 2
    """Something near by must show that it is meant as a skill."""
    VERB = 4
    """Begins with a verb, which may stand in any form."""
    EXACT = 8
    """No plural, no other spelling."""
    EMPLOYER = 16
    """Also a company."""
    ALIAS = 64
    """A taxonomy's other name for a skill, often loosely so."""
    OWN = 32
    """Chosen by us; others come from public taxonomies with many odd names."""


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write a skill."""

    text: str
    how: How


@cache
def listed(name: str) -> frozenset[str]:
    """Words of a list beside this module, in lower case."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text().splitlines()
    return frozenset(word.strip().lower() for line in lines if not line.startswith("# ") for word in line.split(","))


def bare(label: str) -> str:
    """`Java (computer programming)` → `Java`."""
    return _BRACKETS.sub("", label)


class Naming:
    """Chooses names; knows the everyday words from the taxonomy's own descriptions."""

    def __init__(self, descriptions: Iterable[str]) -> None:
        self._count: Counter[str] = Counter()
        for text in descriptions:
            self._count.update(set(_LOWER_WORD.findall(text)))

    def names(self, row: Row, own: bool) -> Iterator[Name]:
        """Label first."""
        if not row.certain:
            return
        for text in dict.fromkeys((bare(row.label), *row.aliases)):
            if (how := self._how(text, row, own)) is not None:
                yield Name(text, how)

    def _how(self, text: str, row: Row, own: bool) -> How | None:
        words = words_of(text)
        lower = [word.lower() for word in words]
        if not words or len(words) > LONGEST or "(" in text or all(word in _IDLE for word in lower):
            return None
        if text.lower() in listed("unwanted"):
            return None
        how = How.OWN if own else How(0) if text == bare(row.label) else How.ALIAS
        if text.lower() in listed("companies"):
            how |= How.EMPLOYER
        if len(words) == 1:
            return self._how_word(text, row, own, how)
        return self._how_phrase(text, lower, row, own, how)

    def _how_word(self, word: str, row: Row, own: bool, how: How) -> How | None:
        is_label, lower = word == bare(row.label), word.lower()
        if not own and not is_label:
            return None
        if row.technology or word != lower:
            everyday = len(word) <= 2 or self._is_everyday(lower)
            return how | How.EXACT | (How.AS_WRITTEN | How.IN_CONTEXT if everyday else How(0))
        if lower in listed("everyday") or (not own and self._count[lower] >= COMMON_FROM):
            return how | How.IN_CONTEXT | How.EXACT
        return how | How.EXACT

    def _how_phrase(self, text: str, lower: list[str], row: Row, own: bool, how: How) -> How | None:
        if own and lower[0].endswith("ing") and lower[-1].endswith("s") and lower[-1] not in _PLURAL_TRADES:
            return how | How.VERB
        if own or row.technology:
            plain = [word for word in lower if word.isalnum()]
            capitals = all(word[:1].isupper() for word in text.split())
            return how | How.AS_WRITTEN if capitals and all(map(self._is_everyday, plain)) else how
        if text.isupper():
            return how | How.AS_WRITTEN
        if self._is_verb(lower[0]):
            return how | How.VERB if len(set(lower) - _IDLE) > 1 else None
        return how

    def _is_everyday(self, word: str) -> bool:
        return word in listed("everyday") or self._count[word] >= EVERYDAY_FROM

    def _is_verb(self, word: str) -> bool:
        return word in listed("verbs")
