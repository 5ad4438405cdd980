"""A sheet → DOCX (ECMA-376): real styles, headings and lists. The same sheet makes the same bytes."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from services.careerforge.exchange.docx_styles import WORD, styles
from services.careerforge.exchange.right_to_left import is_right_to_left
from services.careerforge.exchange.sheet import Block, Kind
from services.careerforge.exchange.templates import Template

TWIPS = 20  # in a point
# The first day that ZIP knows: a file made twice is the same.
_WHEN = (1980, 1, 1, 0, 0, 0)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def draw_docx(
    blocks: Sequence[Block], template: Template, paper: tuple[float, float], title: str, language: str
) -> bytes:
    """`paper` is width and height in points; `language` is that of headings."""
    links = list(dict.fromkeys(url for block in blocks for _, url in block.links))
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [("officeDocument", "word/document.xml", ""), ("metadata/core-properties", "docProps/core.xml", "")]
        ),
        "docProps/core.xml": _properties(title, language),
        "word/document.xml": _document(blocks, template, paper, links),
        "word/styles.xml": styles(template, language, paper[0] - 2 * template.margin),
        "word/numbering.xml": _numbering(template),
        "word/_rels/document.xml.rels": _relations(
            [("styles", "styles.xml", ""), ("numbering", "numbering.xml", "")]
            + [("hyperlink", url, "External") for url in links]
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, _DECLARATION + content)
    return out.getvalue()


def _document(blocks: Sequence[Block], template: Template, paper: tuple[float, float], links: Sequence[str]) -> str:
    width, height = (round(side * TWIPS) for side in paper)
    margin = round(template.margin * TWIPS)
    body = "".join(
        _paragraph(block, before, template, links) for before, block in zip((None, *blocks), blocks, strict=False)
    )
    return (
        f'<w:document xmlns:w="{WORD}" xmlns:r="{_OFFICE}/relationships"><w:body>{body}'
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar w:top="{margin}" w:right="{margin}" w:bottom="{margin}" '
        f'w:left="{margin}" w:header="0" w:footer="0" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _paragraph(block: Block, before: Block | None, template: Template, links: Sequence[str]) -> str:
    """The style says what the paragraph is; a gap between entries is all that differs from it."""
    gap = template.gap if block.begins and before and before.kind is not Kind.HEADING else 0.0
    spacing = f'<w:spacing w:before="{round(gap * TWIPS)}"/>' if gap else ""
    runs = _linked(block, links)
    if block.right:
        runs += f'<w:r><w:tab/></w:r><w:r><w:rPr><w:rStyle w:val="Dates"/></w:rPr>{_text(block.right)}</w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{STYLES[block.kind]}"/>{spacing}</w:pPr>{runs}</w:p>'


def _linked(block: Block, links: Sequence[str]) -> str:
    """Runs of text; addresses can be clicked."""
    out, position = "", 0
    for shown, url in block.links:
        if (at := block.text.find(shown, position)) >= 0:
            out += _run(block.text[position:at])
            out += f'<w:hyperlink r:id="rId{links.index(url) + FIRST_LINK}">{_run(shown)}</w:hyperlink>'
            position = at + len(shown)
    return out + _run(block.text[position:])


def _run(text: str) -> str:
    if not text:
        return ""
    direction = (
        "<w:rPr><w:rtl/></w:rPr>" if is_right_to_left(text) and not any("a" <= c.lower() <= "z" for c in text) else ""
    )
    return f"<w:r>{direction}{_text(text)}</w:r>"


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def _relations(entries: Sequence[tuple[str, str, str]]) -> str:
    """Kind, target and mode of each, numbered from 1."""
    told = "".join(
        f'<Relationship Id="rId{i}" Type="{_PACKAGE if "core" in kind else _OFFICE}/relationships/{kind}" '
        f"Target={quoteattr(target)}{_mode(mode)}/>"
        for i, (kind, target, mode) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _mode(mode: str) -> str:
    return f' TargetMode="{mode}"' if mode else ""


def _content_types() -> str:
    parts = {
        "word/document.xml": f"{_MAIN}.document.main+xml",
        "word/styles.xml": f"{_MAIN}.styles+xml",
        "word/numbering.xml": f"{_MAIN}.numbering+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    told = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _properties(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{language}</dc:language>"
        "</cp:coreProperties>"
    )


def _numbering(template: Template) -> str:
    indent = round(template.indent * TWIPS)
    return (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


# Styles and numbering come before links.
FIRST_LINK = 3
STYLES = {
    Kind.NAME: "Title",
    Kind.HEADLINE: "Subtitle",
    Kind.CONTACT: "Contact",
    Kind.HEADING: "Heading1",
    Kind.ENTRY: "Heading2",
    Kind.DETAIL: "Detail",
    Kind.TEXT: "Normal",
    Kind.ITEM: "ListBullet",
}
