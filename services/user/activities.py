"""The activity log: read, and verified."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from skillsync.type.v1 import access_pb2

from services.kit import activity
from services.kit.auth import Caller
from services.kit.blobs import Blobs
from services.kit.db import Database, ReadSession, utc_now
from services.kit.pages import Numbers
from services.user import activity_queries as queries
from services.user.activity_chain import GENESIS, Line, Verdict, anchors, verify
from services.user.activity_checkpoints import find_copy, follow, lines_of


async def verify_log(db: Database, blobs: Blobs, seal_key: str, start: int, end: int) -> Verdict:
    """Of the whole log when both are 0; of its checkpoints in any case. Reads one moment of the log.

    Raises Unavailable when S3, which has the newest checkpoint, does not answer.
    """
    kept = await find_copy(blobs)
    # After the copy: what was copied is in the database, unless somebody removed it.
    async with db.snapshot() as session:
        newest, signatures = await follow(session, seal_key, kept)
        verdict = await _verify_lines(session, newest.sequence, start, end)
    if verdict.finding or not signatures.finding:
        return verdict
    return replace(signatures, verified=verdict.verified)


async def _verify_lines(session: ReadSession, signed: int, start: int, end: int) -> Verdict:
    first = max(start, 1)
    before = await queries.find_line_hash(session, first - 1) if first > 1 else GENESIS
    if before is None:
        return Verdict(0, first - 1, "MISSING")
    forgotten = await queries.list_forgotten(session, first)
    found = anchors(await queries.find_head(session), signed, forgotten, utc_now())
    return await verify(lines_of(session, start, end), first, before, found, end)


async def list_activities(
    session: ReadSession,
    caller: Caller,
    account_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    page: Numbers,
) -> Sequence[Line]:
    """Newest first; from where others acted on the account is theirs, and left out. Raises PermissionDenied for another's without
    PERMISSION_READ_ACTIVITY.
    """
    whose = account_id or caller.account()
    if whose != caller.account():
        caller.require(access_pb2.PERMISSION_READ_ACTIVITY)
        activity.about(whose)
    rows = await queries.list_activities(session, whose, since, until, page)
    lines = (Line(*row) for row in rows)
    return [line if line.address_owner_id == whose else replace(line, address=None) for line in lines]


async def forget_addresses(session: ReadSession, account_id: UUID) -> None:
    """What the log keeps of an erased person is what the law wants: that an account did something, and when; not from where."""
    await queries.forget_addresses(session, account_id)
