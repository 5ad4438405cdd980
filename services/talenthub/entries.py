"""What a file of positions says, one entry each, before the contract has judged it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from services.kit.errors import InvalidArgument

WORK_MODES = ("onsite", "hybrid", "remote")
SENIORITIES = ("entry", "mid", "senior", "expert")
PAY_PERIODS = ("hour", "month", "year")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_PROBLEMS = 20
# Of a name that a file made up.
MOST_LETTERS = 50
END_OF_DAY = time(23, 59, 59, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit. `unit` is what the format calls a field, e.g. `column`; both may be empty."""

    line: int
    unit: str
    name: str
    why: str

    def __str__(self) -> str:
        words = (f"line {self.line}", f"{self.unit} {self.name[:MOST_LETTERS]}".strip())
        return f"{', '.join(word for word in words if word)}: {self.why}"


def refusal(problems: Sequence[Problem]) -> InvalidArgument:
    """One error for the first of several problems; at least one. Errors travel in headers, which have little room."""
    first = problems[0]
    error = InvalidArgument("file", str(first), line=str(first.line), name=first.name[:MOST_LETTERS])
    error.violations = [("file", str(problem)) for problem in problems[:MOST_PROBLEMS]]
    return error


@dataclass(slots=True)
class Entry:
    """One position of a file.

    `fields` are in the JSON form of the contract. `names` says how the file calls a field of the contract, e.g. `location.city` → `city`.
    """

    line: int
    unit: str
    names: Mapping[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Whether there are fields at all."""
        return all(problem.name for problem in self.problems)

    def refuse(self, name: str, why: str) -> None:
        """Unless something is wrong with it already."""
        if name not in {problem.name for problem in self.problems}:
            self.problems.append(Problem(self.line, self.unit, name, why))

    def read(self, name: str, reading: Callable[..., T], *values: Any) -> T | None:
        """What `reading` makes of the values; None, and a problem, when it raises ValueError."""
        try:
            return reading(*values)
        except ValueError as error:
            self.refuse(name, str(error))
            return None

    def put(self, name: str, value: Any) -> None:
        """What the file leaves out stays unset."""
        if value not in (None, "", {}):
            self.fields[name] = value


def chosen(text: str, possible: Sequence[str], prefix: str) -> str:
    """`Remote`, `WORK_MODE_REMOTE` → `WORK_MODE_REMOTE`."""
    plain = text.strip().upper().removeprefix(prefix)
    if plain.lower() not in possible:
        raise ValueError(f"is none of {', '.join(possible)}; write one of them, or leave it empty")
    return prefix + plain


def whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise ValueError("is not a whole number; write digits only")
    return int(text)


def moment(text: str) -> str:
    """A date means until its end in UTC; so does a time without zone stand in UTC. Returns RFC 3339."""
    text = text.strip()
    try:
        if not _DATE.match(text):
            raise ValueError
        found = datetime.fromisoformat(text)
        if _DATE.fullmatch(text):
            found = datetime.combine(found, END_OF_DAY)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no date; write 2027-01-31, or with a time 2027-01-31T17:00:00Z") from None
    return found.isoformat().replace("+00:00", "Z")
