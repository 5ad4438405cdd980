"""Every SELECT about what belongs to positions, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.kit.db import ReadSession
from services.kit.pages import Numbers
from services.talenthub.tables import PositionVersion


async def find_last_version(session: ReadSession, position_id: UUID) -> PositionVersion | None:
    statement = select(PositionVersion).where(PositionVersion.position_id == position_id)
    newest = statement.order_by(PositionVersion.number.desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


async def find_version_by_request(
    session: ReadSession, position_id: UUID, request_id: UUID | None
) -> PositionVersion | None:
    """What a change made, if it was asked for with this id before."""
    if request_id is None:
        return None
    where = (PositionVersion.position_id == position_id, PositionVersion.request_id == request_id)
    return (await session.execute(select(PositionVersion).where(*where))).scalar_one_or_none()


async def list_versions(session: ReadSession, position_id: UUID, page: Numbers) -> Sequence[PositionVersion]:
    """Newest first."""
    statement = select(PositionVersion).where(PositionVersion.position_id == position_id)
    if page.last is not None:
        statement = statement.where(PositionVersion.number < page.last)
    newest = statement.order_by(PositionVersion.number.desc()).limit(page.limit)
    return (await session.execute(newest)).scalars().all()
