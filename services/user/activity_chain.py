"""The chain of the activity log: whether lines are as they were written.

Each line's hash covers the line and the hash before it, so an edited, deleted, inserted or moved line breaks the chain. The address is
personal and stands beside the line, which holds a salted hash of it and whose it is: only where that person was erased may it be missing.
"""

import hashlib
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
# So far is looked ahead to tell what happened to a line that does not fit.
AHEAD = 200
SALT_BYTES = 16
# What activity.forget_old in migrations/versions/0016_activity_checks.py says, less what its clock may be ahead of ours.
NOBODYS_ADDRESS_KEPT = timedelta(days=30) - timedelta(hours=1)
ACCOUNT = "account/"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the database keeps it, whatever somebody made of it: any field but `sequence` may be None.

    `microseconds` since 1970, as text, is what the hash covers. `time` is the same for people, None where no calendar has it.
    `address_owner_id`, `salt` and `address` are None once the address is forgotten. `signed` is the hash that a checkpoint has for it.
    """

    sequence: int
    microseconds: str
    time: datetime | None
    version: int
    owner_id: UUID | None
    actor_id: UUID | None
    service: str
    action: str
    target: str
    session_id: UUID | None
    result: str
    address_hash: bytes
    hash: bytes
    address_owner_id: UUID | None
    salt: bytes | None
    address: str | None
    signed: bytes | None

    def follows(self, previous: bytes) -> bool:
        """Whether the line is as it was written, right after the one with this hash."""
        said = (self.time, self.service, self.action, self.target, self.result, self.address_hash, self.hash)
        if None in said or (self.version == 1 and self.owner_id):
            return False
        return self.hash == hashlib.sha256(previous + self._canonical()).digest()

    def _canonical(self) -> bytes:
        """The twin of what activity.append hashes in migrations/versions/0016_activity_checks.py; of version 1, in 0009_activity.py."""
        owner = (self.owner_id or "",) if self.version != 1 else ()
        fields = (
            self.version, self.sequence, self.microseconds, *owner, self.actor_id or "", self.service,
            self.action, self.target, self.session_id or "", self.result, self.address_hash.hex(),
        )  # fmt: skip
        encoded = [str(field).encode() for field in fields]
        return b"".join(len(field).to_bytes(4) + field for field in encoded)

    def has_its_address(self) -> bool:
        """A salt of another length could have bytes of the address."""
        if self.salt is None or self.address is None or len(self.salt) != SALT_BYTES:
            return False
        # Version 1 had no owner in the chain; nothing tells whether it is still the one.
        owned = self.version == 1 or self.address_owner_id == self.owner_id
        return owned and self.address_hash == hashlib.sha256(self.salt + self.address.encode()).digest()

    def without_address(self) -> bool:
        return self.salt is None and self.address is None and self.address_owner_id is None

    def owners(self) -> list[str]:
        """Whose the address is, as targets: one account or nobody's. Of version 1, the accounts that can be it."""
        if self.version != 1:
            return [f"{ACCOUNT}{self.owner_id}"] if self.owner_id else []
        actor = [f"{ACCOUNT}{self.actor_id}"] if self.actor_id else []
        return actor + ([self.target] if self.target.startswith(ACCOUNT) else [])


@dataclass(frozen=True, slots=True)
class Verdict:
    """`finding` says why the first line that does not fit, `broken`, does not; empty when all do."""

    verified: int
    broken: int = 0
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the chain must agree with: its head (None when there is not one), and the last line that a checkpoint signed.

    `forgotten` are the last lines that say that somebody's addresses were removed, by `account/<id>`; before `old`, nobody's are.
    """

    head: tuple[int, bytes] | None
    signed: int
    forgotten: Mapping[str, int]
    old: datetime

    def excuse(self, line: Line) -> bool:
        """Whether the address of the line may be missing."""
        if owners := line.owners():
            return any(self.forgotten.get(owner, 0) >= line.sequence for owner in owners)
        return line.time is not None and line.time < self.old


async def verify(lines: AsyncIterator[Line], first: int, previous: bytes, anchors: Anchors, last: int) -> Verdict:
    """Follows the chain from the line `first`, which comes after the hash `previous`, to `last`, or, if that is 0, to the head."""
    expected, ahead = first, deque[Line]()
    async for line in _with_those_ahead(lines, ahead):
        if finding := _finding(line, expected, previous, ahead, anchors):
            return Verdict(expected - first, min(expected, line.sequence), finding)
        expected, previous = expected + 1, line.hash
    broken, finding = _ending(expected, previous, anchors, last)
    return Verdict(expected - first, broken, finding)


def _ending(expected: int, previous: bytes, anchors: Anchors, last: int) -> tuple[int, str]:
    """What is wrong after the last line there is: `expected` would be the next."""
    if anchors.head is None or expected <= (last or max(anchors.head[0], anchors.signed)):
        return expected, "MISSING"
    if last or anchors.head == (expected - 1, previous):
        return 0, ""
    late = anchors.head[0] < expected - 1
    return max(1, min(anchors.head[0] + 1, expected - 1)), "INSERTED" if late else "EDITED"


async def _with_those_ahead(lines: AsyncIterator[Line], ahead: deque[Line]) -> AsyncIterator[Line]:
    """Each line, with the next ones in `ahead` meanwhile."""
    async for line in lines:
        ahead.append(line)
        if len(ahead) > AHEAD:
            yield ahead.popleft()
    while ahead:
        yield ahead.popleft()


def _finding(line: Line, expected: int, previous: bytes, following: Iterable[Line], anchors: Anchors) -> str:
    if line.sequence > expected:
        return "MISSING"
    if line.sequence < expected:
        return "INSERTED"
    if not line.follows(previous):
        return _explain(line, previous, following)
    fits = line.has_its_address() or (line.without_address() and anchors.excuse(line))
    return "" if fits and line.signed in (None, line.hash) else "EDITED"


def _explain(line: Line, previous: bytes, following: Iterable[Line]) -> str:
    """A line further on that belongs here was moved; the next one that belongs here makes this one an insertion."""
    for distance, other in enumerate(following):
        if replace(other, sequence=line.sequence).follows(previous):
            moved = distance > 0 or replace(line, sequence=other.sequence).follows(other.hash)
            return "REORDERED" if moved else "INSERTED"
    return "EDITED"


def anchors(head: tuple[int, bytes] | None, signed: int, forgotten: Iterable[Any], now: datetime) -> Anchors:
    """`forgotten` are pairs of target and sequence."""
    return Anchors(head, signed, dict(map(tuple, forgotten)), now - NOBODYS_ADDRESS_KEPT)
