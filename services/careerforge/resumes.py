"""Resumes that a person uploaded: looked at, downloaded, deleted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.careerforge import queries, telling, uploads
from services.careerforge.findings import vector_version
from services.careerforge.tables import Resume
from services.careerforge.telling import Spokesman
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import WrongState
from services.kit.pages import Page


async def get_resume(session: ReadSession, caller: Caller, resume_id: UUID) -> tuple[Resume, UUID | None, UUID | None]:
    """A resume, its newest analysis, and the resume that speaks for the person."""
    row = await queries.get_own_resume(session, caller.account(), resume_id)
    latest = (await queries.latest_analyses(session, [resume_id])).get(resume_id)
    return row, latest, await queries.find_used_resume(session, caller.account())


async def list_resumes(
    session: ReadSession, caller: Caller, page: Page
) -> tuple[Sequence[Resume], Mapping[UUID, UUID], UUID | None]:
    """Resumes, the newest analysis of each, and the resume that speaks for the person."""
    rows = await queries.list_resumes(session, caller.account(), page)
    latest = await queries.latest_analyses(session, [row.id for row in rows])
    return rows, latest, await queries.find_used_resume(session, caller.account())


async def use_resume(session: WriteSession, caller: Caller, resume_id: UUID) -> None:
    """As the platform: what the person removed is shown to nobody else. Raises WrongState until an analysis has read it."""
    profile = await queries.find_profile(session, caller.account(), for_update=True)
    row = await get_read_resume(session, caller, resume_id)
    assert profile
    assert row.parsed
    if profile.resume_id != row.id:
        spokesman = Spokesman(row.id, row.parsed["resume"], row.vector, vector_version(row.engine_version))
        await telling.speak(session, profile, spokesman)


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
