"""Letters from the picture of a page: PP-OCRv6 (small) finds lines and reads them, one thread, so that the same picture reads the same.

A page of 50 lines takes about 4 s of processor time and, with the models, up to 1.4 GB of address space.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from services.ai.documents.document import Box, Line
from services.ai.documents.letters import printed

if TYPE_CHECKING:
    from PIL.Image import Image

Quad = tuple[tuple[float, float], ...]
"""Corners from the upper left one clockwise, in pixels."""

# Lines are looked for in a picture of at most this many pixels a side: letters of 8 points are still 9 pixels high.
DETECTION_SIDE = 1088
# 300 dpi on A4; more only costs memory.
MOST_SIDE = 3520
# A line is read as so many times wider than high at most.
MOST_RATIO = 70
LEAST_CONFIDENCE = 0.5
# Lines that were guessed, of a page upside down, are read with less confidence than this.
UPRIGHT_CONFIDENCE = 0.8
SAMPLE = 3
# The finder's boxes have some white around them: letters are this share of their height.
LETTER_HEIGHT = 0.72
# Turned further than this, in radians, a box is no line of a slightly turned page.
MOST_TURN = 0.2
_BULLET = re.compile(r"^[。°○◦●•▪■□·∙►➢❖※★◆]+\s*(?=\w)")
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%—")


@dataclass(frozen=True, slots=True)
class Found:
    """A line as the engine gives it."""

    text: str
    confidence: float
    quad: Quad


def recognise(image: "Image", page: int, scale: float) -> list[tuple[str, Line]]:
    """The lines of a page in reading order. `scale` is points per pixel of `image`; blocks count from 0 on each page."""
    longest = max(image.size)
    if longest > MOST_SIDE:
        factor = MOST_SIDE / longest
        image = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))
        scale /= factor
    return _in_order(_read(image), page, scale)


def _read(image: "Image") -> list[Found]:
    import numpy as np

    # OpenCV's order of colours is blue, green, red.
    pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    quads = _quads(pixels)
    crops = [_crop(pixels, quad) for quad in quads]
    if _is_upside_down(crops):
        height, width = pixels.shape[:2]
        crops = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        quads = [tuple((width - x, height - y) for x, y in (*quad[2:], *quad[:2])) for quad in quads]
    found = []
    for quad, (text, confidence) in zip(quads, _texts(crops), strict=True):
        text = _plain(text)
        if text and confidence >= LEAST_CONFIDENCE:
            found.append(Found(text, round(float(confidence), 4), quad))
    return found


def _plain(text: str) -> str:
    """Full-width marks as Western ones, and one bullet for all that the engine takes it for."""
    text = _BULLET.sub("• ", text.strip())
    wide = "".join(unicodedata.normalize("NFKC", c) if "\uff00" <= c <= "\uffef" else c for c in text)
    return " ".join(printed(wide.replace("、", ", ").replace("。", "."))[0].split())


@cache
def _engine() -> Any:
    """The models lie in the package; nothing is fetched, and nothing is logged."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_SIDE,
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            # Lines of a batch are filled up to the longest: alone they take a third less time.
            "Rec.rec_batch_num": 1,
        }
    )


def _quads(pixels: Any) -> list[Quad]:
    boxes = _engine()._load_det_model()(pixels).boxes
    return [tuple((float(x), float(y)) for x, y in box) for box in (boxes if boxes is not None else ())]


def _crop(pixels: Any, quad: Quad) -> Any:
    """The line cut out and turned level."""
    import cv2
    import numpy as np
    from rapidocr.utils.process_img import get_rotate_crop_image

    crop = get_rotate_crop_image(pixels, np.array(quad, dtype=np.float32))
    most = MOST_RATIO * crop.shape[0]
    return crop if crop.shape[1] <= most else cv2.resize(crop, (most, crop.shape[0]), interpolation=cv2.INTER_AREA)


def _texts(crops: list[Any]) -> list[tuple[str, float]]:
    if not crops:
        return []
    from rapidocr.ch_ppocr_rec import TextRecInput

    read = _engine()._load_rec_model()(TextRecInput(img=crops, return_word_box=False))
    return list(zip(read.txts or (), read.scores or (), strict=True))


def _is_upside_down(crops: list[Any]) -> bool:
    """Whether the widest lines read better when turned by half."""
    sample = sorted(crops, key=lambda crop: -float(crop.shape[1]))[:SAMPLE]
    upright = _confidence(sample)
    return upright < UPRIGHT_CONFIDENCE and _confidence([crop[::-1, ::-1] for crop in sample]) > upright


def _confidence(crops: list[Any]) -> float:
    return sum(confidence for _, confidence in _texts(crops)) / max(1, len(crops))


def _in_order(found: list[Found], page: int, scale: float) -> list[tuple[str, Line]]:
    from services.ai.documents.layout.order import Run, in_reading_order, line_of

    turn = _turn(found)
    confidences: dict[Run, float] = {}
    for line in found:
        left, top, right, bottom = _level(line.quad, turn, scale)
        size = round(LETTER_HEIGHT * (bottom - top), 1)
        confidences[Run(line.text, _edges(line.text, left, right), top, bottom, size)] = line.confidence
    lines = []
    for block, piece in enumerate(in_reading_order(list(confidences))):
        for row in piece.rows:
            run = line_of(row)
            confidence = min(confidences.get(part, 1.0) for part in row)
            box = _turned((run.left, run.top, run.right, run.bottom), turn)
            edges = run.edges if abs(turn) < 1e-3 else ()
            lines.append((run.text, Line(0, 0, page, box, edges, run.size, block=block, confidence=confidence)))
    return lines


def _turn(found: list[Found]) -> float:
    """By how much the page is turned, in radians: the usual slope of its long lines."""
    slopes = []
    for line in found:
        (left, top), (right, other) = line.quad[0], line.quad[1]
        slope = math.atan2(other - top, right - left)
        if right - left > 5 * math.dist(line.quad[0], line.quad[3]) and abs(slope) < MOST_TURN:
            slopes.append(slope)
    return median(slopes) if len(slopes) >= SAMPLE else 0.0


def _level(quad: Quad, turn: float, scale: float) -> Box:
    """The box of a line after the page is turned back, in points."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (_rotated(x, y, -turn) for x, y in quad)
    return scale * (x0 + x3) / 2, scale * (y0 + y1) / 2, scale * (x1 + x2) / 2, scale * (y2 + y3) / 2


def _rotated(x: float, y: float, turn: float) -> tuple[float, float]:
    sine, cosine = math.sin(turn), math.cos(turn)
    return x * cosine - y * sine, x * sine + y * cosine


def _turned(box: Box, turn: float) -> Box:
    """The box on the page as it lies, around what was levelled."""
    left, top, right, bottom = box
    middle = (top + bottom) / 2
    (x0, y0), (x1, y1) = _rotated(left, middle, turn), _rotated(right, middle, turn)
    half = (bottom - top) / 2
    return round(x0, 2), round(min(y0, y1) - half, 2), round(x1, 2), round(max(y0, y1) + half, 2)


def _edges(text: str, left: float, right: float) -> tuple[float, ...]:
    """Where letters begin, guessed from their usual widths: the engine tells the line's ends only."""
    widths = [0.5 if c in _NARROW else 1.5 if c in _WIDE else 1.2 if c.isupper() else 1.0 for c in text]
    unit, position = (max(right, left + 0.1) - left) / sum(widths), left
    edges = [round(left, 2)]
    for width in widths:
        position += unit * width
        edges.append(round(position, 2))
    return tuple(edges)
