"""The decision log of each organization: who decided what about whom, and why. It only grows.

A line's hash covers the line and the hash before it, so that none is changed or removed unseen. Where the account of who decided was
erased, their name is taken off the line, and where the person was erased whom it was about, the reason is: what such a line said is not
proven any more, but that there was a line, and everything after it, still is.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, text

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.pages import Numbers
from services.talenthub import access
from services.talenthub.tables import Decision

GENESIS = "0" * 64
# Stands for an actor whose account was erased.
FORGOTTEN = UUID(int=0)
# Stands for a reason that was about a person whose account was erased.
ERASED = "[erased]"
# Lines read at once when a chain is verified.
BATCH = 1_000


async def record_decision(
    session: WriteSession,
    organization_id: UUID,
    kind: str,
    subject_id: UUID,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> Decision:
    """The next line of the organization's log, which the session must be able to see: that of a member, or EVERYONE.

    `kind` is `moved`, `rejected`, `offered`, `hired`, `disputed`, `answered` or `corrected`; `subject_id` the application. Who
    decides for the same organization at the same time waits until this is committed.
    """
    lock = text("select pg_advisory_xact_lock(hashtextextended(:organization, 6041))")
    await session.execute(lock, {"organization": str(organization_id)})
    last = await _last(session, organization_id)
    line = Decision(
        organization_id=organization_id,
        sequence=last.sequence + 1 if last else 1,
        kind=kind,
        subject_id=subject_id,
        actor_id=actor_id,
        reason=reason,
        create_time=now,
    )
    line.hash = line_hash(line, last.hash if last else GENESIS)
    session.add(line)
    await session.flush()
    return line


async def list_decisions(
    session: ReadSession, caller: Caller, organization_id: UUID, page: Numbers
) -> Sequence[Decision]:
    """Newest first; for who administers the organization."""
    member = await access.get_membership(session, caller, organization_id)
    membership.require(member.role, membership.ADMINISTER_ORGANIZATION)
    statement = select(Decision).where(Decision.organization_id == organization_id)
    if page.last is not None:
        statement = statement.where(Decision.sequence < page.last)
    newest = statement.order_by(Decision.sequence.desc()).limit(page.limit)
    return (await session.execute(newest)).scalars().all()


async def verify_chain(session: ReadSession, organization_id: UUID) -> int | None:
    """The number of the first line that is not as it was written, or missing; None without one. The last ones may be missing unseen."""
    number, previous = 1, GENESIS
    async for line in _lines(session, organization_id):
        forgotten = line.actor_id == FORGOTTEN or line.reason == ERASED
        if line.sequence != number or not (forgotten or line.hash == line_hash(line, previous)):
            return number
        number, previous = number + 1, line.hash
    return None


def line_hash(line: Decision, previous: str) -> str:
    """SHA-256 over the line and the hash before it, as canonical JSON."""
    said = {
        "previous": previous,
        "organization_id": str(line.organization_id),
        "sequence": line.sequence,
        "kind": line.kind,
        "subject_id": str(line.subject_id),
        "actor_id": str(line.actor_id),
        "reason": line.reason,
        "create_time": line.create_time.isoformat(timespec="microseconds"),
    }
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def _last(session: ReadSession, organization_id: UUID) -> Decision | None:
    statement = select(Decision).where(Decision.organization_id == organization_id)
    newest = statement.order_by(Decision.sequence.desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


async def _lines(session: ReadSession, organization_id: UUID) -> AsyncIterator[Decision]:
    after = 0
    while True:
        statement = select(Decision).where(Decision.organization_id == organization_id, Decision.sequence > after)
        found = (await session.execute(statement.order_by(Decision.sequence).limit(BATCH))).scalars().all()
        for line in found:
            yield line
        if len(found) < BATCH:
            return
        after = found[-1].sequence
