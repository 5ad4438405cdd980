"""Every SELECT of milestones, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from services.careerforge.tables import Milestone
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def get_own_milestone(session: ReadSession, user_id: UUID, milestone_id: UUID) -> Milestone:
    """Another person's and a missing one answer alike."""
    statement = select(Milestone).where(Milestone.id == milestone_id, Milestone.user_id == user_id)
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("milestone", str(milestone_id))
    return row


async def find_milestone_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> Milestone | None:
    statement = select(Milestone).where(Milestone.user_id == user_id, Milestone.request_id == request_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def count_milestones(session: ReadSession, user_id: UUID) -> int:
    statement = select(func.count()).select_from(Milestone).where(Milestone.user_id == user_id)
    return (await session.execute(statement)).scalar_one()


async def sum_points(session: ReadSession, user_id: UUID) -> int:
    statement = select(func.coalesce(func.sum(Milestone.achievement_points), 0)).where(Milestone.user_id == user_id)
    return int((await session.execute(statement)).scalar_one())


async def list_milestones(session: ReadSession, user_id: UUID, page: Page) -> Sequence[Milestone]:
    """Newest first."""
    statement = select(Milestone).where(Milestone.user_id == user_id)
    return (await session.execute(page.newest(statement, Milestone.id))).scalars().all()


async def list_all_milestones(session: ReadSession, user_id: UUID) -> Sequence[Milestone]:
    """Oldest first."""
    statement = select(Milestone).where(Milestone.user_id == user_id).order_by(Milestone.id)
    return (await session.execute(statement)).scalars().all()


async def is_badge_used(session: ReadSession, user_id: UUID, badge_key: str) -> bool:
    where = (Milestone.user_id == user_id, Milestone.badge_key == badge_key)
    return (await session.execute(select(Milestone.id).where(*where))).first() is not None


async def list_in_review(session: ReadSession, reviewer_id: UUID, page: Page) -> Sequence[Milestone]:
    """Of others than the reviewer, oldest first."""
    statement = select(Milestone).where(Milestone.verification == "IN_REVIEW", Milestone.user_id != reviewer_id)
    return (await session.execute(page.oldest(statement, Milestone.id))).scalars().all()


async def find_for_review(session: ReadSession, reviewer_id: UUID, milestone_id: UUID) -> Milestone | None:
    """Nobody reviews what is their own."""
    statement = select(Milestone).where(Milestone.id == milestone_id, Milestone.user_id != reviewer_id)
    return (await session.execute(statement)).scalar_one_or_none()
