"""Which words of a PDF page change its picture: those that do not are invisible, however it was done.

One small picture clears words that differ clearly from a plain ground. What remains in doubt is left out of a second, larger picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.pdf.letters import Floats, Frame, Integers, Letters, text_of
from services.ai.documents.pdf.objects import Shape, covers_of, handle

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

# Steps of 255 in red, green or blue that a person sees: light grey (#E6E6E6) on white differs by 25.
SEEN = 20
# In the small picture ink is spread: what differs by this much, and this share of what it should, needs no second look.
CLEAR, CLEAR_SHARE = 14, 0.12
# Ink this far from its ground's mean colour is certainly not of the ground's colour.
FAR = 110
SMALL, LARGE = 0.5, 2.0
# A word is looked at in so many places of the small picture.
DOWN, ACROSS = 9, 10
# The body of letters: without what stands above and below most of them, as a share of the height.
BODY = 0.25
# Words of which more than this share is over others are stacked.
STACKED = 0.2
# Words stacked deeper than this are not readable; further shapes than this are not looked at.
DEEPEST, MOST_SHAPES, MOST_PAIRED = 4, 1000, 1500
CLIP_MODE = pdfium.FPDF_TEXTRENDERMODE_CLIP


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """m pieces of text of one look without blanks: letters `first` to `last` (m), their `boxes` (m, 4), first `inks` (m)."""

    first: Integers
    last: Integers
    boxes: Floats
    inks: Integers

    def __len__(self) -> int:
        return len(self.first)

    def text(self, letters: Letters, index: int) -> str:
        return text_of(letters.codes[self.first[index] : self.last[index] + 1])

    def pointers(self, letters: Letters, members: list[int]) -> set[int]:
        """The objects that draw them."""
        spans = (letters.inks[self.first[index] : self.last[index] + 1] for index in members)
        return set(letters.kinds.pointers[np.concatenate(list(spans))].tolist())

    def lie(self, box: tuple[float, float, float, float]) -> Mask:
        """Whether their middles lie in the box."""
        left, top, right, bottom = box
        x, y = (self.boxes[:, 0] + self.boxes[:, 2]) / 2, (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        inside: Mask = (left < x) & (x < right) & (top < y) & (y < bottom)
        return inside


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """Words (by index) that change nothing, and of all words which are covered and which have their ground's colour."""

    words: list[int]
    covered: Mask
    low: Mask


def unseen(
    page: pypdfium2.PdfPage,
    frame: Frame,
    letters: Letters,
    words: Words,
    shapes: list[Shape],
    order: dict[int, int],
    asked: Mask,
) -> Unseen:
    """Of the words that are `asked` for (m)."""
    picture = _picture(page, SMALL)
    samples = _samples(picture, words)
    low, faint = _against_ground(samples, letters, words)
    covered = _covered(words, letters, covers_of(shapes), order)
    clipping = (letters.kinds.modes == CLIP_MODE)[words.inks]
    doubtful = low | faint | covered | clipping | _on_uneven_ground(words, shapes) | _stacked(words, frame.size)
    found = np.flatnonzero(doubtful & asked)
    return Unseen(list(_without_effect(page, frame.size, letters, words, found)) if len(found) else [], covered, low)


def _picture(page: pypdfium2.PdfPage, scale: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Pixels:
    """Height, width, (red, green, blue, nothing); `crop` is cut off at the left, bottom, right and top."""
    pixels: Pixels = page.render(scale=scale, crop=crop, rev_byteorder=True, prefer_bgrx=True).to_numpy()
    return pixels


def _spots(words: Words, scale: float, shape: tuple[int, ...], trim: float) -> Integers:
    """Pixels of each word (m, 4), at least one; `trim` is left out above and below, as a share of the height."""
    left, top, right, bottom = words.boxes.T * scale
    margin = trim * (bottom - top)
    x0 = np.floor(left).astype(np.int64).clip(0, shape[1] - 1)
    y0 = np.floor(top + margin).astype(np.int64).clip(0, shape[0] - 1)
    x1 = np.ceil(right).astype(np.int64).clip(x0 + 1, shape[1])
    y1 = np.ceil(bottom - margin).astype(np.int64).clip(y0 + 1, shape[0])
    return np.stack([x0, y0, x1, y1], axis=1)


def _samples(picture: Pixels, words: Words, trim: float = 0.1) -> Pixels:
    """Pixels spread evenly over each word: red, green and blue (3, m, DOWN * ACROSS)."""
    x0, y0, x1, y1 = _spots(words, SMALL, picture.shape, trim).T
    across = x0[:, None] + (x1 - x0)[:, None] * np.arange(ACROSS) // ACROSS
    down = y0[:, None] + (y1 - y0)[:, None] * np.arange(DOWN) // DOWN
    # One number for each pixel is found three times as fast as four.
    places = (down * picture.shape[1])[:, :, None] + across[:, None, :]
    found = np.ascontiguousarray(picture).view(np.uint32).ravel().take(places)
    channels = found.view(np.uint8).reshape(len(words), DOWN * ACROSS, 4)
    return np.ascontiguousarray(channels.transpose(2, 0, 1)[:3])


def _against_ground(samples: Pixels, letters: Letters, words: Words) -> tuple[Mask, Mask]:
    """Whether a word's ink has about the colour of most of its box, and whether none of its pixels is clearly nearer to the ink."""
    colors = letters.kinds.colors[words.inks, :3].astype(np.uint8).T[:, :, None]
    channels = np.maximum(samples, colors) - np.minimum(samples, colors)
    apart = np.maximum(np.maximum(channels[0], channels[1]), channels[2])
    nearest, farthest = apart.min(axis=1), apart.max(axis=1)
    low: Mask = apart.mean(axis=1) < FAR
    near = np.flatnonzero(low)
    if len(near):
        low[near] = np.abs(np.median(samples[:, near], axis=2) - colors[:, near, 0]).max(axis=0) < SEEN
    faint: Mask = farthest - nearest < np.maximum(CLEAR, CLEAR_SHARE * farthest)
    return low, faint


def _covered(words: Words, letters: Letters, covers: list[Shape], order: dict[int, int]) -> Mask:
    """Whether something that is no text is drawn later over a word's middle."""
    covered = np.zeros(len(words), np.bool_)
    if not covers:
        return covered
    drawn = np.array([order.get(pointer, -1) for pointer in letters.kinds.pointers.tolist()])[words.inks]
    for shape in covers:
        covered |= (drawn >= 0) & (shape.order > drawn) & words.lie(shape.box)
    return covered


def _on_uneven_ground(words: Words, shapes: list[Shape]) -> Mask:
    """Whether a word stands over a picture, or an edge of a filled shape runs through it."""
    uneven = np.zeros(len(words), np.bool_)
    left, top, right, bottom = words.boxes.T
    margin = BODY * (bottom - top)
    for shape in covers_of(shapes)[:MOST_SHAPES]:
        x0, y0, x1, y1 = shape.box
        beside = (top + margin < y1) & (bottom - margin > y0)
        above = (left < x1) & (right > x0)
        for x in (x0, x1):
            uneven |= (left + 1 < x) & (x < right - 1) & beside
        for y in (y0, y1):
            uneven |= (top + margin < y) & (y < bottom - margin) & above
        if shape.image:
            uneven |= words.lie(shape.box)
    return uneven


def _stacked(words: Words, size: tuple[float, float]) -> Mask:
    """Whether another word is drawn at the same place: points that lie within the bodies of two."""
    left, top, right, bottom = words.boxes.T
    margin = BODY * (bottom - top)
    x0, x1 = np.ceil(left / 2).astype(np.int64), np.floor(right / 2).astype(np.int64)
    y0, y1 = np.ceil((top + margin) / 2).astype(np.int64), np.floor((bottom - margin) / 2).astype(np.int64)
    x1, y1 = np.maximum(x1, x0 + 1), np.maximum(y1, y0 + 1)
    width, height = int(size[0] / 2) + 1, int(size[1] / 2) + 1
    cells = np.stack([x0.clip(0, width), y0.clip(0, height), x1.clip(0, width), y1.clip(0, height)])
    touched = _touched(cells)
    stacked = np.zeros(len(words), np.bool_)
    if len(touched):
        stacked[touched] = _shared(cells[:, touched])
    return stacked


def _touched(cells: Integers) -> Integers:
    """Which of the boxes (4, m) may have cells with others in common."""
    if cells.shape[1] > MOST_PAIRED:
        return np.arange(cells.shape[1])
    x0, y0, x1, y1 = cells.astype(np.int16)
    meet = (x0[:, None] < x1) & (x1[:, None] > x0) & (y0[:, None] < y1) & (y1[:, None] > y0)
    np.fill_diagonal(meet, False)
    return np.flatnonzero(meet.any(axis=1))


def _shared(cells: Integers) -> Mask:
    """Which of the boxes (4, m) have more than `STACKED` of their cells in common with others."""
    x0, y0, x1, y1 = cells - np.tile(cells.min(axis=1)[:2], 2)[:, None]
    marks = np.zeros((y1.max() + 1, x1.max() + 1), np.int16)
    for y, x, step in ((y0, x0, 1), (y1, x1, 1), (y0, x1, -1), (y1, x0, -1)):
        np.add.at(marks, (y, x), step)
    depth = marks.cumsum(axis=0, dtype=np.int16).cumsum(axis=1, dtype=np.int16)
    deep = (depth > 1).cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    deep = np.pad(deep, ((1, 0), (1, 0)))
    shared = deep[y1, x1] - deep[y0, x1] - deep[y1, x0] + deep[y0, x0]
    found: Mask = shared > STACKED * (x1 - x0) * (y1 - y0)
    return found


def _without_effect(
    page: pypdfium2.PdfPage, size: tuple[float, float], letters: Letters, words: Words, doubtful: Integers
) -> Iterator[int]:
    """Those of the doubtful words without which the page looks the same. Of words at one place one is left out at a time."""
    part = _part(words.boxes[doubtful], size)
    whole = _picture(page, LARGE, part)
    layers = _layers(letters, words, doubtful)
    for layer in range(max(layers.values()) + 1):
        members = [index for index in doubtful.tolist() if layers[index] == layer]
        if layer >= DEEPEST:
            yield from members
            continue
        without = _picture_without(page, part, words.pointers(letters, members))
        yield from _same(whole, without, part, letters, words, members)


def _part(boxes: Floats, size: tuple[float, float]) -> tuple[float, float, float, float]:
    """What to cut off a page so that the boxes remain: left, bottom, right, top, in whole points."""
    left, top = np.floor(boxes[:, :2].min(axis=0) - 2)
    right, bottom = np.ceil(boxes[:, 2:].max(axis=0) + 2)
    width, height = int(size[0]), int(size[1])
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return (
        float(left),
        float(max(0, height - max(bottom, top + 1))),
        float(max(0, width - max(right, left + 1))),
        float(top),
    )


def _layers(letters: Letters, words: Words, doubtful: Integers) -> dict[int, int]:
    """For each word a number, such that words at one place have different ones; the same text twice is one."""
    boxes = words.boxes[doubtful]
    layers = dict.fromkeys(doubtful.tolist(), 0)
    if len(doubtful) > MOST_PAIRED:
        return layers
    left, top, right, bottom = boxes.T
    margin = BODY * (bottom - top)
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum((bottom - margin)[:, None], bottom - margin) - np.maximum((top + margin)[:, None], top + margin)
    for one, other in np.argwhere(np.triu((across > 1) & (down > 1), 1)).tolist():
        a, b = int(doubtful[one]), int(doubtful[other])
        if layers[a] == layers[b] and words.text(letters, a) != words.text(letters, b):
            layers[b] += 1
    return layers


def _picture_without(page: pypdfium2.PdfPage, part: tuple[float, float, float, float], pointers: set[int]) -> Pixels:
    try:
        for pointer in pointers:
            pdfium.FPDFPageObj_SetIsActive(handle(pointer), False)
        return _picture(page, LARGE, part)
    finally:
        for pointer in pointers:
            pdfium.FPDFPageObj_SetIsActive(handle(pointer), True)


def _same(
    whole: Pixels,
    without: Pixels,
    part: tuple[float, float, float, float],
    letters: Letters,
    words: Words,
    members: list[int],
) -> Iterator[int]:
    """Tails of letters that are cut off at a page's edge do not make a word readable; a comma has nothing else."""
    left, _, _, top = part
    moved = replace(words, boxes=words.boxes - np.array([left, top, left, top]))
    boxes, bodies = _spots(moved, LARGE, whole.shape, 0.0), _spots(moved, LARGE, whole.shape, 0.2)
    for index in members:
        x0, y0, x1, y1 = (bodies if any(map(str.isalnum, words.text(letters, index))) else boxes)[index]
        change = whole[y0:y1, x0:x1].astype(np.int16) - without[y0:y1, x0:x1]
        if np.abs(change).max() < SEEN:
            yield index
