"""Talks with applicants."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import InvalidArgument, NotFound
from services.kit.masks import check_etag
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import calendars, dossier_queries, moves
from services.talenthub.tables import Interview

# A talk further ahead is a slip of the pen.
FURTHEST = timedelta(days=2 * 366)


async def schedule_interview(
    session: WriteSession,
    caller: Caller,
    application_id: UUID,
    start_time: datetime,
    duration_minutes: int,
    place: str,
    interviewer_ids: Collection[UUID],
    request_id: UUID | None,
    now: datetime,
) -> Interview:
    """Raises WrongState when the application has ended, InvalidArgument for a start that is not ahead and for interviewers who are no
    members. The same `request_id` again: the interview it made before.
    """
    placed = await moves.get_managed(session, caller, application_id)
    known = await dossier_queries.find_interview_by_request(session, application_id, request_id) if request_id else None
    if known:
        return known
    moves.require_active(placed.application)
    _require_ahead(start_time, now)
    await _require_members(session, placed.organization_id, interviewer_ids)
    row = Interview(
        application_id=application_id,
        interviewer_ids=list(dict.fromkeys(interviewer_ids)),
        start_time=start_time,
        duration_minutes=duration_minutes,
        place=place,
        state="SCHEDULED",
        request_id=request_id,
    )
    session.add(row)
    await session.flush()
    return row


async def list_interviews(
    session: ReadSession, caller: Caller, application_id: UUID, page: Page
) -> Sequence[Interview]:
    """First first; for members and for who applied."""
    await queries.get_visible_application(session, caller.account(), application_id)
    return await dossier_queries.list_interviews(session, application_id, page)


async def cancel_interview(
    session: WriteSession, caller: Caller, interview_id: UUID, etag: str, now: datetime
) -> Interview:
    """One that was cancelled stays so. Raises WrongState when it was held."""
    row = await _seen(session, interview_id)
    with dossier_queries.known_as("interview", interview_id):
        await moves.get_managed(session, caller, row.application_id)
    await session.refresh(row)
    if row.state != "CANCELLED":
        check_etag("interview", etag, row.version)
        row.cancel(now)
        await session.flush()
    return row


async def get_calendar(session: ReadSession, caller: Caller, interview_id: UUID) -> bytes:
    """For members and for who applied. The session sees everybody's rows: a position that is closed by now too."""
    row = await _seen(session, interview_id)
    with dossier_queries.known_as("interview", interview_id):
        await queries.get_visible_application(session, caller.account(), row.application_id)
    return calendars.calendar_file(row, *await dossier_queries.get_interview_place(session, row.application_id))


async def _seen(session: ReadSession, interview_id: UUID) -> Interview:
    row = await dossier_queries.find_interview(session, interview_id)
    if row is None:
        raise NotFound("interview", str(interview_id))
    return row


def _require_ahead(start_time: datetime, now: datetime) -> None:
    if not now < start_time < now + FURTHEST:
        raise InvalidArgument("start_time", "is not within the next two years; name a time that is to come")


async def _require_members(session: ReadSession, organization_id: UUID, account_ids: Collection[UUID]) -> None:
    members = await dossier_queries.members_among(session, organization_id, account_ids)
    for index, account_id in enumerate(account_ids):
        if account_id not in members:
            raise InvalidArgument(f"interviewer_ids[{index}]", "is no member of the organization; invite them first")
