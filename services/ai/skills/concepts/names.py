"""What a concept is called: its label, its aliases, and how advertisements and resumes say it (`phrases.txt`)."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.ai.skills.concepts.lexicon import Name

_PHRASES = Path(__file__).parent / "phrases.txt"
_BRACKETS = re.compile(r"\s*\([^)]*\)$")
# An alias of one word is often an everyday word: "design" is there for "think creatively".
_LABEL, _PHRASE, _ALIAS, _ALIAS_OF_ONE_WORD = 1.0, 0.9, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Concept:
    """What a sentence may be linked to."""

    id: str
    label: str
    aliases: Sequence[str] = ()

    @property
    def bare(self) -> str:
        """The label without the explanation in brackets at its end."""
        return bare(self.label)


def bare(label: str) -> str:
    """`Java (computer programming)` → `Java`."""
    return _BRACKETS.sub("", " ".join(label.split()))


def names(concept: Concept, said: Mapping[str, Sequence[str]]) -> Iterator[Name]:
    """Every name with its weight, the label first. `said`: bare label in lower case → phrases."""
    yield Name(concept.bare, _LABEL)
    for alias in concept.aliases:
        yield Name(alias, _ALIAS if " " in alias else _ALIAS_OF_ONE_WORD)
    for phrase in said.get(concept.bare.lower(), ()):
        yield Name(phrase, _PHRASE)


@functools.cache
def phrases() -> dict[str, tuple[str, ...]]:
    """What `phrases.txt` holds: bare label in lower case → phrases."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _PHRASES.read_text().splitlines():
        if not line.startswith("# "):
            label, *said = line.split(" | ")
            found[bare(label).lower()] = (*found.get(bare(label).lower(), ()), *said)
    return found
