"""PDF → lines in the order in which a person reads them; what nobody sees is kept apart."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pypdfium2

from services.ai.documents.document import Concealed, Document, DocumentError, Line, from_lines
from services.ai.documents.layout.order import Block, in_reading_order
from services.ai.documents.layout.rows import Run, line_of
from services.ai.documents.pdf.hidden import part_hidden
from services.ai.documents.pdf.letters import Frame, Letters, frame_of, letters_of, text_of
from services.ai.documents.pdf.links import Link, linked, links_of
from services.ai.documents.pdf.metadata import drawn_in, notes, properties
from services.ai.documents.pdf.objects import panels_of, rules_of
from services.ai.documents.pdf.runs import runs_of
from services.ai.documents.pdf.scanned import needs_recognition, recognised, unbelieved

# In points: what ISO 32000-1, annex C, calls the largest page.
LONGEST_SIDE = 14_400
MOST_PAGES, MOST_LETTERS = 50, 200_000
# Running headers and footers stand in this share of the page above and below.
MARGIN = 0.1
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Reading:
    """What was read so far, and what is to be left out."""

    told: Sequence[Concealed] = ()
    lines: list[tuple[str, Line]] = field(default_factory=list)
    sizes: list[tuple[float, float]] = field(default_factory=list)
    concealed: list[Concealed] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    letters: int = 0
    columns: int = 1
    blocks: int = 0
    recognised: bool = False


def read(data: bytes, told: Sequence[Concealed] = ()) -> Document:
    """`told` are lines that an earlier reading found: they are kept apart before the order of the rest is found.

    Raises DocumentError: FILE_ENCRYPTED, FILE_UNREADABLE.
    """
    pdf = _open(data)
    reading = Reading(told, concealed=properties(pdf, data))
    for number in range(len(pdf)):
        _read_page(pdf, number, reading)
    lines = _without_running(reading.lines, reading.sizes)
    document = from_lines(
        lines, len(pdf), tuple(reading.sizes), tuple(reading.concealed), reading.recognised, reading.columns
    )
    return replace(document, links=linked(reading.links, document.lines)) if reading.links else document


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("FILE_ENCRYPTED", "the PDF needs a password; save it without one") from None
        raise DocumentError("FILE_UNREADABLE", "the PDF is damaged; export it again") from None
    if len(pdf) > MOST_PAGES:
        raise DocumentError("FILE_UNREADABLE", f"the PDF has {len(pdf)} pages; a resume has at most {MOST_PAGES}")
    return pdf


def _read_page(pdf: pypdfium2.PdfDocument, number: int, reading: Reading) -> None:
    try:
        page = pdf[number]
    except pypdfium2.PdfiumError:
        raise DocumentError("FILE_UNREADABLE", f"page {number + 1} is damaged; export the PDF again") from None
    said, seen = notes(page, number + 1)
    reading.concealed += said
    frame = frame_of(page)
    if not all(0 <= side <= LONGEST_SIDE for side in frame.size):
        raise DocumentError(
            "FILE_UNREADABLE", f"page {number + 1} has no size that a page can have; export the PDF again"
        )
    reading.sizes.append(frame.size)
    reading.links += links_of(pdf, page, frame, number + 1)
    if seen:
        page = drawn_in(pdf, page, number)
    _read_letters(page, frame, number + 1, reading)


def _read_letters(page: pypdfium2.PdfPage, frame: Frame, number: int, reading: Reading) -> None:
    text_page = page.get_textpage()
    reading.letters += text_page.count_chars()
    if reading.letters > MOST_LETTERS:
        raise DocumentError("FILE_UNREADABLE", f"the PDF has more than {MOST_LETTERS:,} letters; send the resume alone")
    letters = letters_of(text_page, frame)
    if not (np.isfinite(letters.boxes).all() and np.isfinite(letters.kinds.sizes).all()):
        raise DocumentError("FILE_UNREADABLE", f"letters of page {number} have no place; export the PDF again")
    letters, hidden, shapes = part_hidden(page, letters, frame, number)
    if needs_recognition(shapes, len(letters), frame) and (lines := recognised(page, frame, number)):
        reading.recognised = True
        reading.lines += [(text, replace(line, block=line.block + reading.blocks)) for text, line in lines]
        reading.blocks += 1 + max(line.block for _, line in lines)
        reading.concealed += unbelieved(hidden, lines)
        return
    reading.concealed += hidden
    for said in (said for said in reading.told if said.page == number):
        letters = _keep_apart(letters, said, reading)
    for angle in letters.angles():
        upright = letters.turned(angle, frame)
        rules, panels = (rules_of(shapes), panels_of(shapes, frame.size)) if angle == 0 else ([], [])
        _take(in_reading_order(runs_of(upright), rules, panels), angle, frame, number, reading)


def _keep_apart(letters: Letters, said: Concealed, reading: Reading) -> Letters:
    """The letters without those in the box of `said`, if they say that."""
    inside = letters.within(said.box)
    if _letters_in(text_of(letters.codes[inside])) != _letters_in(said.text):
        return letters
    reading.concealed.append(said)
    return letters.keep(~inside)


def _letters_in(text: str) -> list[str]:
    """In no order: a file may draw a line in any."""
    return sorted(filter(str.isalnum, text))


def _take(blocks: list[Block], angle: int, frame: Frame, number: int, reading: Reading) -> None:
    for block in blocks:
        for row in block.rows:
            reading.lines.append(_line(line_of(row), angle, frame, number, reading.blocks))
        reading.blocks += 1
    reading.columns = max(reading.columns, _columns(blocks))


def _line(run: Run, angle: int, frame: Frame, number: int, block: int) -> tuple[str, Line]:
    box = frame.turned_back((run.left, run.top, run.right, run.bottom), angle)
    edges = run.edges if angle == 0 else ()
    return run.text, Line(0, 0, number, box, edges, run.size, run.bold, run.italic, block=block)


def _columns(blocks: list[Block]) -> int:
    """The most blocks side by side."""
    spans = [_sides(block) for block in blocks if block.column]
    return max(
        (1 + sum(_beside(one, other) for other in spans if other is not one) for one in spans),
        default=1,
    )


def _sides(block: Block) -> tuple[float, float, float, float]:
    runs = [run for row in block.rows for run in row]
    return min(r.left for r in runs), min(r.top for r in runs), max(r.right for r in runs), max(r.bottom for r in runs)


def _beside(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return other[1] < (one[1] + one[3]) / 2 < other[3] and (other[0] >= one[2] or other[2] <= one[0])


def _without_running(lines: list[tuple[str, Line]], sizes: list[tuple[float, float]]) -> list[tuple[str, Line]]:
    """Headers and footers that return on every page are kept where they are first; numbers in them count up."""
    if len(sizes) < 2:
        return lines
    marks = [_running(text, line, sizes) for text, line in lines]
    pages = Counter(mark for mark, _ in {(mark, line.page) for mark, (_, line) in zip(marks, lines, strict=True)})
    return list(_once(lines, marks, pages))


def _once(
    lines: list[tuple[str, Line]], marks: list[tuple[str, int] | None], pages: Counter[tuple[str, int] | None]
) -> Iterator[tuple[str, Line]]:
    kept: dict[tuple[str, int] | None, int] = {}
    for entry, mark in zip(lines, marks, strict=True):
        if mark is None or pages[mark] < 2 or kept.setdefault(mark, entry[1].page) == entry[1].page:
            yield entry


def _running(text: str, line: Line, sizes: list[tuple[float, float]]) -> tuple[str, int] | None:
    """What makes a line the same on another page: its words and its height, if that is in the margin."""
    height = sizes[line.page - 1][1]
    middle = (line.box[1] + line.box[3]) / 2
    if MARGIN * height < middle < (1 - MARGIN) * height:
        return None
    return _DIGITS.sub("#", text), round(middle / 4)
