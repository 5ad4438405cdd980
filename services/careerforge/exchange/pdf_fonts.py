"""Fonts that exported PDF files embed: two families for Latin, Greek and Cyrillic, and one for what they lack."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from services.careerforge.exchange.right_to_left import drawn

_FOLDER = Path(__file__).parent / "fonts"
FALLBACK = "DejaVuSans"
FONTS = ("EBGaramond-Regular", "EBGaramond-Bold", "SourceSans3-Regular", "SourceSans3-Bold", FALLBACK)
_LOCK = Lock()
# Pictures, joiners and variants: without a glyph they are left out. Letters without one are drawn as an empty box.
_LEFT_OUT = frozenset(("So", "Sk", "Cf", "Cn", "Co", "Mn", "Me"))


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one font, from left to right."""

    font: str
    text: str


@lru_cache
def _faces() -> dict[str, Any]:
    """Fonts by name, known to the library. They are read once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _LOCK:
        fonts = {name: TTFont(name, str(_FOLDER / f"{name}.ttf")) for name in FONTS}
        for font in fonts.values():
            pdfmetrics.registerFont(font)
    return fonts


def runs(text: str, font: str) -> tuple[Run, ...]:
    """One line as it is drawn, in the font or, where it has no glyph, in the fallback."""
    chosen = ((_font_for(letter, font), letter) for letter in drawn(text))
    grouped = groupby(chosen, key=lambda pair: pair[0])
    return tuple(Run(name, "".join(letter for _, letter in group)) for name, group in grouped if name)


@lru_cache(maxsize=10_000)
def _font_for(letter: str, font: str) -> str:
    """Empty for what is left out."""
    faces, code = _faces(), ord(letter)
    for name in (font, FALLBACK):
        if code in faces[name].face.charToGlyph:
            return name
    return "" if unicodedata.category(letter) in _LEFT_OUT else font


def without_glyph(text: str) -> str:
    """Letters of the text that no font here has, each once: they are drawn as an empty box."""
    faces = _faces()
    lacking = (
        c for c in text if not c.isspace() and all(ord(c) not in face.face.charToGlyph for face in faces.values())
    )
    return "".join(dict.fromkeys(c for c in lacking if unicodedata.category(c) not in _LEFT_OUT))


def width(text: str, font: str, size: float) -> float:
    """In points."""
    return sum(float(_faces()[run.font].stringWidth(run.text, size)) for run in runs(text, font))


def lines(text: str, font: str, size: float, first: float, most: float) -> Iterator[str]:
    """The text in lines that are at most so wide, the first by itself; words wider than a line are cut."""
    line, room = "", first
    # What is left out leaves no gap.
    words = "".join(letter for letter in text if _font_for(letter, font)).split()
    for word in _pieces(words, font, size, most):
        longer = f"{line} {word}" if line else word
        if line and width(longer, font, size) > room:
            yield line
            line, room = word, most
        else:
            line = longer
    if line:
        yield line


def _pieces(words: Sequence[str], font: str, size: float, most: float) -> Iterator[str]:
    for word in words:
        rest = word
        while len(rest) > 1 and width(rest, font, size) > most:
            cut = _fitting(rest, font, size, most)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _fitting(word: str, font: str, size: float, most: float) -> int:
    """How many characters fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(word[:middle], font, size) <= most else (low, middle - 1)
    return low
