"""SELECTs of searches."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.kit.db import ReadSession
from services.matching.tables import Member, Position


async def employer_names(session: ReadSession, account_id: UUID) -> Sequence[str]:
    """Of the organizations that an account belongs to, as their positions name them."""
    own = select(Member.organization_id).where(Member.account_id == account_id)
    statement = select(Position.organization_name).where(Position.organization_id.in_(own)).distinct()
    return (await session.execute(statement)).scalars().all()
