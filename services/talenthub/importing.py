"""Files of positions: which format, which letters, and one entry for each position in them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from services.kit.auth import Caller
from services.kit.db import WriteSession, lock_request
from services.kit.errors import InvalidArgument
from services.talenthub import access, csv_positions, job_posting, position_queries, positions
from services.talenthub.entries import Entry, Problem, refusal
from services.talenthub.tables import Position

MOST_BYTES = 1 << 20
MOST_POSITIONS = 500
MARK = b"\xef\xbb\xbf"
CHARSETS = ("", "utf-8", "utf8", "us-ascii")
Values = dict[str, Any]


async def import_positions(
    session: WriteSession,
    caller: Caller,
    organization_id: UUID | None,
    drafts: Sequence[Values],
    request_id: UUID | None,
    now: datetime,
) -> Sequence[Position]:
    """Drafts, in this order. The same `request_id` again: those that it made before and that are still there."""
    organization_id = await access.working_organization(session, caller, organization_id)
    # Each draft has an id of its own, because a request's id stands for one position.
    ids = [uuid5(request_id, str(number)) if request_id else None for number in range(MOST_POSITIONS)]
    if request_id:
        await lock_request(session, request_id)
        if known := await position_queries.list_by_requests(session, organization_id, ids):
            return known
    rows = [
        Position(organization_id=organization_id, request_id=id, **values)
        for id, values in zip(ids, drafts, strict=False)
    ]
    await positions.add_drafts(session, caller, rows, now)
    return rows


def entries(data: bytes, content_type: str) -> list[Entry]:
    """At least one. Raises InvalidArgument for a file that is none."""
    kind, _, parameters = content_type.partition(";")
    read = READERS.get(kind.strip().lower())
    if read is None:
        why = f"is {kind.strip() or 'of no type'}; send {', '.join(READERS)}"
        raise InvalidArgument("file.content_type", why, reason="FILE_TYPE_UNSUPPORTED")
    if len(data) > MOST_BYTES:
        raise InvalidArgument("file", f"has more than {MOST_BYTES} bytes; split it", limit=str(MOST_BYTES))
    text = _decoded(data, parameters)
    if not text.strip():
        raise InvalidArgument("file", "is empty; send one with positions", reason="FILE_EMPTY")
    try:
        found = list(islice(read(text), MOST_POSITIONS + 1))
    except RecursionError:
        raise InvalidArgument("file", "is nested too deeply; check the JSON") from None
    if not found:
        raise InvalidArgument("file", "has no position; send at least one")
    if len(found) > MOST_POSITIONS:
        why = f"has more than {MOST_POSITIONS} positions; split it"
        raise InvalidArgument("file", why, limit=str(MOST_POSITIONS))
    return found


def _decoded(data: bytes, parameters: str) -> str:
    charset = next((p.split("=", 1)[1] for p in parameters.lower().split(";") if p.strip().startswith("charset=")), "")
    charset = charset.strip(' "')
    if charset not in CHARSETS:
        raise InvalidArgument("file.content_type", f"has the charset {charset[:50]}; save the file as UTF-8")
    try:
        return data.removeprefix(MARK).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        why = f"byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise refusal([Problem(line, "", "", why)]) from None


def _json_entries(text: str) -> Iterator[Entry]:
    """In the JSON form of the contract."""
    for number, (line, value) in enumerate(_elements(text, parse_float=float), 1):
        entry = Entry(line, f"position {number}, field")
        if isinstance(value, dict):
            entry.fields = value
        else:
            why = "is not an object; give a list of positions"
            entry.problems.append(Problem(line, f"position {number}", "", why))
        yield entry


def _posting_entries(text: str) -> Iterator[Entry]:
    number = 0
    for line, value in _elements(text, parse_float=Decimal):
        for node in job_posting.postings(value):
            number += 1
            yield job_posting.entry(line, number, node)


def _elements(text: str, parse_float: Callable[[str], Any]) -> Iterator[tuple[int, Any]]:
    """The elements of an array, or the one value that there is; each with its line."""
    decoder = json.JSONDecoder(parse_float=parse_float, parse_constant=_refuse_constant)
    place, line = _solid(text, 0), 1
    listed, counted = text[place] == "[", 0
    if listed:
        place = _solid(text, place + 1)
    more = not listed or text[place : place + 1] != "]"
    try:
        while more:
            value, end = decoder.raw_decode(text, place)
            line, counted = line + text.count("\n", counted, place), place
            yield line, value
            place = _solid(text, end)
            more = listed and text[place : place + 1] == ","
            place = _solid(text, place + 1) if more else place
        if listed and text[place : place + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
        if (after := _solid(text, place + listed)) != len(text):
            raise json.JSONDecodeError("Extra data", text, after)
    except json.JSONDecodeError as error:
        why = f"{error.msg} at letter {error.colno}; check the JSON"
        raise refusal([Problem(error.lineno, "", "", why)]) from None
    # From the constants below, and from Python for thousands of digits.
    except ValueError:
        raise refusal([Problem(line, "", "", "has a number that is none, or far too long; check the JSON")]) from None


def _solid(text: str, place: int) -> int:
    while text[place : place + 1].isspace():
        place += 1
    return place


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


READERS: dict[str, Callable[[str], Iterable[Entry]]] = {
    "application/json": _json_entries,
    "text/csv": csv_positions.entries,
    "application/ld+json": _posting_entries,
}
