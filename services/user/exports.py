"""Everything about a person, in one file for them."""

from datetime import datetime
from uuid import UUID

from services.kit import changes, jobs
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import WrongState
from services.user import queries, tables
from services.user.tables import DataExport

KIND = "data_export"
EXPORT_JOB, FORGET_JOB = "export_data", "forget_export"


async def begin(session: WriteSession, caller: Caller, request_id: UUID | None) -> DataExport:
    """Again with the same request: the same export. Raises WrongState while another runs."""
    # Of two that begin at once, the second waits here and sees the first.
    account = await queries.get_account(session, caller.account(), for_update=True)
    if request_id and (known := await queries.find_export_by_request(session, account.id, request_id)):
        return known
    if await queries.export_runs(session, account.id):
        raise WrongState("data export", "RUNNING", "an ended one")
    row = DataExport(account_id=account.id, request_id=request_id)
    session.add(row)
    await record(session, row)
    await session.refresh(row)
    await jobs.enqueue(session, tables.jobs, EXPORT_JOB, {"export_id": str(row.id)})
    return row


async def get_ready(session: ReadSession, caller: Caller, export_id: UUID, now: datetime) -> DataExport:
    """Raises WrongState before it is ready and once its file is removed."""
    row = await queries.get_own_export(session, caller.account(), export_id)
    if not row.ready(now):
        raise WrongState("data export", "REMOVED" if row.state == "SUCCEEDED" else row.state, "SUCCEEDED")
    return row


async def record(session: WriteSession, row: DataExport) -> None:
    await session.flush()
    await changes.record(session, tables.changes, KIND, row.id, row.id)
