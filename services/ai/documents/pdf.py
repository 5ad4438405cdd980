"""PDF → lines in reading order: text runs with their boxes, cut into columns and blocks (recursive XY-cut)."""

from dataclasses import dataclass

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
            text = " ".join(run.text for run in runs)
            box = (
                min(r.left for r in runs),
                min(r.top for r in runs),
                max(r.right for r in runs),
                max(r.bottom for r in runs),
            )
            lines.append((text, Line(0, 0, number + 1, box)))
    return from_lines(lines, len(pdf))


def _runs(page: pypdfium2.PdfPage) -> list[Run]:
    """Characters joined as long as they stand on one line, close together. White wider than a letter begins a new run."""
    text_page, height = page.get_textpage(), page.get_height()
    runs: list[Run] = []
    space = False
    # Where the file writes its blanks, gaps say nothing: ligatures have some too.
    spaced = " " in text_page.get_text_range().strip()
    for index in range(text_page.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text_page, index)
        character = chr(code) if code and not 0xD800 <= code <= 0xDFFF else " "
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


def _joins(run: Run, letter: Run) -> bool:
    size = max(run.bottom - run.top, letter.bottom - letter.top)
    middle = (letter.top + letter.bottom) / 2
    return run.top <= middle <= run.bottom and -0.5 * size <= letter.left - run.right <= RUN_GAP * size


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
    halves = _split_across(runs)
    if halves:
        return in_reading_order(halves[0]) + in_reading_order(halves[1])
    return _lines(runs)


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
            if _gutter(below) is not None or (_gutter(above) is not None and len(below) >= COLUMN_RUNS):
                return above, below
        reached = max(reached, run.bottom)
    return None


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
