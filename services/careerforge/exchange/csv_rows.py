"""Rows of a CSV file (RFC 4180) by the names of their columns."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from services.careerforge.exchange.encodings import decoded
from services.careerforge.exchange.findings import Findings, refused
from services.careerforge.exchange.place import Place

# Some files begin with "Notes:" and sentences about them.
MOST_PREAMBLE_ROWS = 10
MOST_ROWS, MOST_CELLS, MOST_CELL_CHARACTERS = 5000, 100, 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by the names of columns in lower case; a column that is not there is empty."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.lower(), "")

    def at(self, column: str) -> str:
        return f"{self.file}, line {self.line}, column {column}"

    def place(self, **columns: str) -> Place:
        return Place(f"{self.file}, line {self.line}", ", column ", columns)


def rows(data: bytes, file: str, needed: str, findings: Findings) -> Iterator[Row]:
    """Rows under the header, which has the column `needed`; rows of another width are findings. Raises InvalidArgument."""
    if not data.strip():
        return
    lines = _lines(decoded(data, file), file)
    header = _header(lines, file, needed)
    for line, cells in lines:
        if len(cells) != len(header):
            why = f"has {len(cells)} cells, the header {len(header)}: left out; put text with commas in quotes"
            findings.add(f"{file}, line {line}", why)
        else:
            yield Row(file, line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on; empty ones are left out."""
    reader, line, count = csv.reader(io.StringIO(text, newline=""), strict=True), 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                # The library's own limit is one for the whole process, and others change it.
                if max(map(len, cells)) > MOST_CELL_CHARACTERS:
                    why = f"has a cell of more than {MOST_CELL_CHARACTERS:,} characters; shorten it"
                    raise refused(f"{file}, line {line}", why, limit=str(MOST_CELL_CHARACTERS))
                if count > MOST_ROWS or len(cells) > MOST_CELLS:
                    why = f"has more than {MOST_ROWS:,} rows or {MOST_CELLS} columns; take out what is no part of a profile"
                    raise refused(file, why, limit=str(MOST_ROWS))
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        why = f"is no CSV: {error}; put text in quotes, and write quotes in it twice"
        raise refused(f"{file}, line {line}", why) from None


def _header(lines: Iterator[tuple[int, list[str]]], file: str, needed: str) -> list[str]:
    for _, (_, cells) in zip(range(MOST_PREAMBLE_ROWS), lines, strict=False):
        header = [cell.strip().lower() for cell in cells]
        if needed.lower() in header:
            return header
    raise refused(file, f"has no column {needed!r}; upload the file as LinkedIn made it, in English", column=needed)
