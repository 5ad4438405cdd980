"""Which rankings were shown to whom: a chain of records for each organization, so that none is changed or removed unseen.

A record's hash covers the record, the rows that were shown and the hash before it. Where the viewer's account was erased, their name is
taken off the record; where a candidate's was, their row is emptied but for its hash: what it said of them is not proven any more, but that
there was a record, and a row, and everything after it, still is.
"""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import ReadSession, WriteSession, utc_now
from services.kit.errors import NotFound
from services.kit.pages import Page
from services.matching.tables import AuditRecord, Match, ShownRow

GENESIS = "0" * 64
# Stands for a viewer, or a candidate, whose account was erased.
FORGOTTEN = UUID(int=0)
# Records read at once when a chain is verified.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row as somebody saw it, and which inputs its score was computed from."""

    rank: int
    candidate_id: UUID
    score: float
    candidate_version: str
    position_version: str
    as_of: date


def row_of(match: Match, rank: int) -> Row:
    versions = match.candidate_version, match.position_version
    return Row(rank, match.candidate_id, match.score, *versions, match.as_of)


@dataclass(frozen=True)
class Shown:
    """Rows of a ranking at a revision, as somebody saw them."""

    organization_id: UUID
    position_id: UUID
    viewer_id: UUID
    revision: int
    engine_version: str
    rows: tuple[Row, ...]

    @cached_property
    def sheet(self) -> str:
        return sheet_of(self.position_id, [hash_of(row) for row in self.rows])


async def keep_rows(session: WriteSession, all_shown: Collection[Shown]) -> None:
    """What records name. Whoever was shown the same rows shares them."""
    sheets = {one.sheet: one.rows for one in all_shown}
    rows = [asdict(row) | {"sheet": sheet, "hash": hash_of(row)} for sheet in sorted(sheets) for row in sheets[sheet]]
    if rows:
        await session.execute(insert(ShownRow).on_conflict_do_nothing(), rows)


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
        row_count=len(shown.rows),
        revision=shown.revision,
        sheet=shown.sheet,
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
        if record.number != number or not _is_written(record, previous):
            return number
        number, previous = number + 1, record.hash
    return None


async def forget_viewer(session: WriteSession, viewer_id: UUID) -> None:
    """Takes a person off the records; the records stay."""
    await session.execute(update(AuditRecord).where(AuditRecord.viewer_id == viewer_id).values(viewer_id=FORGOTTEN))


async def forget_candidate(session: WriteSession, candidate_id: UUID) -> None:
    """Empties the rows that show a person, but for their hashes."""
    nothing = {"candidate_id": FORGOTTEN, "score": 0.0, "candidate_version": ""}
    await session.execute(update(ShownRow).where(ShownRow.candidate_id == candidate_id).values(nothing))


async def get_record(session: ReadSession, record_id: UUID) -> AuditRecord:
    if found := await session.get(AuditRecord, record_id):
        return found
    raise NotFound("audit record", str(record_id))


async def list_rows(session: ReadSession, record: AuditRecord) -> Sequence[ShownRow]:
    """What the record's viewer was shown, by rank."""
    statement = select(ShownRow).where(ShownRow.sheet == record.sheet).order_by(ShownRow.rank)
    return (await session.execute(statement)).scalars().all()


async def is_intact(session: ReadSession, record: AuditRecord, rows: Sequence[ShownRow]) -> bool:
    """Whether a record and its rows are as they were written."""
    statement = select(AuditRecord.hash).where(
        AuditRecord.organization_id == record.organization_id, AuditRecord.number == record.number - 1
    )
    previous = (await session.execute(statement)).scalar_one_or_none() or GENESIS
    written = all(row.candidate_id == FORGOTTEN or row.hash == hash_of(_as_shown(row)) for row in rows)
    whole = not record.sheet or record.sheet == sheet_of(record.position_id, [row.hash for row in rows])
    return _is_written(record, previous) and written and whole


def _as_shown(row: ShownRow) -> Row:
    versions = row.candidate_version, row.position_version
    return Row(row.rank, row.candidate_id, row.score, *versions, row.as_of)


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


def hash_of(row: Row) -> str:
    return sha256(json.dumps([str(value) for value in astuple(row)]).encode()).hexdigest()


def sheet_of(position_id: UUID, hashes: Sequence[str]) -> str:
    return sha256(json.dumps([str(position_id), *hashes]).encode()).hexdigest()


def _is_written(record: AuditRecord, previous: str) -> bool:
    return record.viewer_id == FORGOTTEN or record.hash == _hash(record, previous)


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
    if record.sheet:
        said["sheet"] = record.sheet
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _microseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
