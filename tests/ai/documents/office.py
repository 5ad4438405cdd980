"""Word and Writer documents made by hand: the least that those programs open, and what they would write for a look."""

import io
import zipfile
from xml.sax.saxutils import escape

from services.ai.documents import Concealment, Document, Kind
from services.ai.documents.readers import read

_SCHEMAS = "http://schemas.openxmlformats.org"
WORD = f"{_SCHEMAS}/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships" xmlns:mc="{_SCHEMAS}/markup-compatibility/2006" '
    f'xmlns:a="{_SCHEMAS}/drawingml/2006/main" xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
RELATIONS = f"{_SCHEMAS}/package/2006/relationships"
OFFICE_RELATIONS = f"{_SCHEMAS}/officeDocument/2006/relationships"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="{_ODF}:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "style": "style",
            "table": "table",
            "draw": "drawing",
            "fo": "xsl-fo-compatible",
            "svg": "svg-compatible",
            "meta": "meta",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """Runs of plain text, or of markup that `run` made."""
    parts = (part if part.startswith("<") else run(part) for part in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(parts)}</w:p>"


def table(*rows: tuple[str, ...], shade: str = "", style: str = "") -> str:
    """Cells of plain text, or of paragraphs that `paragraph` made."""
    shading = f'<w:tcPr><w:shd w:val="clear" w:fill="{shade}"/></w:tcPr>' if shade else ""
    filled = [[cell if cell.startswith("<") else paragraph(cell) for cell in row] for row in rows]
    cells = ("".join(f"<w:tc>{shading}{cell}</w:tc>" for cell in row) for row in filled)
    look = f'<w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr>' if style else ""
    return f"<w:tbl>{look}" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def a_docx(
    *body: str,
    styles: str = "",
    links: dict[str, str] | None = None,
    doctype: str = "",
    parts: dict[str, str] | None = None,
) -> bytes:
    """`parts` are further ones below word/: `header1` is related as a header, `comments` as the comments."""
    parts = {
        name: f"<w:{_root(name)} {NAMESPACES}>{content}</w:{_root(name)}>" for name, content in (parts or {}).items()
    }
    if styles:
        parts["styles"] = f"<w:styles {NAMESPACES}>{styles}</w:styles>"
    related = [
        f'<Relationship Id="{name}" Type="{OFFICE_RELATIONS}/{name.rstrip("123456789")}" Target="{name}.xml"/>'
        for name in parts
    ]
    related += [
        f'<Relationship Id="{key}" Type="{OFFICE_RELATIONS}/hyperlink" Target="{escape(target)}" TargetMode="External"/>'
        for key, target in (links or {}).items()
    ]
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "word/document.xml": f"{doctype}<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{"".join(related)}</Relationships>',
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def _root(part: str) -> str:
    return {"header": "hdr", "footer": "ftr"}.get(part.rstrip("123456789"), part)


def section(*references: str, properties: str = "") -> str:
    """`section("header1", "footer1:first")`."""
    elements = "".join(
        f'<w:{part.rstrip("123456789")}Reference w:type="{kind or "default"}" r:id="{part}"/>'
        for part, _, kind in (reference.partition(":") for reference in references)
    )
    return f"<w:sectPr>{elements}{properties}</w:sectPr>"


def an_odt(*body: str, styles: str = "", parts: dict[str, str] | None = None) -> bytes:
    """`styles` are the automatic ones of the content."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>",
            **(parts or {}),
        }
    )


def docx(*body: str, **more: object) -> Document:
    return read(a_docx(*body, **more), Kind.DOCX)  # type: ignore[arg-type]


def odt(*body: str, **more: object) -> Document:
    return read(an_odt(*body, **more), Kind.ODT)  # type: ignore[arg-type]


def texts(document: Document) -> list[str]:
    return document.text.splitlines()


def kept_out(document: Document) -> list[tuple[str, Concealment]]:
    return [(concealed.text, concealed.reason) for concealed in document.concealed]


def linked(document: Document) -> list[tuple[str, str]]:
    return [(document.text[start:end], target) for start, end, target in document.links]


def box(content: str, anchor: str = "", shape: str = "") -> str:
    """A text box as Word writes it: for new readers and, again, for old ones."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:anchor>{anchor}<wps:wsp>'
        f"<wps:spPr>{shape}</wps:spPr><wps:txbx>{inner}</wps:txbx></wps:wsp>"
        f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def style(key: str, name: str, properties: str = "", based_on: str = "", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{based}{properties}</w:style>'


def styled(text: str, key: str) -> str:
    return paragraph(text, properties=f'<w:pStyle w:val="{key}"/>')
