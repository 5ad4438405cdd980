"""Between files of positions and rows: each entry becomes a message first, so that the contract's rules hold for it."""

from collections.abc import Iterable
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError
from skillsync.talenthub.v1.position_pb2 import Position

from services.kit.errors import InvalidArgument
from services.kit.validation import check
from services.talenthub import importing, wire
from services.talenthub.entries import MOST_PROBLEMS, Entry, Problem, refusal

REMEDIES = {
    "country_code": "is not an ISO 3166-1 alpha-2 code; write DE for Germany",
    "currency_code": "is not an ISO 4217 code; write EUR for euros",
}
MOST_LETTERS = 150


def _camel(path: str) -> str:
    first, *rest = path.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _names(fields: Iterable[str]) -> frozenset[str]:
    """Both spellings that the JSON form allows."""
    return frozenset(name for field in fields for name in (field, _camel(field)))


SAID_BY_CLIENT = _names(wire.POSITION_FIELDS)
# A position as `GetPosition` shows it can be imported; these fields of it are passed over.
SAID_BY_SERVICE = _names(Position.DESCRIPTOR.fields_by_name) - SAID_BY_CLIENT


def drafts(data: bytes, content_type: str) -> list[dict[str, Any]]:
    """Columns of the positions in the file. Raises InvalidArgument with the first problems of all that there are."""
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for entry in importing.entries(data, content_type):
        found.append(_columns(entry) if entry.readable else {})
        problems += entry.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise refusal(problems)
    return found


def _columns(entry: Entry) -> dict[str, Any]:
    message = _message(entry)
    try:
        check(message)
        return wire.position_values(message, wire.POSITION_FIELDS)
    except InvalidArgument as error:
        for path, why in error.violations:
            path = path.removeprefix("position.")
            entry.refuse(entry.names.get(path, _camel(path)), REMEDIES.get(path.rpartition(".")[2], why))
        return {}


def _message(entry: Entry) -> Position:
    """Field by field, so that each can be refused on its own."""
    message = Position()
    for name, value in entry.fields.items():
        if name in SAID_BY_SERVICE:
            continue
        if name not in SAID_BY_CLIENT:
            entry.refuse(name, "is not known; leave it out")
            continue
        try:
            ParseDict({name: value}, message)
        except (ParseError, ValueError, TypeError, AttributeError) as error:
            entry.refuse(name, f"does not fit: {str(error)[:MOST_LETTERS]}")
    return message
