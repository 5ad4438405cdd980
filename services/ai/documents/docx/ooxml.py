"""Names, attributes and relations of WordprocessingML, transitional and strict alike (ECMA-376 parts 1 and 4)."""

import posixpath
from functools import lru_cache

from services.ai.documents.flow.parts import Element, Parts

_WORD = "w"
_PREFIX = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": _WORD,
    "http://purl.oclc.org/ooxml/wordprocessingml/main": _WORD,
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "urn:schemas-microsoft-com:vml": "v",
}
_ATTRIBUTES = {prefix: [uri for uri, p in _PREFIX.items() if p == prefix] for prefix in ("w", "r", "w14")}
TWIPS = 20
"""Twentieths of a point."""


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """`w:p` for a paragraph, whichever the namespace's address; the bare local name of foreign ones."""
    uri, _, local = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
    prefix = _PREFIX.get(uri, "")
    return f"{prefix}:{local}" if prefix else local


def name(element: Element) -> str:
    return short(element.tag) if isinstance(element.tag, str) else ""


def attribute(element: Element, local: str, prefix: str = _WORD) -> str:
    """An attribute's value, empty when it is not there."""
    for uri in _ATTRIBUTES[prefix]:
        value = element.get(f"{{{uri}}}{local}")
        if value is not None:
            return str(value)
    return ""


def child(element: Element | None, wanted: str) -> Element | None:
    """The first child of a name, by way of names: `w:pPr/w:rPr`."""
    for step in wanted.split("/"):
        if element is None:
            return None
        element = next((e for e in element if name(e) == step), None)
    return element


def value(element: Element | None, wanted: str, local: str = "val") -> str:
    found = child(element, wanted)
    return attribute(found, local) if found is not None else ""


def is_on(element: Element) -> bool:
    """Whether a toggle such as <w:b/> is set."""
    return attribute(element, "val").lower() not in ("0", "false", "off", "none")


def number(text: str) -> float:
    """A measure in twips (or, in strict files, with its unit) as a number of twips; 0 for what is none."""
    units = {"pt": 20.0, "in": 1440.0, "cm": 567.0, "mm": 56.7, "pc": 240.0, "pi": 240.0}
    factor = units.get(text[-2:], 1.0)
    try:
        measure = float(text[:-2] if factor != 1.0 else text)
    except ValueError:
        return 0.0
    return measure * factor if abs(measure) < 1e7 else 0.0


def relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Of each relation of a part its kind (the last word of its address) and its target: a part's name or an address."""
    folder, base = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{base}.rels")
    if path not in parts.names:
        return {}
    found = {}
    for element in parts.xml(path):
        target, kind = element.get("Target") or "", (element.get("Type") or "").rpartition("/")[2]
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[element.get("Id") or ""] = (kind, target)
    return found
