"""How an element of a page looks, worked out from its own declarations and its parent's look."""

import re
from dataclasses import dataclass, replace

from services.ai.documents.document import Concealment
from services.ai.documents.flow.colours import BLACK, WHITE, Colour, colour, is_hidden
from services.ai.documents.flow.flow import LEAST_SIZE, Look
from services.ai.documents.flow.parts import Element
from services.ai.documents.markup.css import Declarations

BODY_SIZE = 12.0
# Points of headings in browsers.
_SIZES = {"h1": 24.0, "h2": 18.0, "h3": 14.0, "h4": 12.0, "h5": 10.0, "h6": 8.0, "small": 10.0}
_BOLD = {"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th", "dt"}
_ITALIC = {"i", "em", "cite", "dfn", "var", "address"}
_UNSEEN = {"noscript", "template", "datalist"}
# What style sheets that we do not fetch hide, by the names that frameworks give it.
_FOR_SCREEN_READERS = {
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader-only",
    "d-none",
}
_KEYWORDS = {
    "xx-small": 7.0,
    "x-small": 7.5,
    "small": 10.0,
    "medium": 12.0,
    "large": 13.5,
    "x-large": 18.0,
    "xx-large": 24.0,
}
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|ex|ch|%|vw|vh|in|cm|mm|pc)?")
_MOVED = re.compile(r"translate(?:x|y|3d)?\(\s*([^),]+)(?:,\s*([^),]+))?")
_CLIPPED = re.compile(
    r"rect\(\s*(?:0|1px|0px|auto)[\s,]|inset\(\s*(?:5\d|[6-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px)?\s+0(?:px)?\s*\)"
)
_ALPHA = re.compile(
    r"(?:rgba?|hsla?)\([^)]*[,/]\s*(0?\.\d+|0|\d+(?:\.\d+)?%)\s*\)|#[0-9a-f]{6}([0-9a-f]{2})|#[0-9a-f]{3}([0-9a-f])"
)
# Less than this of a letter's ink shines through to nothing.
LEAST_INK = 0.15
# Moved so far out, in points, nothing is left on a screen or a sheet.
FAR = 700.0
_SIDES = ("left", "right", "top", "bottom", "margin-left", "margin-top", "text-indent", "inset")


@dataclass(frozen=True, slots=True)
class Style:
    """What children inherit, and how this element is laid out. `hidden` is final, `veiled` is undone by `visibility: visible`."""

    ink: Colour = BLACK
    ground: Colour | None = WHITE
    size: float = BODY_SIZE
    bold: bool = False
    italic: bool = False
    hidden: Concealment | None = None
    veiled: bool = False
    clear: bool = False
    kept: bool = False
    opacity: float = 1.0
    display: str = ""
    link: str = ""

    def look(self) -> Look:
        return Look(self.bold, self.italic, self.size, self.hidden or self._unseen(), self.link)

    def _unseen(self) -> Concealment | None:
        if self.veiled or self.clear or self.opacity < LEAST_INK:
            return Concealment.INVISIBLE
        if self.size < LEAST_SIZE:
            return Concealment.TINY
        if self.ground is not None and is_hidden(self.ink, self.ground):
            return Concealment.LOW_CONTRAST
        return None


def style(parent: Style, element: Element, own: Declarations) -> Style:
    tag = element.tag
    size = _size(own, _SIZES.get(tag, parent.size), parent.size)
    ink = own.get("-webkit-text-fill-color") or own.get("color") or element.get("color") or ""
    return replace(
        parent,
        size=size,
        bold=_is_bold(own.get("font-weight", ""), parent.bold or tag in _BOLD),
        italic={"italic": True, "oblique": True, "normal": False}.get(
            own.get("font-style", ""), parent.italic or tag in _ITALIC
        ),
        ink=colour(ink) or parent.ink,
        ground=_ground(own, element, parent.ground),
        clear=_is_clear(ink) if ink else parent.clear,
        veiled={"hidden": True, "collapse": True, "visible": False}.get(own.get("visibility", ""), parent.veiled),
        opacity=parent.opacity * _opacity(own),
        hidden=parent.hidden or _hidden(element, own, size),
        kept=own["white-space"].startswith(("pre", "break")) if "white-space" in own else parent.kept or tag == "pre",
        display=own.get("display", ""),
        link=element.get("href") or parent.link if tag == "a" else parent.link,
    )


def length(text: str, size: float = BODY_SIZE) -> float | None:
    """A length in points; None for what is none. Percentages are taken of `size`."""
    match = _LENGTH.match(text)
    if not match:
        return None
    units = {
        "px": 0.75,
        "pt": 1.0,
        "in": 72.0,
        "cm": 28.35,
        "mm": 2.835,
        "pc": 12.0,
        "rem": BODY_SIZE,
        "vw": 8.0,
        "vh": 8.0,
    }
    unit = match[2] or "px"
    factor = {"em": size, "%": size / 100, "ex": size / 2, "ch": size / 2}.get(unit) or units[unit]
    return float(match[1]) * factor


def _size(own: Declarations, default: float, inherited: float) -> float:
    text = own.get("font-size") or next(
        (w for w in own.get("font", "").split() if w[:1].isdigit() and w[-1:].isalpha()), ""
    )
    if not text:
        return default
    return _KEYWORDS.get(text) or (default if (found := length(text, inherited)) is None else found)


def _is_bold(weight: str, default: bool) -> bool:
    if weight.isdecimal():
        return int(weight[:4]) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight, default)


def _ground(own: Declarations, element: Element, inherited: Colour | None) -> Colour | None:
    """The background's colour; None for pictures and gradients."""
    text = own.get("background-color") or own.get("background") or element.get("bgcolor") or ""
    if "url(" in own.get("background-image", "") + text or "gradient" in own.get("background-image", "") + text:
        return None
    if _is_clear(text):
        return inherited
    return next((found for word in [text, *text.split()] if (found := colour(word))), inherited)


def _is_clear(text: str) -> bool:
    match = _ALPHA.fullmatch(text.replace(" ", ""))
    if not match:
        return text == "transparent"
    if match[1]:
        return float(match[1].rstrip("%")) / (100 if match[1].endswith("%") else 1) < LEAST_INK
    return int(match[2] or 2 * match[3], 16) / 255 < LEAST_INK


def _opacity(own: Declarations) -> float:
    text = own.get("opacity") or (re.findall(r"opacity\(([^)]*)\)", own.get("filter", "")) or ["1"])[0]
    try:
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return 1.0


def _hidden(element: Element, own: Declarations, size: float) -> Concealment | None:
    names = set((element.get("class") or "").lower().split())
    if own.get("display") == "none" or element.tag in _UNSEEN or names & _FOR_SCREEN_READERS:
        return Concealment.INVISIBLE
    if element.get("hidden") is not None and "display" not in own:
        return Concealment.INVISIBLE
    if _CLIPPED.search(own.get("clip", "") + own.get("clip-path", "")) or _is_closed(own):
        return Concealment.INVISIBLE
    transform = own.get("transform", "")
    if re.search(r"scale[xy3d]*\(\s*0(?:\.0\d*)?\s*[,)]", transform):
        return Concealment.TINY
    moved = [part for match in _MOVED.findall(transform) for part in match] + [own.get(side, "") for side in _SIDES]
    return Concealment.OFF_PAGE if any(_is_far(part, size) for part in moved) else None


def _is_closed(own: Declarations) -> bool:
    """A box without height or width that cuts what is in it."""
    if "hidden" not in own.get("overflow", "") + own.get("overflow-x", "") + own.get("overflow-y", ""):
        return False
    sides = (length(own.get(side, "")) for side in ("height", "width", "max-height", "max-width"))
    return any(side is not None and side < LEAST_SIZE for side in sides)


def _is_far(text: str, size: float) -> bool:
    if text.endswith("%"):
        return text.startswith("-") and (length(text, 100.0) or 0) < -150
    return any(
        abs(found) > FAR and (found < 0 or found > 3 * FAR) for word in text.split() if (found := length(word, size))
    )
