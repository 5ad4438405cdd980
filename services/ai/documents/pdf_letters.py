"""A PDF page's letters in bulk: code points, boxes and styles as arrays, in the order in which the file draws them."""

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Address = int

# Code point of what PDFium has no Unicode for.
UNKNOWN = 0
BOLD_WEIGHT = 700
FIXED_ITALIC, FORCE_BOLD = 1 << 6, 1 << 18

_HEAVY = re.compile(r"bold|black|heavy|cmbx|bx\d|[-_]bd\b|-b\b", re.IGNORECASE)
_PLAIN = re.compile(r"regular|light|medium|book|roman|thin|italic|oblique|MT$|PS$|cmr|cmti|sfrm|lmr", re.IGNORECASE)
_SLANTED = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)


def _quick(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function, called with plain integers and without giving up the interpreter: three times as fast for calls this short."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
_unicode = _quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_bulk_text = _quick(pdfium.FPDFText_GetText, _I, _P, _I, _I, _P)
_object = _quick(pdfium.FPDFText_GetTextObject, _P, _P, _I)
_box = _quick(pdfium.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_matrix = _quick(pdfium.FPDFText_GetMatrix, _I, _P, _I, _P)
_font_size = _quick(pdfium.FPDFText_GetFontSize, _F, _P, _I)
_fill = _quick(pdfium.FPDFText_GetFillColor, _I, _P, _I, _P, _P, _P, _P)
_stroke = _quick(pdfium.FPDFText_GetStrokeColor, _I, _P, _I, _P, _P, _P, _P)
_font_info = _quick(pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _P, _I, _P, ctypes.c_ulong, _P)
_weight = _quick(pdfium.FPDFText_GetFontWeight, _I, _P, _I)
_font = _quick(pdfium.FPDFTextObj_GetFont, _P, _P)
_mode = _quick(pdfium.FPDFTextObj_GetTextRenderMode, _I, _P)


@dataclass(frozen=True, slots=True)
class Ink:
    """How one text object is drawn. `pointer` is PDFium's object, 0 for blanks that PDFium adds."""

    pointer: Address
    size: float  # points
    angle: int  # degrees against the page as shown, a multiple of 90, or -1 when slanted
    font: str
    bold: bool
    italic: bool
    color: tuple[int, int, int, int]  # red, green, blue, opacity
    mode: int  # FPDF_TEXTRENDERMODE_*

    @property
    def look(self) -> tuple[float, bool, bool]:
        return self.size, self.bold, self.italic


NO_INK = Ink(0, 0.0, 0, "", False, False, (0, 0, 0, 255), 0)


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """n letters: `codes` (n), `boxes` (n, 4) as in `Box`, `inks` (n) into `kinds`."""

    codes: Integers
    boxes: Floats
    inks: Integers
    kinds: tuple[Ink, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Letters":
        return Letters(self.codes[mask], self.boxes[mask], self.inks[mask], self.kinds)

    def text(self) -> str:
        return text_of(self.codes)


def text_of(codes: Integers) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


@dataclass(frozen=True, slots=True)
class Frame:
    """The page as it is shown: `left` and `top` of what is shown in PDF coordinates, its size there, and its rotation in quarters."""

    left: float
    top: float
    inner_width: float
    inner_height: float
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        w, h = self.inner_width, self.inner_height
        return (h, w) if self.quarters % 2 else (w, h)

    def place(self, boxes: Floats) -> Floats:
        """PDF boxes (left, top, right, bottom, upwards) → boxes from the upper left corner of the page as shown, downwards."""
        x0, x1 = boxes[:, 0] - self.left, boxes[:, 2] - self.left
        y0, y1 = self.top - boxes[:, 1], self.top - boxes[:, 3]
        w, h = self.inner_width, self.inner_height
        sides = [(x0, y0, x1, y1), (h - y1, x0, h - y0, x1), (w - x1, h - y1, w - x0, h - y0), (y0, w - x1, y1, w - x0)]
        return np.stack(sides[self.quarters % 4], axis=1)


def frame_of(page: pypdfium2.PdfPage) -> Frame:
    rect = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, rect)
    return Frame(rect.left, rect.top, rect.right - rect.left, rect.top - rect.bottom, page.get_rotation() // 90)


def letters_of(text_page: pypdfium2.PdfTextPage, frame: Frame) -> Letters:
    """All letters with a place, drawn or not; PDFium's own blanks and line ends among them."""
    handle, count = ctypes.cast(text_page.raw, ctypes.c_void_p).value, text_page.count_chars()
    places = np.zeros((count, 4), np.float32)
    start = places.ctypes.data
    for _ in map(_box, repeat(handle), range(count), range(start, start + 16 * count, 16)):
        pass
    inks, kinds = _inks(handle, list(map(_object, repeat(handle), range(count))), frame)
    return Letters(_codes(handle, count), frame.place(places.astype(np.float64)), inks, kinds)


def _codes(handle: Any, count: int) -> Integers:
    """Code points by letter: in one call where each is one UTF-16 unit, else one by one."""
    buffer = np.zeros(count + 1, np.uint16)
    written = _bulk_text(handle, 0, count, buffer.ctypes.data)
    if written == count + 1 and not ((buffer >= 0xD800) & (buffer < 0xE000)).any():
        return buffer[:count].astype(np.int64)
    codes = np.fromiter(map(_unicode, repeat(handle), range(count)), np.int64, count)
    codes[((codes >= 0xD800) & (codes < 0xE000)) | (codes > 0x10FFFF)] = UNKNOWN
    return codes


def _inks(handle: Any, pointers: Sequence[Address | None], frame: Frame) -> tuple[Integers, tuple[Ink, ...]]:
    numbers: dict[Address | None, int] = {None: 0}
    kinds, fonts = [NO_INK], dict[Any, tuple[str, bool, bool]]()
    found = np.zeros(len(pointers), np.int64)
    before, number = None, 0
    for index, pointer in enumerate(pointers):
        if pointer != before:
            before, number = pointer, numbers.get(pointer, -1)
            if number < 0:
                number = numbers[pointer] = len(kinds)
                kinds.append(_ink(handle, index, pointer or 0, frame, fonts))
        found[index] = number
    return found, tuple(kinds)


def _ink(handle: Any, index: int, pointer: Address, frame: Frame, fonts: dict[Any, tuple[str, bool, bool]]) -> Ink:
    matrix = (ctypes.c_float * 6)()
    _matrix(handle, index, ctypes.addressof(matrix))
    a, b, c, d = matrix[:4]
    font = _font(pointer)
    if font not in fonts:
        fonts[font] = _described(handle, index)
    mode = _mode(pointer)
    return Ink(
        pointer,
        round(_font_size(handle, index) * math.hypot(c, d), 2),
        _angle(a, b, frame.quarters),
        *fonts[font],
        _color(_stroke if mode in (1, 5) else _fill, handle, index),
        mode,
    )


def _angle(a: float, b: float, quarters: int) -> int:
    degrees = math.degrees(math.atan2(b, a)) - 90 * quarters
    nearest = round(degrees / 90)
    return nearest * 90 % 360 if abs(degrees - 90 * nearest) < 10 else -1


def _color(function: Any, handle: Any, index: int) -> tuple[int, int, int, int]:
    parts = (ctypes.c_uint * 4)()
    start = ctypes.addressof(parts)
    if not function(handle, index, start, start + 4, start + 8, start + 12):
        return 0, 0, 0, 255
    return parts[0], parts[1], parts[2], parts[3]


def _described(handle: Any, index: int) -> tuple[str, bool, bool]:
    """Name, bold, italic: by the name where it says so; PDFium's weight is guessed from the stems, and wrong for many regular fonts."""
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    _font_info(handle, index, ctypes.addressof(name), len(name), ctypes.addressof(flags))
    font = name.value.decode("utf-8", "replace")
    heavy = bool(_HEAVY.search(font))
    if not heavy and not _PLAIN.search(font):
        heavy = bool(flags.value & FORCE_BOLD) or _weight(handle, index) >= BOLD_WEIGHT
    return font, heavy, bool(flags.value & FIXED_ITALIC) or bool(_SLANTED.search(font))
