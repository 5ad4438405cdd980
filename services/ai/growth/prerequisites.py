"""Which skills come before which: our list, and what ESCO says a skill needs, where the ontology was compiled with its relations."""

from collections.abc import Sequence

from services.ai.growth.listed import rows, skill_id
from services.ai.skills import Ontology


class Prerequisites:
    """Of the skills of an ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._listed: dict[str, tuple[str, ...]] = {}
        for name, *needed in rows("prerequisites"):
            if skill := skill_id(ontology, name):
                found = (skill_id(ontology, one) for one in needed)
                self._listed[skill] = tuple(one for one in found if one and one != skill)

    def needs(self, skill: str) -> Sequence[str]:
        """What must be known before it, directly. In a fixed order; nothing for what the ontology does not have."""
        return tuple(dict.fromkeys((*self._listed.get(skill, ()), *self._related(skill))))

    def follows(self, skill: str) -> Sequence[str]:
        """What it comes after where both are to be learnt: what it needs, and the general before the special."""
        if skill not in self._ontology.skills:
            return ()
        broader = (one.id for one in self._ontology.broader(skill) if one.id != skill)
        return tuple(dict.fromkeys((*self.needs(skill), *broader)))

    def _related(self, skill: str) -> Sequence[str]:
        if skill not in self._ontology.skills:
            return ()
        found = self._ontology.related(skill)
        return [one.id for one in found if one.essential and one.id in self._ontology.skills and one.id != skill]
