"""Every SELECT of invitations, by name. `find_…` may return None."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from services.kit.db import ReadSession
from services.kit.pages import Page
from services.talenthub.tables import Invitation


async def find_invitation(session: ReadSession, invitation_id: UUID) -> Invitation | None:
    return await session.get(Invitation, invitation_id)


async def find_invitation_by_request(
    session: ReadSession, organization_id: UUID, request_id: UUID
) -> Invitation | None:
    where = (Invitation.organization_id == organization_id, Invitation.request_id == request_id)
    return (await session.execute(select(Invitation).where(*where))).scalar_one_or_none()


async def find_pending_invitation(
    session: ReadSession, organization_id: UUID, email: str, now: datetime
) -> Invitation | None:
    statement = _pending(organization_id).where(Invitation.email == email, Invitation.expire_time > now)
    return (await session.execute(statement.limit(1))).scalar_one_or_none()


async def count_pending(session: ReadSession, organization_id: UUID, now: datetime) -> int:
    pending = _pending(organization_id).where(Invitation.expire_time > now).subquery()
    return (await session.execute(select(func.count()).select_from(pending))).scalar_one()


async def pending_invitations(session: ReadSession, organization_id: UUID) -> Sequence[Invitation]:
    return (await session.execute(_pending(organization_id))).scalars().all()


async def list_invitations(session: ReadSession, organization_id: UUID, page: Page) -> Sequence[Invitation]:
    """Newest first."""
    statement = select(Invitation).where(Invitation.organization_id == organization_id)
    return (await session.execute(page.newest(statement, Invitation.id))).scalars().all()


def _pending(organization_id: UUID) -> Select[Invitation]:
    return select(Invitation).where(Invitation.organization_id == organization_id, Invitation.state == "PENDING")
