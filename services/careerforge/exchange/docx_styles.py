"""Styles of exported DOCX files, by the names that Word gives them."""

from services.careerforge.exchange.sheet import Kind
from services.careerforge.exchange.templates import Colour, Look, Template

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS = 20
_IDS = {
    Kind.TEXT: ("Normal", "Normal"),
    Kind.NAME: ("Title", "Title"),
    Kind.HEADLINE: ("Subtitle", "Subtitle"),
    Kind.CONTACT: ("Contact", "Contact"),
    Kind.HEADING: ("Heading1", "heading 1"),
    Kind.ENTRY: ("Heading2", "heading 2"),
    Kind.DETAIL: ("Detail", "Detail"),
    Kind.ITEM: ("ListBullet", "List Bullet"),
}
_RANKS = {Kind.HEADING: 0, Kind.ENTRY: 1}
_DATED = (Kind.ENTRY, Kind.ITEM)
_LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}


def styles(template: Template, language: str, width: float) -> str:
    """The part word/styles.xml; `width` of the text in points."""
    font = template.office_font
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>'
        f'<w:lang w:val="{_LOCALES.get(language, language)}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    paragraphs = "".join(
        _style(kind, look, template, width) for kind, look in sorted(template.looks.items(), key=_normal_first)
    )
    dates = template.looks[Kind.HEADLINE].colour
    return (
        f'<w:styles xmlns:w="{WORD}">{defaults}{paragraphs}<w:style w:type="character" w:styleId="Dates"><w:name w:val="Dates"/>'
        f'<w:rPr><w:b w:val="0"/>{_colour(dates)}</w:rPr></w:style></w:styles>'
    )


def _normal_first(pair: tuple[Kind, Look]) -> bool:
    return pair[0] is not Kind.TEXT


def _style(kind: Kind, look: Look, template: Template, width: float) -> str:
    style, name = _IDS[kind]
    default = ' w:default="1"' if kind is Kind.TEXT else ""
    based = "" if kind is Kind.TEXT else '<w:basedOn w:val="Normal"/>'
    size = round(look.size * 2)
    bold = "<w:b/><w:bCs/>" if look.bold else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{_paragraph(kind, look, template, width)}</w:pPr>"
        f'<w:rPr>{bold}{_colour(look.colour)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _paragraph(kind: Kind, look: Look, template: Template, width: float) -> str:
    """In the order that the schema demands."""
    keep = "<w:keepNext/><w:keepLines/>" if kind in _RANKS else ""
    listed = '<w:numPr><w:numId w:val="1"/></w:numPr>' if kind is Kind.ITEM else ""
    rule = ""
    if kind is Kind.HEADING and template.rule:
        rule = f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="{_hex(template.rule)}"/></w:pBdr>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{round(width * TWIPS)}"/></w:tabs>' if kind in _DATED else ""
    before, after = round(look.before * TWIPS), round(look.after * TWIPS)
    spacing = f'<w:spacing w:before="{before}" w:after="{after}" w:line="{round(look.leading * 0.85 * 240)}" w:lineRule="auto"/>'
    centred = '<w:jc w:val="center"/>' if template.centred and kind in (Kind.NAME, Kind.HEADLINE, Kind.CONTACT) else ""
    rank = f'<w:outlineLvl w:val="{_RANKS[kind]}"/>' if kind in _RANKS else ""
    return f"{keep}{listed}{rule}{tabs}{spacing}{centred}{rank}"


def _colour(colour: Colour) -> str:
    return f'<w:color w:val="{_hex(colour)}"/>'


def _hex(colour: Colour) -> str:
    return "".join(f"{part:02X}" for part in colour)
