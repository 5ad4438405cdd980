"""The skill ontology, compiled once at setup from ESCO (European Commission) and O*NET (US Department of Labor, CC BY 4.0)."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "_ontology"
FILE = FOLDER / "skills.json"


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill. `id` is ESCO's UUID, or `tech:name` for a technology that ESCO lacks."""

    id: str
    label: str
    aliases: tuple[str, ...]
    technology: bool


@dataclass(frozen=True, slots=True)
class Ontology:
    """All skills by id. `version` is a hash of the content."""

    version: str
    skills: dict[str, Skill]


class OntologyMissing(Exception):
    """It was not compiled on this machine."""


@functools.cache
def load() -> Ontology:
    """The compiled ontology, read once per process. Raises OntologyMissing."""
    if not FILE.exists():
        raise OntologyMissing("the skill ontology is missing; run `skillsync ontology build` (make setup does)")
    content = json.loads(FILE.read_text())
    skills = {i: Skill(i, label, tuple(aliases), tech) for i, label, aliases, tech in content["skills"]}
    return Ontology(content["version"], skills)
