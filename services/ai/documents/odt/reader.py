"""ODT → Document: header, story, notes and footer once each; what Writer would not print is kept out."""

from dataclasses import dataclass, field
from itertools import chain

from services.ai.documents.document import Concealment, Document, DocumentError
from services.ai.documents.flow.colours import WHITE, Colour
from services.ai.documents.flow.flow import Flow, Look, Piece
from services.ai.documents.flow.parts import Element, Parts, damaged
from services.ai.documents.odt.styles import Ink, Styles, attributes, name, points

_CONTAINERS = {
    "text:section",
    "text:index-body",
    "text:index-title",
    "draw:text-box",
    "draw:g",
    "draw:a",
    "text:numbered-paragraph",
}
_INDEXES = {
    "text:table-of-content",
    "text:illustration-index",
    "text:alphabetical-index",
    "text:user-index",
    "text:bibliography",
}
_SHAPES = {
    "draw:frame",
    "draw:custom-shape",
    "draw:rect",
    "draw:ellipse",
    "draw:circle",
    "draw:g",
    "draw:line",
    "draw:path",
}
_SKIPPED = {
    "text:note-citation",
    "text:bookmark",
    "text:script",
    "office:forms",
    "office:event-listeners",
    "text:sequence-decls",
}
_TOLD = {
    "dc:title",
    "dc:subject",
    "dc:description",
    "dc:creator",
    "meta:keyword",
    "meta:user-defined",
    "meta:initial-creator",
}
# Further out than this, in points, a frame is not on the page.
MOST_RIGHT, MOST_DOWN, MOST_OUT = 850.0, 1200.0, -110.0
MOST_BLANKS = 8


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_ENCRYPTED, FILE_UNREADABLE."""
    parts = Parts(data)
    if "META-INF/manifest.xml" in parts.names and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise DocumentError("FILE_ENCRYPTED", "the document needs a password; save it without one")
    if "content.xml" not in parts.names:
        raise damaged()
    content = parts.xml("content.xml")
    styles = Styles()
    shared = parts.xml("styles.xml") if "styles.xml" in parts.names else None
    for root in (shared, content):
        if root is not None:
            styles.add(root)
    story = next((e for e in content.iter() if name(e) == "office:text"), None)
    if story is None:
        raise damaged()
    reader, flow = _Writer(styles), Flow()
    _edges(shared, reader, flow, "style:header")
    reader.blocks(story, flow, WHITE)
    flow.new_block()
    for note in reader.notes:
        reader.blocks(note, flow, WHITE)
    _edges(shared, reader, flow, "style:footer")
    if "meta.xml" in parts.names:
        for element in parts.xml("meta.xml").iter():
            if name(element) in _TOLD:
                flow.conceal(element.text or "", Concealment.METADATA)
    return flow.document()


def _edges(root: Element | None, reader: "_Writer", flow: Flow, kind: str) -> None:
    """Headers or footers of the pages that the story uses; those of others are kept out."""
    seen: set[tuple[str, ...]] = set()
    for master in [e for e in root.iter() if name(e) == "style:master-page"] if root is not None else []:
        used = attributes(master).get("style:name") in {"Standard", "Default", *reader.styles.masters}
        for element in master:
            if not name(element).startswith(kind):
                continue
            if not used or attributes(element).get("style:display") == "false":
                flow.conceal(letters(element), Concealment.INVISIBLE)
                continue
            edge = Flow()
            reader.blocks(element, edge, WHITE)
            lines = tuple(placed.text for placed in edge.lines)
            if lines not in seen:
                seen.add(lines)
                flow.insert(edge)


@dataclass(slots=True)
class _Paragraph:
    ground: Colour | None
    hidden: Concealment | None
    pieces: list[Piece] = field(default_factory=list)
    frames: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Writer:
    styles: Styles
    notes: list[Element] = field(default_factory=list)

    def blocks(
        self,
        container: Element,
        flow: Flow,
        ground: Colour | None,
        hidden: Concealment | None = None,
        bullet: bool = False,
    ) -> None:
        """Adds what `container` holds; `hidden` where all of it is."""
        for element in container:
            kind, said = name(element), attributes(element)
            if kind in ("text:p", "text:h"):
                self._paragraph(element, said, flow, ground, hidden, bullet)
            elif kind == "text:list":
                for item in element:
                    self.blocks(item, flow, ground, hidden, bullet=name(item) == "text:list-item")
            elif kind == "table:table":
                self._table(element, flow, ground, hidden)
            elif kind == "text:tracked-changes":
                self._changes(element, flow)
            elif kind == "office:annotation":
                flow.conceal(letters(element), Concealment.METADATA)
            elif kind in _SHAPES:
                self._frame(element, flow, hidden)
            elif kind in _CONTAINERS or kind in _INDEXES:
                self._section(element, said, flow, ground, hidden)

    def _section(
        self, element: Element, said: dict[str, str], flow: Flow, ground: Colour | None, hidden: Concealment | None
    ) -> None:
        if said.get("text:display") == "none" or (
            said.get("text:display") == "condition" and said.get("text:is-hidden") == "true"
        ):
            hidden = hidden or Concealment.HIDDEN_LAYER
        style = self.styles.block("section", said.get("text:style-name", ""))
        flow.columns = max(flow.columns, style.columns)
        self.blocks(element, flow, style.ground or ground, hidden)

    def _paragraph(
        self,
        element: Element,
        said: dict[str, str],
        flow: Flow,
        ground: Colour | None,
        hidden: Concealment | None,
        bullet: bool,
    ) -> None:
        style = self.styles.block("paragraph", said.get("text:style-name", ""))
        off = Concealment.OFF_PAGE if style.off_page else None
        paragraph = _Paragraph(style.ground or ground, hidden or off or _hidden_by_field(element))
        self._inline(element, paragraph, style.ink, "")
        level = said.get("text:outline-level", "")
        heading = int(level) if name(element) == "text:h" and level in tuple("123456") else style.heading
        flow.paragraph(paragraph.pieces, heading or int(name(element) == "text:h"), bullet or style.listed)
        for frame in paragraph.frames:
            self._frame(frame, flow, hidden)

    def _inline(self, element: Element, paragraph: _Paragraph, ink: Ink, link: str) -> None:
        self._put(element.text, paragraph, ink, link)
        for child in element:
            self._child(child, paragraph, ink, link)
            self._put(child.tail, paragraph, ink, link)

    def _child(self, child: Element, paragraph: _Paragraph, ink: Ink, link: str) -> None:
        kind = name(child)
        if kind == "text:span":
            self._inline(child, paragraph, self.styles.run(ink, attributes(child).get("text:style-name", "")), link)
        elif kind == "text:a":
            self._inline(child, paragraph, ink, attributes(child).get("xlink:href", link))
        elif kind == "text:s":
            count = attributes(child).get("text:c", "1")
            self._put(" " * (min(int(count[:4]), MOST_BLANKS) if count.isdecimal() else 1), paragraph, ink, link)
        elif kind in ("text:tab", "text:line-break"):
            self._put("\t" if kind == "text:tab" else "\v", paragraph, ink, link)
        elif kind == "text:note":
            self.notes += [body for body in child if name(body) == "text:note-body"]
        elif kind == "office:annotation":
            paragraph.pieces.append((letters(child), Look(hidden=Concealment.METADATA)))
        elif kind in ("text:hidden-text", "text:hidden-paragraph"):
            text = attributes(child).get("text:string-value") or letters(child)
            paragraph.pieces.append((text, Look(hidden=Concealment.HIDDEN_LAYER)))
        elif kind in _SHAPES:
            paragraph.frames.append(child)
        elif kind not in _SKIPPED:
            self._inline(child, paragraph, ink, link)

    def _put(self, text: str | None, paragraph: _Paragraph, ink: Ink, link: str) -> None:
        if text:
            shown = text.replace("\n", " ").replace("\r", " ")
            look = ink.look(paragraph.ground, link)
            if paragraph.hidden:
                look = Look(hidden=paragraph.hidden)
            paragraph.pieces.append((shown, look))

    def _frame(self, frame: Element, flow: Flow, hidden: Concealment | None) -> None:
        style = self.styles.block("graphic", attributes(frame).get("draw:style-name", ""))
        hidden = hidden or (Concealment.OFF_PAGE if _is_off(frame) else None)
        box = flow.cell()
        ground = None if style.painted else style.ground or WHITE
        for child in [frame, *frame]:
            if name(child) in ("svg:title", "svg:desc"):
                flow.conceal(letters(child), Concealment.METADATA)
            elif (
                name(child) in ("draw:text-box", "draw:frame", "draw:custom-shape", "draw:g", "draw:rect")
                and child is not frame
            ):
                self.blocks([child] if name(child) != "draw:text-box" else child, box, ground, hidden)
        self.blocks([e for e in frame if name(e) in ("text:p", "text:h", "text:list")], box, ground, hidden)
        flow.insert(box)

    def _table(self, table: Element, flow: Flow, ground: Colour | None, hidden: Concealment | None) -> None:
        style = self.styles.block("table", attributes(table).get("table:style-name", ""))
        flow.new_block()
        for row in (e for e in table.iter() if name(e) == "table:table-row" and _table_of(e) is table):
            collapsed = attributes(row).get("table:visibility") in ("collapse", "filter")
            seen = hidden or (Concealment.HIDDEN_LAYER if collapsed else None)
            cells = []
            for element in (e for e in row if name(e) == "table:table-cell"):
                cell = flow.cell()
                own = self.styles.block("table-cell", attributes(element).get("table:style-name", ""))
                self.blocks(element, cell, own.ground or style.ground or ground, seen)
                cells.append(cell)
            flow.row(cells)
        flow.new_block()

    def _changes(self, element: Element, flow: Flow) -> None:
        for deletion in (e for e in element.iter() if name(e) == "text:deletion"):
            flow.conceal(letters(deletion), Concealment.HIDDEN_LAYER)


def letters(element: Element) -> str:
    """All letters below, without who wrote them and when."""
    paragraphs = [e for e in element.iter() if name(e) in ("text:p", "text:h")]
    return " ".join("".join(chain(e.itertext())) for e in paragraphs) if paragraphs else "".join(element.itertext())


def _table_of(row: Element) -> Element | None:
    above = row.getparent()
    while above is not None and name(above) != "table:table":
        above = above.getparent()
    return above


def _hidden_by_field(element: Element) -> Concealment | None:
    fields = (e for e in element.iter() if name(e) == "text:hidden-paragraph")
    hidden = any(attributes(e).get("text:is-hidden", "true") == "true" for e in fields)
    return Concealment.HIDDEN_LAYER if hidden else None


def _is_off(frame: Element) -> bool:
    said = attributes(frame)
    for start, length, most in (("svg:x", "svg:width", MOST_RIGHT), ("svg:y", "svg:height", MOST_DOWN)):
        offset, extent = points(said.get(start, "")), points(said.get(length, "")) or 0.0
        if offset is not None and (offset > most or offset + extent < MOST_OUT):
            return True
    return False
