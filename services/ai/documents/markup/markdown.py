"""Markdown → Document, by way of the page that it stands for: hidden HTML within it is found as in any page."""

import re

from services.ai.documents.document import Concealment, Document, DocumentError
from services.ai.documents.flow.flow import MOST_LETTERS, Flow
from services.ai.documents.markup import html
from services.ai.documents.markup.text import decode

# Headers and settings of site generators.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# Deeper lists and quotes than a person makes are read as text.
MOST_NESTING = 20


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE."""
    from markdown_it import MarkdownIt

    text = decode(data)
    if len(text) > MOST_LETTERS:
        raise DocumentError("FILE_UNREADABLE", f"the text has more than {MOST_LETTERS:,} letters; send the resume only")
    flow = Flow()
    front = _FRONT_MATTER.match(text)
    if front:
        flow.conceal(front[1], Concealment.METADATA)
        text = text[front.end() :]
    # Lines of a resume are meant as lines, whatever the standard makes of them.
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": MOST_NESTING})
    return html.of_page(str(parser.enable(["table", "strikethrough"]).render(text)), flow)
