"""What grows for ever unless somebody tidies up: old changes and ended jobs."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy import text

from services.kit.background import beside, for_ever
from services.kit.changes import prune
from services.kit.db import EVERYONE, Database, WriteSession, utc_now

Tidy = Callable[[WriteSession, datetime], Awaitable[None]]
"""Removes what is over at a time."""

EVERY_SECONDS = 600.0
# A watcher that was away longer begins with a snapshot.
KEEP_CHANGES_SECONDS = 3 * 24 * 3600.0
# Dead jobs stay: somebody should look at them.
KEEP_DONE_JOBS_DAYS = 7


@asynccontextmanager
async def open_housekeeping(
    db: Database, changes: sa.Table, jobs: sa.Table | None = None, also: Sequence[Tidy] = ()
) -> AsyncIterator[None]:
    """Tidies up every ten minutes as long as the block runs; any number of processes may do it. `also` is what a service has beside."""
    async with beside(for_ever(partial(tidy, db, changes, jobs, also), EVERY_SECONDS, f"tidy up {changes.schema}")):
        yield


async def tidy(db: Database, changes: sa.Table, jobs: sa.Table | None, also: Sequence[Tidy] = ()) -> None:
    async with db.write(EVERYONE) as session:
        for step in also:
            await step(session, utc_now())
        await prune(session, changes, KEEP_CHANGES_SECONDS)
        if jobs is not None:
            old = f"""delete from "{jobs.schema}".jobs where state = 'done' and end_time < now() - make_interval(days => :days)"""  # noqa: S608
            await session.execute(text(old), {"days": KEEP_DONE_JOBS_DAYS})
