"""After an upgrade, what another engine read is read again: for nothing, a few a minute, and only what was worked out changes."""

from datetime import datetime, timedelta

from services.careerforge import analyses, queries
from services.careerforge.tables import ResumeAnalysis
from services.kit.db import WriteSession

EVERY_SECONDS = 60.0


async def begin_outdated(session: WriteSession, version: str, per_minute: int, now: datetime) -> int:
    """Analyses for the next minute, evenly spread, so that who uploads waits for one at most. Returns how many."""
    waiting = await queries.count_waiting_again(session, version)
    rows = await queries.list_outdated(session, version, max(0, per_minute - waiting))
    for number, row in enumerate(rows, waiting):
        analysis = ResumeAnalysis(user_id=row.user_id, resume_id=row.id, again=True, engine_version=version)
        session.add(analysis)
        await analyses.record(session, analysis)
        await analyses.enqueue(session, analysis, now + timedelta(seconds=number * EVERY_SECONDS / per_minute))
    return len(rows)
