"""What the ontology is compiled from, in one shape whatever the source; and ESCO's own tables as one source."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class Row:
    """One skill of a source. `certain`: whether its label is sure enough to be looked for in texts."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    technology: bool = False
    description: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation of ESCO with all its titles."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One concept stands in a relation to another; `essential` matters for occupations only."""

    one: str
    other: str
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a source knows. `groups` and `occupations`: labels by id."""

    rows: tuple[Row, ...]
    groups: dict[str, str] = field(default_factory=dict)
    broader: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    occupations: dict[str, str] = field(default_factory=dict)
    skills_of: tuple[Link, ...] = ()
    """Occupation, skill."""
    titles: tuple[Occupation, ...] = ()


class SourceMissing(Exception):
    """A table that cannot be done without is not there, or not as it should be."""


# The official download's names first, then those of copies that other projects made of it.
SKILLS = ("skills_en", "skills")
GROUPS = ("skillGroups_en", "skillGroups", "skill_groups")
BROADER = ("broaderRelationsSkillPillar_en", "broaderRelationsSkillPillar", "skill_broader")
RELATED = ("skillSkillRelations_en", "skillSkillRelations", "skill_skill")
OCCUPATIONS = ("occupations_en", "occupations")
SKILLS_OF = ("occupationSkillRelations_en", "occupationSkillRelations", "occupation_skill")
# Copies shorten the official columns' names.
_COLUMNS = {
    "concept_uri": "id",
    "broader_uri": "broader_id",
    "original_skill_uri": "original_id",
    "related_skill_uri": "related_id",
    "relation_type": "relation",
    "occupation_uri": "occupation_id",
    "skill_uri": "skill_id",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS = re.compile(r"\s*(?:\||\n)\s*")


def official(folder: Path) -> Tables:
    """ESCO's CSV download (English), or a copy with the same columns, plain or packed by gzip.

    Only the table of skills is needed; without another, its relation is empty. Raises SourceMissing.
    """
    skills = list(_read(folder, SKILLS, {"id", "preferred_label", "alt_labels"}))
    if not skills:
        raise SourceMissing(f"{folder} has no ESCO skills: expected {SKILLS[0]}.csv from the official download")
    titles = tuple(_occupation(o) for o in _read(folder, OCCUPATIONS, {"id", "preferred_label"}))
    return Tables(
        rows=tuple(_row(skill) for skill in skills),
        groups={_id(g["id"]): g["preferred_label"] for g in _read(folder, GROUPS, {"id", "preferred_label"})},
        broader=tuple(Link(_id(r["id"]), _id(r["broader_id"])) for r in _read(folder, BROADER, {"id", "broader_id"})),
        related=tuple(
            Link(_id(r["original_id"]), _id(r["related_id"]), r["relation"] == "essential")
            for r in _read(folder, RELATED, {"original_id", "related_id", "relation"})
        ),
        occupations={occupation.id: occupation.label for occupation in titles},
        skills_of=tuple(
            Link(_id(r["occupation_id"]), _id(r["skill_id"]), r["relation"] == "essential")
            for r in _read(folder, SKILLS_OF, {"occupation_id", "skill_id", "relation"})
        ),
        titles=titles,
    )


def _occupation(row: dict[str, str]) -> Occupation:
    label = row["preferred_label"].strip()
    names = (" ".join(name.split()) for name in _PARTS.split(row.get("alt_labels") or ""))
    aliases = tuple(dict.fromkeys(name for name in names if name and name != label))
    return Occupation(_id(row["id"]), label, aliases, row.get("description") or "")


def _row(skill: dict[str, str]) -> Row:
    labels = _PARTS.split(skill["alt_labels"]) + _PARTS.split(skill.get("hidden_labels") or "")
    aliases = tuple(dict.fromkeys(label for label in labels if label and label != skill["preferred_label"]))
    return Row(_id(skill["id"]), skill["preferred_label"].strip(), aliases, False, skill.get("description") or "")


def _id(uri: str) -> str:
    return uri.rpartition("/")[2]


def _read(folder: Path, names: tuple[str, ...], needed: set[str]) -> Iterator[dict[str, str]]:
    for name in names:
        for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
            if path.exists():
                yield from _records(path, needed)
                return


def _records(path: Path, needed: set[str]) -> Iterator[dict[str, str]]:
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceMissing(f"{path} cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text))
    reader.fieldnames = [_column(name) for name in reader.fieldnames or ()]
    if lacking := needed - set(reader.fieldnames):
        raise SourceMissing(f"{path} lacks the columns {', '.join(sorted(lacking))}")
    yield from reader


def _column(name: str) -> str:
    snake = _CAMEL.sub("_", name.strip()).lower()
    return _COLUMNS.get(snake, snake)
