"""Compiles the ontology: `skillsync ontology build [--esco DIR]`.

ESCO's skills come from packages (no relations), or complete from ESCO's own download; O*NET's technology names from a package; and
our own lists on top: `technologies.txt`, `practices.txt` and `manners.txt`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from services.ai.skills import phrases
from services.ai.skills.concepts import ConceptRanker
from services.ai.skills.manners import FILE as MANNERS
from services.ai.skills.names import How, Name, Naming, bare, listed
from services.ai.skills.ontology import FILE, FOLDER, open_file, text_hash
from services.ai.skills.packages import fetched
from services.ai.skills.packed import Array, lists, strings, write
from services.ai.skills.tables import Link, Row, Tables, official

HERE = Path(__file__).parent
# Letters; shorter aliases do not tell which of ESCO's concepts is meant.
SHORT = 6
NOTICE = """\
This service uses the ESCO classification of the European Commission. ESCO © European Union; labels and descriptions as published,
selected and matched by SkillSync.
This product includes information from the O*NET Database by the U.S. Department of Labor, Employment and Training Administration
(USDOL/ETA), used under the CC BY 4.0 license. O*NET is a trademark of USDOL/ETA. SkillSync has modified this information; USDOL/ETA
has not approved, endorsed, or tested these modifications."""


def build(esco: Path | None = None) -> int:
    """Writes the compiled ontology, all or nothing, and the vectors of its labels. Returns how many skills it has. Raises SourceMissing."""
    ours = list(own())
    complete = official(esco) if esco else None
    tables, technologies = fetched(ours)
    FILE.parent.mkdir(exist_ok=True)
    count = compile_to(FILE, complete or tables, ours, technologies)
    for outdated in FOLDER.glob("labels*"):
        outdated.unlink()
    ConceptRanker.over(open_file(FILE)).load()
    return count


def compile_to(path: Path, tables: Tables, ours: Sequence[Row], technologies: Sequence[Row]) -> int:
    """Compiles these sources into a file."""
    merged = list(merge(ours, tables.rows, technologies))
    arrays = {**_skills(merged), **_names(merged), **_relations(merged, tables), **_titles(tables)}
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(name.encode() + array.tobytes())
    write(path, arrays, {"version": digest.hexdigest()[:12], "notice": NOTICE})
    return len(merged)


def own() -> Iterator[Row]:
    """The lists of our own: `label | other names` a line."""
    for file, technology in (("technologies.txt", True), ("practices.txt", False), (MANNERS.name, False)):
        for line in (HERE / file).read_text().splitlines():
            if line and not line.startswith("# "):
                label, *aliases = (part.strip() for part in line.split(" | "))
                yield Row(f"tech:{label.lower()}", label, tuple(aliases), technology)


@dataclass(frozen=True, slots=True)
class Merged:
    """One skill, from a list of our own, from a taxonomy, or both."""

    ours: Row | None
    theirs: Row | None

    @property
    def row(self) -> Row:
        """Our label and names first, ESCO's id and description."""
        if self.ours and self.theirs:
            aliases = dict.fromkeys((*self.ours.aliases, bare(self.theirs.label), *self.theirs.aliases))
            aliases.pop(self.ours.label, None)
            return replace(self.ours, id=self.theirs.id, aliases=tuple(aliases), description=self.theirs.description)
        return self.ours or self.theirs  # type: ignore[return-value]


def merge(ours: Sequence[Row], taxonomy: Sequence[Row], technologies: Sequence[Row]) -> Iterator[Merged]:
    """Each skill once: a row of ours is ESCO's where the names say so, and O*NET adds only what neither names."""
    theirs = {bare(row.label).casefold(): row for row in reversed(taxonomy)}
    adopted: set[str] = set()
    for row in ours:
        match = next((theirs[n] for n in _telling(row) if n in theirs and theirs[n].id not in adopted), None)
        if match:
            adopted.add(match.id)
        yield Merged(row, match)
    yield from (Merged(None, row) for row in taxonomy if row.id not in adopted)
    taken = {name.casefold() for row in ours for name in (row.label, *row.aliases)} | set(theirs)
    for row in technologies:
        vendor, _, product = row.label.casefold().partition(" ")
        if row.label.casefold() not in taken and not (vendor in listed("companies") and product in taken):
            taken.add(row.label.casefold())
            yield Merged(None, row)


def _telling(row: Row) -> Iterator[str]:
    """Names by which a row of ours is known in ESCO. Short aliases are not: ML is also a language."""
    yield row.label.casefold()
    yield from (alias.casefold() for alias in row.aliases if len(alias) > SHORT)


def _skills(merged: Sequence[Merged]) -> dict[str, Array]:
    rows = [one.row for one in merged]
    return {
        **strings("skills.id", [row.id for row in rows]),
        **strings("skills.label", [bare(row.label) for row in rows]),
        **strings("skills.aliases", ["\n".join(row.aliases) for row in rows]),
        **strings("skills.description", [row.description for row in rows]),
        "skills.technology": np.array([row.technology for row in rows], np.uint8),
        **_index("ids", [(row.id, 0, i) for i, row in enumerate(rows)]),
        **_index("names", [(name, rank, i) for i, one in enumerate(merged) for name, rank in _ranked(one)]),
    }


def _titles(tables: Tables) -> dict[str, Array]:
    """Occupations in the order of their ids, whatever the source's."""
    ordered = sorted(tables.titles, key=lambda occupation: occupation.id)
    return {
        **strings("titles.id", [occupation.id for occupation in ordered]),
        **strings("titles.label", [occupation.label for occupation in ordered]),
        **strings("titles.aliases", ["\n".join(occupation.aliases) for occupation in ordered]),
    }


def _ranked(one: Merged) -> Iterator[tuple[str, int]]:
    """Its names, and how strong its claim to each is: our label, our aliases, a taxonomy's label, its aliases."""
    for row, rank in ((one.ours, 0), (one.theirs, 2)):
        if row:
            yield bare(row.label).casefold(), rank
            yield from ((alias.casefold(), rank + 1) for alias in row.aliases)


def _index(name: str, entries: Iterable[tuple[str, int, int]]) -> dict[str, Array]:
    """Text, rank, position: of equal texts the lowest rank comes first."""
    hashed = sorted((text_hash(text), rank, position) for text, rank, position in entries)
    return {
        f"{name}.keys": np.array([key for key, *_ in hashed], np.uint64),
        f"{name}.positions": np.array([position for *_, position in hashed], np.uint32),
    }


def _names(merged: Sequence[Merged]) -> dict[str, Array]:
    """What is looked for in texts; of names that look alike, the first is meant."""
    naming = Naming(one.theirs.description for one in merged if one.theirs)
    ranked: list[tuple[int, Name, int]] = []
    for position, one in enumerate(merged):
        if one.ours:
            ranked.extend((i > 0, name, position) for i, name in enumerate(naming.names(one.ours, own=True)))
        if one.theirs:
            ranked.extend((2 + (i > 0), name, position) for i, name in enumerate(naming.names(one.theirs, own=False)))
    ranked.sort(key=lambda entry: entry[0])
    names = [name for _, name, _ in ranked]
    return {
        **strings("names.text", [name.text for name in names]),
        "names.how": np.array([name.how for name in names], np.uint8),
        "names.skill": np.array([position for *_, position in ranked], np.uint32),
        **phrases.compiled([(name.text, bool(name.how & How.VERB)) for name in names]),
    }


def _relations(merged: Sequence[Merged], tables: Tables) -> dict[str, Array]:
    """For each skill the concepts that each relation leads to: twice the concept's number, plus 1 if essential."""
    labels = {one.row.id: bare(one.row.label) for one in merged} | tables.groups | tables.occupations
    number = {concept: i for i, concept in enumerate(labels)}
    backwards = [Link(link.other, link.one, link.essential) for link in tables.skills_of]
    arrays = {**strings("concepts.id", list(labels)), **strings("concepts.label", list(labels.values()))}
    for name, links in (("broader", tables.broader), ("related", tables.related), ("occupations", backwards)):
        found: dict[str, set[int]] = {}
        for link in links:
            if link.other in number:
                found.setdefault(link.one, set()).add(2 * number[link.other] + link.essential)
        arrays |= lists(name, [sorted(found.get(one.row.id, ())) for one in merged])
    return arrays
