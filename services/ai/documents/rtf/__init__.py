"""RTF → Document. Begin with `reader`, which goes through groups and control words; `state` is what these mean for letters that follow."""

from services.ai.documents.rtf.reader import read

__all__ = ["read"]
