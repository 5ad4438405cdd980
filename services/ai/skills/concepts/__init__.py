"""Sentence → ESCO concepts, whether or not it names them. Importing this loads no model."""

from services.ai.skills.concepts.names import Concept
from services.ai.skills.concepts.ranker import ConceptRanker

__all__ = ["Concept", "ConceptRanker"]
