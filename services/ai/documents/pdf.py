"""PDF → lines in reading order: text runs with their boxes, cut into columns and blocks (recursive XY-cut)."""

from dataclasses import dataclass
from itertools import pairwise

import pypdfium2

from services.ai.documents.document import Document, DocumentError, Line, from_lines

MOST_PAGES = 50
# A column is at least this share of the width of what is cut, and has at least this many runs: a column of dates is neither.
COLUMN_SHARE = 0.22
COLUMN_RUNS = 6
# The least white between columns, in points.
GUTTER = 9.0
# White between letters, as a share of their height: from here on two words, from here on two runs.
WORD_GAP, RUN_GAP = 0.25, 0.9
# Letters so much taller than their neighbours are another text, a heading beside its section.
OTHER_SIZE, OTHER_GAP = 1.2, 0.12
# From here on the parts of a line belong to different columns.
TAB_GAP = 1.5
# A margin with headings is no wider than this share, and has at least this many runs.
MARGIN_SHARE, MARGIN_RUNS = 0.25, 3
MARGIN_GUTTER = 3.0
# Soft hyphen, the mark PDFium puts for a hyphen at a line's end, and letters without width.
UNPRINTED = frozenset("\u00ad\ufffe\u0002\u200b\ufeff")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line; `top` and `bottom` count downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def read(data: bytes) -> Document:
    """Raises DocumentError: FILE_ENCRYPTED, FILE_UNREADABLE."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("FILE_ENCRYPTED", "the PDF needs a password; save it without one") from None
        raise DocumentError("FILE_UNREADABLE", "the PDF is damaged; export it again") from None
    if len(pdf) > MOST_PAGES:
        raise DocumentError("FILE_UNREADABLE", f"the PDF has {len(pdf)} pages; a resume has at most {MOST_PAGES}")
    lines: list[tuple[str, Line]] = []
    for number in range(len(pdf)):
        for runs in in_reading_order(_runs(pdf[number])):
            text = _text(runs)
            box = (
                min(r.left for r in runs),
                min(r.top for r in runs),
                max(r.right for r in runs),
                max(r.bottom for r in runs),
            )
            lines.append((text, Line(0, 0, number + 1, box, size=box[3] - box[1])))
    return from_lines(lines, len(pdf))


def _text(runs: list[Run]) -> str:
    """Runs of one line; a tab where the white between them is wide, as between an employer and a place at the right edge."""
    parts = [runs[0].text]
    for before, run in pairwise(runs):
        wide = run.left - before.right > TAB_GAP * (run.bottom - run.top)
        parts.append(("\t" if wide else " ") + run.text)
    return "".join(parts)


def _runs(page: pypdfium2.PdfPage) -> list[Run]:
    """Characters joined as long as they stand on one line, close together. White wider than a letter begins a new run."""
    text_page, height = page.get_textpage(), page.get_height()
    runs: list[Run] = []
    space = False
    # Where there are blanks (PDFium adds those that a file leaves to positions), gaps say nothing: ligatures have some too.
    spaced = any(_character(text_page, index).isspace() for index in range(text_page.count_chars()))
    for index in range(text_page.count_chars()):
        character = _character(text_page, index)
        if character.isspace() or character in UNPRINTED:
            space = space or character.isspace()
            continue
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        letter = Run(character, left, height - top, right, height - bottom)
        if runs and _joins(runs[-1], letter):
            runs[-1] = _joined(runs[-1], letter, space or (not spaced and _wide(runs[-1], letter)))
        else:
            runs.append(letter)
        space = False
    return runs


def _character(text_page: pypdfium2.PdfTextPage, index: int) -> str:
    code = pypdfium2.raw.FPDFText_GetUnicode(text_page, index)
    return chr(code) if code and not 0xD800 <= code <= 0xDFFF else " "


def _joins(run: Run, letter: Run) -> bool:
    size, other = run.bottom - run.top, letter.bottom - letter.top
    gap, middle = letter.left - run.right, (letter.top + letter.bottom) / 2
    if gap > OTHER_GAP * size and max(size, other) > OTHER_SIZE * min(size, other):
        return False
    return run.top <= middle <= run.bottom and -0.5 * size <= gap <= RUN_GAP * max(size, other)


def _wide(run: Run, letter: Run) -> bool:
    return letter.left - run.right > WORD_GAP * (run.bottom - run.top)


def _joined(run: Run, letter: Run, space: bool) -> Run:
    text = f"{run.text} {letter.text}" if space else run.text + letter.text
    return Run(text, run.left, min(run.top, letter.top), letter.right, max(run.bottom, letter.bottom))


def in_reading_order(runs: list[Run]) -> list[list[Run]]:
    """Lines, each a list of runs from left to right. Columns one after the other, blocks from top to bottom."""
    if not runs:
        return []
    edge = _gutter(runs)
    if edge is not None:
        left = [r for r in runs if r.right <= edge + GUTTER / 2]
        right = [r for r in runs if r.right > edge + GUTTER / 2]
        return in_reading_order(left) + in_reading_order(right)
    margin = _margin(runs)
    if margin is not None:
        return _under_headings(runs, margin)
    halves = _split_across(runs)
    if halves:
        return in_reading_order(halves[0]) + in_reading_order(halves[1])
    return _lines(runs)


def _margin(runs: list[Run]) -> float | None:
    """Where a margin ends that has headings in it, each beside what stands under it: few runs, narrow, and no dates."""
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    ordered = sorted(runs, key=lambda r: r.left)
    reached = ordered[0].right
    for count, run in enumerate(ordered[1:], 1):
        if reached > left + MARGIN_SHARE * (right - left):
            return None
        if run.left - reached >= MARGIN_GUTTER:
            return reached if _are_headings(ordered[:count], ordered[count:]) else None
        reached = max(reached, run.right)
    return None


def _are_headings(margin: list[Run], rest: list[Run]) -> bool:
    return (
        len(margin) >= MARGIN_RUNS
        and 2 * len(margin) < len(rest)
        and all(r.text[:1].isupper() and not any(c.isdigit() for c in r.text) for r in margin)
    )


def _under_headings(runs: list[Run], margin: float) -> list[list[Run]]:
    """Each heading of the margin, then what stands beside and below it."""
    headings: list[list[Run]] = []
    for run in sorted((r for r in runs if r.right <= margin), key=lambda r: r.top):
        if headings and run.top - headings[-1][-1].bottom < 0.5 * (run.bottom - run.top):
            headings[-1].append(run)
        else:
            headings.append([run])
    rest = [r for r in runs if r.right > margin]
    tops = [min(r.top for r in heading) - 0.5 * (heading[0].bottom - heading[0].top) for heading in headings]
    lines = in_reading_order([r for r in rest if r.top < tops[0]])
    for heading, top, end in zip(headings, tops, [*tops[1:], float("inf")], strict=True):
        lines += [heading, *in_reading_order([r for r in rest if top <= r.top < end])]
    return lines


def _gutter(runs: list[Run]) -> float | None:
    """Where the left of two columns ends, if white runs from top to bottom between them."""
    width = max(r.right for r in runs) - min(r.left for r in runs)
    ordered = sorted(runs, key=lambda r: r.left)
    reached, best = ordered[0].right, None
    for count, run in enumerate(ordered[1:], 1):
        if run.left - reached >= GUTTER and _is_column(ordered[:count], width) and _is_column(ordered[count:], width):
            best = reached
            break
        reached = max(reached, run.right)
    return best


def _is_column(runs: list[Run], width: float) -> bool:
    wide = max(r.right for r in runs) - min(r.left for r in runs)
    return len(runs) >= COLUMN_RUNS and wide >= COLUMN_SHARE * width


def _split_across(runs: list[Run]) -> tuple[list[Run], list[Run]] | None:
    """Above and below the one horizontal white that lets columns appear in at least one half."""
    ordered = sorted(runs, key=lambda r: r.top)
    reached = ordered[0].bottom
    for count, run in enumerate(ordered[1:], 1):
        if run.top >= reached:
            above, below = ordered[:count], ordered[count:]
            if _has_sides(below) or (_has_sides(above) and len(below) >= COLUMN_RUNS):
                return above, below
        reached = max(reached, run.bottom)
    return None


def _has_sides(runs: list[Run]) -> bool:
    return _gutter(runs) is not None or _margin(runs) is not None


def _lines(runs: list[Run]) -> list[list[Run]]:
    """Runs whose middles are at one height are one line."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: ((r.top + r.bottom) / 2, r.left)):
        middle = (run.top + run.bottom) / 2
        if lines and lines[-1][0].top <= middle <= lines[-1][0].bottom:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.left) for line in lines]
