"""Applications and the pipeline that they move through."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.kit.errors import Conflict, NotFound
from services.kit.pages import Page
from services.talenthub import application_queries, moves, queries, tables
from services.talenthub.moves import KIND
from services.talenthub.snapshots import Snapshot
from services.talenthub.tables import Application, Position


async def find_applied(
    session: ReadSession, caller: Caller, position_id: UUID, request_id: UUID | None, now: datetime
) -> Application | None:
    """The application that this request made before. Raises Conflict when the person has applied otherwise, NotFound unless the position
    takes applications: before anything is asked of others.
    """
    if row := await _applied(session, caller, position_id, request_id):
        return row
    position, _ = await queries.get_public_position(session, position_id)
    _require_in_time(position, now)
    return None


async def apply(
    session: WriteSession,
    caller: Caller,
    position_id: UUID,
    message: str,
    channel: str,
    snapshot: Snapshot,
    seal_key: str,
    request_id: UUID | None,
    now: datetime,
) -> Application:
    """As `find_applied`; the message to the organization is the reason of the first step. The session sees everybody's rows: who applies
    writes into the organization's.
    """
    if request_id:
        await lock_request(session, request_id)
    if row := await _applied(session, caller, position_id, request_id):
        return row
    position = await application_queries.lock_open_position(session, position_id)
    if position is None:
        raise NotFound("position", str(position_id))
    _require_in_time(position, now)
    row = Application(
        position_id=position_id,
        candidate_id=caller.account(),
        stage="APPLIED",
        stage_time=now,
        channel=channel,
        profile=snapshot.kept(seal_key, position_id),
        profile_etag=snapshot.etag,
        request_id=request_id,
    )
    session.add(row)
    await session.flush()
    session.add(moves.move_of(row, "", caller.account(), message, now, None))
    await session.refresh(row)
    await changes.record(session, tables.changes, KIND, row.id, position_id)
    return row


async def get_application(session: ReadSession, caller: Caller, application_id: UUID) -> Application:
    """With its profile; for members and for who applied."""
    row, _ = await application_queries.get_visible_application(session, caller.account(), application_id)
    return row


async def list_applications(
    session: ReadSession, caller: Caller, position_id: UUID, stage: str | None, page: Page
) -> Sequence[Application]:
    """Interviewers see those that they hold a talk with."""
    _, member = await queries.get_own_position(session, caller.account(), position_id)
    interviewer_id = caller.account() if member.role == application_queries.INTERVIEWER else None
    return await application_queries.list_applications(session, position_id, stage, page, interviewer_id)


async def list_my_applications(session: ReadSession, caller: Caller, page: Page) -> Sequence[Application]:
    return await application_queries.list_own_applications(session, caller.account(), page)


async def require_all_seen(session: ReadSession, caller: Caller, position_id: UUID) -> None:
    """For who sees all applications to a position: all members but interviewers."""
    _, member = await queries.get_own_position(session, caller.account(), position_id)
    if member.role == application_queries.INTERVIEWER:
        membership.require(member.role, membership.MANAGE_APPLICATIONS)


async def _applied(
    session: ReadSession, caller: Caller, position_id: UUID, request_id: UUID | None
) -> Application | None:
    row = await application_queries.find_application(session, position_id, caller.account())
    if row and not (request_id and row.request_id == request_id):
        raise Conflict("application", "you have applied to this position")
    return row


def _require_in_time(position: Position, now: datetime) -> None:
    """After its deadline a position takes no applications, as one that is not open."""
    if position.deadline_time and now >= position.deadline_time:
        raise NotFound("position", str(position.id))
