"""Word → Document: what Word would print, in the order of the story.

Begin with `reader`. `body` tells paragraphs, tables and text boxes to a `flow.Flow`; `styles` and `shapes` say how letters look and
whether they are seen; `ooxml` has the names of the format.
"""

from services.ai.documents.docx.reader import read

__all__ = ["read"]
