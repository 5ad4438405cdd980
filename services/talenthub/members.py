"""Who belongs to an organization, and as what. The matcher lets members see matches, so it hears of every change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit import changes, membership
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound, WrongState
from services.kit.masks import check_etag
from services.kit.pages import Page
from services.talenthub import access, queries, tables
from services.talenthub.tables import Member

KIND = "member"
ADMIN, RECRUITER = "ADMIN", "RECRUITER"


async def list_members(session: ReadSession, caller: Caller, organization_id: UUID, page: Page) -> Sequence[Member]:
    await access.get_membership(session, caller, organization_id)
    return await queries.list_members(session, organization_id, page)


async def update_member(
    session: WriteSession, caller: Caller, organization_id: UUID, account_id: UUID, role: str, etag: str, repeated: bool
) -> Member:
    """Raises WrongState for the last admin, who cannot step down. `repeated`: the request may have come before, and finds what it did."""
    await access.administered(session, caller, organization_id)
    member = await _get(session, organization_id, account_id)
    if repeated and member.role == role:
        return member
    check_etag("member", etag, member.version)
    if role != ADMIN:
        await _require_another_admin(session, member)
    await set_role(session, member, role)
    return member


async def remove_member(
    session: WriteSession, caller: Caller, organization_id: UUID, account_id: UUID, now: datetime
) -> None:
    """For admins, and for oneself. Raises WrongState for the last admin."""
    await queries.lock_organization(session, organization_id)
    own = await access.get_membership(session, caller, organization_id)
    if account_id != caller.account():
        membership.require(own.role, membership.ADMINISTER_ORGANIZATION)
    member = await _get(session, organization_id, account_id)
    await _require_another_admin(session, member)
    await remove(session, member, now)


async def add(session: WriteSession, organization_id: UUID, account_id: UUID, role: str) -> Member:
    """New, or back again."""
    member = await queries.find_former_member(session, organization_id, account_id)
    if member is None:
        member = Member(organization_id=organization_id, account_id=account_id, role=role)
        session.add(member)
    member.role, member.remove_time = role, None
    return await _changed(session, member)


async def set_role(session: WriteSession, member: Member, role: str) -> None:
    member.role = role
    await _changed(session, member)


async def remove(session: WriteSession, member: Member, now: datetime) -> None:
    member.remove_time = now
    await _changed(session, member)


async def _changed(session: WriteSession, member: Member) -> Member:
    await session.flush()
    await session.refresh(member)
    await changes.record(session, tables.changes, KIND, member.id, member.organization_id)
    return member


async def _get(session: ReadSession, organization_id: UUID, account_id: UUID) -> Member:
    member = await queries.find_member(session, organization_id, account_id)
    if member is None:
        raise NotFound("member", str(account_id))
    return member


async def _require_another_admin(session: ReadSession, member: Member) -> None:
    """Somebody must be able to let others in. The organization is locked: of two admins who leave at once one stays."""
    if member.role == ADMIN and await queries.count_admins(session, member.organization_id) == 1:
        raise WrongState("organization", "left without an admin by this", "another admin first")
