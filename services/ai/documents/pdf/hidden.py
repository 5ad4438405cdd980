"""Which letters of a PDF page nobody sees, and why.

What an attribute decides (size, place, opacity, render mode) needs no picture; the rest is looked at.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from services.ai.documents.document import Concealed, Concealment
from services.ai.documents.layout.rows import line_of, rows_of
from services.ai.documents.pdf.letters import Floats, Frame, Inks, Integers, Letters, text_of
from services.ai.documents.pdf.objects import Shape, blanks_of, is_layered, shapes_of
from services.ai.documents.pdf.runs import SHOWN, kinds_of, runs_of
from services.ai.documents.pdf.visible import Words, unseen

Mask = npt.NDArray[np.bool_]

# Letters smaller than this many points are for machines: the least that real resumes have is 5.
TINY = 3.0
# Opacity of 255 below which nobody sees ink.
OPAQUE = 16
# Letters narrower than this share of their size have no width.
NARROW = 0.06
ENOUGH_LETTERS = 3
ZERO_WIDTH = (0x200B, 0x200C, 0x200D, 0x2060)
TAGS = (0xE0000, 0xE007F)
# So many zero-width letters in a row spell something.
SPELLED = 8
INVISIBLE_MODE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


def part_hidden(
    page: pypdfium2.PdfPage, letters: Letters, frame: Frame, number: int
) -> tuple[Letters, list[Concealed], list[Shape]]:
    """The letters that a person sees, what the others say, and what else is drawn."""
    said = list(_spelled(letters, number))
    words = _words(letters)
    shapes, order = shapes_of(page, frame)
    if blanks := blanks_of(order, set(letters.kinds.pointers.tolist())):
        letters = letters.parted(blanks, order)
    if not len(words):
        return letters, said, shapes
    reasons = _by_attributes(letters, words, frame)
    _by_pictures(page, frame, letters, words, (shapes, order), reasons)
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
    if letters.codes.max(initial=0) < ZERO_WIDTH[0]:
        return
    tags = letters.codes[(letters.codes > TAGS[0]) & (letters.codes <= TAGS[1])]
    if len(tags):
        yield Concealed(text_of(tags - TAGS[0]), Concealment.ZERO_WIDTH, number)
    zero = np.isin(letters.codes, ZERO_WIDTH)
    runs = np.flatnonzero(np.diff(np.concatenate(([0], zero, [0]))))
    for start, stop in runs.reshape(-1, 2):
        if stop - start >= SPELLED:
            yield Concealed(text_of(letters.codes[start:stop]), Concealment.ZERO_WIDTH, number)


def _words(letters: Letters) -> Words:
    """Many files draw letter by letter: objects of one look that follow each other closely are one word."""
    places = np.flatnonzero((kinds_of(letters.codes) == SHOWN) & (letters.inks > 0))
    boxes, inks = letters.boxes[places], letters.inks[places]
    if not len(places):
        return Words(places, places, boxes, inks)
    looks = _looks(letters.kinds)[inks]
    begins = np.append(True, (np.diff(places) > 1) | (np.diff(looks) != 0) | ((np.diff(inks) != 0) & _apart(boxes)))
    firsts = np.flatnonzero(begins)
    low, high = np.minimum.reduceat(boxes, firsts), np.maximum.reduceat(boxes, firsts)
    lasts = np.append(firsts[1:], len(places)) - 1
    merged = np.concatenate([low[:, :2], high[:, 2:]], axis=1)
    return Words(places[firsts], places[lasts], merged, inks[firsts])


def _looks(kinds: Inks) -> Integers:
    """A number for each ink (k): the same colour, mode and size have the same."""
    red, green, blue, opacity = kinds.colors.T
    color = ((red << 8 | green) << 8 | blue) << 8 | opacity
    looks: Integers = (np.round(kinds.sizes * 16).astype(np.int64) << 3 | kinds.modes) << 32 | color
    return looks


def _apart(boxes: Floats) -> Mask:
    """Whether a letter does not go on where the one before ends."""
    before, after = boxes[:-1], boxes[1:]
    height = np.maximum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1])
    off = np.abs(after[:, 3] - before[:, 3]) > 0.3 * height
    back = after[:, 0] < before[:, 0] + 0.3 * (before[:, 2] - before[:, 0])
    apart: Mask = off | back | (after[:, 0] - before[:, 2] > height)
    return apart


def _by_attributes(letters: Letters, words: Words, frame: Frame) -> list[Concealment | None]:
    """Reasons that need no picture."""
    kinds = letters.kinds
    invisible = ((kinds.modes == INVISIBLE_MODE) | (kinds.colors[:, 3] < OPAQUE))[words.inks]
    sizes = kinds.sizes[words.inks]
    width, height = frame.size
    boxes = words.boxes
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    off = (middle_x < 0) | (middle_x > width) | (middle_y < 0) | (middle_y > height)
    count = words.last - words.first + 1
    # Upright letters run along x, turned ones along y.
    turned = (kinds.angles % 180 == 90)[words.inks]
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
    page: pypdfium2.PdfPage,
    frame: Frame,
    letters: Letters,
    words: Words,
    drawn: tuple[list[Shape], dict[int, int]],
    reasons: list[Concealment | None],
) -> None:
    asked = np.array([reason is None for reason in reasons])
    found = unseen(page, frame, letters, words, *drawn, asked)
    for index in found.words:
        pointer = int(letters.kinds.pointers[words.inks[index]])
        reasons[index] = _reason(pointer, bool(found.covered[index]), bool(found.low[index]))


def _reason(pointer: int, covered: bool, low: bool) -> Concealment:
    if is_layered(pointer):
        return Concealment.HIDDEN_LAYER
    if covered:
        return Concealment.COVERED
    return Concealment.LOW_CONTRAST if low else Concealment.NOT_RENDERED


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
