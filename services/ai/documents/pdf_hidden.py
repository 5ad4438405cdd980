"""Which letters of a PDF page nobody sees, and why.

What an attribute decides (size, place, opacity, render mode) needs no picture. Of the rest, one small picture of the page clears
whatever differs clearly from its ground; what remains in doubt is left out of a second picture, and what changes nothing there is
invisible, however it was done.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Concealed, Concealment
from services.ai.documents.layout import line_of, rows_of
from services.ai.documents.pdf_letters import Floats, Frame, Integers, Letters, text_of
from services.ai.documents.pdf_objects import Shape, handle, is_layered, shapes_of
from services.ai.documents.pdf_runs import BLANKS, UNPRINTED, runs_of

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

# Letters smaller than this many points are for machines: the least that real resumes have is 5.
TINY = 3.0
# Opacity of 255 below which nobody sees ink.
OPAQUE = 16
# Steps of 255 in red, green or blue that a person sees: light grey (#E6E6E6) on white differs by 25.
SEEN = 20
# In the small picture ink is spread: what differs by this much from its neighbours needs no second look.
CLEAR = 14
# Ink this far from its ground's mean colour is certainly not of the ground's colour.
FAR = 110
SMALL, LARGE = 0.5, 2.0
# A word is looked at in so many places of the small picture.
DOWN, ACROSS = 6, 16
# Letters narrower than this share of their size have no width.
NARROW = 0.06
ENOUGH_LETTERS = 3
TAGS = (0xE0000, 0xE007F)
# So many zero-width letters in a row spell something.
SPELLED = 8
INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,)
CLIP_MODE = pdfium.FPDF_TEXTRENDERMODE_CLIP


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """m pieces of text of one ink without blanks: letters `first` to `last` (m), their `boxes` (m, 4) and `inks` (m)."""

    first: Integers
    last: Integers
    boxes: Floats
    inks: Integers

    def __len__(self) -> int:
        return len(self.first)


def part_hidden(
    page: pypdfium2.PdfPage, letters: Letters, frame: Frame, number: int
) -> tuple[Letters, list[Concealed], list[Shape]]:
    """The letters that a person sees, what the others say, and what else is drawn."""
    said = list(_spelled(letters, number))
    words = _words(letters)
    shapes, order = shapes_of(page, frame)
    if not len(words):
        return letters, said, shapes
    reasons = _by_attributes(letters, words, frame)
    _by_pictures(page, letters, words, _covered(words, letters, shapes, order), reasons)
    if not any(reasons):
        return letters, said, shapes
    hidden = _of_letters(letters, words, reasons)
    for reason in Concealment:
        mask = np.array([found is reason for found in hidden])
        if mask.any():
            said += _lines(letters.keep(mask), reason, number)
    return letters.keep(np.array([found is None for found in hidden])), said, shapes


def _spelled(letters: Letters, number: int) -> Iterator[Concealed]:
    """What tag letters say, and long rows of letters without width."""
    tags = letters.codes[(letters.codes > TAGS[0]) & (letters.codes <= TAGS[1])]
    if len(tags):
        yield Concealed(text_of(tags - TAGS[0]), Concealment.ZERO_WIDTH, number)
    zero = np.isin(letters.codes, (0x200B, 0x200C, 0x200D, 0x2060))
    runs = np.flatnonzero(np.diff(np.concatenate(([0], zero, [0]))))
    for start, stop in runs.reshape(-1, 2):
        if stop - start >= SPELLED:
            yield Concealed(text_of(letters.codes[start:stop]), Concealment.ZERO_WIDTH, number)


def _words(letters: Letters) -> Words:
    shown = ~np.isin(letters.codes, BLANKS) & ~np.isin(letters.codes, UNPRINTED) & (letters.inks > 0)
    places = np.flatnonzero(shown)
    if not len(places):
        return Words(places, places, letters.boxes[places], letters.inks[places])
    inks = letters.inks[places]
    begins = np.append(True, (np.diff(places) > 1) | (np.diff(inks) != 0))
    firsts = np.flatnonzero(begins)
    boxes = letters.boxes[places]
    low, high = np.minimum.reduceat(boxes, firsts), np.maximum.reduceat(boxes, firsts)
    lasts = np.append(firsts[1:], len(places)) - 1
    merged = np.concatenate([low[:, :2], high[:, 2:]], axis=1)
    return Words(places[firsts], places[lasts], merged, inks[firsts])


def _by_attributes(letters: Letters, words: Words, frame: Frame) -> list[Concealment | None]:
    """Reasons that need no picture."""
    kinds = letters.kinds
    invisible = np.array([k.mode in INVISIBLE_MODES or k.color[3] < OPAQUE for k in kinds])[words.inks]
    sizes = np.array([k.size for k in kinds])[words.inks]
    width, height = frame.size
    boxes = words.boxes
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    off = (middle_x < 0) | (middle_x > width) | (middle_y < 0) | (middle_y > height)
    count = words.last - words.first + 1
    # Upright letters run along x, turned ones along y.
    turned = np.array([k.angle in (90, 270) for k in kinds])[words.inks]
    length = np.where(turned, boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0])
    narrow = (count >= ENOUGH_LETTERS) & (length < NARROW * count * sizes)
    reasons: list[Concealment | None] = [None] * len(words)
    for mask, reason in (
        (narrow, Concealment.ZERO_WIDTH),
        ((sizes < TINY) & (sizes > 0), Concealment.TINY),
        (off, Concealment.OFF_PAGE),
        (invisible, Concealment.INVISIBLE),
    ):
        for index in np.flatnonzero(mask).tolist():
            reasons[index] = reason
    return reasons


def _by_pictures(
    page: pypdfium2.PdfPage, letters: Letters, words: Words, covered: Mask, reasons: list[Concealment | None]
) -> None:
    samples = _samples(_picture(page, SMALL), words)
    low = _of_ground_color(samples, letters, words)
    clipping = np.array([k.mode == CLIP_MODE for k in letters.kinds])[words.inks]
    flat = (samples.max(axis=1) - samples.min(axis=1)).max(axis=1) < CLEAR
    doubtful = low | covered | clipping | flat
    doubtful &= np.array([reason is None for reason in reasons])
    if not doubtful.any():
        return
    for index in _without_effect(page, letters, words, np.flatnonzero(doubtful)):
        reasons[index] = _reason(letters.kinds[words.inks[index]].pointer, bool(covered[index]), bool(low[index]))


def _reason(pointer: int, covered: bool, low: bool) -> Concealment:
    if is_layered(pointer):
        return Concealment.HIDDEN_LAYER
    if covered:
        return Concealment.COVERED
    return Concealment.LOW_CONTRAST if low else Concealment.NOT_RENDERED


def _picture(page: pypdfium2.PdfPage, scale: float) -> Pixels:
    """Height, width, (red, green, blue)."""
    pixels: Pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()
    return pixels[:, :, :3]


def _spots(words: Words, scale: float, shape: tuple[int, ...], trim: float) -> Integers:
    """Pixels of each word (m, 4), at least one; `trim` is left out above and below, as a share of the height."""
    left, top, right, bottom = words.boxes.T * scale
    margin = trim * (bottom - top)
    x0 = np.floor(left).astype(np.int64).clip(0, shape[1] - 1)
    y0 = np.floor(top + margin).astype(np.int64).clip(0, shape[0] - 1)
    x1 = np.ceil(right).astype(np.int64).clip(x0 + 1, shape[1])
    y1 = np.ceil(bottom - margin).astype(np.int64).clip(y0 + 1, shape[0])
    return np.stack([x0, y0, x1, y1], axis=1)


def _samples(picture: Pixels, words: Words) -> Pixels:
    """Pixels spread evenly over each word: (m, DOWN * ACROSS, 3)."""
    x0, y0, x1, y1 = _spots(words, SMALL, picture.shape, 0.1).T
    across = x0[:, None] + (x1 - x0)[:, None] * np.arange(ACROSS) // ACROSS
    down = y0[:, None] + (y1 - y0)[:, None] * np.arange(DOWN) // DOWN
    found: Pixels = picture[down[:, :, None], across[:, None, :]].reshape(len(words), DOWN * ACROSS, 3)
    return found


def _of_ground_color(samples: Pixels, letters: Letters, words: Words) -> Mask:
    """Whether a word's ink has about the colour of most of its box."""
    colors = np.array([k.color[:3] for k in letters.kinds])[words.inks]
    low: Mask = np.abs(samples.mean(axis=1) - colors).max(axis=1) < FAR
    near = np.flatnonzero(low)
    if len(near):
        low[near] = np.abs(np.median(samples[near], axis=1) - colors[near]).max(axis=1) < SEEN
    return low


def _covered(words: Words, letters: Letters, shapes: list[Shape], order: dict[int, int]) -> Mask:
    """Whether something that is no text is drawn later over a word's middle."""
    covered = np.zeros(len(words), np.bool_)
    if not shapes:
        return covered
    drawn = np.array([order.get(k.pointer, -1) for k in letters.kinds])[words.inks]
    x, y = (words.boxes[:, 0] + words.boxes[:, 2]) / 2, (words.boxes[:, 1] + words.boxes[:, 3]) / 2
    for shape in shapes:
        left, top, right, bottom = shape.box
        covered |= (drawn >= 0) & (shape.order > drawn) & (left < x) & (x < right) & (top < y) & (y < bottom)
    return covered


def _without_effect(page: pypdfium2.PdfPage, letters: Letters, words: Words, doubtful: Integers) -> Iterator[int]:
    """Those of the doubtful words without which the page looks the same."""
    pointers = {letters.kinds[ink].pointer for ink in words.inks[doubtful].tolist()}
    whole = _picture(page, LARGE).astype(np.int16)
    try:
        for pointer in pointers:
            pdfium.FPDFPageObj_SetIsActive(handle(pointer), False)
        without = _picture(page, LARGE)
    finally:
        for pointer in pointers:
            pdfium.FPDFPageObj_SetIsActive(handle(pointer), True)
    # Tails of letters that are cut off at a page's edge do not make a word readable; a comma has nothing else.
    whole_spots, bodies = _spots(words, LARGE, whole.shape, 0.0), _spots(words, LARGE, whole.shape, 0.2)
    for index in doubtful.tolist():
        word = letters.codes[words.first[index] : words.last[index] + 1]
        x0, y0, x1, y1 = (bodies if text_of(word).isalnum() else whole_spots)[index]
        if np.abs(whole[y0:y1, x0:x1] - without[y0:y1, x0:x1]).max() < SEEN:
            yield index


def _of_letters(letters: Letters, words: Words, reasons: list[Concealment | None]) -> list[Concealment | None]:
    """A reason for each letter; blanks go with the word before them."""
    found: list[Concealment | None] = [None] * len(letters)
    ends = [*words.first[1:].tolist(), len(letters)]
    for first, end, reason in zip(words.first.tolist(), ends, reasons, strict=True):
        if reason:
            found[first:end] = [reason] * (end - first)
    return found


def _lines(letters: Letters, reason: Concealment, number: int) -> Iterator[Concealed]:
    for row in rows_of(runs_of(letters)):
        line = line_of(row)
        yield Concealed(line.text, reason, number, (line.left, line.top, line.right, line.bottom))
