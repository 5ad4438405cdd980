"""Letters of a page → runs: pieces of text on one line, close together, with the place of each letter."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from services.ai.documents.layout.rows import Run
from services.ai.documents.pdf.letters import UNKNOWN, Floats, Integers, Letters, text_of

# White between letters, as a share of their height: from here on two words, from here on two runs.
WORD_GAP, RUN_GAP = 0.25, 0.9
# Blanks that PDFium guesses are kept only where there is some white.
GUESSED_GAP = 0.08
# White without a blank counts when it is so much wider than usual.
UNSAID_GAP = 0.13
# Boxes of neighbours lie over each other by at most this share of their height.
OVERLAP = 0.05
# Letters so much taller than their neighbours are another text, a heading beside its section.
OTHER_SIZE, OTHER_GAP, LOOK_GAP = 1.2, 0.12, 0.3
SMALL_CAPITAL_GAP = 0.3
# A slanted letter reaches so far over the blank after it.
OVERHANG = -0.2
# A page that draws so many blanks as objects draws all.
MANY_BLANKS = 5
# A box lower than this share of the font's size is of ink alone; the size is at most so many times as high.
INK_HEIGHT, INK_SHARE = 0.6, 2.5
# A letter drawn again this near to itself, as a share of its width, is fake bold.
AGAIN = 0.3
# Soft hyphen, the mark PDFium puts for a hyphen at a line's end, letters without width, and what has no letter.
UNPRINTED = (0xAD, 0xFFFE, 0x0002, 0x200B, 0xFEFF, 0x200C, 0x200D, 0x2060, UNKNOWN, 0xFFFD)
HYPHEN, PDFIUM_HYPHENS = 0x2D, (0xFFFE, 0x0002)
BLANKS = (0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x2007, 0x202F, 0x3000, *range(0x2000, 0x200B))
PRIVATE = (0xE000, 0xF8FF)
# Bullets of the fonts Symbol and Wingdings, in the private range that Word keeps their codes in.
SYMBOL_BULLETS = (0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0xF0A8, 0xF0E0, 0xF0AF, 0xF0D2, 0xF06C, 0xF06E, 0xF0A1)
BULLET = 0x2022
SHOWN, BLANK, UNSHOWN = range(3)


def _table_of_kinds() -> npt.NDArray[np.uint8]:
    """By code point; the last is for all above it, which are shown but for tag letters, which `hidden` keeps apart."""
    table = np.full(0x10001, SHOWN, np.uint8)
    table[PRIVATE[0] : PRIVATE[1] + 1] = UNSHOWN
    table[list(UNPRINTED)] = UNSHOWN
    table[list(PDFIUM_HYPHENS + SYMBOL_BULLETS)] = SHOWN
    table[list(BLANKS)] = BLANK
    return table


def _table_of_printed() -> Integers:
    table = np.arange(0x10000)
    table[list(SYMBOL_BULLETS)] = BULLET
    table[list(PDFIUM_HYPHENS)] = HYPHEN
    return table


_KINDS, _PRINTED = _table_of_kinds(), _table_of_printed()


def runs_of(letters: Letters) -> list[Run]:
    """Letters joined as long as they stand on one line, close together. White wider than a letter begins a new run."""
    codes, kinds = with_bullets(letters.codes), kinds_of(letters.codes)
    blank, shown = kinds == BLANK, kinds == SHOWN
    shown &= ~_drawn_again(letters, codes)
    if not shown.any():
        return []
    return list(_runs(letters, codes, blank, shown))


def kinds_of(codes: Integers) -> npt.NDArray[np.uint8]:
    """For each letter SHOWN, BLANK or UNSHOWN."""
    kinds: npt.NDArray[np.uint8] = _KINDS[np.minimum(codes, len(_KINDS) - 1)]
    return kinds


def with_bullets(codes: Integers) -> Integers:
    printed: Integers = np.where(codes < len(_PRINTED), _PRINTED[np.minimum(codes, len(_PRINTED) - 1)], codes)
    return printed


def _drawn_again(letters: Letters, codes: Integers) -> npt.NDArray[np.bool_]:
    """Letters that follow themselves at almost the same place."""
    again = np.zeros(len(codes), np.bool_)
    boxes = letters.boxes
    near = np.abs(boxes[1:] - boxes[:-1]).max(axis=1) <= AGAIN * np.maximum(boxes[:-1, 2] - boxes[:-1, 0], 0.1)
    again[1:] = near & (codes[1:] == codes[:-1]) & (letters.inks[1:] != letters.inks[:-1])
    return again


def _runs(
    letters: Letters, codes: Integers, blank: npt.NDArray[np.bool_], shown: npt.NDArray[np.bool_]
) -> Iterator[Run]:
    places = np.flatnonzero(shown)
    boxes, kinds = _parted(letters.boxes[places]), letters.inks[places]
    real_before, any_before = _blanks_before(blank, letters.inks == 0, places)
    gap = np.append(0.0, boxes[1:, 0] - boxes[:-1, 2])
    height = boxes[:, 3] - boxes[:, 1]
    other = np.append(False, kinds[1:] != kinds[:-1])
    real_before |= letters.kinds.parted[kinds] & other & (gap > OVERHANG * height)
    small = _small_capitals(codes[places], letters.kinds.sizes[kinds], gap)
    begins = (_begins(boxes, height, gap) | _other_look(letters, kinds, gap, height)) & ~small
    body = _body(height, letters.kinds.sizes[kinds])
    larger = np.maximum(body, np.append(body[:1], body[:-1]))
    white = np.maximum(gap, _guessed_width(letters, blank, places))
    if np.count_nonzero(letters.kinds.parted) >= MANY_BLANKS:
        guessed = gap > WORD_GAP * larger
    else:
        guessed = (any_before & (white > GUESSED_GAP * larger)) | _unsaid(gap, larger, begins)
    blanks = real_before | guessed
    blanks &= ~begins & ~(small & ~real_before)
    yield from _cut(letters, codes[places], boxes, kinds, begins, blanks)


def _body(height: Floats, sizes: Floats) -> Floats:
    """How high letters are with what is above and below them: fonts whose glyphs are drawings (Type 3) have boxes of ink alone."""
    return np.where(height < INK_HEIGHT * sizes, np.minimum(sizes, INK_SHARE * height), height)


def _parted(boxes: Floats) -> Floats:
    """Letters of a ligature have one box together: each gets its part of it."""
    same = np.append(False, (boxes[1:] == boxes[:-1]).all(axis=1))
    if not same.any():
        return boxes
    starts = np.flatnonzero(~same)
    counts = np.diff(np.append(starts, len(boxes)))
    rank = np.arange(len(boxes)) - np.repeat(starts, counts)
    of = np.repeat(counts, counts)
    width = (boxes[:, 2] - boxes[:, 0]) / of
    parted = boxes.copy()
    parted[:, 0] = boxes[:, 0] + rank * width
    parted[:, 2] = parted[:, 0] + width
    return parted


def _blanks_before(
    blank: npt.NDArray[np.bool_], guessed: npt.NDArray[np.bool_], places: Integers
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each shown letter whether the file has a blank before it, and whether the file or PDFium has."""
    real, every = np.cumsum(blank & ~guessed), np.cumsum(blank)
    return np.diff(real[places], prepend=0) > 0, np.diff(every[places], prepend=0) > 0


def _guessed_width(letters: Letters, blank: npt.NDArray[np.bool_], places: Integers) -> Floats:
    """For each shown letter the width of PDFium's blank right before it."""
    width = np.where(blank & (letters.inks == 0), letters.boxes[:, 2] - letters.boxes[:, 0], 0.0)
    before: Floats = np.append(0.0, width)[places]
    return before


def _unsaid(gap: Floats, larger: Floats, begins: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Blanks that are nothing but white: wider than what parts the letters of their run."""
    firsts = np.flatnonzero(begins)
    close = np.where(begins | (gap > WORD_GAP * larger), 0.0, np.maximum(gap, -OVERLAP * larger))
    counts = np.diff(np.append(firsts, len(gap)))
    middle = np.lexsort((close, np.repeat(firsts, counts)))[firsts + counts // 2]
    # The mean alone grows with the blanks themselves where words are short: +33 7 82 45.
    usual = np.minimum(np.add.reduceat(close, firsts) / counts, close[middle])
    unsaid: npt.NDArray[np.bool_] = gap - np.repeat(usual, counts) > UNSAID_GAP * larger
    return unsaid


def _small_capitals(codes: Integers, sizes: Floats, gap: Floats) -> npt.NDArray[np.bool_]:
    """Where a word's tall first capital is followed by its small ones, a little apart."""
    capital = ((codes >= 0x41) & (codes <= 0x5A)) | ((codes >= 0xC0) & (codes <= 0xDE))
    tall = capital[:-1] & capital[1:] & (sizes[:-1] > 1.1 * sizes[1:]) & (sizes[:-1] < 1.6 * sizes[1:])
    near: npt.NDArray[np.bool_] = np.abs(gap[1:]) < SMALL_CAPITAL_GAP * sizes[:-1]
    return np.append(False, tall & near)


def _other_look(letters: Letters, kinds: Integers, gap: Floats, height: Floats) -> npt.NDArray[np.bool_]:
    """Where bold begins or ends after some white: a label and what it stands before."""
    bold = letters.kinds.bold[kinds]
    changed: npt.NDArray[np.bool_] = bold != np.append(bold[:1], bold[:-1])
    return (gap > LOOK_GAP * height) & changed


def _begins(boxes: Floats, height: Floats, gap: Floats) -> npt.NDArray[np.bool_]:
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    before = np.roll(boxes, 1, axis=0)
    size = np.roll(height, 1)
    larger, smaller = np.maximum(size, height), np.minimum(size, height)
    off = (middle < before[:, 1]) | (middle > before[:, 3])
    # A raised or lowered letter beside a taller one stays on its line.
    middle_before = np.roll(middle, 1)
    off &= (middle_before < boxes[:, 1]) | (middle_before > boxes[:, 3]) | (larger < OTHER_SIZE * smaller)
    far = (gap > RUN_GAP * larger) | (gap < -0.5 * larger)
    other = (gap > OTHER_GAP * size) & (larger > OTHER_SIZE * smaller)
    begins: npt.NDArray[np.bool_] = off | far | other
    begins[0] = True
    return begins


def _cut(
    letters: Letters,
    codes: Integers,
    boxes: Floats,
    kinds: Integers,
    begins: npt.NDArray[np.bool_],
    blanks: npt.NDArray[np.bool_],
) -> Iterator[Run]:
    """Text and edges of all letters at once, then a slice for each run."""
    at = np.arange(len(codes)) + np.cumsum(blanks)
    text = np.full(at[-1] + 1, 0x20, np.int64)
    text[at] = codes
    edges = np.empty(len(text) + 1)
    edges[at] = boxes[:, 0]
    edges[at[blanks] - 1] = boxes[np.flatnonzero(blanks) - 1, 2]
    whole, lefts = text_of(text), edges.tolist()
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(codes)) - 1
    tops = np.minimum.reduceat(boxes[:, 1], firsts).tolist()
    bottoms = np.maximum.reduceat(boxes[:, 3], firsts).tolist()
    rights = np.maximum.reduceat(boxes[:, 2], firsts).tolist()
    looks = _looks(letters, kinds, firsts, lasts)
    for number, (start, stop) in enumerate(zip(at[firsts].tolist(), (at[lasts] + 1).tolist(), strict=True)):
        yield Run(
            whole[start:stop],
            (*lefts[start:stop], rights[number]),
            tops[number],
            bottoms[number],
            *looks[number],
        )


def _looks(letters: Letters, kinds: Integers, firsts: Integers, lasts: Integers) -> list[tuple[float, bool, bool]]:
    """Size, bold and italic of each run: those of its middle letter."""
    middle, inks = kinds[(firsts + lasts + 1) // 2], letters.kinds
    sides = (inks.sizes[middle].tolist(), inks.bold[middle].tolist(), inks.italic[middle].tolist())
    return list(zip(*sides, strict=True))
