"""What an application keeps of the person who sent it: the profile as it was, and marks by which the same person is known again.

A person can apply to a position once from one account; duplicates come from a second account. An e-mail address or a telephone number
of the resume belongs to one person. A name does not: it counts together with an employer, or without a resume with the line that people
write about themselves. Birth, sex, address and photo are never looked at. Marks are keyed hashes, other ones for each position: nothing
can be read from them, and nobody followed by them from one organization to the next.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.kit.seal import pseudonym

# Of a telephone number: what follows the country's prefix, which some write and some do not.
PHONE_DIGITS = 9
LEAST_PHONE_DIGITS = 7
MOST_MARKS = 40


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`profile` as protobuf's JSON. The rest is read for marks and not kept."""

    profile: Mapping[str, Any] = field(default_factory=dict)
    etag: str = ""
    names: Collection[str] = ()
    emails: Collection[str] = ()
    phones: Collection[str] = ()
    employers: Collection[str] = ()

    def kept(self, key: str, position_id: UUID) -> dict[str, Any]:
        """The column's value."""
        marks = {pseudonym(key, f"applicant/{position_id}", signal).hex()[:32] for signal in self._signals()}
        return {"profile": dict(self.profile), "marks": sorted(marks)[:MOST_MARKS]}

    def _signals(self) -> Iterator[str]:
        yield from (f"email/{address}" for address in map(_address, self.emails) if "@" in address)
        yield from (f"phone/{number}" for number in map(_digits, self.phones) if len(number) >= LEAST_PHONE_DIGITS)
        beside = [plain(employer) for employer in self.employers] or [plain(str(self.profile.get("headline", "")))]
        names = {name for name in map(plain, self.names) if " " in name}
        yield from (f"name/{name}/{other}" for name in names for other in beside if other)


def plain(text: str) -> str:
    """Words in order of the alphabet, without case, accents and marks: `Doe, José` and `jose doe` are alike."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(sorted(re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c)))))


def _address(text: str) -> str:
    """Without what mail servers leave out: `ada+jobs@example.org` arrives at `ada@example.org`."""
    local, _, domain = text.strip().casefold().partition("@")
    return f"{local.partition('+')[0]}@{domain}" if domain else ""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-PHONE_DIGITS:]
