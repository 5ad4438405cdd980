"""Organizations and who belongs to them."""

from collections.abc import Sequence
from uuid import UUID

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, insert_missing
from services.kit.errors import NotFound, PreconditionFailed
from services.kit.pages import Page
from services.talenthub import queries, tables
from services.talenthub.tables import Member, Organization, UserTalentHub

KIND = "member"
ADMIN = "ADMIN"


async def create_organization(
    session: WriteSession, caller: Caller, display_name: str, domain: str, hiring_capacity: int, focus: Sequence[str]
) -> Organization:
    """Its creator becomes its first admin."""
    row = Organization(
        display_name=display_name, domain=domain, hiring_capacity=hiring_capacity, recruitment_focus=list(focus)
    )
    session.add(row)
    await session.flush()
    account_id = caller.account()
    await insert_missing(session, UserTalentHub, id=account_id, base_user_id=account_id, organization_id=row.id)
    await add_member(session, row.id, caller.account(), ADMIN)
    await session.refresh(row)
    return row


async def add_member(session: WriteSession, organization_id: UUID, account_id: UUID, role: str) -> Member:
    member = Member(organization_id=organization_id, account_id=account_id, role=role)
    session.add(member)
    await session.flush()
    # The matcher lets members see matches, so it hears of each.
    await changes.record(session, tables.changes, KIND, member.id, organization_id)
    return member


async def get_organization(session: ReadSession, caller: Caller, organization_id: UUID) -> Organization:
    """Another organization and a missing one answer alike."""
    await get_membership(session, caller, organization_id)
    return await queries.get_organization(session, organization_id)


async def list_organizations(session: ReadSession, caller: Caller, page: Page) -> Sequence[Organization]:
    return await queries.list_organizations(session, caller.account(), page)


async def list_members(session: ReadSession, caller: Caller, organization_id: UUID, page: Page) -> Sequence[Member]:
    await get_membership(session, caller, organization_id)
    return await queries.list_members(session, organization_id, page)


async def get_membership(session: ReadSession, caller: Caller, organization_id: UUID) -> Member:
    member = await queries.find_member(session, organization_id, caller.account())
    if member is None:
        raise NotFound("organization", str(organization_id))
    return member


async def working_organization(session: ReadSession, caller: Caller, organization_id: UUID | None) -> UUID:
    """The organization that a recruiter writes for: the one named, else the only one.

    Raises PreconditionFailed (ORGANIZATION_REQUIRED) for who has none or several, PermissionDenied for who only looks on.
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
    return member.organization_id
