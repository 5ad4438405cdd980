"""Every SELECT about what belongs to positions, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, select

from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Numbers
from services.talenthub.name_pages import NamePage
from services.talenthub.tables import Member, Position, PositionTemplate, PositionVersion


async def list_by_requests(
    session: ReadSession, organization_id: UUID, request_ids: Sequence[UUID | None]
) -> list[Position]:
    """Those of the positions made for these requests that are still there, in the order of the requests."""
    wanted = [id for id in request_ids if id]
    where = (Position.organization_id == organization_id, Position.request_id.in_(wanted))
    found = {row.request_id: row for row in (await session.execute(select(Position).where(*where))).scalars()}
    return [found[id] for id in wanted if id in found]


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


async def find_template_by_request(
    session: ReadSession, organization_id: UUID, request_id: UUID
) -> PositionTemplate | None:
    where = (PositionTemplate.organization_id == organization_id, PositionTemplate.request_id == request_id)
    return (await session.execute(select(PositionTemplate).where(*where))).scalar_one_or_none()


async def list_templates(
    session: ReadSession, organization_ids: Collection[UUID], page: NamePage
) -> Sequence[PositionTemplate]:
    statement = select(PositionTemplate).where(PositionTemplate.organization_id.in_(organization_ids))
    asked = page.by_name(statement, PositionTemplate.display_name, PositionTemplate.id)
    return (await session.execute(asked)).scalars().all()


async def get_own_template(
    session: WriteSession, account_id: UUID, template_id: UUID
) -> tuple[PositionTemplate, Member]:
    """With the caller's membership in its organization, locked. Another organization's template and a missing one answer alike."""
    here = Member.organization_id == PositionTemplate.organization_id
    own = and_(here, Member.account_id == account_id, Member.remove_time.is_(None))
    statement = select(PositionTemplate, Member).join(Member, own).where(PositionTemplate.id == template_id)
    row = (await session.execute(statement.with_for_update(of=PositionTemplate))).one_or_none()
    if row is None:
        raise NotFound("template", str(template_id))
    return row[0], row[1]
