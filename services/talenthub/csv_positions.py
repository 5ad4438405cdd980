"""Positions from a CSV file (RFC 4180): a header row with the names of columns, then a position in each row.

Cells are text, also those that a spreadsheet would calculate. Columns are separated by commas, semicolons or tabs.
"""

import csv
import io
from collections.abc import Iterator

from services.talenthub.currencies import minor_units
from services.talenthub.entries import (
    PAY_PERIODS,
    SENIORITIES,
    WORK_MODES,
    Entry,
    Problem,
    chosen,
    moment,
    refusal,
    whole_number,
)

SEPARATORS = ",;\t"
# How the contract calls what a column holds.
COLUMNS = {
    "title": "title",
    "description": "description",
    "city": "location.city",
    "region": "location.region",
    "country_code": "location.country_code",
    "work_mode": "work_mode",
    "seniority": "seniority",
    "pay_minimum": "pay.minimum.minor_units",
    "pay_maximum": "pay.maximum.minor_units",
    "currency": "pay.minimum.currency_code",
    "pay_period": "pay.period",
    "headcount": "headcount",
    "deadline": "deadline_time",
    "team": "team",
}
NEEDED = ("title", "description")
UNKNOWN = f"is not known; possible are {', '.join(COLUMNS)}"
NAMES = {path: column for column, path in COLUMNS.items()} | {
    "pay.maximum.currency_code": "currency",
    "pay.maximum": "pay_maximum",
}
Cells = dict[str, str]


def entries(text: str) -> Iterator[Entry]:
    """Raises InvalidArgument for a header that does not fit, and for quotes that do not."""
    rows = _rows(text, _separator(text))
    header_line, header = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in header]
    _check_header(header_line, columns)
    for line, cells in rows:
        entry = Entry(line, "column", NAMES)
        if len(cells) != len(columns):
            why = f"has {len(cells)} cells, the header has {len(columns)}; put text with separators in quotes"
            entry.problems.append(Problem(line, "", "", why))
        else:
            _read(entry, dict(zip(columns, cells, strict=True)))
        yield entry


def _separator(text: str) -> str:
    """The one that makes most known columns of the header."""

    def known(separator: str) -> int:
        try:
            first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0
        return len({cell.strip().lower() for cell in first} & set(COLUMNS))

    return max(SEPARATORS, key=known)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each with the line that it begins on; empty ones are left out."""
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        why = f"{error}; put text in quotes, and write quotes in it twice"
        raise refusal([Problem(line, "", "", why)]) from None


def _check_header(line: int, columns: list[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    problems = [
        *(Problem(line, "column", name, "is missing; add it") for name in NEEDED if name not in columns),
        *(Problem(line, "column", name, "stands there twice; keep one") for name in twice if name in COLUMNS),
        *(Problem(line, "column", name or '""', UNKNOWN) for name in columns if name not in COLUMNS),
    ]
    if problems:
        raise refusal(problems)


def _read(entry: Entry, cells: Cells) -> None:
    for name in ("title", "team"):
        entry.put(name, cells.get(name, "").strip())
    entry.put("description", cells["description"].replace("\r\n", "\n").strip())
    place = {"city": "city", "region": "region", "country_code": "countryCode"}
    found = {field: cells.get(column, "").strip() for column, field in place.items()}
    found["countryCode"] = found["countryCode"].upper()
    entry.put("location", {field: value for field, value in found.items() if value})
    for column, field, possible in (("work_mode", "workMode", WORK_MODES), ("seniority", "seniority", SENIORITIES)):
        if cells.get(column, "").strip():
            entry.put(field, entry.read(column, chosen, cells[column], possible, f"{column.upper()}_"))
    if cells.get("headcount", "").strip():
        entry.put("headcount", entry.read("headcount", whole_number, cells["headcount"]))
    if cells.get("deadline", "").strip():
        entry.put("deadlineTime", entry.read("deadline", moment, cells["deadline"]))
    entry.put("pay", _pay(entry, cells))


def _pay(entry: Entry, cells: Cells) -> dict[str, object]:
    pay: dict[str, object] = {}
    currency = cells.get("currency", "").strip().upper()
    for bound in ("minimum", "maximum"):
        column = f"pay_{bound}"
        if not cells.get(column, "").strip():
            continue
        if not currency:
            entry.refuse("currency", "is missing; give an ISO 4217 code such as EUR")
        units = entry.read(column, minor_units, cells[column], currency)
        pay[bound] = {"minorUnits": units, "currencyCode": currency}
    if cells.get("pay_period", "").strip():
        pay["period"] = entry.read("pay_period", chosen, cells["pay_period"], PAY_PERIODS, "PAY_PERIOD_")
    return pay
