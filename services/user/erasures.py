"""A person who wants to be forgotten."""

from datetime import datetime
from uuid import UUID

from services.kit import changes, jobs
from services.kit.db import WriteSession, uuid7
from services.kit.errors import InvalidArgument, Unauthenticated
from services.kit.privacy import UserData
from services.user import queries, sessions, tables
from services.user.tables import Erasure

KIND = "erasure"
ERASE_JOB, SWEEP_JOB = "erase_account", "sweep_erased"


async def begin(
    session: WriteSession, account_id: UUID, own: UserData, request_id: UUID | None, now: datetime
) -> Erasure:
    """The account is gone with this transaction, so nobody signs in to it while the other services remove theirs.

    `request_id` becomes the erasure's id: whoever did not get the answer can watch it all the same. Raises InvalidArgument when there is
    one of this id.
    """
    if await queries.find_account(session, account_id, for_update=True) is None:
        raise Unauthenticated("the account is gone")
    if request_id and await queries.find_erasure(session, request_id):
        raise InvalidArgument("request_id", "was used before; send a new one")
    await sessions.end_all(session, account_id, now)
    await session.flush()
    row = Erasure(id=request_id or uuid7(), account_id=account_id)
    session.add(row)
    await record(session, row)
    await session.refresh(row)
    await own.erase_rows(session, account_id)
    await jobs.enqueue(session, tables.jobs, ERASE_JOB, {"erasure_id": str(row.id)})
    return row


async def record(session: WriteSession, row: Erasure) -> None:
    await session.flush()
    await changes.record(session, tables.changes, KIND, row.id, row.id)
