"""Invitations: sent by mail to an address, answered by the person who has shown to receive mail there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit import jobs, membership
from services.kit.accounts import Address
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, insert_missing, lock_request
from services.kit.errors import Conflict, NotFound
from services.kit.pages import Page
from services.talenthub import access, invitation_queries, members, queries, seats, tables
from services.talenthub.jobs import INVITATION_JOB
from services.talenthub.tables import Invitation, Member, UserTalentHub


async def create_invitation(
    session: WriteSession,
    caller: Caller,
    organization_id: UUID,
    email: str,
    role: str,
    request_id: UUID | None,
    now: datetime,
    most: int,
) -> Invitation:
    """Raises Conflict for a member whose address is known here, and where an invitation is open, and QuotaExceeded where members and open
    invitations fill `most` seats.
    """
    organization = await access.administered(session, caller, organization_id)
    organization.require_active()
    if request_id:
        await lock_request(session, request_id)
        if known := await invitation_queries.find_invitation_by_request(session, organization_id, request_id):
            return known
    email = email.lower()
    if await queries.find_member_by_email(session, organization_id, email):
        raise Conflict("member", "a member has this address")
    if await invitation_queries.find_pending_invitation(session, organization_id, email, now):
        raise Conflict("invitation", "an invitation to this address is open; take it back to send another")
    waiting = await invitation_queries.count_pending(session, organization_id, now)
    seats.require(waiting + await queries.count_members(session, organization_id), most)
    row = Invitation(
        organization_id=organization_id,
        email=email,
        role=role,
        inviter_id=caller.account(),
        expire_time=now + Invitation.LIFETIME,
        request_id=request_id,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await jobs.enqueue(session, tables.jobs, INVITATION_JOB, {"invitation_id": str(row.id)})
    return row


async def list_invitations(
    session: ReadSession, caller: Caller, organization_id: UUID, page: Page
) -> Sequence[Invitation]:
    """For admins: it has addresses of people who are no members."""
    member = await access.get_membership(session, caller, organization_id)
    membership.require(member.role, membership.ADMINISTER_ORGANIZATION)
    return await invitation_queries.list_invitations(session, organization_id, page)


async def cancel_invitation(session: WriteSession, caller: Caller, invitation_id: UUID, now: datetime) -> Invitation:
    row = await invitation_queries.find_invitation(session, invitation_id)
    if row is None or await queries.find_member(session, row.organization_id, caller.account()) is None:
        raise NotFound("invitation", str(invitation_id))
    await access.administered(session, caller, row.organization_id)
    await session.refresh(row, with_for_update=True)
    row.answer("CANCELLED", None, now)
    return row


async def accept_invitation(
    session: WriteSession, caller: Caller, address: Address, invitation_id: UUID, now: datetime, most: int
) -> Member:
    """Raises Conflict for who is a member already, QuotaExceeded where `most` seats are taken."""
    row = await _own(session, address, invitation_id)
    organization = await queries.lock_organization(session, row.organization_id)
    # Only now: who closes an organization, or takes an invitation back, locks in this order too.
    await session.refresh(row, with_for_update=True)
    organization.require_active()
    account_id = caller.account()
    if await queries.find_member(session, row.organization_id, account_id):
        raise Conflict("member", "you are a member already")
    seats.require(await queries.count_members(session, row.organization_id), most)
    row.answer("ACCEPTED", account_id, now)
    known = {"base_user_id": account_id, "organization_id": row.organization_id, "email": address.email}
    await insert_missing(session, UserTalentHub, id=account_id, **known)
    return await members.add(session, row.organization_id, account_id, row.role)


async def decline_invitation(
    session: WriteSession, caller: Caller, address: Address, invitation_id: UUID, now: datetime
) -> Invitation:
    row = await _own(session, address, invitation_id)
    await session.refresh(row, with_for_update=True)
    row.answer("DECLINED", caller.account(), now)
    return row


async def _own(session: WriteSession, address: Address, invitation_id: UUID) -> Invitation:
    """Somebody else's invitation and a missing one answer alike, and so does an address that is not verified."""
    row = await invitation_queries.find_invitation(session, invitation_id)
    if row is None or not address.verified or row.email != address.email:
        raise NotFound("invitation", str(invitation_id))
    return row
