"""The skill ontology, compiled once at setup and read through a memory map: milliseconds to open, shared by all processes.

From ESCO (© European Union), O*NET (US Department of Labor, CC BY 4.0) and lists of our own; `notice` says so in the words they ask for.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from services.ai.skills.packed import Lists, Packed

FOLDER = Path(__file__).parent / "_ontology"
FILE = FOLDER / "ontology.bin"
_ESSENTIAL = 1


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill. `id` is ESCO's UUID, or `tech:name` for a technology that ESCO lacks."""

    id: str
    label: str
    aliases: tuple[str, ...]
    technology: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """What a skill stands in relation to: a skill, a group of skills or an occupation, by ESCO's id."""

    id: str
    label: str
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation of ESCO with its other titles. `id` is ESCO's UUID."""

    id: str
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All skills by id, in a fixed order. `version` is a hash of the content, `notice` what the sources ask to be said."""

    version: str
    notice: str
    skills: "Skills"

    def find(self, name: str) -> Skill | None:
        """The skill whose label or other name this is, whatever its case."""
        return self.skills.named(name)

    def titles(self) -> Iterator[Occupation]:
        """All occupations, in the order of their ids. Raises OntologyMissing for a file of before they were kept."""
        try:
            columns = [self.skills.packed.strings(f"titles.{name}") for name in ("id", "label", "aliases")]
        except KeyError:
            raise OntologyMissing("the compiled ontology has no occupations; run `skillsync ontology build`") from None
        for occupation_id, label, aliases in zip(*columns, strict=True):
            yield Occupation(occupation_id, label, tuple(aliases.split("\n")) if aliases else ())

    def description(self, skill_id: str) -> str:
        """What ESCO says about it; empty for technologies. Raises KeyError."""
        return self.skills.text("description", skill_id)

    def broader(self, skill_id: str) -> tuple[Concept, ...]:
        """Skills and groups of skills directly above it. Raises KeyError."""
        return self.skills.linked("broader", skill_id)

    def narrower(self, skill_id: str) -> tuple[Concept, ...]:
        """Skills directly below it. Raises KeyError."""
        return self.skills.below(skill_id)

    def related(self, skill_id: str) -> tuple[Concept, ...]:
        """Skills that it needs or that help it. Raises KeyError."""
        return self.skills.linked("related", skill_id)

    def occupations(self, skill_id: str) -> tuple[Concept, ...]:
        """Occupations that need it (`essential`) or in which it helps. Raises KeyError."""
        return self.skills.linked("occupations", skill_id)


class Skills(Mapping[str, Skill]):
    """The skills of a compiled file; each is made when asked for."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self._ids, self._labels, self._aliases = (
            packed.strings(f"skills.{name}") for name in ("id", "label", "aliases")
        )
        self._technology = packed.array("skills.technology")
        self._id_index, self._name_index = Index(packed, "ids"), Index(packed, "names")

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __getitem__(self, skill_id: str) -> Skill:
        return self.at(self.position(skill_id))

    def at(self, position: int) -> Skill:
        """The skill at a place in the fixed order."""
        aliases = self._aliases[position]
        return Skill(
            self._ids[position],
            self._labels[position],
            tuple(aliases.split("\n")) if aliases else (),
            bool(self._technology[position]),
        )

    def position(self, skill_id: str) -> int:
        """Its place in the fixed order. Raises KeyError."""
        for position in self._id_index.find(skill_id):
            if self._ids[position] == skill_id:
                return position
        raise KeyError(skill_id)

    def named(self, name: str) -> Skill | None:
        """By any of its names; of several skills with one name, the one that texts mean by it."""
        folded = name.casefold()
        found = (self.at(position) for position in self._name_index.find(folded))
        return next((s for s in found if folded in (n.casefold() for n in (s.label, *s.aliases))), None)

    def text(self, column: str, skill_id: str) -> str:
        """A text that is kept beside the skills."""
        found: str = self.packed.strings(f"skills.{column}")[self.position(skill_id)]
        return found

    def linked(self, relation: str, skill_id: str) -> tuple[Concept, ...]:
        """Concepts that a relation leads to."""
        links: Lists = self.packed.lists(relation)
        ids, labels = (self.packed.strings(f"concepts.{name}") for name in ("id", "label"))
        return tuple(
            Concept(ids[link >> 1], labels[link >> 1], bool(link & _ESSENTIAL))
            for link in links[self.position(skill_id)]
        )

    def below(self, skill_id: str) -> tuple[Concept, ...]:
        """The skills that name it as broader. The first call goes through all, in a tenth of a second."""
        places = self._below.get(self.position(skill_id), ())
        return tuple(Concept(self._ids[place], self._labels[place]) for place in places)

    @functools.cached_property
    def _below(self) -> Mapping[int, list[int]]:
        links, ids = self.packed.lists("broader"), self.packed.strings("concepts.id")
        places = {skill_id: place for place, skill_id in enumerate(self._ids)}
        found: dict[int, list[int]] = {}
        for place in range(len(self)):
            for link in links[place]:
                if (above := places.get(ids[link >> 1])) is not None:
                    found.setdefault(above, []).append(place)
        return found


class Index:
    """Finds positions by a hash of a text."""

    def __init__(self, packed: Packed, name: str) -> None:
        self._keys, self._positions = packed.array(f"{name}.keys"), packed.array(f"{name}.positions")

    def find(self, text: str) -> list[int]:
        """Positions that may have this text, in order of preference."""
        key = np.uint64(text_hash(text))
        low, high = np.searchsorted(self._keys, key, "left"), np.searchsorted(self._keys, key, "right")
        found: list[int] = self._positions[low:high].tolist()
        return found


def text_hash(text: str) -> int:
    """64 bits that do not differ from process to process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class OntologyMissing(Exception):
    """It was not compiled on this machine."""


@functools.cache
def load() -> Ontology:
    """The compiled ontology, opened once per process. Raises OntologyMissing."""
    return open_file(FILE)


def open_file(path: Path) -> Ontology:
    """An ontology that `build` compiled. Raises OntologyMissing, packed.Damaged."""
    if not path.exists():
        raise OntologyMissing("the skill ontology is missing; run `skillsync ontology build` (make setup does)")
    packed = Packed(path)
    return Ontology(packed.about["version"], packed.about["notice"], Skills(packed))
