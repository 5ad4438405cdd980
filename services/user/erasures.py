"""A person who wants to be forgotten."""

from datetime import datetime
from uuid import UUID

from services.kit import changes, jobs
from services.kit.db import WriteSession
from services.kit.privacy import UserData
from services.user import queries, sessions, tables
from services.user.tables import Erasure

KIND = "erasure"
ERASE_JOB, SWEEP_JOB = "erase_account", "sweep_erased"


async def begin(session: WriteSession, account_id: UUID, own: UserData, now: datetime) -> Erasure:
    """The account is gone with this transaction, so nobody signs in to it while the other services remove theirs."""
    await queries.get_account(session, account_id, for_update=True)
    await sessions.end_all(session, account_id, now)
    await session.flush()
    row = Erasure(account_id=account_id)
    session.add(row)
    await record(session, row)
    await session.refresh(row)
    await own.erase_rows(session, account_id)
    await jobs.enqueue(session, tables.jobs, ERASE_JOB, {"erasure_id": str(row.id)})
    return row


async def record(session: WriteSession, row: Erasure) -> None:
    await session.flush()
    await changes.record(session, tables.changes, KIND, row.id, row.id)
