"""Files that are put straight to the store, by a link, and become resumes once they are complete.

They lie apart from quarantine: who has the link can put other bytes there until it is over, so what is analysed is a copy that nobody can
reach.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from services.careerforge import queries, tables, uploads
from services.careerforge.tables import ResumeUpload
from services.careerforge.uploads import Upload
from services.kit import jobs
from services.kit.auth import Caller
from services.kit.blobs import Blobs
from services.kit.db import ReadSession, WriteSession, uuid7
from services.kit.errors import InvalidArgument, NotFound, WrongState

LINK_MINUTES = 15
# Whoever began to put a file in time may end a little later.
FORGOTTEN_AFTER = timedelta(minutes=LINK_MINUTES + 10)
KEPT = timedelta(days=1)
PART_BYTES = 1 << 20


def key(user_id: UUID, upload_id: UUID) -> str:
    return f"uploads/{user_id}/{upload_id}"


async def create_upload(
    session: WriteSession, caller: Caller, filename: str, byte_size: int, request_id: UUID | None, now: datetime
) -> ResumeUpload:
    """The same request again: the same upload. Its file is removed later, whatever becomes of it."""
    user_id = caller.account()
    if request_id and (known := await queries.find_upload_by_request(session, user_id, request_id)):
        return known
    row = ResumeUpload(
        id=uuid7(), user_id=user_id, filename=filename, byte_size=byte_size, request_id=request_id,
        expire_time=now + timedelta(minutes=LINK_MINUTES),
    )  # fmt: skip
    session.add(row)
    forget = {"blob_key": key(user_id, row.id)}
    await jobs.enqueue(session, tables.jobs, uploads.FORGET_JOB, forget, run_after=now + FORGOTTEN_AFTER)
    return row


async def get_open_upload(
    session: ReadSession, caller: Caller, upload_id: UUID, now: datetime, for_update: bool = False
) -> ResumeUpload:
    """Raises WrongState once its analysis has begun, or its time is over."""
    row = await queries.get_own_upload(session, caller.account(), upload_id, for_update)
    if row.analysis_id or row.expire_time < now:
        raise WrongState("resume upload", "COMPLETED" if row.analysis_id else "EXPIRED", "one that waits for its file")
    return row


async def fetch(blobs: Blobs, row: ResumeUpload) -> Upload:
    """The file. Raises WrongState while there is none, InvalidArgument when it is not what was announced, or no resume."""
    parts: AsyncIterator[bytes] = blobs.stream(key(row.user_id, row.id), PART_BYTES)
    try:
        data = await uploads.collect(parts, row.byte_size)
    except NotFound:
        raise WrongState("resume upload", "EMPTY", "one whose file was put") from None
    if 0 < len(data) < row.byte_size:
        raise InvalidArgument("file", "is shorter than announced; put it again", reason="FILE_TRUNCATED")
    return uploads.recognise(data, row.filename)


async def complete(session: WriteSession, caller: Caller, row: ResumeUpload, analysis_id: UUID, now: datetime) -> None:
    """Of two that complete it at once, the second finds it completed."""
    locked = await get_open_upload(session, caller, row.id, now, for_update=True)
    locked.analysis_id = analysis_id
    await uploads.forget(session, key(row.user_id, row.id))


async def forget_old(session: WriteSession, now: datetime) -> None:
    await session.execute(delete(ResumeUpload).where(ResumeUpload.expire_time < now - KEPT))
