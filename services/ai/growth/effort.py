"""Typical hours to learn a skill: a transparent rule and a short list, no estimate for one person.

By kind: a habit is practised beside work (20 hours); a tool or technology is a week's course (40); something one does is taught in
about as long (40); a body of knowledge, `distributed systems` among them, is half a course of a term (80), and one with several narrower
skills a whole one (120). What that misses stands in `efforts.txt`, with its measures.
"""

from services.ai.growth.listed import rows, skill_id
from services.ai.skills import Ontology
from services.ai.skills.manners import is_manner
from services.ai.skills.names import listed

HABIT, TOOL, DEED, KNOWLEDGE, FIELD = 20, 40, 40, 80, 120
# So many narrower skills make a field.
NARROWER = 3


class Efforts:
    """Of the skills of an ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        named = ((hours, name) for hours, *names in rows("efforts") for name in names)
        self._listed = {found: int(hours) for hours, name in named if (found := skill_id(ontology, name))}

    def hours(self, skill: str) -> int:
        """Raises KeyError for what the ontology does not have."""
        return self._listed.get(skill) or self._of_kind(skill)

    def _of_kind(self, skill: str) -> int:
        found = self._ontology.skills[skill]
        if is_manner(found.label):
            return HABIT
        if found.technology:
            return KNOWLEDGE if _is_field(found.label) else TOOL
        if len(self._ontology.narrower(skill)) >= NARROWER:
            return FIELD
        return DEED if _is_deed(found.label) else KNOWLEDGE


def _is_field(label: str) -> bool:
    """Names of products have capitals, or are one word."""
    return " " in label and label == label.lower()


def _is_deed(label: str) -> bool:
    """ESCO begins what one does with a verb, `manage a team`, and names what one knows: `economics`, `labour law`."""
    first, _, rest = label.partition(" ")
    return bool(rest) and first.lower() in listed("verbs")
