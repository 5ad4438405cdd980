"""What the caller may do in an organization."""

from uuid import UUID

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound, PreconditionFailed
from services.talenthub import queries
from services.talenthub.tables import Member, Organization


async def get_membership(session: ReadSession, caller: Caller, organization_id: UUID) -> Member:
    member = await queries.find_member(session, organization_id, caller.account())
    if member is None:
        raise NotFound("organization", str(organization_id))
    return member


async def administered(session: WriteSession, caller: Caller, organization_id: UUID) -> Organization:
    """For its admins, and locked: of two who change its members at once, the second sees what the first did."""
    row = await queries.lock_organization(session, organization_id)
    member = await get_membership(session, caller, organization_id)
    membership.require(member.role, membership.ADMINISTER_ORGANIZATION)
    return row


async def working_organization(session: ReadSession, caller: Caller, organization_id: UUID | None) -> UUID:
    """The organization that a recruiter writes for: the one named, else the only one.

    Raises PreconditionFailed (ORGANIZATION_REQUIRED) for who has none or several, PermissionDenied for who only looks on, WrongState where
    it is closed.
    """
    if organization_id is not None:
        member = await get_membership(session, caller, organization_id)
    else:
        memberships = await queries.list_memberships(session, caller.account())
        if not memberships:
            raise PreconditionFailed("ORGANIZATION_REQUIRED", "create an organization first: POST /v1/organizations")
        if len(memberships) > 1:
            raise PreconditionFailed("ORGANIZATION_REQUIRED", "you belong to several organizations: name one of them")
        member = memberships[0]
    membership.require(member.role, membership.MANAGE_POSITIONS)
    (await queries.get_organization(session, member.organization_id)).require_active()
    return member.organization_id
