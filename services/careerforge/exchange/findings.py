"""What an import could not take over, and what it refuses."""

from dataclasses import dataclass, field

from services.careerforge.exchange.profile import Profile
from services.kit.errors import InvalidArgument

MOST_FINDINGS = 200
"""More are counted in the last one: a file that is wrong throughout is wrong in the same way."""
SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of the file that was changed or left out: `place` is file and row, or path; `why` says what to do."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Import:
    """A profile, the `format` it came in, and what could not be taken over."""

    profile: Profile
    format: str
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Findings:
    """Collects findings while a file is read."""

    _kept: list[Finding] = field(default_factory=list)
    _more: int = 0

    def add(self, place: str, why: str) -> None:
        if len(self._kept) < MOST_FINDINGS:
            self._kept.append(Finding(place, why))
        else:
            self._more += 1

    def all(self) -> tuple[Finding, ...]:
        if not self._more:
            return tuple(self._kept)
        return (*self._kept, Finding("file", f"{self._more} more places could not be taken over"))


def refused(place: str, why: str, reason: str = "INVALID_ARGUMENT", **changing: str) -> InvalidArgument:
    """The error for a file of which nothing is taken over; `place` is in it, `why` ends with the remedy."""
    return InvalidArgument("file", f"{place} {why}" if place else why, reason, place=place, **changing)


def shown(text: str) -> str:
    """A value in a message: quoted, its middle left out when long."""
    short = text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 10]}…{text[-9:]}"
    return repr(short)
