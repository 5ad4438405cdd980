"""What people say against a match or a decision about their application, and what they are answered. Both are on the record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.kit.errors import NotFound, WrongState
from services.kit.pages import Page
from services.talenthub import application_queries, dossier_queries, moves
from services.talenthub.decisions import record_decision
from services.talenthub.tables import Application, Dispute, Position


async def create_dispute(
    session: WriteSession, caller: Caller, application_id: UUID, words: str, request_id: UUID | None, now: datetime
) -> Dispute:
    """By the person who applied. The session sees everything: the organization's log is not theirs to see. The same `request_id` again:
    the dispute it made before.
    """
    application = await _get_application(session, application_id)
    if application.candidate_id != caller.account():
        raise NotFound("application", str(application_id))
    if request_id:
        await lock_request(session, request_id)
        if known := await _find_by_request(session, application_id, request_id):
            return known
    row = Dispute(application_id=application_id, text=words, request_id=request_id)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await _record(session, application, "disputed", caller, words, now)
    return row


async def list_disputes(session: ReadSession, caller: Caller, application_id: UUID, page: Page) -> Sequence[Dispute]:
    """Newest first; for both sides."""
    await application_queries.get_visible_application(session, caller.account(), application_id)
    statement = select(Dispute).where(Dispute.application_id == application_id)
    return (await session.execute(page.newest(statement, Dispute.id))).scalars().all()


async def answer_dispute(
    session: WriteSession, caller: Caller, dispute_id: UUID, answer: str, corrected: bool, now: datetime
) -> Dispute:
    """By a member who manages applications, and not one's own. The same answer of the same member again changes nothing. Raises WrongState
    for another.
    """
    row = await session.get(Dispute, dispute_id)
    if row is None:
        raise NotFound("dispute", str(dispute_id))
    with dossier_queries.known_as("dispute", dispute_id):
        application = (await moves.get_managed(session, caller, row.application_id)).application
    # As it is now: until here somebody else may have held the application, and answered.
    await session.refresh(row)
    state = "CORRECTED" if corrected else "ANSWERED"
    if (row.state, row.answer, row.answerer_id) == (state, answer, caller.account()):
        return row
    if row.state != "OPEN":
        raise WrongState("dispute", row.state, "OPEN")
    row.state, row.answer, row.answerer_id = state, answer, caller.account()
    await session.flush()
    await _record(session, application, state.lower(), caller, answer, now)
    return row


async def _get_application(session: ReadSession, application_id: UUID) -> Application:
    row = await session.get(Application, application_id)
    if row is None:
        raise NotFound("application", str(application_id))
    return row


async def _find_by_request(session: ReadSession, application_id: UUID, request_id: UUID) -> Dispute | None:
    where = (Dispute.application_id == application_id, Dispute.request_id == request_id)
    return (await session.execute(select(Dispute).where(*where))).scalar_one_or_none()


async def _record(
    session: WriteSession, application: Application, kind: str, caller: Caller, reason: str, now: datetime
) -> None:
    organization = select(Position.organization_id).where(Position.id == application.position_id)
    organization_id = (await session.execute(organization)).scalar_one()
    await record_decision(session, organization_id, kind, application.id, caller.account(), reason, now)
