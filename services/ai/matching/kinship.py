"""What the ontology knows of a skill that is asked for: others that count in part for it, and whether it is one of manners."""

from dataclasses import replace

from services.ai.matching.features import Kin, Relation, Requirement
from services.ai.skills import Ontology
from services.ai.skills.manners import is_manner

# Of a skill with hundreds of narrower ones the first in the ontology's order.
MOST = 60


def with_kin(requirement: Requirement, ontology: Ontology) -> Requirement:
    """With the kin of its skill, nearest relation first, and whether that is a manner; as it is where the ontology does not know it."""
    if not requirement.skill_id or requirement.skill_id not in ontology.skills:
        return requirement
    skill_id = requirement.skill_id
    relations = (
        (Relation.NARROWER, ontology.narrower(skill_id)),
        (Relation.BROADER, ontology.broader(skill_id)),
        (Relation.RELATED, ontology.related(skill_id)),
    )
    kin = {skill_id: Relation.NARROWER}
    for relation, concepts in relations:
        for concept in concepts:
            if concept.id in ontology.skills:
                kin.setdefault(concept.id, relation)
    del kin[skill_id]
    found = tuple(Kin(one, relation) for one, relation in list(kin.items())[:MOST])
    return replace(requirement, kin=found, manner=is_manner(ontology.skills[skill_id].label))
