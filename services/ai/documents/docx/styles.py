"""What the styles of a Word document say of its letters and paragraphs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from services.ai.documents.document import Concealment
from services.ai.documents.docx.ooxml import TWIPS, attribute, child, is_on, name, number, value
from services.ai.documents.flow.colours import WHITE, Colour, colour, is_hidden
from services.ai.documents.flow.flow import LEAST_SIZE, Look
from services.ai.documents.flow.parts import Element

# Longer chains of styles are circles.
MOST_STEPS = 16
# Word calls its styles by their English names whatever its language; others write down the name that they show.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|encabezado|kop|rubrik|nagłówek|заголовок)\s*([1-6])", re.IGNORECASE
)
_TITLE = re.compile(r"title|titel|titre|título|titolo", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ink:
    """Letters of a run before it is known what they stand on; `ground` is their own shading or highlight, else None."""

    bold: bool = False
    italic: bool = False
    size: float = 10.0
    vanished: bool = False
    transparent: bool = False
    colour: Colour | None = None
    ground: Colour | None = None
    scale: float = 100.0

    def look(self, ground: Colour | None, link: str = "") -> Look:
        """On `ground`, None where it is not known: a picture, a shape."""
        return Look(self.bold, self.italic, self.size, self._hidden(self.ground or ground), link)

    def _hidden(self, ground: Colour | None) -> Concealment | None:
        if self.vanished or self.transparent:
            return Concealment.INVISIBLE
        if self.size < LEAST_SIZE or self.size * self.scale / 100 < LEAST_SIZE / 2:
            return Concealment.TINY
        # Letters without a colour of their own turn white on a dark ground by themselves.
        if self.colour is not None and ground is not None and is_hidden(self.colour, ground):
            return Concealment.LOW_CONTRAST
        return None

    def with_properties(self, properties: Element | None) -> Self:
        """What a `w:rPr` changes."""
        ink = self
        for element in properties if properties is not None else ():
            change = _CHANGES.get(name(element))
            if change:
                ink = replace(ink, **change(element))
        return ink


def _size(element: Element) -> dict[str, float]:
    text = attribute(element, "val")
    size = number(text) / TWIPS if text[-2:].isalpha() else number(text) / 2
    return {"size": size} if size > 0 else {}


def _shade(element: Element) -> dict[str, Colour | None]:
    fill = shading(element)
    return {"ground": fill} if fill else {}


def _highlight(element: Element) -> dict[str, Colour | None]:
    return {"ground": colour(attribute(element, "val"))}


def _fill(element: Element) -> dict[str, object]:
    """The fill of letters since Word 2010: nothing, a colour, or one that shines through."""
    if child(element, "w14:noFill") is not None:
        return {"transparent": True}
    for found in element.iter():
        if name(found) == "w14:alpha" and number(attribute(found, "val", "w14")) >= 95_000:
            return {"transparent": True}
        if name(found) == "w14:srgbClr":
            return {"colour": colour(attribute(found, "val", "w14"))}
    return {}


_CHANGES: dict[str, Callable[[Element], dict[str, Any]]] = {
    "w:b": lambda e: {"bold": is_on(e)},
    "w:i": lambda e: {"italic": is_on(e)},
    "w:sz": _size,
    "w:vanish": lambda e: {"vanished": is_on(e)},
    "w:specVanish": lambda e: {"vanished": is_on(e)},
    "w:color": lambda e: {"colour": colour(attribute(e, "val"))},
    "w:shd": _shade,
    "w:highlight": _highlight,
    "w:w": lambda e: {"scale": number(attribute(e, "val").rstrip("%")) or 100.0},
    "w14:textFill": _fill,
}


def shading(element: Element | None) -> Colour | None:
    """The colour of a `w:shd`; None without one."""
    if element is None:
        return None
    fill = attribute(element, "color") if attribute(element, "val") == "solid" else attribute(element, "fill")
    return colour(fill)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    ink: Ink
    heading: int = 0
    listed: bool = False
    ground: Colour | None = None


@dataclass(slots=True)
class Styles:
    """`w:styles`; works without one."""

    root: Element | None
    _by_id: dict[str, Element] = field(default_factory=dict)
    _default: str = ""
    _paragraphs: dict[str, ParagraphStyle] = field(default_factory=dict)
    _tables: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for style in self.root if self.root is not None else ():
            if name(style) == "w:style":
                self._by_id[attribute(style, "styleId")] = style
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true"):
                    self._default = attribute(style, "styleId")

    def _chain(self, style_id: str) -> list[Element]:
        """A style after those that it is based on."""
        chain: list[Element] = []
        while style_id in self._by_id and len(chain) < MOST_STEPS:
            chain.insert(0, self._by_id[style_id])
            style_id = value(chain[0], "w:basedOn")
        return chain

    def paragraph(self, style_id: str) -> ParagraphStyle:
        style_id = style_id if style_id in self._by_id else self._default
        if style_id not in self._paragraphs:
            self._paragraphs[style_id] = self._resolve(style_id)
        return self._paragraphs[style_id]

    def _resolve(self, style_id: str) -> ParagraphStyle:
        ink = Ink().with_properties(child(self.root, "w:docDefaults/w:rPrDefault/w:rPr"))
        style = ParagraphStyle(ink)
        for step in self._chain(style_id):
            properties = child(step, "w:pPr")
            style = ParagraphStyle(
                style.ink.with_properties(child(step, "w:rPr")),
                rank(properties) or named_rank(value(step, "w:name")) or style.heading,
                style.listed or is_listed(properties) or False,
                shading(child(properties, "w:shd")) or style.ground,
            )
        return style

    def run(self, ink: Ink, style_id: str) -> Ink:
        for step in self._chain(style_id):
            ink = ink.with_properties(child(step, "w:rPr"))
        return ink

    def paints(self, table_style: str) -> bool:
        """Whether a table's style gives its cells dark grounds, of which only Word knows where they fall."""
        if table_style not in self._tables:
            fills = [
                shading(element)
                for step in self._chain(table_style)
                for element in step.iter()
                if name(element) == "w:shd"
            ]
            self._tables[table_style] = any(fill is not None and not is_hidden(fill, WHITE) for fill in fills)
        return self._tables[table_style]


def rank(properties: Element | None) -> int:
    """The rank that an outline level gives: 1 to 6, else 0."""
    level = value(properties, "w:outlineLvl")
    return int(level) + 1 if level in tuple("012345") else 0


def named_rank(style: str) -> int:
    match = _HEADING.match(style)
    return int(match[1]) if match else int(_TITLE.fullmatch(style) is not None)


def is_listed(properties: Element | None) -> bool | None:
    """Whether a `w:pPr` makes an item of a list; None when it does not say."""
    number_id = value(properties, "w:numPr/w:numId")
    return number_id != "0" if number_id else None


def page_ground(document: Element) -> Colour:
    return colour(value(document, "w:background", "color")) or WHITE
