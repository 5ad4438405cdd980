"""Skills: the compiled ontology, and finding its skills in a text."""

from services.ai.skills.linker import Mention, SkillLinker
from services.ai.skills.ontology import Concept, Ontology, OntologyMissing, Skill, load

__all__ = ["Concept", "Mention", "Ontology", "OntologyMissing", "Skill", "SkillLinker", "load"]
