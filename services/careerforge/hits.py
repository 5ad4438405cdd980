"""Analyses of bytes that the same engine has read for the same person before: answered from what it found then, many at once.

Nothing of it is shared between people: erasing a person, or deleting the resumes with those bytes, takes it away. The new resume has the
same file as the old one, which was scanned; its own copy in quarantine is removed unread.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.careerforge import analyses, queries, tables, telling, uploads
from services.careerforge.tables import UserCareerForge
from services.careerforge.telling import Spokesman
from services.kit import jobs, telemetry
from services.kit.db import WriteSession

# Answered in one transaction: 0.1 s of the database's time.
MOST = 200

_WAITING = """
    select id, payload from careerforge.jobs where kind = 'analyze_resume' and state = 'queued' and run_after <= now()
    order by run_after limit :most for update skip locked"""
_HELD = "select id, payload from careerforge.jobs where id = :job"
# `again` and comparisons take another way: they change another resume, or need the models.
_FIND = """
    with due as materialized ({due})
    select due.id, analysis.id, resume.id, resume.user_id, known.id
    from due join careerforge.resume_analyses analysis on analysis.id = cast(due.payload->>'analysis_id' as uuid)
    join careerforge.resumes resume on resume.id = analysis.resume_id
    cross join lateral (
      select id from careerforge.resumes known
      where known.user_id = resume.user_id and known.sha256 = resume.sha256 and known.id <> resume.id and known.clean
        and known.engine_version = :version and known.as_of >= :month
      order by known.id desc limit 1) known
    where analysis.state = any(:open) and not analysis.again and analysis.position_text = ''"""

# In this order everywhere: whoever locks a profile and something of it locks the profile first.
_LOCK_PROFILES = "select from careerforge.user_careerforge where id = any(:users) order by id for update"
_LOCK_KNOWN = "select id from careerforge.resumes where id = any(:known) order by id for share"
_LOCK_ANALYSES = (
    "select id from careerforge.resume_analyses where id = any(:analyses) and state = any(:open) order by id for update"
)

_ANSWER = """
    with hit as materialized (
      select hit.*, old.text, old.layout, old.parsed, old.vector, old.as_of, old.blob_key, old_analysis.result
      from unnest(cast(:jobs as uuid[]), cast(:analyses as uuid[]), cast(:resumes as uuid[]), cast(:users as uuid[]),
        cast(:known as uuid[])) as hit(job, analysis, resume, user_id, known)
      join careerforge.resumes old on old.id = hit.known
      cross join lateral (
        select result - 'comparison' as result from careerforge.resume_analyses
        where resume_id = old.id and state = 'SUCCEEDED' and engine_version = :version order by id desc limit 1) old_analysis),
    read as (
      update careerforge.resumes r set text = hit.text, layout = hit.layout, parsed = hit.parsed, vector = hit.vector,
        as_of = hit.as_of, engine_version = :version, clean = true, blob_key = hit.blob_key, update_time = now()
      from hit where r.id = hit.resume),
    ended as (
      update careerforge.resume_analyses a set state = 'SUCCEEDED', progress = 100, result = hit.result, wait_message = '',
        engine_version = :version, end_time = now(), update_time = now()
      from hit where a.id = hit.analysis),
    told as (
      insert into careerforge.changes (kind, resource_id, scope)
      select 'analysis', analysis, analysis from hit)
    select job, analysis, resume, user_id from hit"""

_DONE = "update careerforge.jobs set state = 'done', end_time = now(), lease_until = null where id = any(:jobs) and state = 'queued'"
OPEN = ["PENDING", "SCANNING"]


@dataclass(frozen=True, slots=True)
class Known:
    """Which findings are still those that today's engine would make."""

    version: str
    vector_version: str
    today: date

    @property
    def values(self) -> dict[str, Any]:
        return {"version": self.version, "month": self.today.replace(day=1), "open": OPEN}


class Missed(Exception):
    """What was found before is gone, or nobody waits any more."""


async def answer_one(session: WriteSession, known: Known, job_id: UUID) -> None:
    """Ends the analysis of a job that the caller holds, and ends itself. Raises Missed."""
    if not await _answer(session, known, _HELD, {"job": job_id}):
        raise Missed


async def answer_waiting(session: WriteSession, known: Known) -> int:
    """Ends all such analyses that wait, up to 200, with their jobs. Returns how many."""
    ended = await _answer(session, known, _WAITING, {"most": MOST})
    await session.execute(text(_DONE), {"jobs": ended})
    session.after_commit.append(lambda: telemetry.JOBS.labels(analyses.ANALYZE_JOB, "done").inc(len(ended)))
    return len(ended)


async def _answer(session: WriteSession, known: Known, due: str, values: dict[str, Any]) -> list[UUID]:
    """The jobs whose analyses it ended."""
    rows = (await session.execute(text(_FIND.format(due=due)), known.values | values)).all()
    hits = await _lock(session, [tuple(row) for row in rows])
    if not hits:
        return []
    names = ("jobs", "analyses", "resumes", "users", "known")
    columns = dict(zip(names, map(list, zip(*hits, strict=True)), strict=True))
    ended = (await session.execute(text(_ANSWER), columns | {"version": known.version})).all()
    await _speak(session, {row[3]: row[2] for row in sorted(ended, key=lambda row: row[2])}, known.vector_version)
    await _leave_work(session, [(row[1], row[2], row[3]) for row in ended])
    return [row[0] for row in ended]


async def _lock(session: WriteSession, rows: list[tuple[UUID, ...]]) -> list[tuple[UUID, ...]]:
    """Those that nobody called off or deleted meanwhile."""
    if not rows:
        return []
    await session.execute(text(_LOCK_PROFILES), {"users": sorted({row[3] for row in rows})})
    known = set((await session.execute(text(_LOCK_KNOWN), {"known": [row[4] for row in rows]})).scalars())
    values = {"analyses": [row[1] for row in rows], "open": OPEN}
    waiting = set((await session.execute(text(_LOCK_ANALYSES), values)).scalars())
    return [row for row in rows if row[4] in known and row[1] in waiting]


async def _speak(session: WriteSession, newest: dict[UUID, UUID], vector_version: str) -> None:
    """The newest resume of each person speaks for them."""
    for user_id, resume_id in newest.items():
        profile = await session.get_one(UserCareerForge, user_id)
        parsed, vector = await queries.get_reading(session, resume_id)
        await telling.speak(session, profile, Spokesman(resume_id, parsed, vector, vector_version))


async def _leave_work(session: WriteSession, ended: list[tuple[UUID, UUID, UUID]]) -> None:
    """Credits to spend, and files to remove."""
    rows: list[tuple[str, dict[str, Any]]] = []
    for analysis_id, resume_id, user_id in ended:
        spend = {"operation_id": str(analysis_id), "spent": True}
        rows.append((analyses.SETTLE_JOB, spend))
        remove = {"blob_key": uploads.quarantine_key(user_id, resume_id)}
        rows.append((uploads.FORGET_JOB, remove))
    await jobs.enqueue_all(session, tables.jobs, rows)
