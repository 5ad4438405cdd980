"""Words of a sentence that say a skill, whatever the ontology knows. Importing this loads no model."""

from services.ai.skills.spans.finder import FoundSpan, SpanFinder

__all__ = ["FoundSpan", "SpanFinder"]
