"""Skills: the compiled ontology, skills that a text names, and skills that its sentences imply."""

from services.ai.skills.concepts import ConceptRanker
from services.ai.skills.implied import Ranker, find_implied
from services.ai.skills.linker import Mention, SkillLinker
from services.ai.skills.ontology import Concept, Ontology, OntologyMissing, Skill, load

__all__ = [
    "Concept",
    "ConceptRanker",
    "Mention",
    "Ontology",
    "OntologyMissing",
    "Ranker",
    "Skill",
    "SkillLinker",
    "find_implied",
    "load",
]
