"""Profile → PDF or DOCX."""

from services.careerforge.exchange.docx import draw_docx
from services.careerforge.exchange.pdf import draw_pdf
from services.careerforge.exchange.pdf_fonts import without_glyph
from services.careerforge.exchange.profile import Profile
from services.careerforge.exchange.sheet import Block, sheet
from services.careerforge.exchange.templates import PAPERS, TEMPLATES, Template
from services.careerforge.exchange.wording import WORDINGS, Wording
from services.kit.errors import InvalidArgument

# About a hundred pages: drawing more would hold up others, and nobody reads them.
MOST_CHARACTERS = 300_000


def export_pdf(profile: Profile, template: str = "classic", language: str = "en", paper: str = "A4") -> bytes:
    """`template` is classic, modern or compact, `language` en, de, fr or es, `paper` A4 or LETTER.

    Raises InvalidArgument for others, and for a profile longer than about a hundred pages.
    """
    look, wording = _template(template), _wording(language)
    return draw_pdf(_blocks(profile, wording), look, _paper(paper), profile.name or wording.summary, wording.code)


def export_docx(profile: Profile, template: str = "classic", language: str = "en", paper: str = "A4") -> bytes:
    """As `export_pdf`."""
    look, wording = _template(template), _wording(language)
    return draw_docx(_blocks(profile, wording), look, _paper(paper), profile.name or wording.summary, wording.code)


def not_drawable(profile: Profile) -> str:
    """Letters, e.g. Chinese ones, that `export_pdf` draws as empty boxes, each once. DOCX shows them in a font of the reader's."""
    blocks = sheet(profile, _wording("en"))
    return without_glyph("".join(block.text for block in blocks))


def _blocks(profile: Profile, wording: Wording) -> tuple[Block, ...]:
    blocks = sheet(profile, wording)
    characters = sum(len(block.text) for block in blocks)
    if characters > MOST_CHARACTERS:
        why = f"has {characters:,} characters, a document takes {MOST_CHARACTERS:,}; shorten descriptions, or export as JSON"
        raise InvalidArgument("profile", why, limit=str(MOST_CHARACTERS))
    return blocks


def _paper(name: str) -> tuple[float, float]:
    if name not in PAPERS:
        raise InvalidArgument("paper", f"{name!r} is not known; possible are {', '.join(PAPERS)}")
    return PAPERS[name]


def _template(name: str) -> Template:
    if name not in TEMPLATES:
        raise InvalidArgument("template", f"{name!r} is not known; possible are {', '.join(TEMPLATES)}")
    return TEMPLATES[name]


def _wording(code: str) -> Wording:
    if code not in WORDINGS:
        raise InvalidArgument("language", f"{code!r} is not known; possible are {', '.join(WORDINGS)}")
    return WORDINGS[code]
