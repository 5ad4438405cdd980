"""Every SELECT of the careerforge service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import load_only

from services.careerforge.tables import Resume, ResumeAnalysis, ResumeUpload, UserCareerForge
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def find_profile(session: ReadSession, user_id: UUID, for_update: bool = False) -> UserCareerForge | None:
    """Whoever locks a profile and something of it locks the profile first."""
    return await session.get(UserCareerForge, user_id, with_for_update=for_update or None)


async def list_candidates(session: ReadSession, after: UUID | None) -> Sequence[UserCareerForge]:
    """Everybody who takes part in matching."""
    statement = select(UserCareerForge).where(*_matchable()).order_by(UserCareerForge.id)
    return (await session.execute(statement.where(UserCareerForge.id > after) if after else statement)).scalars().all()


async def candidates_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, UserCareerForge]:
    """Of these, those who take part in matching."""
    statement = select(UserCareerForge).where(UserCareerForge.id.in_(ids), *_matchable())
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


def _matchable() -> tuple[ColumnElement[bool], ...]:
    # Without a vector nothing is said, or a worker is still at the first of what is told.
    return UserCareerForge.skill_vector.is_not(None), UserCareerForge.visibility != "HIDDEN"


async def profiles_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, UserCareerForge]:
    statement = select(UserCareerForge).where(UserCareerForge.id.in_(ids))
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


async def find_vector(session: ReadSession, resume_id: UUID) -> Any | None:
    """Of a resume as parsed."""
    return (await session.execute(select(Resume.vector).where(Resume.id == resume_id))).scalar_one_or_none()


async def find_used_resume(session: ReadSession, user_id: UUID) -> UUID | None:
    """The resume that speaks for the person."""
    statement = select(UserCareerForge.resume_id).where(UserCareerForge.id == user_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def get_reading(session: ReadSession, resume_id: UUID) -> tuple[dict[str, Any], Any]:
    """What was found in a resume that was read, and its vector; nothing else of it, which is long."""
    statement = select(Resume.parsed["resume"], Resume.vector).where(Resume.id == resume_id)
    row = (await session.execute(statement)).one()
    return row[0], row[1]


async def find_analysis_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> ResumeAnalysis | None:
    where = (ResumeAnalysis.user_id == user_id, ResumeAnalysis.request_id == request_id)
    return (await session.execute(select(ResumeAnalysis).where(*where))).scalar_one_or_none()


async def get_own_analysis(
    session: ReadSession, user_id: UUID, analysis_id: UUID, for_update: bool = False
) -> ResumeAnalysis:
    """Another person's analysis and a missing one answer alike."""
    statement = select(ResumeAnalysis).where(ResumeAnalysis.id == analysis_id, ResumeAnalysis.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("resume analysis", str(analysis_id))
    return row


async def find_analysis(session: ReadSession, analysis_id: UUID) -> ResumeAnalysis | None:
    """Locked: progress and cancelling must not cross."""
    statement = select(ResumeAnalysis).where(ResumeAnalysis.id == analysis_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def find_work(session: ReadSession, analysis_id: UUID) -> tuple[ResumeAnalysis, Resume] | None:
    """An analysis and what it is of; None when it was deleted."""
    statement = select(ResumeAnalysis, Resume).join(Resume, Resume.id == ResumeAnalysis.resume_id)
    row = (await session.execute(statement.where(ResumeAnalysis.id == analysis_id))).one_or_none()
    return (row[0], row[1]) if row else None


async def analyses_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, ResumeAnalysis]:
    statement = select(ResumeAnalysis).where(ResumeAnalysis.id.in_(ids))
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


async def list_analyses(session: ReadSession, user_id: UUID, page: Page) -> Sequence[ResumeAnalysis]:
    """Newest first."""
    statement = select(ResumeAnalysis).where(ResumeAnalysis.user_id == user_id)
    return (await session.execute(page.newest(statement, ResumeAnalysis.id))).scalars().all()


async def find_running_analysis(session: ReadSession, resume_id: UUID) -> ResumeAnalysis | None:
    where = (ResumeAnalysis.resume_id == resume_id, ResumeAnalysis.state.not_in(ResumeAnalysis.FINAL))
    return (await session.execute(select(ResumeAnalysis).where(*where).limit(1))).scalar_one_or_none()


async def get_own_upload(
    session: ReadSession, user_id: UUID, upload_id: UUID, for_update: bool = False
) -> ResumeUpload:
    statement = select(ResumeUpload).where(ResumeUpload.id == upload_id, ResumeUpload.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("resume upload", str(upload_id))
    return row


async def find_upload_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> ResumeUpload | None:
    where = (ResumeUpload.user_id == user_id, ResumeUpload.request_id == request_id)
    return (await session.execute(select(ResumeUpload).where(*where))).scalar_one_or_none()


async def find_known(session: ReadSession, resume: Resume, version: str, as_of: date) -> Resume | None:
    """What the same engine found in the same bytes of the same person in the same month: the newest."""
    same = (Resume.user_id == resume.user_id, Resume.sha256 == resume.sha256, Resume.engine_version == version)
    where = (*same, Resume.clean, Resume.as_of >= as_of.replace(day=1))
    statement = select(Resume).where(*where).order_by(Resume.id.desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def list_outdated(session: WriteSession, version: str, limit: int) -> Sequence[Resume]:
    """Resumes that another engine read and this one has not tried, those that speak for somebody first. Locked, none that another has."""
    tried = select(ResumeAnalysis.id).where(
        ResumeAnalysis.resume_id == Resume.id,
        or_(ResumeAnalysis.engine_version == version, ResumeAnalysis.state.not_in(ResumeAnalysis.FINAL)),
    )
    spoken = exists().where(UserCareerForge.resume_id == Resume.id)
    statement = (
        select(Resume)
        .options(load_only(Resume.id, Resume.user_id))
        .where(Resume.clean, Resume.parsed.is_not(None), Resume.engine_version != version, ~tried.exists())
        .order_by(spoken.desc(), Resume.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.execute(statement)).scalars().all()


async def count_waiting_again(session: ReadSession, version: str) -> int:
    """Analyses that `list_outdated` led to and that no worker has begun."""
    where = (ResumeAnalysis.state == "PENDING", ResumeAnalysis.again, ResumeAnalysis.engine_version == version)
    return (await session.execute(select(func.count()).select_from(ResumeAnalysis).where(*where))).scalar_one()


async def is_shared(session: ReadSession, blob_key: str) -> bool:
    """Whether a resume has this file."""
    return bool((await session.execute(select(exists().where(Resume.blob_key == blob_key)))).scalar_one())


async def get_own_resume(session: ReadSession, user_id: UUID, resume_id: UUID, for_update: bool = False) -> Resume:
    statement = select(Resume).where(Resume.id == resume_id, Resume.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("resume", str(resume_id))
    return row


async def list_resumes(session: ReadSession, user_id: UUID, page: Page) -> Sequence[Resume]:
    """Newest first."""
    statement = select(Resume).where(Resume.user_id == user_id)
    return (await session.execute(page.newest(statement, Resume.id))).scalars().all()


async def latest_analyses(session: ReadSession, resume_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The newest analysis of each resume."""
    statement = (
        select(ResumeAnalysis.resume_id, ResumeAnalysis.id)
        .where(ResumeAnalysis.resume_id.in_(resume_ids))
        .order_by(ResumeAnalysis.id)
    )
    return {row[0]: row[1] for row in (await session.execute(statement)).all()}
