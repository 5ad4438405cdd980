"""Skills: the compiled ontology, and finding its skills in a text."""

from services.ai.skills.linker import Mention, SkillLinker
from services.ai.skills.ontology import Ontology, Skill, load

__all__ = ["Mention", "Ontology", "Skill", "SkillLinker", "load"]
