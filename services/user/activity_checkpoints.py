"""Signatures under the activity log, with a key that the database does not have.

Who may write to everything could compute the whole chain anew: a checkpoint finds that. Each one's signature covers the one before, so
none can be left out, and the newest one is kept in S3 too, so that they cannot all be left out either. What came after the newest, some
seconds' worth, rests on the chain alone.
"""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from prometheus_client import Counter

from services.kit.blobs import Blobs
from services.kit.db import Database, ReadSession, WriteSession, utc_now
from services.kit.errors import NotFound, WrongState
from services.kit.seal import pseudonym
from services.user import activity_queries as queries
from services.user.activity_chain import GENESIS, Line, Verdict, anchors, verify

COPY = "activity/checkpoint"
# So many checkpoints may lack a copy: replicas copy theirs in any order, and what was not copied in time is made up for.
MOST_AHEAD = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BREAKS = Counter("skillsync_activity_breaks_total", "Times that the activity log did not hold and was not signed.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hashes are hexadecimal, `time` is microseconds since 1970. Those numbered 0 and less are from before signatures were a chain.

    What the database has may be anything.
    """

    number: int
    sequence: int
    hash: str
    time: str
    mac: str

    def signed(self, seal_key: str, previous: "Checkpoint") -> "Checkpoint":
        """With the signature that it should have."""
        if self.number is not None and self.number <= 0:
            mac = pseudonym(seal_key, "activity checkpoint", f"{self.sequence}/{self.hash}")
        else:
            value = f"{self.number}/{self.sequence}/{self.hash}/{self.time}/{previous.mac}"
            mac = pseudonym(seal_key, "activity checkpoint chain", value)
        return replace(self, mac=mac.hex())

    def finding(self, seal_key: str, previous: "Checkpoint") -> str:
        """Why it is not the next one, empty when it is."""
        begins = previous == NOTHING and self.number is not None and self.number <= 0
        if not begins and self.number != previous.number + 1:
            return "MISSING"
        return "" if self == self.signed(seal_key, previous) else "EDITED"


# What is copied before the first.
NOTHING = Checkpoint(0, 0, GENESIS.hex(), "", "")


async def find_copy(blobs: Blobs) -> Checkpoint | None:
    """The newest checkpoint that S3 has. Raises Unavailable when it does not answer."""
    try:
        return Checkpoint(**json.loads(await blobs.get(COPY)))
    except NotFound:
        return None


async def follow(session: ReadSession, seal_key: str, kept: Checkpoint | None) -> tuple[Checkpoint, Verdict]:
    """All checkpoints: the last one that fits, and what is wrong with the next or with the copy that was `kept` before this moment."""
    newest, verdict, met = NOTHING, Verdict(0), kept in (None, NOTHING)
    async for row in _checkpoints(session, None):
        if finding := row.finding(seal_key, newest):
            return newest, Verdict(0, newest.sequence + 1 if finding == "MISSING" else row.sequence, finding)
        newest, met = row, met or row == kept
    if kept is None:
        verdict = Verdict(0, 1, "MISSING")
    elif not met:
        verdict = Verdict(0, kept.sequence, "EDITED" if kept.number <= newest.number else "MISSING")
    elif newest.number - kept.number > MOST_AHEAD:
        verdict = Verdict(0, kept.sequence + 1, "MISSING")
    return newest, verdict


async def sign_checkpoint(db: Database, blobs: Blobs, seal_key: str) -> None:
    """Signs where the log stands, if it has grown and holds: in the database, in S3, and on our output.

    Raises Unavailable without S3: what is signed in the database alone, who edits the database could sign away.
    """
    kept = await find_copy(blobs)
    newest = await _signed(db, seal_key, kept)
    if newest and newest != kept:
        await blobs.put(COPY, json.dumps(asdict(newest)).encode(), "application/json")


async def sign_anew(db: Database, blobs: Blobs, seal_key: str, because: str) -> int:
    """Goes on from what the database has, on an operator's word: after a restore S3 may know of more, or of nothing. Returns the line.

    What does not fit in the database itself is found all the same. Raises WrongState without a log.
    """
    async with db.write() as session:
        await queries.lock_checkpoints(session)
        newest, head = NOTHING, await queries.find_head(session)
        async for row in _checkpoints(session, None):
            newest = row
        if head is None:
            raise WrongState("activity log", "MISSING", "there")
        if newest.sequence != head[0]:
            newest = await _sign(session, seal_key, newest, head)
    log.warning("activity log signed anew at line %d: %s", newest.sequence, because)
    await blobs.put(COPY, json.dumps(asdict(newest)).encode(), "application/json")
    return newest.sequence


async def _signed(db: Database, seal_key: str, kept: Checkpoint | None) -> Checkpoint | None:
    """The newest checkpoint, after this; None if the log does not hold."""
    async with db.write() as session:
        await queries.lock_checkpoints(session)
        # One moment, after whoever signed before us.
        async with db.snapshot() as reading:
            head = await queries.find_head(reading)
            newest, verdict = await _follow_on(reading, seal_key, kept)
            if not verdict.finding:
                verdict = await _lines_since(reading, newest, head)
        if verdict.finding or head is None:
            BREAKS.inc()
            log.error("activity log not signed: line %d is %s", verdict.broken, verdict.finding)
            return None
        # The copy comes first: without one, nothing tells later that this one was the newest.
        if verdict.verified and kept and newest.number - kept.number < MOST_AHEAD:
            newest = await _sign(session, seal_key, newest, head)
    return newest


async def _follow_on(session: ReadSession, seal_key: str, kept: Checkpoint | None) -> tuple[Checkpoint, Verdict]:
    """As `follow`, from the copy on. Where there is none yet, only checkpoints from before there were copies may be there."""
    rows = _checkpoints(session, kept.number if kept else None)
    newest = kept or NOTHING
    if kept is None:
        log.warning("the activity log has no copy of a checkpoint: signing begins here")
    elif kept != NOTHING and await anext(rows, None) != kept:
        return kept, Verdict(0, kept.sequence, "MISSING")
    async for row in rows:
        if finding := row.finding(seal_key, newest) or ("MISSING" if kept is None and row.number > 0 else ""):
            return newest, Verdict(0, newest.sequence + 1, finding)
        newest = row
    return newest, Verdict(0)


async def _lines_since(session: ReadSession, newest: Checkpoint, head: tuple[int, bytes] | None) -> Verdict:
    first = newest.sequence + 1
    found = anchors(head, newest.sequence, await queries.list_forgotten(session, first), utc_now())
    return await verify(lines_of(session, first, 0), first, bytes.fromhex(newest.hash), found, 0)


async def lines_of(session: ReadSession, first: int, end: int) -> AsyncIterator[Line]:
    """From the very first there is, whatever its number, if `first` is 0."""
    async for row in queries.lines(session, first, end):
        yield Line(*row)


async def _sign(session: WriteSession, seal_key: str, newest: Checkpoint, head: tuple[int, bytes]) -> Checkpoint:
    now = utc_now()
    time = str((now - EPOCH) // timedelta(microseconds=1))
    found = Checkpoint(newest.number + 1, head[0], head[1].hex(), time, "").signed(seal_key, newest)
    await queries.insert_checkpoint(session, found.number, found.sequence, found.hash, found.mac, now)
    log.info("activity log checkpoint %s", json.dumps(asdict(found)))
    return found


async def _checkpoints(session: ReadSession, first: int | None) -> AsyncIterator[Checkpoint]:
    async for row in queries.checkpoints(session, first):
        yield Checkpoint(*row)
