"""Several applications of one person to one position: found, made one, and taken apart again.

Both rows stay as they are, stage, notes and steps; the merged one only names the other, which is what undoing takes away. Meanwhile it
is in no list and no count of the organization's, and its notes and ratings are shown with the other's. What makes two look alike stands
in `snapshots`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.kit import changes
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import InvalidArgument, WrongState
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import applications, decisions, dossier_queries, moves, tables
from services.talenthub.application_queries import Pair, Placed
from services.talenthub.tables import Application

UNDONE_WITHIN = timedelta(days=30)


async def find_duplicates(session: ReadSession, caller: Caller, position_id: UUID, page: Page) -> Sequence[Pair]:
    """Each application that looks like an older one, with the oldest of these; newest first. For who sees them all."""
    await applications.require_all_seen(session, caller, position_id)
    return await queries.list_duplicates(session, position_id, page)


async def merge_applications(
    session: WriteSession, caller: Caller, kept_id: UUID, merged_id: UUID, repeated: bool, now: datetime
) -> Application:
    """Returns the one that is kept. Raises WrongState when they are to different positions, one was merged already, or the one that goes
    has an open offer, which its candidate may be about to take. `repeated`: the request may have come before, and finds what it did.
    """
    if kept_id == merged_id:
        raise InvalidArgument("merged_application_id", "is the one that is kept; name two")
    found = await queries.lock_placed(session, caller.account(), [kept_id, merged_id])
    kept, merged = (moves.managed(found, caller, id) for id in (kept_id, merged_id))
    if repeated and merged.application.merged_into_id == kept_id:
        return kept.application
    await _require_mergeable(session, kept.application, merged.application, now)
    merged.application.merged_into_id, merged.application.merge_time = kept_id, now
    await _changed(session, merged, caller, f"Merged into {kept_id}", now)
    return kept.application


async def unmerge_application(
    session: WriteSession, caller: Caller, application_id: UUID, repeated: bool, now: datetime
) -> Application:
    """Returns the one that was merged, as it was. Raises WrongState when it was not, or too long ago. `repeated`: as in merging."""
    placed = await moves.get_managed(session, caller, application_id)
    row = placed.application
    if repeated and row.merged_into_id is None:
        return row
    if row.merged_into_id is None:
        raise WrongState("application", row.stage, "MERGED")
    if row.merge_time is None or now - row.merge_time > UNDONE_WITHIN:
        raise WrongState("application", "MERGED", f"merged within the last {UNDONE_WITHIN.days} days")
    row.merged_into_id = row.merge_time = None
    await _changed(session, placed, caller, "Merge undone", now)
    return row


async def _require_mergeable(session: ReadSession, kept: Application, merged: Application, now: datetime) -> None:
    if kept.position_id != merged.position_id:
        raise WrongState("application", "to another position", "two applications to one position")
    moves.require_unmerged(kept)
    moves.require_unmerged(merged)
    if await dossier_queries.find_open_offer(session, merged.id, now):
        raise WrongState("offer", "OPEN", "an application without an open offer")


async def _changed(session: WriteSession, placed: Placed, caller: Caller, reason: str, now: datetime) -> None:
    row = placed.application
    await session.flush()
    await changes.record(session, tables.changes, moves.KIND, row.id, row.position_id)
    await decisions.record_decision(session, placed.organization_id, "moved", row.id, caller.account(), reason, now)
