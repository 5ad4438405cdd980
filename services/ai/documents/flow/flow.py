"""Paragraphs, list items and tables, as formats without fixed positions tell them, put together as a Document."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from services.ai.documents.document import Concealed, Concealment, Document, DocumentError, Line, from_lines
from services.ai.documents.letters import printed

MOST_LETTERS = 200_000
MOST_PAGES = 50
# Letters smaller than this, in points, cannot be read.
LEAST_SIZE = 3.0
# A cell up to this long, of one line, stands beside its neighbours; a longer one is read by itself.
SHORT_CELL = 60
# A cell with so many lines is a column of the page.
COLUMN_LINES = 6
_TOKEN = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]|[^\S\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+|\S+")
_BREAK = frozenset("\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
# As many blanks put words apart as a tab does.
WIDE = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look; `size` in points, 0 when unknown. `hidden` says why nobody sees them."""

    bold: bool = False
    italic: bool = False
    size: float = 0.0
    hidden: Concealment | None = None
    link: str = ""


PLAIN = Look()
Piece = tuple[str, Look]


@dataclass(slots=True)
class _Row:
    """A line that is being put together; `links` are start, end, target within it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    white: str = ""
    looks: list[tuple[int, Look]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)

    def word(self, word: str, look: Look) -> None:
        start = self.length + (len(self.white) if self.length else 0)
        text = self.white + word if self.length else word
        self.parts.append(text)
        self.length += len(text)
        self.white = ""
        self.looks.append((len(word), look))
        if look.link:
            self._link(start, look.link)

    def _link(self, start: int, target: str) -> None:
        if self.links and self.links[-1][2] == target and start - self.links[-1][1] <= 1:
            start = self.links.pop()[0]
        self.links.append((start, self.length, target))

    def line(self, template: Line) -> Line:
        """Bold and italic when most letters are, the size of most letters."""
        sizes: dict[float, int] = {}
        for count, look in self.looks:
            sizes[look.size] = sizes.get(look.size, 0) + count
        letters = sum(count for count, _ in self.looks)
        return replace(
            template,
            bold=2 * sum(count for count, look in self.looks if look.bold) > letters,
            italic=2 * sum(count for count, look in self.looks if look.italic) > letters,
            size=max(sizes, key=lambda size: (sizes[size], size)),
        )


@dataclass(slots=True)
class Placed:
    """A line and the links in it, counted from its start."""

    text: str
    line: Line
    links: list[tuple[int, int, str]]


class Flow:
    """What was told so far. A table's cell is a flow of its own, made by `cell` and put in by `row`."""

    def __init__(self, letters: list[int] | None = None) -> None:
        self.lines: list[Placed] = []
        self.concealed: list[Concealed] = []
        self.columns = 1
        self.page = 0
        self._block = 0
        # Shared with the cells, so that a table cannot hold more than its document may.
        self._letters = letters if letters is not None else [0]

    def paragraph(self, pieces: Iterable[Piece], heading: int = 0, bullet: bool = False) -> None:
        """Adds lines; blanks at the edges go, inner ones become one. Raises DocumentError past 200,000 letters."""
        template = Line(0, 0, page=self.page, heading=heading, bullet=bullet and not heading, block=self._block)
        rows = [_Row()]
        for hidden, group in groupby(pieces, key=lambda piece: piece[1].hidden):
            if hidden:
                self.conceal("".join(text for text, _ in group), hidden)
                continue
            for text, look in group:
                self._add(text, look, rows)
        for number, row in enumerate(row for row in rows if row.length):
            # What follows a break within an item is no item of its own.
            self._place(row, replace(template, bullet=template.bullet and not number))

    def _add(self, text: str, look: Look, rows: list[_Row]) -> None:
        self._count(len(text))
        text, overlooked = printed(text)
        if overlooked:
            self.conceal(overlooked, Concealment.ZERO_WIDTH)
        for token in _TOKEN.findall(text):
            if token in _BREAK:
                rows.append(_Row())
            elif token.isspace():
                wide = "\t" in token or len(token) >= WIDE or rows[-1].white == "\t"
                rows[-1].white = "\t" if wide else " "
            else:
                rows[-1].word(token, look)

    def _place(self, row: _Row, template: Line) -> None:
        self.lines.append(Placed("".join(row.parts), row.line(template), row.links))

    def _count(self, letters: int) -> None:
        self._letters[0] += letters
        if self._letters[0] > MOST_LETTERS:
            raise DocumentError(
                "FILE_UNREADABLE",
                f"the file has more than {MOST_LETTERS:,} letters; send the resume without attachments",
            )

    def conceal(self, text: str, reason: Concealment) -> None:
        """Keeps text out. Blanks and rules are not worth a word: nobody misses them."""
        self._count(len(text))
        if reason is not Concealment.ZERO_WIDTH:
            text = " ".join(printed(text)[0].split())
        if reason is Concealment.ZERO_WIDTH or any(letter.isalnum() for letter in text):
            self.concealed.append(Concealed(text, reason, self.page))

    def new_block(self) -> None:
        """What follows stands apart: a column, a frame, a cell."""
        if self.lines and self.lines[-1].line.block == self._block:
            self._block += 1

    def cell(self) -> "Flow":
        """A flow for a cell or a frame; put it in with `row` or `insert`."""
        flow = Flow(self._letters)
        flow.page = self.page
        return flow

    def insert(self, other: "Flow") -> None:
        """Adds what another flow holds, as blocks of its own."""
        self._take(other)
        self.new_block()
        first, last = self._block, self._block
        for placed in other.lines:
            last = first + placed.line.block
            self.lines.append(replace(placed, line=replace(placed.line, block=last)))
        self._block = last
        self.new_block()

    def row(self, cells: Sequence["Flow"]) -> None:
        """A table's row: short cells of one line side by side, with tabs between; others one after the other."""
        filled = [cell for cell in cells if cell.lines]
        for cell in cells:
            if not cell.lines:
                self._take(cell)
        if all(_is_short(cell) for cell in filled):
            self._side_by_side(filled)
        elif len(filled) == 2 and _is_date(filled[0]) and len(filled[1].lines[0].text) <= SHORT_CELL:
            # A date beside a job: it stands at the height of the job's first line.
            self._side_by_side([filled[0], _cut(filled[1])])
            self._append(filled[1])
        else:
            self.columns = max(self.columns, sum(len(cell.lines) >= COLUMN_LINES for cell in filled))
            for cell in filled:
                self.insert(cell)

    def _side_by_side(self, cells: list["Flow"]) -> None:
        parts: list[str] = []
        links: list[tuple[int, int, str]] = []
        start = 0
        for cell in cells:
            self._take(cell)
            placed = cell.lines[0]
            parts.append(placed.text)
            links += [(start + first, start + last, target) for first, last, target in placed.links]
            start += len(placed.text) + 1
        if parts:
            self.lines.append(Placed("\t".join(parts), self._joined([cell.lines[0].line for cell in cells]), links))

    def _joined(self, lines: list[Line]) -> Line:
        return Line(
            0,
            0,
            page=self.page,
            size=max(line.size for line in lines),
            bold=all(line.bold for line in lines),
            italic=all(line.italic for line in lines),
            heading=lines[0].heading if len(lines) == 1 else 0,
            bullet=lines[0].bullet,
            block=self._block,
        )

    def _append(self, cell: "Flow") -> None:
        """The rest of a cell whose first line has been taken, in the same block."""
        self.lines += [replace(placed, line=replace(placed.line, block=self._block)) for placed in cell.lines]

    def _take(self, other: "Flow") -> None:
        self.concealed += other.concealed
        other.concealed = []
        self.columns = max(self.columns, other.columns)

    def document(self, page_count: int = 0) -> Document:
        document = from_lines(
            [(placed.text, placed.line) for placed in self.lines],
            page_count,
            concealed=tuple(self.concealed),
            columns=self.columns,
        )
        links = tuple(
            (line.start + start, line.start + end, target)
            for placed, line in zip(self.lines, document.lines, strict=True)
            for start, end, target in placed.links
        )
        return replace(document, links=links)


def _is_short(cell: Flow) -> bool:
    return len(cell.lines) == 1 and len(cell.lines[0].text) <= SHORT_CELL


def _is_date(cell: Flow) -> bool:
    return _is_short(cell) and any(letter.isdigit() for letter in cell.lines[0].text)


def _cut(cell: Flow) -> Flow:
    """The first line of a cell, taken out of it."""
    first = cell.cell()
    first.lines = [cell.lines.pop(0)]
    first._take(cell)
    return first
