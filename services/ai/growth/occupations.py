"""An occupation as a goal: its titles, and what it takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.matching import PositionFeatures, Requirement, RequirementKind, with_kin
from services.ai.skills import Ontology

_WORD = re.compile(r"\w+")
# Shorter titles say too little: `chef` is one, `tester` too; `it` is none.
SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Goal:
    """`titles` are folded, as `folded` makes them; `skill_ids` are essential, empty where the ontology has no relations."""

    occupation_id: str
    label: str
    titles: tuple[str, ...]
    skill_ids: tuple[str, ...]


def find_occupation(ontology: Ontology, occupation_id: str) -> Goal | None:
    """None for what is no occupation of the ontology. Goes through all of it: some hundredths of a second."""
    found = next((one for one in ontology.titles() if one.id == occupation_id), None)
    if found is None:
        return None
    names = dict.fromkeys(folded(name) for name in (found.label, *found.aliases))
    titles = tuple(name for name in names if len(name) >= SHORTEST_TITLE)
    return Goal(found.id, found.label, titles, tuple(_essential(ontology, occupation_id)))


def folded(title: str) -> str:
    """Its words in lower case, with blanks between them."""
    return " ".join(_WORD.findall(title.lower()))


def _essential(ontology: Ontology, occupation_id: str) -> Sequence[str]:
    """In the order of the ontology."""
    number = _concept(ontology, occupation_id)
    if number is None:
        return ()
    # Twice the concept's number, plus 1 for what is essential.
    links, wanted = ontology.skills.packed.lists("occupations"), 2 * number + 1
    ids = list(ontology.skills)
    return [skill for place, skill in enumerate(ids) if wanted in links[place]]


def _concept(ontology: Ontology, concept_id: str) -> int | None:
    ids = ontology.skills.packed.strings("concepts.id")
    # Occupations come behind the skills.
    return next((n for n in range(len(ontology.skills), len(ids)) if ids[n] == concept_id), None)


def essential_position(ontology: Ontology, goal: Goal) -> PositionFeatures:
    """A position that asks for each essential skill of the occupation, and for nothing else."""
    asked = (
        Requirement(f"essential-{one}", RequirementKind.SKILL, ontology.skills[one].label, True, None, skill_id=one)
        for one in goal.skill_ids
    )
    return PositionFeatures(tuple(with_kin(one, ontology) for one in asked), (), goal.label)
