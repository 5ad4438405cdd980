"""Resumes that a person uploaded: looked at, downloaded, deleted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.careerforge import queries, telling, uploads
from services.careerforge.tables import Resume
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import WrongState
from services.kit.pages import Page


async def get_resume(session: ReadSession, caller: Caller, resume_id: UUID) -> tuple[Resume, UUID | None]:
    """A resume and its newest analysis."""
    row = await queries.get_own_resume(session, caller.account(), resume_id)
    return row, (await queries.latest_analyses(session, [resume_id])).get(resume_id)


async def list_resumes(
    session: ReadSession, caller: Caller, page: Page
) -> tuple[Sequence[Resume], Mapping[UUID, UUID]]:
    """Resumes and the newest analysis of each."""
    rows = await queries.list_resumes(session, caller.account(), page)
    return rows, await queries.latest_analyses(session, [row.id for row in rows])


async def get_read_resume(session: ReadSession, caller: Caller, resume_id: UUID) -> Resume:
    """Raises WrongState until an analysis has read it."""
    row = await queries.get_own_resume(session, caller.account(), resume_id)
    if row.text is None or row.parsed is None:
        raise WrongState("resume", "NOT_READ", "one whose analysis succeeded")
    return row


async def get_clean_resume(session: ReadSession, caller: Caller, resume_id: UUID) -> Resume:
    """Raises WrongState while it is in quarantine."""
    row = await queries.get_own_resume(session, caller.account(), resume_id)
    if not row.clean:
        raise WrongState("resume", "QUARANTINED", "one whose analysis succeeded")
    return row


async def delete_resume(session: WriteSession, caller: Caller, resume_id: UUID) -> None:
    """With its file. Takes the person out of matching if it was the resume that spoke for them."""
    profile = await queries.find_profile(session, caller.account(), for_update=True)
    row = await queries.get_own_resume(session, caller.account(), resume_id)
    if profile and profile.resume_id == resume_id:
        await telling.fall_silent(session, profile)
    await session.delete(row)
    await session.flush()
    # Another resume of the same bytes may have the same file.
    if not await queries.is_shared(session, row.blob_key):
        await uploads.forget(session, row.blob_key)
