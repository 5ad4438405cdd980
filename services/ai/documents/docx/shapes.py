"""Shapes of a Word document: what text they frame, on what ground, and whether they lie on the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.documents.document import Concealment
from services.ai.documents.docx.ooxml import name
from services.ai.documents.flow.colours import WHITE, Colour, colour, is_hidden
from services.ai.documents.flow.parts import Element

EMU = 12_700
"""English metric units in a point."""
# Further out than this, in points from its margin, nothing is on a sheet of paper (A3 is 842 x 1191).
MOST_RIGHT, MOST_DOWN, MOST_OUT = 850.0, 1200.0, -110.0
# A shape narrower or lower than this, in points, is a rule or an icon and carries no text of others.
LEAST_WIDTH, LEAST_HEIGHT = 60.0, 12.0
_WHITE_SCHEME = ("bg1", "lt1")
_VML_MEASURE = re.compile(r"(margin-left|margin-top|width|height)\s*:\s*(-?[\d.]+)(pt|in|px)?")
_VML_UNITS = {"pt": 1.0, "in": 72.0, "px": 0.75, None: 1.0}


@dataclass(frozen=True, slots=True)
class Frame:
    """A text box: its `w:txbxContent`; `ground` is None when it is not known."""

    content: Element
    ground: Colour | None
    hidden: Concealment | None


def chosen(element: Element) -> Element | None:
    """The branch of `mc:AlternateContent` that a reader shows: both say the same."""
    branches = [branch for branch in element if name(branch) in ("mc:Choice", "mc:Fallback")]
    return next((b for b in branches if _has_text(b)), branches[0] if branches else None)


def _has_text(element: Element) -> bool:
    return any(name(found) in ("w:t", "v:textpath", "w:sym") for found in element.iter())


def frames(element: Element) -> Iterator[Frame]:
    """The text boxes of a `w:drawing` or `w:pict`, outermost only."""
    for content in _contents(element):
        yield Frame(content, _ground(content), _hidden(element, content))


def _contents(element: Element) -> Iterator[Element]:
    for found in element:
        if name(found) == "w:txbxContent":
            yield found
        elif name(found) == "mc:AlternateContent":
            branch = chosen(found)
            if branch is not None:
                yield from _contents(branch)
        else:
            yield from _contents(found)


def word_art(element: Element) -> str:
    """Text drawn along a path."""
    return "\n".join(found.get("string") or "" for found in element.iter() if name(found) == "v:textpath")


def descriptions(element: Element) -> str:
    """What is told to those who cannot see a picture."""
    properties = [found for found in element.iter() if name(found) in ("wp:docPr", "v:shape")]
    return "\n".join(
        text for found in properties for text in (found.get("title"), found.get("descr"), found.get("alt")) if text
    )


def backdrop(document: Element) -> float:
    """How much of the page, in square points, lies under pictures and dark shapes behind the text: letters may be white there."""
    area = 0.0
    for anchor in document.iter():
        if name(anchor) == "wp:anchor" and anchor.get("behindDoc") in ("1", "true") and _is_dark(anchor):
            width, height = _extent(anchor)
            area += width * height if width >= LEAST_WIDTH and height >= LEAST_HEIGHT else 0.0
    return area


def _is_dark(anchor: Element) -> bool:
    fills = [_fill(found) for found in anchor.iter() if name(found) in ("wps:spPr", "spPr", "grpSpPr")]
    pictures = any(name(found) == "a:blip" for found in anchor.iter())
    return pictures or any(known and fill != WHITE for known, fill in fills)


def _fill(properties: Element) -> tuple[bool, Colour | None]:
    """Whether a shape says that it is filled, and with which colour if that is plain."""
    for element in properties:
        if name(element) == "a:solidFill":
            for found in element:
                if name(found) == "a:srgbClr":
                    fill = colour(found.get("val") or "")
                    return True, WHITE if fill and is_hidden(fill, WHITE) else fill
                if name(found) == "a:schemeClr":
                    return True, WHITE if found.get("val") in _WHITE_SCHEME and not len(found) else None
        if name(element) in ("a:gradFill", "a:blipFill", "a:pattFill"):
            return True, None
        if name(element) == "a:noFill":
            return False, WHITE
    return False, None


def _extent(anchor: Element) -> tuple[float, float]:
    extent = next((found for found in anchor if name(found) == "wp:extent"), None)
    return (_emu(extent.get("cx")), _emu(extent.get("cy"))) if extent is not None else (0.0, 0.0)


def _emu(text: str | None) -> float:
    try:
        return int(text or "0") / EMU
    except ValueError:
        return 0.0


def _ground(content: Element) -> Colour | None:
    """The fill of the shape around a `w:txbxContent`; white for a shape without fill, None for what a theme decides."""
    shape = content.getparent()
    while shape is not None and name(shape) not in (
        "wps:wsp",
        "v:shape",
        "v:rect",
        "v:roundrect",
        "w:drawing",
        "w:pict",
    ):
        shape = shape.getparent()
    if shape is None:
        return None
    if name(shape).startswith("v:"):
        return (
            WHITE
            if shape.get("filled") in ("f", "false")
            else colour((shape.get("fillcolor") or "white").split(" ")[0])
        )
    properties = next((found for found in shape if name(found) == "wps:spPr"), None)
    return _fill(properties)[1] if properties is not None else None


def _hidden(element: Element, content: Element) -> Concealment | None:
    for around in content.iterancestors():
        if name(around) in ("v:shape", "v:rect", "v:group", "v:roundrect"):
            style = (around.get("style") or "").replace(" ", "")
            if "visibility:hidden" in style or "display:none" in style:
                return Concealment.INVISIBLE
            if _vml_is_off(style):
                return Concealment.OFF_PAGE
        if around is element:
            break
    for found in element.iter():
        if name(found) == "wp:docPr" and found.get("hidden") in ("1", "true"):
            return Concealment.INVISIBLE
        if name(found) == "wp:anchor" and _is_off(found):
            return Concealment.OFF_PAGE
    return None


def _is_off(anchor: Element) -> bool:
    width, height = _extent(anchor)
    for position, most, length in (("wp:positionH", MOST_RIGHT, width), ("wp:positionV", MOST_DOWN, height)):
        for found in anchor:
            if name(found) == position:
                offset = next((_emu(e.text) for e in found if name(e) == "wp:posOffset"), 0.0)
                if offset > most or offset + length < MOST_OUT:
                    return True
    return False


def _vml_is_off(style: str) -> bool:
    measures = {key: float(number) * _VML_UNITS[unit or None] for key, number, unit in _VML_MEASURE.findall(style)}
    left, top = measures.get("margin-left", 0.0), measures.get("margin-top", 0.0)
    right, bottom = left + measures.get("width", 0.0), top + measures.get("height", 0.0)
    return left > MOST_RIGHT or top > MOST_DOWN or right < MOST_OUT or bottom < MOST_OUT
