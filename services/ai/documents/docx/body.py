"""The story of a Word document, its headers or its notes: paragraphs, tables and text boxes in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from services.ai.documents.document import Concealment
from services.ai.documents.docx import shapes
from services.ai.documents.docx.ooxml import TWIPS, attribute, child, is_on, name, number, value
from services.ai.documents.docx.styles import Ink, Styles, is_listed, rank, shading
from services.ai.documents.flow.colours import WHITE, Colour
from services.ai.documents.flow.flow import Flow, Look, Piece
from services.ai.documents.flow.parts import Element

# A row or line of fixed height below this, in points, shows nothing.
LEAST_HEIGHT = 2.5
# Text that begins so far outside its margin, in points, is off the page; margins are at most 150.
MOST_OUTDENT, MOST_INDENT = -160.0, 1200.0
# What a letter covers, as a share of the square of its size.
LETTER_SHARE = 0.6
_WRAPPERS = {
    "w:sdt",
    "w:sdtContent",
    "w:customXml",
    "w:ins",
    "w:moveTo",
    "w:smartTag",
    "w:dir",
    "w:bdo",
    "w:ruby",
    "w:rubyBase",
}
_DELETED = {"w:del", "w:moveFrom"}
_LETTERS = {"w:t", "w:delText", "m:t"}
_PLAIN = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
# Letters of symbol fonts lie in the private area; these are the marks and arrows that lists are made of.
_SYMBOLS = {0xB7: "•", 0xA7: "▪", 0xD8: "➢", 0xFC: "✓", 0xE0: "→", 0x28: "☎", 0x2A: "✉", 0x2D: "-", 0xBE: "–"}


@dataclass(slots=True)
class _Paragraph:
    ink: Ink
    ground: Colour | None
    hidden: Concealment | None
    pieces: list[Piece] = field(default_factory=list)
    frames: list[shapes.Frame] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """`targets` are the addresses of the part's hyperlinks; `notes` are filled with the numbers of notes that are referred to."""

    styles: Styles
    targets: dict[str, str]
    ground: Colour = WHITE
    backdrop: float = 0.0
    notes: list[tuple[str, str]] = field(default_factory=list)

    def read(self, container: Element, flow: Flow, ground: Colour | None, hidden: Concealment | None = None) -> None:
        """Adds what `container` holds; `hidden` where all of it is."""
        for element in container:
            kind = name(element)
            if kind == "w:p":
                self._paragraph(element, flow, ground, hidden)
            elif kind == "w:tbl":
                self._table(element, flow, ground, hidden)
            elif kind in _WRAPPERS:
                self.read(element, flow, ground, hidden)
            elif kind in _DELETED:
                flow.conceal(letters(element), Concealment.HIDDEN_LAYER)
            elif kind == "mc:AlternateContent" and (branch := shapes.chosen(element)) is not None:
                self.read(branch, flow, ground, hidden)
            elif kind == "w:sectPr":
                flow.columns = max(flow.columns, columns(element))

    def _paragraph(self, element: Element, flow: Flow, ground: Colour | None, hidden: Concealment | None) -> None:
        properties = child(element, "w:pPr")
        style = self.styles.paragraph(value(properties, "w:pStyle"))
        own = shading(child(properties, "w:shd")) or style.ground
        paragraph = _Paragraph(style.ink, own or ground, hidden or _unseen(properties))
        self._inline(element, paragraph, "")
        listed = is_listed(properties)
        flow.paragraph(
            paragraph.pieces,
            rank(properties) or style.heading,
            style.listed if listed is None else listed,
        )
        section = child(properties, "w:sectPr")
        if section is not None:
            flow.columns = max(flow.columns, columns(section))
        for frame in paragraph.frames:
            box = flow.cell()
            self.read(
                frame.content, box, self.ground if frame.ground is WHITE else frame.ground, hidden or frame.hidden
            )
            flow.insert(box)

    def _inline(self, container: Element, paragraph: _Paragraph, link: str) -> None:
        for element in container:
            kind = name(element)
            if kind == "w:r":
                self._run(element, paragraph, link)
            elif kind in _DELETED:
                hidden = Look(hidden=Concealment.HIDDEN_LAYER)
                paragraph.pieces.append((letters(element), hidden))
            elif kind == "w:hyperlink":
                self._inline(element, paragraph, self.targets.get(attribute(element, "id", "r"), link))
            elif kind == "w:fldSimple":
                self._inline(element, paragraph, _address(attribute(element, "instr")) or link)
            elif kind in ("m:oMath", "m:oMathPara"):
                paragraph.pieces.append((letters(element), self._look(paragraph.ink, paragraph, link, 1)))
            elif kind == "mc:AlternateContent" and (branch := shapes.chosen(element)) is not None:
                self._inline(branch, paragraph, link)
            elif kind in _WRAPPERS:
                self._inline(element, paragraph, link)

    def _run(self, run: Element, paragraph: _Paragraph, link: str) -> None:
        properties = child(run, "w:rPr")
        ink = self.styles.run(paragraph.ink, value(properties, "w:rStyle")).with_properties(properties)
        if child(properties, "w:del") is not None:
            paragraph.pieces.append((letters(run), Look(hidden=Concealment.HIDDEN_LAYER)))
            return
        for element in run:
            text = self._text(element, paragraph)
            if text:
                target = next((code[1] for code in reversed(paragraph.fields) if code[1]), link)
                paragraph.pieces.append((text, self._look(ink, paragraph, target, len(text))))

    def _look(self, ink: Ink, paragraph: _Paragraph, link: str, count: int) -> Look:
        look = replace(ink.look(paragraph.ground, link))
        if look.hidden is Concealment.LOW_CONTRAST and paragraph.ground == self.ground and not ink.ground:
            # A dark shape behind the text may carry as many white letters as it has room for.
            area = count * LETTER_SHARE * ink.size**2
            if area <= self.backdrop:
                self.backdrop -= area
                look = replace(look, hidden=None)
        return replace(look, hidden=look.hidden or paragraph.hidden)

    def _text(self, element: Element, paragraph: _Paragraph) -> str:
        kind = name(element)
        if kind in _LETTERS:
            return element.text or ""
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind == "w:sym":
            return _symbol(attribute(element, "char"))
        if kind in ("w:footnoteReference", "w:endnoteReference"):
            self.notes.append((kind, attribute(element, "id")))
        elif kind in ("w:fldChar", "w:instrText"):
            _field(element, paragraph.fields)
        elif kind in ("w:drawing", "w:pict", "w:object"):
            return self._shape(element, paragraph)
        elif kind == "mc:AlternateContent" and (branch := shapes.chosen(element)) is not None:
            return "".join(self._text(found, paragraph) for found in branch)
        return ""

    def _shape(self, element: Element, paragraph: _Paragraph) -> str:
        paragraph.frames += shapes.frames(element)
        described = shapes.descriptions(element)
        if described:
            paragraph.pieces.append((described, Look(hidden=Concealment.METADATA)))
        return shapes.word_art(element)

    def _table(self, table: Element, flow: Flow, ground: Colour | None, hidden: Concealment | None) -> None:
        properties = child(table, "w:tblPr")
        painted = self.styles.paints(value(properties, "w:tblStyle"))
        ground = shading(child(properties, "w:shd")) or (None if painted else ground)
        flow.new_block()
        for row in _through(table, "w:tr"):
            seen = hidden or _unseen_row(child(row, "w:trPr"))
            cells = []
            for element in _through(row, "w:tc"):
                cell = flow.cell()
                self.read(element, cell, shading(child(element, "w:tcPr/w:shd")) or ground, seen)
                cells.append(cell)
            flow.row(cells)
        flow.new_block()


def letters(element: Element) -> str:
    """All letters below, deleted ones too."""
    return " ".join(
        "".join(found.text or "" for found in part.iter() if name(found) in _LETTERS)
        for part in ([e for e in element.iter() if name(e) == "w:p"] or [element])
    )


def _through(container: Element, wanted: str) -> Iterator[Element]:
    """Rows or cells, also those in content controls and tracked insertions."""
    for element in container:
        if name(element) == wanted:
            yield element
        elif name(element) in _WRAPPERS:
            yield from _through(element, wanted)


def _unseen_row(properties: Element | None) -> Concealment | None:
    for element in properties if properties is not None else ():
        if name(element) in ("w:hidden", "w:del") and is_on(element):
            return Concealment.HIDDEN_LAYER
        if name(element) == "w:trHeight" and attribute(element, "hRule") == "exact":
            height = number(attribute(element, "val")) / TWIPS
            return Concealment.TINY if height < LEAST_HEIGHT else None
    return None


def _unseen(properties: Element | None) -> Concealment | None:
    """Why nothing of a paragraph is seen: it begins outside the page, or its lines have no height."""
    indent, spacing = child(properties, "w:ind"), child(properties, "w:spacing")
    if indent is not None:
        left = (number(attribute(indent, "left")) or number(attribute(indent, "start"))) / TWIPS
        if not MOST_OUTDENT < left < MOST_INDENT:
            return Concealment.OFF_PAGE
    if spacing is not None and attribute(spacing, "lineRule") == "exact":
        height = number(attribute(spacing, "line")) / TWIPS
        return Concealment.TINY if 0 < height < LEAST_HEIGHT else None
    frame = child(properties, "w:framePr")
    if frame is not None:
        across, down = number(attribute(frame, "x")) / TWIPS, number(attribute(frame, "y")) / TWIPS
        if not (shapes.MOST_OUT * 8 < across < shapes.MOST_RIGHT and shapes.MOST_OUT * 8 < down < shapes.MOST_DOWN):
            return Concealment.OFF_PAGE
    return None


def columns(section: Element) -> int:
    """How many columns a section has, at least one."""
    count = value(section, "w:cols", "num")
    return int(count) if count.isdecimal() and 1 <= int(count[:4]) <= 8 else 1


def _field(element: Element, fields: list[list[str]]) -> None:
    """Keeps the codes of the fields that are open, each with the address that its result links to."""
    if name(element) == "w:instrText":
        if fields:
            fields[-1][0] += element.text or ""
        return
    state = attribute(element, "fldCharType")
    if state == "begin":
        fields.append(["", ""])
    elif fields and state == "separate":
        fields[-1][1] = _address(fields[-1][0])
    elif fields and state == "end":
        fields.pop()


def _address(code: str) -> str:
    """The address in ` HYPERLINK "https://…" `."""
    words = code.split()
    return words[1].strip('"') if len(words) > 1 and words[0].upper() == "HYPERLINK" and words[1][:1] != "\\" else ""


def _symbol(code: str) -> str:
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= point <= 0xF0FF:
        return _SYMBOLS.get(point - 0xF000, "")
    return chr(point) if 0x20 <= point < 0xD800 or 0x10000 <= point < 0x110000 else ""
