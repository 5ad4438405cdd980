"""HTML → Document: what a browser shows, without running or fetching anything."""

import re

from services.ai.documents.document import Concealment, Document, DocumentError
from services.ai.documents.flow.flow import Flow, Look, Piece
from services.ai.documents.flow.parts import Element, damaged
from services.ai.documents.markup import looks
from services.ai.documents.markup.css import Sheet
from services.ai.documents.markup.text import decode

MOST_BYTES = 8 << 20
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_NEVER = {"script", "style", "link", "iframe", "object", "embed", "applet", "audio", "video", "canvas", "math", "base"}
_HEADINGS = {f"h{rank}": rank for rank in range(1, 7)}
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
    }
    | {
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
    }
    | {"nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", *_HEADINGS}
)
_APART = {"aside", "section", "article", "header", "footer", "nav", "main", "td"}
_INLINE = ("inline", "contents", "ruby")
_SAFE_LINK = re.compile(r"(?!\s*(?:javascript|data|vbscript|file):)", re.IGNORECASE)


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_UNREADABLE."""
    if len(data) > MOST_BYTES:
        raise DocumentError(
            "FILE_UNREADABLE",
            f"the page is larger than {MOST_BYTES >> 20} MB; save it without its pictures, or as a PDF",
        )
    return of_page(_decoded(data))


def of_page(page: str, flow: Flow | None = None) -> Document:
    """Reads a page that is decoded; after what `flow` holds already."""
    root = _parsed(page)
    flow = flow or Flow()
    if root is not None:
        styles = ["".join(element.itertext()) for element in root.iter("style")]
        reader = _Page(Sheet(styles), flow)
        reader.element(root, looks.Style())
        reader.flush()
    return flow.document()


def _decoded(data: bytes) -> str:
    found = _CHARSET.search(data[:4096])
    if found and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = found[1].decode().lower()
        # Browsers take Latin-1 for the Windows set, which has the typographic marks besides.
        charset = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}.get(charset, charset)
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)


def _parsed(page: str) -> Element | None:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(page.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        if page.strip():
            raise damaged() from None
        return None


class _Page:
    """Walks the tree; `pieces` are the paragraph that is being put together."""

    def __init__(self, sheet: Sheet, flow: Flow) -> None:
        self.sheet = sheet
        self.flow = flow
        self.pieces: list[Piece] = []
        self.heading = 0
        self.bullet = False

    def flush(self) -> None:
        if any(text.strip() for text, _ in self.pieces):
            self.flow.paragraph(self.pieces, self.heading, self.bullet)
            self.bullet = False
        self.pieces = []

    def element(self, element: Element, parent: looks.Style) -> None:
        if not isinstance(element.tag, str):
            self._comment(element)
            return
        if element.tag in _NEVER:
            return
        style = looks.style(parent, element, self.sheet.of(element))
        if element.tag in ("title", "meta", "img", "svg"):
            self._told(element)
        elif element.tag == "br":
            self.pieces.append(("\n", style.look()))
        elif element.tag == "table" and not style.hidden:
            self._table(element, style)
        elif _is_row(style, element):
            self._row(list(element), style, element)
        else:
            self._content(element, style)

    def _content(self, element: Element, style: looks.Style) -> None:
        block = style.display not in _INLINE if style.display else element.tag in _BLOCKS
        block = block and not style.display.startswith("inline")
        outer = self.heading
        if block:
            self.flush()
            self.heading = _rank(element) or self.heading
            self.bullet = element.tag == "li" or self.bullet
            if element.tag in _APART:
                self.flow.new_block()
        elif self.sheet.of(element).get("float") == "right":
            self.pieces.append(("\t", style.look()))
        self._text(element.text, style)
        for child in element:
            self.element(child, style)
            self._text(child.tail, style)
        if block:
            self.flush()
            self.heading = outer
            if element.tag == "li":
                self.bullet = False

    def _text(self, text: str | None, style: looks.Style) -> None:
        if not text:
            return
        look = style.look()
        if look.link and not _SAFE_LINK.match(look.link):
            look = Look(look.bold, look.italic, look.size, look.hidden)
        if style.kept:
            self.pieces.append((text, look))
            return
        shown = _WHITE.sub(" ", text)
        if shown[:1] == " " and self.pieces and self.pieces[-1][0][-1:] in (" ", "\n"):
            shown = shown[1:]
        if shown:
            self.pieces.append((shown, look))

    def _comment(self, element: Element) -> None:
        # What only old browsers read, and the marks of programs, are comments too: a machine sees them, a person does not.
        if element.text and not element.text.lstrip().startswith("[if"):
            self.flow.conceal(element.text, Concealment.METADATA)

    def _told(self, element: Element) -> None:
        """Texts that are on no page: the window's title, words for search engines, for those who cannot see a picture."""
        name = (element.get("name") or element.get("property") or "").lower()
        if element.tag == "meta" and name.rpartition(":")[2] in (
            "description",
            "keywords",
            "title",
            "author",
            "subject",
            "abstract",
        ):
            self.flow.conceal(element.get("content") or "", Concealment.METADATA)
        elif element.tag == "title":
            self.flow.conceal("".join(element.itertext()), Concealment.METADATA)
        elif element.tag == "img":
            self.flow.conceal(element.get("alt") or "", Concealment.METADATA)
        elif element.tag == "svg":
            self.pieces += [
                (" " + (text.text or ""), Look())
                for text in element.iter("text", "{*}text")
                if (text.text or "").strip()
            ]

    def _table(self, table: Element, style: looks.Style) -> None:
        self.flush()
        self.flow.new_block()
        for row in table.iterchildren():
            self._rows(row, style)
        self.flow.new_block()

    def _rows(self, element: Element, style: looks.Style) -> None:
        if not isinstance(element.tag, str):
            self._comment(element)
        elif element.tag == "tr":
            self._row(list(element), looks.style(style, element, self.sheet.of(element)), element)
        elif element.tag in ("thead", "tbody", "tfoot"):
            inner = looks.style(style, element, self.sheet.of(element))
            for child in element:
                self._rows(child, inner)
        else:
            self.element(element, style)
            self.flush()

    def _row(self, cells: list[Element], style: looks.Style, element: Element) -> None:
        """Cells, or boxes side by side."""
        self.flush()
        flows = []
        outer = self.flow
        heading, bullet = self.heading, self.bullet
        for cell in cells:
            self.flow, self.heading = outer.cell(), _rank(element) or heading
            self.element(cell, style)
            self._text(cell.tail, style)
            self.flush()
            flows.append(self.flow)
        self.flow, self.heading, self.bullet = outer, heading, bullet
        self.flow.row(flows)


def _is_row(style: looks.Style, element: Element) -> bool:
    """Whether the children stand side by side: a flex box whose text is all in children."""
    return (
        style.display in ("flex", "inline-flex")
        and "column" not in (element.get("style") or "")
        and len(element) > 1
        and not (element.text or "").strip()
    )


def _rank(element: Element) -> int:
    if element.get("role") == "heading":
        level = element.get("aria-level") or "2"
        return int(level) if level in "123456" else 6
    return _HEADINGS.get(element.tag, 0)
