"""Lists of our own beside this file: lines of fields between bars; names become ids of the ontology's skills."""

from collections.abc import Iterator
from pathlib import Path

from services.ai.skills import Ontology

HERE = Path(__file__).parent


def rows(name: str) -> Iterator[list[str]]:
    """Fields of each line that is no comment."""
    for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            yield [field.strip() for field in line.split(" | ")]


def skill_id(ontology: Ontology, name: str) -> str | None:
    """None for what an ontology of other sources does not have."""
    found = ontology.find(name)
    return found.id if found else None
