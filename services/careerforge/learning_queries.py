"""SELECTs about learning paths."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from services.careerforge.tables import LearningPath, LearningStep
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def count_paths(session: ReadSession, user_id: UUID) -> int:
    statement = select(func.count()).select_from(LearningPath).where(LearningPath.user_id == user_id)
    return (await session.execute(statement)).scalar_one()


async def find_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> LearningPath | None:
    where = (LearningPath.user_id == user_id, LearningPath.request_id == request_id)
    return (await session.execute(select(LearningPath).where(*where))).scalar_one_or_none()


async def list_paths(session: ReadSession, user_id: UUID, page: Page) -> Sequence[LearningPath]:
    statement = page.newest(select(LearningPath).where(LearningPath.user_id == user_id), LearningPath.id)
    return (await session.execute(statement)).scalars().all()


async def get_own_path(session: ReadSession, user_id: UUID, path_id: UUID, for_update: bool = False) -> LearningPath:
    """Another person's and a missing one answer alike."""
    statement = select(LearningPath).where(LearningPath.id == path_id, LearningPath.user_id == user_id)
    found = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if found is None:
        raise NotFound("learning_path", str(path_id))
    return found


async def steps_of(session: ReadSession, path_ids: Sequence[UUID]) -> dict[UUID, list[LearningStep]]:
    """In order."""
    statement = select(LearningStep).where(LearningStep.path_id.in_(path_ids)).order_by(LearningStep.number)
    found: dict[UUID, list[LearningStep]] = defaultdict(list)
    for step in (await session.execute(statement)).scalars():
        found[step.path_id].append(step)
    return found
