"""Resume analyses: asked for, worked through stage by stage, and called off."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.careerforge import profiles, queries, tables, uploads
from services.careerforge.tables import Resume, ResumeAnalysis
from services.careerforge.uploads import Upload
from services.kit import changes, jobs
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, utc_now, uuid7
from services.kit.errors import WrongState
from services.kit.pages import Page

KIND = "analysis"
ANALYZE_JOB, SETTLE_JOB, TAKE_BACK_JOB = "analyze_resume", "settle_credits", "take_back_upload"
# Longer than an upload's deadlines together: whoever has not begun its analysis by then never will.
ABANDONED_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for an analysis says beside the file, and the promise that ends when it begins."""

    analysis_id: UUID
    promise_id: UUID
    request_id: UUID | None
    position_text: str = ""
    position_id: UUID | None = None


def new_ids() -> tuple[UUID, UUID]:
    """Of a resume and of its first analysis; the latter is also the operation that credits are reserved for."""
    return uuid7(), uuid7()


async def find_repeated(session: ReadSession, caller: Caller, request_id: UUID | None) -> ResumeAnalysis | None:
    """The analysis that the same request began before."""
    if request_id is None:
        return None
    return await queries.find_analysis_by_request(session, caller.account(), request_id)


async def promise(session: WriteSession, caller: Caller, analysis_id: UUID, blob_key: str = "") -> UUID:
    """Sees to it that credit and file, if there is one, are taken back unless the analysis begins. Returns the job that would do so."""
    payload = {"operation_id": str(analysis_id), "blob_key": blob_key, "user_id": str(caller.account())}
    return await jobs.enqueue(session, tables.jobs, TAKE_BACK_JOB, payload, run_after=utc_now() + ABANDONED_AFTER)


async def take_back(session: WriteSession, promise_id: UUID) -> None:
    """Now, not only when the upload counts as abandoned."""
    await jobs.hasten(session, tables.jobs, promise_id)


async def begin(session: WriteSession, caller: Caller, upload: Upload, resume_id: UUID, asked: Asked) -> ResumeAnalysis:
    """Of a new resume, whose file lies in quarantine already."""
    user_id = caller.account()
    await profiles.ensure_profile(session, caller)
    session.add(
        Resume(
            id=resume_id,
            user_id=user_id,
            filename=upload.filename,
            content_type=upload.kind.value,
            byte_size=len(upload.data),
            sha256=hashlib.sha256(upload.data).hexdigest(),
            blob_key=uploads.quarantine_key(user_id, resume_id),
        )
    )
    await session.flush()
    return await _start(session, ResumeAnalysis(user_id=user_id, resume_id=resume_id), asked)


async def begin_again(session: WriteSession, caller: Caller, resume_id: UUID, asked: Asked) -> ResumeAnalysis:
    """Of a resume that was read before. Raises WrongState while an analysis of it runs, or when none succeeded."""
    await check_again(session, caller, resume_id, for_update=True)
    return await _start(session, ResumeAnalysis(user_id=caller.account(), resume_id=resume_id, again=True), asked)


async def check_again(session: ReadSession, caller: Caller, resume_id: UUID, for_update: bool = False) -> None:
    """Raises what `begin_again` raises."""
    row = await queries.get_own_resume(session, caller.account(), resume_id, for_update)
    if running := await queries.find_running_analysis(session, resume_id):
        raise WrongState("resume", running.state, "one that no analysis is at")
    if not row.clean or row.parsed is None:
        raise WrongState("resume", "NOT_READ", "one whose analysis succeeded")


async def _start(session: WriteSession, analysis: ResumeAnalysis, asked: Asked) -> ResumeAnalysis:
    """Rows and job in one transaction, which ends the promise."""
    await jobs.withdraw(session, tables.jobs, asked.promise_id)
    analysis.id, analysis.request_id = asked.analysis_id, asked.request_id
    analysis.position_text, analysis.position_id = asked.position_text, asked.position_id
    session.add(analysis)
    await record(session, analysis)
    await session.refresh(analysis)
    await enqueue(session, analysis)
    return analysis


async def enqueue(session: WriteSession, analysis: ResumeAnalysis, run_after: datetime | None = None) -> None:
    ids = {"analysis_id": analysis.id, "resume_id": analysis.resume_id, "user_id": analysis.user_id}
    payload = {name: str(value) for name, value in ids.items()}
    await jobs.enqueue(session, tables.jobs, ANALYZE_JOB, payload, run_after)


async def get_analysis(session: ReadSession, caller: Caller, analysis_id: UUID) -> ResumeAnalysis:
    return await queries.get_own_analysis(session, caller.account(), analysis_id)


async def list_analyses(session: ReadSession, caller: Caller, page: Page) -> Sequence[ResumeAnalysis]:
    return await queries.list_analyses(session, caller.account(), page)


async def cancel(session: WriteSession, caller: Caller, analysis_id: UUID, now: datetime) -> ResumeAnalysis:
    """Raises WrongState when it has ended."""
    analysis = await queries.get_own_analysis(session, caller.account(), analysis_id, for_update=True)
    analysis.end("CANCELLED", now)
    await settle(session, analysis, spent=False)
    await record(session, analysis)
    await session.refresh(analysis)
    return analysis


async def settle(session: WriteSession, analysis: ResumeAnalysis, spent: bool) -> None:
    """Spends or gives back the credit, later and for certain."""
    payload: dict[str, Any] = {"operation_id": str(analysis.id), "spent": spent}
    await jobs.enqueue(session, tables.jobs, SETTLE_JOB, payload)


async def record(session: WriteSession, analysis: ResumeAnalysis) -> None:
    await session.flush()
    await changes.record(session, tables.changes, KIND, analysis.id, analysis.id)
