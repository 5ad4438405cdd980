"""Made-up pieces of resumes with the class that each is of."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from services.ai.resume.pieces import sources
from services.ai.resume.pieces.makers import Maker, makers

_SLOT = re.compile(r"\{(\w+)\}")
_FILE = Path(__file__).with_name("patterns.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of text and its class."""

    text: str
    kind: str


class Generator:
    """Makes examples; with `held_out` from the tenth of every source that training never sees."""

    def __init__(self, data: Path, schools: Path, held_out: bool, seed: int) -> None:
        patterns = tomllib.loads(_FILE.read_text("utf-8"))
        self._random = Random(seed)  # noqa: S311
        self._classes = {kind: _weighted(items) for kind, items in patterns["classes"].items()}
        self._lists: dict[str, list[str]] = patterns["lists"] | _sources(data, schools, held_out)
        self._makers: dict[str, Maker] = makers(self._lists)

    def examples(self, per_class: int) -> Iterator[Example]:
        """As many of each class, in turn."""
        for _ in range(per_class):
            for kind, patterns in self._classes.items():
                text = self._filled(self._random.choice(patterns))
                yield Example(self._worn(text, kind), kind)

    def _filled(self, pattern: str) -> str:
        while "{" in pattern:
            pattern = _SLOT.sub(lambda match: self._value(match[1]), pattern)
        return pattern

    def _value(self, name: str) -> str:
        if maker := self._makers.get(name):
            return maker(self._random)
        return self._random.choice(self._lists[name])

    def _worn(self, text: str, kind: str) -> str:
        """As documents spell: now and then in capitals, in small letters, with a mark left at an end."""
        chance = self._random.random()
        if chance < 0.06:
            text = text.upper()
        elif chance < 0.12 and (kind not in ("person", "place") or chance < 0.07):
            text = text.lower()
        elif chance < 0.15:
            text = text.title()
        if self._random.random() < 0.05:
            text += self._random.choice((",", ".", ":", " -", " |", ";"))
        return text


def _weighted(patterns: list[str]) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        times = re.match(r"(\d+)x ", pattern)
        found += [pattern[times.end() :]] * int(times[1]) if times else [pattern]
    return found


def _sources(data: Path, schools: Path, held_out: bool) -> dict[str, list[str]]:
    skills, knowledge = sources.skills(data)
    given, surnames, firms = sources.names(12000, seed=1)
    technologies = sources.technologies(data)
    found = {
        "occupation": sources.occupations(data),
        "skill": skills,
        "knowledge": knowledge,
        "tool": technologies,
        "sentence": sources.sentences(data),
        "school": sources.schools(schools),
        "listed": sources.companies(),
        "given": given,
        "surname": surnames,
        "firm": firms,
    }
    return {name: sources.kept(items, held_out) for name, items in found.items()} | _places(held_out)


def _places(held_out: bool) -> dict[str, list[str]]:
    """Cities, the great ones more often."""
    names = set(sources.kept(sorted({city for city, *_ in sources.cities()}), held_out))
    rows = [row for row in sources.cities() if row[0] in names for _ in range(1 + min(row[3], 3_000_000) // 200_000)]
    countries, states = sources.countries(), sources.states()
    american = [row for row in rows if row[1] == "US" and row[2] in states]
    return {
        "city": [row[0] for row in rows],
        "city_country": [f"{row[0]}, {countries[row[1]]}" for row in rows],
        "us_city": [row[0] for row in american],
        "city_state": [f"{row[0]}, {row[2]}" for row in american],
        "city_de": [row[0] for row in rows if row[1] in ("DE", "AT", "CH")],
        "city_fr": [row[0] for row in rows if row[1] in ("FR", "BE")],
        "city_es": [row[0] for row in rows if row[1] in ("ES", "MX", "AR", "CO")],
        "country": sorted(countries.values()),
        "us_state": sorted(states.values()),
        "state_name": sorted(states.values()),
    }
