"""Fonts that exported PDF files embed: two families for Latin, Greek and Cyrillic, and one for what they lack."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from services.careerforge.exchange.right_to_left import drawn, is_right_to_left

_FOLDER = Path(__file__).parent / "fonts"
FALLBACK = "DejaVuSans"
FONTS = ("EBGaramond-Regular", "EBGaramond-Bold", "SourceSans3-Regular", "SourceSans3-Bold", FALLBACK)
_LOCK = Lock()
# Pictures: without a glyph they are left out, as joiners and variants are always. Letters without one are drawn as an empty box.
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


def know_fonts() -> None:
    """Makes the fonts known to the library, for canvases to begin with."""
    _faces()


def runs(text: str, font: str) -> tuple[Run, ...]:
    """One line as it is drawn, in the font or, where it has no glyph, in the fallback."""
    chosen = ((_font_for(letter, font), letter) for letter in drawn(text))
    grouped = groupby(chosen, key=lambda pair: pair[0])
    return tuple(Run(name, "".join(letter for _, letter in group)) for name, group in grouped if name)


@lru_cache(maxsize=10_000)
def _font_for(letter: str, font: str) -> str:
    """Empty for what is left out."""
    faces, code = _faces(), ord(letter)
    if unicodedata.category(letter) == "Cf" or 0xFE00 <= code <= 0xFE0F:
        return ""
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
    """In points. Letters stand side by side without kerning; only Arabic ones change with their neighbours."""
    seen = drawn(text) if is_right_to_left(text) else text
    return sum(_advance(letter, font) for letter in seen) * size


@lru_cache(maxsize=10_000)
def _advance(letter: str, font: str) -> float:
    """Of a letter one point high."""
    name = _font_for(letter, font)
    return float(_faces()[name].stringWidth(letter, 1000)) / 1000 if name else 0.0


def lines(text: str, font: str, size: float, first: float, most: float) -> Iterator[str]:
    """The text in lines that are at most so wide, the first by itself; words wider than a line are cut."""
    # What is left out leaves no gap.
    words = "".join(letter for letter in text if _font_for(letter, font)).split()
    line: list[str] = []
    blank, used, room = width(" ", font, size), 0.0, first
    for word in _pieces(words, font, size, most):
        wide = width(word, font, size)
        if line and used + blank + wide > room:
            yield " ".join(line)
            line, used, room = [word], wide, most
        else:
            used += (blank if line else 0.0) + wide
            line.append(word)
    if line:
        yield " ".join(line)


def _pieces(words: Sequence[str], font: str, size: float, most: float) -> Iterator[str]:
    """Words, those that are wider than a line in parts that are not."""
    for word in words:
        begin, used = 0, 0.0
        for i, letter in enumerate(word):
            wide = _advance(letter, font) * size
            if i > begin and used + wide > most:
                yield word[begin:i]
                begin, used = i, 0.0
            used += wide
        yield word[begin:]
