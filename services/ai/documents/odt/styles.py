"""Names and styles of OpenDocument text (OASIS ODF 1.3)."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from services.ai.documents.document import Concealment
from services.ai.documents.flow.colours import Colour, colour, is_hidden
from services.ai.documents.flow.flow import LEAST_SIZE, Look
from services.ai.documents.flow.parts import Element

_NAMESPACE = re.compile(r"urn:oasis:names:tc:opendocument:xmlns:([a-z-]+):1\.0")
_PREFIXES = {"xsl-fo-compatible": "fo", "svg-compatible": "svg", "drawing": "draw"}
_OTHERS = {"http://www.w3.org/1999/xlink": "xlink", "http://purl.org/dc/elements/1.1/": "dc"}
_LENGTH = re.compile(r"(-?\d*\.?\d+)(pt|cm|mm|in|pc|px|%)?")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "pc": 12.0, "px": 0.75, "%": 1.0, "": 1.0}
# Longer chains of styles are circles.
MOST_STEPS = 16
BODY_SIZE = 12.0
# Further out than this, in points, nothing is on the page.
MOST_OUTDENT, MOST_INDENT = -160.0, 1200.0
# Less than this share of a letter's ink is not seen.
LEAST_INK = 15.0
_HEADING = re.compile(r"heading(?:_20_|\s)*([1-6])", re.IGNORECASE)


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """`text:p` for a paragraph."""
    uri, _, local = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
    match = _NAMESPACE.match(uri)
    prefix = _PREFIXES.get(match[1], match[1]) if match else _OTHERS.get(uri, "")
    return f"{prefix}:{local}" if prefix else local


def name(element: Element) -> str:
    return short(element.tag) if isinstance(element.tag, str) else ""


def attributes(element: Element) -> dict[str, str]:
    return {short(key): value for key, value in element.attrib.items()}


def points(text: str) -> float | None:
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * _POINTS[match[2] or ""] if match else None


@dataclass(frozen=True, slots=True)
class Ink:
    """Letters, before it is known what they stand on."""

    bold: bool = False
    italic: bool = False
    size: float = BODY_SIZE
    vanished: bool = False
    colour: Colour | None = None
    ground: Colour | None = None
    opacity: float = 100.0
    scale: float = 100.0

    def look(self, ground: Colour | None, link: str) -> Look:
        return Look(self.bold, self.italic, self.size, self._hidden(self.ground or ground), link)

    def _hidden(self, ground: Colour | None) -> Concealment | None:
        if self.vanished or self.opacity < LEAST_INK:
            return Concealment.INVISIBLE
        if self.size < LEAST_SIZE or self.size * self.scale / 100 < LEAST_SIZE / 2:
            return Concealment.TINY
        if self.colour is not None and ground is not None and is_hidden(self.colour, ground):
            return Concealment.LOW_CONTRAST
        return None

    def changed(self, properties: dict[str, str]) -> "Ink":
        """With what a `style:text-properties` says."""
        change: dict[str, Any] = {}
        for key, value in properties.items():
            if key == "fo:font-weight":
                change["bold"] = value == "bold" or (value.isdecimal() and int(value) >= 600)
            elif key == "fo:font-style":
                change["italic"] = value in ("italic", "oblique")
            elif key == "fo:font-size" and (size := points(value)) is not None:
                change["size"] = self.size * size / 100 if value.endswith("%") else size
            elif key == "text:display":
                change["vanished"] = value == "none"
            elif key == "fo:color":
                change["colour"] = colour(value)
            elif key == "style:use-window-font-color" and value == "true":
                change["colour"] = None
            elif key == "fo:background-color":
                change["ground"] = colour(value)
            elif key in ("opacity", "loext:opacity") and (opacity := points(value)) is not None:
                change["opacity"] = opacity
            elif key == "style:text-scale" and (scale := points(value)) is not None:
                change["scale"] = scale
        return replace(self, **change) if change else self


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph's, cell's or shape's style; `ground` is None when it says nothing."""

    ink: Ink
    ground: Colour | None = None
    heading: int = 0
    listed: bool = False
    off_page: bool = False
    columns: int = 1
    painted: bool = False


@dataclass(slots=True)
class Styles:
    """Styles of `styles.xml` and the automatic ones of `content.xml`, by family and name."""

    _styles: dict[tuple[str, str], Element] = field(default_factory=dict)
    _defaults: dict[str, Element] = field(default_factory=dict)
    _found: dict[tuple[str, str], Block] = field(default_factory=dict)
    masters: set[str] = field(default_factory=set)

    def add(self, root: Element) -> None:
        for element in root.iter():
            kind = name(element)
            if kind in ("style:style", "style:default-style"):
                said = attributes(element)
                family = said.get("style:family", "")
                if kind == "style:default-style":
                    self._defaults[family] = element
                else:
                    self._styles[family, said.get("style:name", "")] = element
                    self.masters.add(said.get("style:master-page-name", ""))

    def _chain(self, family: str, style: str) -> list[Element]:
        chain: list[Element] = []
        while (family, style) in self._styles and len(chain) < MOST_STEPS:
            chain.insert(0, self._styles[family, style])
            style = attributes(chain[0]).get("style:parent-style-name", "")
        return chain

    def block(self, family: str, style: str) -> Block:
        key = (family, style)
        if key not in self._found:
            default = [self._defaults[family]] if family in self._defaults else []
            block = Block(Ink())
            for element in default + self._chain(family, style):
                block = _changed(block, element)
            self._found[key] = block
        return self._found[key]

    def run(self, ink: Ink, style: str) -> Ink:
        for element in self._chain("text", style):
            for child in element:
                if name(child) == "style:text-properties":
                    ink = ink.changed(attributes(child))
        return ink


def _changed(block: Block, style: Element) -> Block:
    said = attributes(style)
    level = said.get("style:default-outline-level", "")
    named = _HEADING.match(said.get("style:display-name") or said.get("style:name", ""))
    rank = int(level) if level.isdecimal() and 1 <= int(level) <= 6 else int(named[1]) if named else block.heading
    block = replace(block, heading=rank, listed=bool(said.get("style:list-style-name")) or block.listed)
    for child in style:
        properties = attributes(child)
        if name(child) == "style:text-properties":
            block = replace(block, ink=block.ink.changed(properties))
        else:
            block = _laid_out(block, child, properties)
    return block


def _laid_out(block: Block, element: Element, properties: dict[str, str]) -> Block:
    ground = colour(properties.get("fo:background-color", "")) or block.ground
    if properties.get("draw:fill") == "solid":
        ground = colour(properties.get("draw:fill-color", "")) or ground
    painted = properties.get("draw:fill") in ("bitmap", "gradient", "hatch") or block.painted
    indent = points(properties.get("fo:margin-left", "")) if name(element) == "style:paragraph-properties" else None
    columns = next((attributes(c).get("fo:column-count", "1") for c in element if name(c) == "style:columns"), "1")
    return replace(
        block,
        ground=ground,
        painted=painted,
        off_page=block.off_page if indent is None else not MOST_OUTDENT < indent < MOST_INDENT,
        columns=int(columns) if columns.isdecimal() and 1 <= int(columns[:3]) <= 8 else block.columns,
    )
