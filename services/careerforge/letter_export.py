"""Cover letters as PDF and DOCX, drawn by what draws exported profiles."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from services.ai.resume import Contact
from services.careerforge.exchange.docx import draw_docx
from services.careerforge.exchange.pdf import draw_pdf
from services.careerforge.exchange.sheet import BORDER, Block, Kind
from services.careerforge.exchange.templates import MODERN, PAPERS, Template
from services.careerforge.letter_edits import Told

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_DRAWN: dict[str, Callable[[Sequence[Block], Template, tuple[float, float], str, str], bytes]] = {
    "pdf": draw_pdf,
    "docx": draw_docx,
}


def export(format_: str, sentences: Sequence[Told], name: str, contact: Contact, title: str, language: str) -> bytes:
    """`format_` is `pdf` or `docx`; `name` and `contact`, which may be empty, stand at the head. The same letter makes the same bytes."""
    blocks = [*_head(name, contact), *_paragraphs(sentences)]
    return _DRAWN[format_](blocks, MODERN, PAPERS["A4"], title, language)


def _head(name: str, contact: Contact) -> Iterator[Block]:
    if name:
        yield Block(Kind.NAME, name)
    ways = [value.text for value in (*contact.emails[:1], *contact.phones[:1])]
    if ways:
        links = tuple((value.text, f"mailto:{value.text}") for value in contact.emails[:1])
        yield Block(Kind.CONTACT, BORDER.join(ways), links=links)


def _paragraphs(sentences: Sequence[Told]) -> Iterator[Block]:
    for _, together in groupby(sentences, key=lambda one: one.paragraph):
        yield Block(Kind.TEXT, " ".join(one.text for one in together), begins=True)
