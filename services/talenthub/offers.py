"""Offers to applicants. One of an application is open at a time.

Making one moves the application to OFFER. Taking it moves the application to HIRED, with the candidate as the person who did: both sides
have said yes, and nobody needs to say so again. After declining, or when nobody answered in time, members decide how to go on.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import InvalidArgument, NotFound, WrongState
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import decisions, dossier_queries, moves
from services.talenthub.application_queries import Placed
from services.talenthub.stages import Actor, Side, Step, used_stages
from services.talenthub.tables import Offer

MADE, TAKEN = "An offer was made", "The candidate took the offer"


async def create_offer(
    session: WriteSession,
    caller: Caller,
    application_id: UUID,
    terms: str,
    expire_time: datetime,
    request_id: UUID | None,
    now: datetime,
) -> Offer:
    """Raises WrongState when the application has ended or an offer is open, InvalidArgument for an end that is not ahead. The same
    `request_id` again: the offer it made before.
    """
    placed = await moves.get_managed(session, caller, application_id)
    known = await dossier_queries.find_offer_by_request(session, application_id, request_id) if request_id else None
    if known:
        return known
    moves.require_active(placed.application)
    if expire_time <= now:
        raise InvalidArgument("expire_time", "is over; give the candidate time to answer")
    if await dossier_queries.find_open_offer(session, application_id, now):
        raise WrongState("offer", "OPEN", "no open offer")
    await _enter_offer(session, placed, caller, now)
    offer = Offer(
        application_id=application_id, terms=terms, expire_time=expire_time, state="OPEN", request_id=request_id
    )
    session.add(offer)
    await session.flush()
    return offer


async def list_offers(session: ReadSession, caller: Caller, application_id: UUID, page: Page) -> Sequence[Offer]:
    """Newest first; for members and for who applied."""
    await queries.get_visible_application(session, caller.account(), application_id)
    return await dossier_queries.list_offers(session, application_id, page)


async def withdraw_offer(session: WriteSession, caller: Caller, offer_id: UUID, repeated: bool, now: datetime) -> Offer:
    """`repeated`: the request may have come before, and finds what it did. Raises WrongState when the offer is not open."""
    application_id = (await _seen(session, offer_id)).application_id
    with dossier_queries.known_as("offer", offer_id):
        await moves.get_managed(session, caller, application_id)
    return await _leave_open(session, offer_id, "WITHDRAWN", repeated, now)


async def answer_offer(
    session: WriteSession, caller: Caller, offer_id: UUID, accept: bool, repeated: bool, now: datetime
) -> Offer:
    """By the candidate. As `withdraw_offer`. The session sees everybody's rows: a step stands among what the organization sees."""
    application_id = (await _seen(session, offer_id)).application_id
    with dossier_queries.known_as("offer", offer_id):
        placed = await queries.lock_own(session, caller.account(), application_id)
    was_open = (await _seen(session, offer_id)).state == "OPEN"
    offer = await _leave_open(session, offer_id, "ACCEPTED" if accept else "DECLINED", repeated, now)
    if accept and was_open:
        step = Step(placed.application.stage, "HIRED", Actor(caller.account(), Side.CANDIDATE), TAKEN)
        await moves.take_step(session, placed, step, now, placed.application.candidate_message)
    return offer


async def _enter_offer(session: WriteSession, placed: Placed, caller: Caller, now: datetime) -> None:
    row, actor = placed.application, Actor(caller.account(), Side.MEMBER)
    if row.stage != "OFFER":
        step = Step(row.stage, "OFFER", actor, MADE, used_stages(placed.stages))
        await moves.take_step(session, placed, step, now, row.candidate_message)
        return
    await decisions.record_decision(session, placed.organization_id, "offered", row.id, actor.account_id, MADE, now)


async def _leave_open(session: WriteSession, offer_id: UUID, state: str, repeated: bool, now: datetime) -> Offer:
    """Read anew: the application is locked only now."""
    offer = await _seen(session, offer_id)
    if not (repeated and offer.state == state):
        offer.leave_open(state, now)
        await session.flush()
    return offer


async def _seen(session: ReadSession, offer_id: UUID) -> Offer:
    offer = await dossier_queries.find_offer(session, offer_id)
    if offer is None:
        raise NotFound("offer", str(offer_id))
    return offer
