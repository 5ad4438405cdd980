"""One stage of an analysis to the next, in one statement and one round trip: each resume goes through five, and none should be felt."""

import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.careerforge.tables import ResumeAnalysis
from services.kit.jobs import Job, LostLease, Queue

# A stage that follows the one shown sooner is not shown: nobody would see it, and each costs a commit.
SHOWN_SECONDS = 0.2
PROGRESS = {"SCANNING": 10, "EXTRACTING": 25, "PARSING": 45, "LINKING": 60, "EMBEDDING": 75}

# What `analyses.KIND` and `changes.record` mean, without a session that knows the rows.
_ENTER = text(
    """
    with held as (
      select id from careerforge.jobs where id = :job and fence = :fence and state = 'running' for update),
    entered as (
      update careerforge.resume_analyses set state = :state, progress = :progress, wait_message = :message, update_time = now()
      where id = :analysis and state <> all(:final) and exists (select from held) returning id),
    told as (
      insert into careerforge.changes (kind, resource_id, scope) select 'analysis', id, id from entered)
    select (select count(*) from held), (select count(*) from entered)"""
)


class OverError(Exception):
    """The analysis was called off, or its resume deleted, while we worked."""


async def enter(queue: Queue, job: Job, state: str, message: str = "") -> None:
    """The next stage, or the same with a `message` on what it waits for. Raises LostLease or OverError, changing nothing."""
    values = {"job": job.id, "fence": job.fence, "analysis": UUID(job.payload["analysis_id"]), "state": state}
    values |= {"progress": PROGRESS[state], "message": message, "final": sorted(ResumeAnalysis.FINAL)}
    ((held, entered),) = await queue.db.run(_ENTER, values)
    if not held:
        raise LostLease
    if not entered:
        raise OverError


@dataclass
class Progress:
    """Of one job, as people see it."""

    queue: Queue
    job: Job
    _last: float = 0.0

    async def enter(self, state: str) -> None:
        """As the function does, unless the stage before was entered only just now."""
        if time.monotonic() - self._last >= SHOWN_SECONDS:
            await enter(self.queue, self.job, state)
            self._last = time.monotonic()
