"""Pages that are pictures: found, drawn large, and read by the recogniser."""

import re
from collections.abc import Sequence

import pypdfium2

from services.ai.documents.document import Concealed, Concealment, Line
from services.ai.documents.pdf.letters import Frame
from services.ai.documents.pdf.objects import Shape

# A page is a picture when pictures cover this share of it and it has fewer letters than this of its own.
PICTURE_SHARE, FEW_LETTERS = 0.5, 40
DOTS_PER_INCH = 200
POINTS_PER_INCH = 72
# Pictures larger than this many pixels are drawn smaller.
MOST_PIXELS = 12_000_000
# A layer's line is believed when so many of its words were recognised in the picture.
BELIEVED, ENOUGH_WORDS = 0.3, 3
_WORD = re.compile(r"\w{3,}")


def needs_recognition(shapes: Sequence[Shape], letters: int, frame: Frame) -> bool:
    """Whether the page is a picture: (almost) no letters are seen, and pictures cover most of it."""
    width, height = frame.size
    if letters >= FEW_LETTERS:
        return False
    covered = sum(_area(shape, width, height) for shape in shapes if shape.image)
    return covered >= PICTURE_SHARE * width * height


def _area(shape: Shape, width: float, height: float) -> float:
    left, top, right, bottom = shape.box
    return max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))


def recognised(page: pypdfium2.PdfPage, frame: Frame, number: int) -> list[tuple[str, Line]]:
    """Lines read in the page's picture, `number` from 1."""
    try:
        from services.ai.documents.pictures.recognition import recognise
    except ImportError:
        return []
    width, height = frame.size
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    lines: list[tuple[str, Line]] = recognise(page.render(scale=scale).to_pil().convert("RGB"), number, 1 / scale)
    return lines


def unbelieved(layer: Sequence[Concealed], lines: Sequence[tuple[str, Line]]) -> list[Concealed]:
    """Of an invisible layer under a picture, which is the scanner's own reading of it, the lines that the picture does not have."""
    seen = {word for text, _ in lines for word in _words(text)}
    return [said for said in layer if said.reason is not Concealment.INVISIBLE or not _is_believed(said.text, seen)]


def _is_believed(text: str, seen: set[str]) -> bool:
    words = _words(text)
    return len(words) < ENOUGH_WORDS or sum(word in seen for word in words) >= BELIEVED * len(words)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
