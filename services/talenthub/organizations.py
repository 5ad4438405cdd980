"""Organizations: made, changed and handed over."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, insert_missing, lock_request
from services.kit.errors import NotFound
from services.kit.masks import check_etag
from services.talenthub import access, members, positions, queries
from services.talenthub.name_pages import NamePage
from services.talenthub.tables import Organization, UserTalentHub


async def create_organization(
    session: WriteSession, caller: Caller, values: Mapping[str, Any], request_id: UUID | None
) -> Organization:
    """Its creator becomes its first admin. The same `request_id` again: the organization it made before."""
    account_id = caller.account()
    if request_id:
        # An organization belongs to nobody before it is there: so that others may use the same id, the caller's own is kept.
        request_id = uuid5(account_id, str(request_id))
        await lock_request(session, request_id)
        if known := await queries.find_organization_by_request(session, request_id):
            return known
    row = Organization(request_id=request_id, **values)
    session.add(row)
    await session.flush()
    await insert_missing(session, UserTalentHub, id=account_id, base_user_id=account_id, organization_id=row.id)
    await members.add(session, row.id, account_id, members.ADMIN)
    await session.refresh(row)
    return row


async def get_organization(session: ReadSession, caller: Caller, organization_id: UUID) -> Organization:
    """Another organization and a missing one answer alike."""
    await access.get_membership(session, caller, organization_id)
    return await queries.get_organization(session, organization_id)


async def list_organizations(session: ReadSession, caller: Caller, page: NamePage) -> Sequence[Organization]:
    """By name."""
    return await queries.list_organizations(session, caller.account(), page)


async def update_organization(
    session: WriteSession, caller: Caller, organization_id: UUID, values: Mapping[str, Any], etag: str, repeated: bool
) -> Organization:
    """Another domain has to be verified anew. `repeated`: the request may have come before, and finds what it did."""
    row = await access.administered(session, caller, organization_id)
    if repeated and all(getattr(row, name) == value for name, value in values.items()):
        return row
    check_etag("organization", etag, row.version)
    row.require_active()
    renamed = values.get("display_name", row.display_name) != row.display_name
    if values.get("domain", row.domain) != row.domain:
        row.verified = False
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()
    await session.refresh(row)
    if renamed:
        # What watchers are told of a position names its organization.
        await positions.tell_all(session, organization_id)
    return row


async def transfer_organization(
    session: WriteSession, caller: Caller, organization_id: UUID, account_id: UUID
) -> Organization:
    """The other member becomes admin, the caller a recruiter. Again: nothing more."""
    await queries.lock_organization(session, organization_id)
    member = await access.get_membership(session, caller, organization_id)
    heir = await queries.find_member(session, organization_id, account_id)
    if heir is None:
        raise NotFound("member", str(account_id))
    if heir.role == members.ADMIN and member.role != members.ADMIN:
        return await queries.get_organization(session, organization_id)
    row = await access.administered(session, caller, organization_id)
    row.require_active()
    await members.set_role(session, heir, members.ADMIN)
    if heir.id != member.id:
        await members.set_role(session, member, members.RECRUITER)
    return row
