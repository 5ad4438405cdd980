"""Which rankings were shown to whom: a chain of records for each organization, so that none is changed or removed unseen.

A record's hash covers the record and the hash before it. Where the viewer's account was erased, their name is taken off the record: what it
said of them is not proven any more, but that there was a record, and everything after it, still is.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, text, update

from services.kit.db import ReadSession, WriteSession, utc_now
from services.kit.pages import Page
from services.matching.tables import AuditRecord

GENESIS = "0" * 64
# Stands for a viewer whose account was erased.
FORGOTTEN = UUID(int=0)
# Records read at once when a chain is verified.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A ranking at a revision, as somebody saw its first rows."""

    organization_id: UUID
    position_id: UUID
    viewer_id: UUID
    revision: int
    row_count: int
    engine_version: str


async def record_shown(session: WriteSession, shown: Shown) -> AuditRecord:
    """The next record of the position's organization. Who records for the same one at the same time waits until this is committed."""
    lock = text("select pg_advisory_xact_lock(hashtextextended(:organization, 5417))")
    await session.execute(lock, {"organization": str(shown.organization_id)})
    last = await _last(session, shown.organization_id)
    record = AuditRecord(
        organization_id=shown.organization_id,
        position_id=shown.position_id,
        viewer_id=shown.viewer_id,
        engine_version=shown.engine_version,
        row_count=shown.row_count,
        revision=shown.revision,
        create_time=utc_now(),
        number=last.number + 1 if last else 1,
    )
    record.hash = _hash(record, last.hash if last else GENESIS)
    session.add(record)
    await session.flush()
    return record


async def list_audit_records(session: ReadSession, position_id: UUID | None, page: Page) -> Sequence[AuditRecord]:
    """Newest first; of one position, or of all that the session may see."""
    statement = select(AuditRecord)
    if position_id:
        statement = statement.where(AuditRecord.position_id == position_id)
    return (await session.execute(page.newest(statement, AuditRecord.id))).scalars().all()


async def verify_chain(session: ReadSession, organization_id: UUID) -> int | None:
    """The number of the first record that is not as it was written, or missing; None without one. The last ones may be missing unseen."""
    number, previous = 1, GENESIS
    async for record in _records(session, organization_id):
        written = record.viewer_id == FORGOTTEN or record.hash == _hash(record, previous)
        if record.number != number or not written:
            return number
        number, previous = number + 1, record.hash
    return None


async def forget_viewer(session: WriteSession, viewer_id: UUID) -> None:
    """Takes a person off the records; the records stay."""
    await session.execute(update(AuditRecord).where(AuditRecord.viewer_id == viewer_id).values(viewer_id=FORGOTTEN))


async def _last(session: ReadSession, organization_id: UUID) -> AuditRecord | None:
    statement = select(AuditRecord).where(AuditRecord.organization_id == organization_id)
    newest = statement.order_by(AuditRecord.number.desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


async def _records(session: ReadSession, organization_id: UUID) -> AsyncIterator[AuditRecord]:
    """By number."""
    after = 0
    while True:
        statement = select(AuditRecord).where(
            AuditRecord.organization_id == organization_id, AuditRecord.number > after
        )
        found = (await session.execute(statement.order_by(AuditRecord.number).limit(BATCH))).scalars().all()
        for record in found:
            yield record
        if len(found) < BATCH:
            return
        after = found[-1].number


def _hash(record: AuditRecord, previous: str) -> str:
    said = {
        "previous": previous,
        "number": record.number,
        "organization_id": str(record.organization_id),
        "position_id": str(record.position_id),
        "viewer_id": str(record.viewer_id),
        "engine_version": record.engine_version,
        "row_count": record.row_count,
        "revision": record.revision,
        "create_time": _microseconds(record.create_time),
    }
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _microseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
