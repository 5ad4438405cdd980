"""A PDF page's letters in bulk: code points, boxes and styles as arrays, in the order in which the file draws them."""

import ctypes
import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Box

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Code point of what PDFium has no Unicode for.
UNKNOWN = 0
BOLD_WEIGHT = 700
# White between two letters' ink that their slant may have eaten, as a share of their size.
LEANING = 0.15
FIXED_ITALIC, FORCE_BOLD = 1 << 6, 1 << 18

_HEAVY = re.compile(r"bold|black|heavy|cmbx|bx\d|[-_]bd\b|-b\b", re.IGNORECASE)
_PLAIN = re.compile(r"regular|light|medium|book|roman|thin|italic|oblique|MT$|PS$|cmr|cmti|sfrm|lmr", re.IGNORECASE)
_SLANTED = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)


def quick(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function, called with plain integers and without giving up the interpreter: three times as fast for calls this short."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
_unicode = quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_bulk_text = quick(pdfium.FPDFText_GetText, _I, _P, _I, _I, _P)
_object = quick(pdfium.FPDFText_GetTextObject, ctypes.c_size_t, _P, _I)
_box = quick(pdfium.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_origin = quick(pdfium.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
_matrix = quick(pdfium.FPDFText_GetMatrix, _I, _P, _I, _P)
_font_size = quick(pdfium.FPDFText_GetFontSize, _F, _P, _I)
_fill = quick(pdfium.FPDFText_GetFillColor, _I, _P, _I, _P, _P, _P, _P)
_stroke = quick(pdfium.FPDFText_GetStrokeColor, _I, _P, _I, _P, _P, _P, _P)
_font_info = quick(pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _P, _I, _P, ctypes.c_ulong, _P)
_weight = quick(pdfium.FPDFText_GetFontWeight, _I, _P, _I)
_font = quick(pdfium.FPDFTextObj_GetFont, ctypes.c_size_t, _P)
_mode = quick(pdfium.FPDFTextObj_GetTextRenderMode, _I, _P)


@dataclass(frozen=True, slots=True, eq=False)
class Inks:
    """How k text objects are drawn; the first is none, of blanks that PDFium adds.

    `pointers` (k) are PDFium's objects. `sizes` (k) are points. `angles` (k) are degrees against the page as shown, multiples of 90, or
    -1 when slanted. `colors` (k, 4) are red, green, blue and opacity. `modes` (k) are FPDF_TEXTRENDERMODE_*. `parted` (k) says that
    a blank is drawn just before, as an object of its own, which PDFium leaves out.
    """

    pointers: Integers
    sizes: Floats
    angles: Integers
    bold: Mask
    italic: Mask
    colors: Integers
    modes: Integers
    parted: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """n letters: `codes` (n), `boxes` (n, 4) as in `Box`, `inks` (n) into `kinds`."""

    codes: Integers
    boxes: Floats
    inks: Integers
    kinds: Inks

    def __len__(self) -> int:
        return len(self.codes)

    def keep(self, mask: Mask) -> "Letters":
        return Letters(self.codes[mask], self.boxes[mask], self.inks[mask], self.kinds)

    def parted(self, blanks: set[int], order: dict[int, int]) -> "Letters":
        """With the blanks of text objects that have nothing else; `order` is that in which text objects are drawn, by address."""
        before = dict(pairwise(sorted(order, key=order.__getitem__, reverse=True)))
        parted = np.array([before.get(pointer) in blanks for pointer in self.kinds.pointers.tolist()])
        return replace(self, kinds=replace(self.kinds, parted=parted))

    def within(self, box: Box) -> Mask:
        """Whether their middles lie in the box."""
        left, top, right, bottom = box
        x, y = (self.boxes[:, 0] + self.boxes[:, 2]) / 2, (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        inside: Mask = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        return inside

    def angles(self) -> list[int]:
        """The angles of its letters, most frequent first; slanted letters count as upright."""
        angles = self.kinds.angles.clip(0)[self.inks]
        if not angles.any():
            return [0]
        # PDFium's own blanks have no angle.
        found, counts = np.unique(angles[self.inks > 0], return_counts=True)
        return [int(angle) for angle in found[np.argsort(-counts, kind="stable")]]

    def turned(self, angle: int, frame: "Frame") -> "Letters":
        """Its letters of this angle, on a page turned so that they stand upright."""
        angles = self.kinds.angles.clip(0)[self.inks]
        if angle == 0 and not angles.any():
            return self
        part = self.keep((angles == angle) | (self.inks == 0))
        return Letters(part.codes, frame.turn(part.boxes, angle), part.inks, part.kinds)


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

    def turn(self, boxes: Floats, angle: int) -> Floats:
        """Boxes on the page turned by `angle` degrees clockwise."""
        width, height = self.size
        x0, y0, x1, y1 = boxes.T
        sides = {
            0: (x0, y0, x1, y1),
            90: (height - y1, x0, height - y0, x1),
            180: (width - x1, height - y1, width - x0, height - y0),
            270: (y0, width - x1, y1, width - x0),
        }
        return np.stack(sides[angle], axis=1)

    def turned_back(self, box: Box, angle: int) -> Box:
        """A box of the page turned by `angle` on the page as shown."""
        if angle == 0:
            return box
        width, height = self.size
        x0, y0, x1, y1 = box
        sides = {
            90: (y0, height - x1, y1, height - x0),
            180: (width - x1, height - y1, width - x0, height - y0),
            270: (width - y1, x0, width - y0, x1),
        }
        return sides[angle]


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
    inks, kinds = _inks(handle, np.fromiter(map(_object, repeat(handle), range(count)), np.int64, count), places, frame)
    codes = _codes(handle, count)
    _widen_blanks(handle, codes, places, inks, kinds.sizes[inks])
    return Letters(codes, frame.place(places.astype(np.float64)), inks, kinds)


def _widen_blanks(handle: Any, codes: Integers, places: npt.NDArray[np.float32], inks: Integers, sizes: Floats) -> None:
    """Gives PDFium's blanks between letters that lean towards each other the width that is between their pens."""
    guessed = 1 + np.flatnonzero((codes[1:-1] == 0x20) & (inks[1:-1] == 0) & (inks[:-2] > 0) & (inks[2:] > 0))
    white = places[guessed + 1, 0] - places[guessed - 1, 2]
    leaning = guessed[np.abs(white) < LEANING * sizes[guessed - 1]]
    for blank in leaning.tolist():
        before, here, after = (_pen(handle, blank + step) for step in (-1, 0, 1))
        # PDFium places its blank by the font's size alone, however the text is scaled.
        end = before + (here - before) * sizes[blank - 1] / (_font_size(handle, blank - 1) or sizes[blank - 1] or 1.0)
        if end < after < end + sizes[blank - 1]:
            places[blank, [0, 2]] = end, after


def _pen(handle: Any, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    _origin(handle, index, ctypes.addressof(x), ctypes.addressof(y))
    return x.value


def _codes(handle: Any, count: int) -> Integers:
    """Code points by letter: in one call where each is one UTF-16 unit, else one by one."""
    buffer = np.zeros(count + 1, np.uint16)
    written = _bulk_text(handle, 0, count, buffer.ctypes.data)
    if written == count + 1 and not ((buffer >= 0xD800) & (buffer < 0xE000)).any():
        return buffer[:count].astype(np.int64)
    codes = np.fromiter(map(_unicode, repeat(handle), range(count)), np.int64, count)
    codes[((codes >= 0xD800) & (codes < 0xE000)) | (codes > 0x10FFFF)] = UNKNOWN
    return codes


def _inks(handle: Any, pointers: Integers, places: npt.NDArray[np.float32], frame: Frame) -> tuple[Integers, Inks]:
    numbers, looks = {0: 0}, [(0, 0.0, 0, False, False, (0, 0, 0, 255), 0, False)]
    describer = _Describer(handle, frame)
    starts = np.flatnonzero(np.diff(pointers, prepend=-1))
    # A letter's box is as high as its font's letters are: the same height in the same font is the same size.
    heights = (places[starts, 1] - places[starts, 3]).tolist()
    found = []
    for start, pointer, height in zip(starts.tolist(), pointers[starts].tolist(), heights, strict=True):
        number = numbers.get(pointer)
        if number is None:
            number = numbers[pointer] = len(looks)
            looks.append(describer.describe(start, pointer, height))
        found.append(number)
    lengths = np.diff(np.append(starts, len(pointers)))
    return np.repeat(np.array(found, np.int64), lengths), Inks(*map(np.array, zip(*looks, strict=True)))


class _Describer:
    """Asks PDFium about text objects, with one set of buffers for all."""

    def __init__(self, handle: Any, frame: Frame) -> None:
        self.handle, self.quarters = handle, frame.quarters
        self.fonts: dict[int, tuple[bool, bool]] = {}
        self.sizes: dict[tuple[int, float], tuple[float, int]] = {}
        self.matrix, self.color = (ctypes.c_float * 6)(), (ctypes.c_uint * 4)()
        self.at_matrix, at_color = ctypes.addressof(self.matrix), ctypes.addressof(self.color)
        self.at_color = (at_color, at_color + 4, at_color + 8, at_color + 12)

    def describe(self, index: int, pointer: int, height: float) -> tuple[Any, ...]:
        """One row of `Inks`: of the object that letter `index` is part of."""
        font, mode = _font(pointer), _mode(pointer)
        size = self.sizes.get((font, round(height, 3)))
        if size is None:
            size = self.sizes[(font, round(height, 3))] = self._size(index)
        if font not in self.fonts:
            self.fonts[font] = _described(self.handle, index)
        known = (_stroke if mode in (1, 5) else _fill)(self.handle, index, *self.at_color)
        return (pointer, *size, *self.fonts[font], tuple(self.color) if known else (0, 0, 0, 255), mode, False)

    def _size(self, index: int) -> tuple[float, int]:
        _matrix(self.handle, index, self.at_matrix)
        a, b, c, d, _, _ = self.matrix
        return round(_font_size(self.handle, index) * math.hypot(c, d), 2), _angle(a, b, self.quarters)


def _angle(a: float, b: float, quarters: int) -> int:
    degrees = math.degrees(math.atan2(b, a)) - 90 * quarters
    # Of numbers beyond all measure the file makes none.
    if not math.isfinite(degrees):
        return -1
    nearest = round(degrees / 90)
    return nearest * 90 % 360 if abs(degrees - 90 * nearest) < 10 else -1


def _described(handle: Any, index: int) -> tuple[bool, bool]:
    """Bold, italic: by the name where it says so; PDFium's weight is guessed from the stems, and wrong for many regular fonts."""
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    _font_info(handle, index, ctypes.addressof(name), len(name), ctypes.addressof(flags))
    font = name.value.decode("utf-8", "replace")
    heavy = bool(_HEAVY.search(font))
    if not heavy and not _PLAIN.search(font):
        heavy = bool(flags.value & FORCE_BOLD) or _weight(handle, index) >= BOLD_WEIGHT
    return heavy, bool(flags.value & FIXED_ITALIC) or bool(_SLANTED.search(font))
