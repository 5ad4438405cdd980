"""What is drawn on a PDF page beside text, in the order of drawing, forms within forms included."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Box
from services.ai.documents.pdf.letters import Frame, quick

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Thinner shapes are rules and underlines, and cover nothing.
THINNEST = 3.0
MOST_OBJECTS, DEEPEST = 20_000, 5
# A ground of its own under a column: shares of the page's width and height.
PANEL_WIDTHS, PANEL_HEIGHT = (0.15, 0.5), 0.5
# PDFium passes over text narrower than this, in points.
NO_INK = 0.01
# Segments of a rectangle; paths with more than the most are drawings.
FRAME, MOST_SEGMENTS = 5, 400


_P, _I = ctypes.c_void_p, ctypes.c_int
_count = quick(pdfium.FPDFPage_CountObjects, _I, _P)
_page_object = quick(pdfium.FPDFPage_GetObject, _P, _P, _I)
_form_count = quick(pdfium.FPDFFormObj_CountObjects, _I, _P)
_form_object = quick(pdfium.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)
_type = quick(pdfium.FPDFPageObj_GetType, _I, _P)
_draw_mode = quick(pdfium.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_segment_count = quick(pdfium.FPDFPath_CountSegments, _I, _P)
_segment = quick(pdfium.FPDFPath_GetPathSegment, _P, _P, _I)
_segment_point = quick(pdfium.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
_segment_type = quick(pdfium.FPDFPathSegment_GetType, _I, _P)
_get_bounds = quick(pdfium.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture, path or shading: where it is, its place in the order of drawing, and whether it hides what is behind it."""

    box: Box
    order: int
    image: bool
    filled: bool


def handle(pointer: int) -> Any:
    return ctypes.cast(ctypes.c_void_p(pointer), pdfium.FPDF_PAGEOBJECT)


def shapes_of(page: pypdfium2.PdfPage, frame: Frame) -> tuple[list[Shape], dict[int, int]]:
    """What is drawn beside text, and for each text object, by address, its place in the order of drawing."""
    found: list[tuple[tuple[float, float, float, float], int, bool, bool]] = []
    order: dict[int, int] = {}
    for place, (item, kind, matrix) in enumerate(_walk(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            order[item] = place
        else:
            filled = kind != pdfium.FPDF_PAGEOBJ_PATH or _is_filled(item)
            image = kind == pdfium.FPDF_PAGEOBJ_IMAGE
            parts = [_bounds(item, matrix)] if filled else _strokes(item, matrix)
            found += [(bounds, place, image, filled) for bounds in parts]
    if not found:
        return [], order
    boxes = frame.place(np.array([(left, top, right, bottom) for (left, bottom, right, top), *_ in found]))
    return [
        Shape((b[0], b[1], b[2], b[3]), place, image, filled)
        for b, (_, place, image, filled) in zip(boxes.tolist(), found, strict=True)
    ], order


def blanks_of(order: dict[int, int], drawn: set[int]) -> set[int]:
    """Text objects without ink and without letters of their own: blanks that are drawn alone."""
    bounds = {item: _bounds(item, IDENTITY) for item in order if item not in drawn}
    return {item for item, (left, _, right, _) in bounds.items() if abs(right - left) < NO_INK}


def covers_of(shapes: list[Shape]) -> list[Shape]:
    """Those that could cover text; thinner ones are rules and underlines."""
    return [s for s in shapes if s.filled and min(s.box[2] - s.box[0], s.box[3] - s.box[1]) >= THINNEST]


def rules_of(shapes: list[Shape]) -> list[Box]:
    """Lines, and frames without filling."""
    return [
        s.box
        for s in shapes
        if not s.image
        and (not s.filled or min(s.box[2] - s.box[0], s.box[3] - s.box[1]) < THINNEST)
        and max(s.box[2] - s.box[0], s.box[3] - s.box[1]) > 2 * THINNEST
    ]


def panels_of(shapes: list[Shape], size: tuple[float, float]) -> list[Box]:
    """Grounds as high as a column and no wider than half of the page: what stands on one is a sidebar."""
    width, height = size
    return [
        s.box
        for s in shapes
        if s.filled
        and PANEL_WIDTHS[0] * width <= s.box[2] - s.box[0] <= PANEL_WIDTHS[1] * width
        and s.box[3] - s.box[1] >= PANEL_HEIGHT * height
    ]


def is_layered(pointer: int) -> bool:
    """Whether a text object belongs to an optional layer."""
    item = handle(pointer)
    return any(
        _mark_name(pdfium.FPDFPageObj_GetMark(item, index)) == "OC"
        for index in range(max(0, pdfium.FPDFPageObj_CountMarks(item)))
    )


def _mark_name(mark: Any) -> str:
    buffer, length = (ctypes.c_ushort * 32)(), ctypes.c_ulong()
    pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length)
    return bytes(buffer)[: max(0, length.value - 2)].decode("utf-16-le", "replace")


def _walk(page: pypdfium2.PdfPage) -> Iterator[tuple[int, int, Matrix]]:
    """Objects by address, their kind, and what maps their coordinates to the page's."""
    left = MOST_OBJECTS
    top = ctypes.cast(page.raw, ctypes.c_void_p).value
    stack: list[tuple[Any, Any, Iterator[int], Matrix]] = [(_page_object, top, iter(range(_count(top))), IDENTITY)]
    while stack and left:
        get, owner, indices, matrix = stack[-1]
        index = next(indices, None)
        if index is None:
            stack.pop()
            continue
        item = get(owner, index)
        kind = _type(item)
        left -= 1
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield item, kind, matrix
        elif len(stack) <= DEEPEST:
            inner = _times(_matrix(handle(item)), matrix)
            stack.append((_form_object, item, iter(range(max(0, _form_count(item)))), inner))


def _matrix(item: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _is_filled(path: int) -> bool:
    modes = (ctypes.c_int * 2)()
    start = ctypes.addressof(modes)
    _draw_mode(path, start, start + 4)
    return modes[0] != 0


def _strokes(path: int, matrix: Matrix) -> list[tuple[float, float, float, float]]:
    """Bounds of a path's lines where it has more than a frame, as grids have; else of the whole."""
    count = _segment_count(path)
    if not FRAME < count <= MOST_SEGMENTS:
        return [_bounds(path, matrix)]
    a, b, c, d, e, f = _times(_matrix(handle(path)), matrix)
    points = [(a * x + c * y + e, b * x + d * y + f, kind) for x, y, kind in (_point(path, i) for i in range(count))]
    return [
        (min(x, u), min(y, v), max(x, u), max(y, v))
        for (x, y, _), (u, v, kind) in pairwise(points)
        if kind == pdfium.FPDF_SEGMENT_LINETO
    ]


def _point(path: int, index: int) -> tuple[float, float, int]:
    segment = _segment(path, index)
    place = (ctypes.c_float * 2)()
    start = ctypes.addressof(place)
    _segment_point(segment, start, start + 4)
    return place[0], place[1], _segment_type(segment)


def _bounds(item: int, matrix: Matrix) -> tuple[float, float, float, float]:
    """Left, bottom, right, top on the page."""
    sides = (ctypes.c_float * 4)()
    start = ctypes.addressof(sides)
    _get_bounds(item, start, start + 4, start + 8, start + 12)
    left, bottom, right, top = sides
    if matrix is IDENTITY:
        return left, bottom, right, top
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
