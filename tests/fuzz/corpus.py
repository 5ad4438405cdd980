"""Small sound files of every kind, made here: what is mutated has to be almost right to get far."""

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image
from reportlab import rl_config
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from services.ai.documents import Kind

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
TEXT = "Ada Example\nada@example.org, +49 30 1234\n\nExperience\n2019 – 2023\tEngineer, Acme\n• Python, C++ & Go\n"
RTF = (
    r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}{\colortbl;\red255\green255\blue255;}{\info{\title CV}}{\header Ada\par}"
    r"\pard\b Ada Example\b0\par\u8211?\'e9 {\v hidden}{\cf1 white}\trowd\cellx3000\cellx6000 Python\cell 2019\cell\row"
    r"{\field{\*\fldinst HYPERLINK https://example.org}{\fldrslt site}}{\pict\pngblip 89504e47}\bin3 abc\par}"
)
HTML = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>CV</title><style>.x{display:none}#y{color:#fff}</style></head>"
    "<body><h1>Ada Example</h1><p class=x>hidden</p><p id=y style='font-size:1px'>tiny</p><table><tr><td>Python<td>2019</table>"
    "<ul><li>Go<li>C&#43;&#43;</ul><a href='mailto:ada@example.org'>mail</a><img alt='a picture' src=x></body></html>"
)
MARKDOWN = (
    "---\ntitle: CV\n---\n# Ada Example\n\n**Engineer** at _Acme_ <!-- note -->\n\n## Work\n\n- Python\n  - Go\n1. C++\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n[site](https://example.org) ![p](a.png)\n\n```py\nx = 1\n```\n\nTitle\n=====\n> quote\n"
)


@lru_cache
def corpus() -> tuple[tuple[Kind, bytes], ...]:
    """Kind and content of each."""
    return tuple(_files())


def _files() -> Iterator[tuple[Kind, bytes]]:
    for encoding in ("utf-8", "utf-16", "cp1252"):
        yield Kind.TEXT, TEXT.encode(encoding)
    yield Kind.RTF, RTF.encode()
    yield Kind.HTML, HTML.encode()
    yield Kind.HTML, HTML.encode("utf-16")
    yield Kind.MARKDOWN, MARKDOWN.encode()
    yield Kind.DOCX, _docx()
    yield Kind.ODT, _odt()
    yield Kind.PDF, _pdf()
    yield Kind.PDF, _pdf(encrypt=StandardEncryption("", "owner"))
    yield Kind.PDF, _pdf(pageCompression=0)
    for kind in (Kind.PNG, Kind.JPEG, Kind.TIFF):
        yield kind, _picture(kind)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def _docx() -> bytes:
    look = "<w:rPr><w:b/><w:vanish w:val='0'/><w:color w:val='FF0000'/><w:sz w:val='24'/></w:rPr>"
    run = f"<w:r>{look}<w:t xml:space='preserve'>Ada </w:t></w:r>"
    begin, end = ("<w:r><w:fldChar w:fldCharType='" + kind + "'/></w:r>" for kind in ("begin", "end"))
    field = f"{begin}<w:r><w:instrText> PAGE </w:instrText></w:r>{end}"
    properties = "<w:pPr><w:pStyle w:val='H'/><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
    listed = f"<w:p>{properties}<w:r><w:tab/><w:t>Go</w:t><w:br/></w:r></w:p>"
    cells = f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p>{run}</w:p></w:tc><w:tc><w:p>{run}</w:p></w:tc>"
    deleted = "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>"
    columns = "<w:sectPr><w:cols w:num='2'/></w:sectPr>"
    body = f"<w:p>{run}{field}{deleted}</w:p>{listed}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{columns}"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "word/document.xml": f"<w:document xmlns:w='{W}'><w:body>{body}</w:body></w:document>".encode(),
            "word/styles.xml": f"<w:styles xmlns:w='{W}'><w:style w:styleId='H'><w:name w:val='heading 1'/></w:style></w:styles>".encode(),
            "word/header1.xml": f"<w:hdr xmlns:w='{W}'><w:p>{run}</w:p></w:hdr>".encode(),
            "word/_rels/document.xml.rels": (
                f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
                f"<Relationship Id='r1' Type='{rel}/header' Target='header1.xml'/></Relationships>"
            ).encode(),
            "docProps/core.xml": b"<coreProperties><title>CV</title></coreProperties>",
        }
    )


def _odt() -> bytes:
    spaces = " ".join(
        f"xmlns:{n}='{ODF}:{m}:1.0'"
        for n, m in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"))
    )
    body = (
        "<text:h text:outline-level='1'>Ada</text:h><text:p text:style-name='P1'>Python<text:s text:c='3'/>Go<text:tab/>2019"
        "<text:line-break/></text:p><text:list><text:list-item><text:p>C++</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>a</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    content = f"<office:document-content {spaces}><office:automatic-styles><style:style style:name='P1'/></office:automatic-styles>"
    content += f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode(), "meta.xml": b"<a/>"}
    )


def _pdf(**options: object) -> bytes:
    """Streams deflated and no more, so that a mutation reaches what is in them; others go on with the library as it was."""
    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        return _drawn(options)
    finally:
        rl_config.useA85 = before


def _drawn(options: dict[str, object]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, **options)
    canvas.setTitle("CV")
    canvas.bookmarkPage("top")
    for number, line in enumerate(TEXT.splitlines()):
        canvas.drawString(72, 760 - 16 * number, line.replace("•", "-"))
    canvas.setFillGray(1)
    canvas.drawString(72, 500, "white")
    canvas.setFillGray(0)
    canvas.rect(72, 300, 100, 100, fill=1)
    canvas.linkURL("https://example.org", (72, 744, 200, 760))
    canvas.showPage()
    canvas.drawString(300, 700, "Second page")
    canvas.save()
    return buffer.getvalue()


def _picture(kind: Kind) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (60, 40), 200).save(buffer, kind.name, dpi=(200, 200))
    return buffer.getvalue()
