"""OpenDocument text → Document: what Writer would print. Begin with `reader`; `styles` says how letters look and whether they are seen."""

from services.ai.documents.odt.reader import read

__all__ = ["read"]
