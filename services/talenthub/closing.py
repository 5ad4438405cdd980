"""The end of an organization."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from services.kit.auth import Caller
from services.kit.db import WriteSession
from services.kit.masks import check_etag
from services.talenthub import access, dossier_queries, invitation_queries, members, positions, queries
from services.talenthub.tables import Invitation, Organization

# Closed organizations are kept for so long.
KEPT = timedelta(days=90)


async def close_organization(
    session: WriteSession, caller: Caller, organization_id: UUID, etag: str, repeated: bool, now: datetime
) -> Organization:
    """Its positions are cancelled, its open invitations and offers taken back. `repeated`: the request may have come before, and finds what
    it did.
    """
    row = await access.administered(session, caller, organization_id)
    if repeated and row.state == "CLOSED":
        return row
    check_etag("organization", etag, row.version)
    row.require_active()
    row.state, row.close_time = "CLOSED", now
    for position in await queries.positions_of(session, organization_id, ("OPEN", "PAUSED")):
        await positions.cancel(session, caller, position, now)
    for invitation in await invitation_queries.pending_invitations(session, organization_id):
        invitation.state = "CANCELLED"
    for offer in await dossier_queries.open_offers(session, organization_id):
        offer.state, offer.answer_time = "WITHDRAWN", now
    await session.flush()
    await session.refresh(row)
    return row


async def forget_closed(session: WriteSession, now: datetime) -> None:
    """Those that were closed long enough ago, with everything in them. Watchers are told of each position and member."""
    for organization_id in await queries.organizations_closed_before(session, now - KEPT):
        await positions.tell_all(session, organization_id)
        for member in await queries.members_of(session, organization_id):
            await members.remove(session, member, now)
        await queries.forget_first_organization(session, organization_id)
        await session.execute(delete(Organization).where(Organization.id == organization_id))
    await session.execute(delete(Invitation).where(Invitation.expire_time < now - KEPT))
