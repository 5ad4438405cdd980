"""The activity log: read, and verified.

Each line's hash covers the line and the hash before it, so an edited, deleted, inserted or moved line breaks the chain. Who may write to
everything could compute the whole chain anew: checkpoints, signed with a key that the database does not have, find that too.
"""

import hashlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from skillsync.type.v1 import access_pb2

from services.kit import activity
from services.kit.auth import Caller
from services.kit.db import Database, ReadSession
from services.kit.pages import Numbers
from services.kit.seal import pseudonym
from services.user import queries

GENESIS = bytes(32)
BATCH = 10_000
# So far is looked ahead to tell what happened to a line that does not fit.
AHEAD = 200
VERSION = "1"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the database keeps it. `salt` and `address` are None once the person is erased."""

    sequence: int
    time: datetime
    actor_id: UUID | None
    service: str
    action: str
    target: str
    session_id: UUID | None
    result: str
    address_hash: bytes
    hash: bytes
    salt: bytes | None
    address: str | None

    def follows(self, previous: bytes) -> bool:
        """Whether the line is as it was written, right after the one with this hash."""
        return self.hash == hashlib.sha256(previous + self._canonical()).digest() and self._keeps_its_address()

    def _canonical(self) -> bytes:
        """The twin of activity.canonical in migrations/versions/0009_activity.py."""
        microseconds = round(self.time.timestamp() * 1_000_000)
        fields = (
            VERSION, self.sequence, microseconds, self.actor_id or "", self.service,
            self.action, self.target, self.session_id or "", self.result, self.address_hash.hex(),
        )  # fmt: skip
        encoded = [str(field).encode() for field in fields]
        return b"".join(len(field).to_bytes(4) + field for field in encoded)

    def _keeps_its_address(self) -> bool:
        if self.salt is None or self.address is None:
            return self.salt is None and self.address is None
        return self.address_hash == hashlib.sha256(self.salt + self.address.encode()).digest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is the sequence of the first line that does not fit, 0 when all do; `finding` why."""

    verified: int
    broken: int = 0
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the chain must agree with: its head, and signed checkpoints, by sequence."""

    head: tuple[int, bytes]
    checkpoints: Mapping[int, bytes]


async def verify(lines: AsyncIterator[Line], first: int, previous: bytes, anchors: Anchors, last: int) -> Verdict:
    """Follows the chain from the line `first`, which comes after the hash `previous`, to `last`, or, if that is 0, to the head."""
    expected, ahead = first, deque[Line]()
    async for line in _with_those_ahead(lines, ahead):
        if finding := _finding(line, expected, previous, ahead, anchors):
            return Verdict(expected - first, min(expected, line.sequence), finding)
        expected, previous = expected + 1, line.hash
    if expected <= (last or max(anchors.head[0], *anchors.checkpoints, 0)):
        return Verdict(expected - first, expected, "MISSING")
    if not last and anchors.head != (expected - 1, previous):
        late = anchors.head[0] < expected - 1
        return Verdict(expected - first, min(anchors.head[0] + 1, expected - 1), "INSERTED" if late else "EDITED")
    return Verdict(expected - first)


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
    return "EDITED" if anchors.checkpoints.get(line.sequence, line.hash) != line.hash else ""


def _explain(line: Line, previous: bytes, following: Iterable[Line]) -> str:
    """A line further on that belongs here was moved; the next one that belongs here makes this one an insertion."""
    for distance, other in enumerate(following):
        if replace(other, sequence=line.sequence).follows(previous):
            moved = distance > 0 or replace(line, sequence=other.sequence).follows(other.hash)
            return "REORDERED" if moved else "INSERTED"
    return "EDITED"


async def verify_log(db: Database, seal_key: str, start: int, end: int) -> Verdict:
    """Of the whole log when both are 0. Reads one moment of the log, in batches."""
    first = max(start, 1)
    async with db.snapshot() as session:
        before = await queries.find_line_hash(session, first - 1) if first > 1 else GENESIS
        if before is None:
            return Verdict(0, first - 1, "MISSING")
        anchors = await _anchors(session, seal_key, first, end)
        return await verify(_lines(session, first, end), first, before, anchors, end)


async def _anchors(session: ReadSession, seal_key: str, first: int, end: int) -> Anchors:
    """A checkpoint with a wrong signature agrees with no line."""
    rows = await queries.list_checkpoints(session, first, end)
    good = {row.sequence: row.hash if row.mac == _mac(seal_key, row.sequence, row.hash) else b"" for row in rows}
    return Anchors(await queries.get_head(session), good)


async def _lines(session: ReadSession, first: int, end: int) -> AsyncIterator[Line]:
    while rows := await queries.list_lines(session, first, end, BATCH):
        for row in rows:
            yield Line(*row)
        first = rows[-1].sequence + 1


async def sign_checkpoint(db: Database, seal_key: str) -> None:
    """Signs where the log stands, if it has grown: in the database, and on our output, which who edits the database cannot reach."""
    async with db.write() as session:
        sequence, line_hash = await queries.get_head(session)
        mac = _mac(seal_key, sequence, line_hash)
        if sequence and await queries.insert_checkpoint(session, sequence, line_hash, mac):
            log.info("activity log checkpoint %d %s %s", sequence, line_hash.hex(), mac.hex())


def _mac(seal_key: str, sequence: int, line_hash: bytes) -> bytes:
    return pseudonym(seal_key, "activity checkpoint", f"{sequence}/{line_hash.hex()}")


async def list_activities(
    session: ReadSession,
    caller: Caller,
    account_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    page: Numbers,
) -> Sequence[Line]:
    """Newest first. Raises PermissionDenied for another's without PERMISSION_READ_ACTIVITY."""
    whose = account_id or caller.account()
    if whose != caller.account():
        caller.require(access_pb2.PERMISSION_READ_ACTIVITY)
        activity.about(whose)
    rows = await queries.list_activities(session, whose, since, until, page)
    return [Line(*row) for row in rows]


async def forget_addresses(session: ReadSession, account_id: UUID) -> None:
    """What the log keeps of an erased person is what the law wants: that an account did something, and when; not from where."""
    await queries.forget_addresses(session, account_id)
