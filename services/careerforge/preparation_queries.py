"""SELECTs about preparations of interviews."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.careerforge.tables import InterviewPreparation, InterviewQuestion
from services.kit.db import ReadSession
from services.kit.errors import NotFound


async def find_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> InterviewPreparation | None:
    where = (InterviewPreparation.user_id == user_id, InterviewPreparation.request_id == request_id)
    return (await session.execute(select(InterviewPreparation).where(*where))).scalar_one_or_none()


async def get_own(session: ReadSession, user_id: UUID, preparation_id: UUID) -> InterviewPreparation:
    """Another person's and a missing one answer alike."""
    where = (InterviewPreparation.id == preparation_id, InterviewPreparation.user_id == user_id)
    found = (await session.execute(select(InterviewPreparation).where(*where))).scalar_one_or_none()
    if found is None:
        raise NotFound("interview_preparation", str(preparation_id))
    return found


async def questions_of(session: ReadSession, preparation_id: UUID) -> Sequence[InterviewQuestion]:
    """In order."""
    statement = select(InterviewQuestion).where(InterviewQuestion.preparation_id == preparation_id)
    return (await session.execute(statement.order_by(InterviewQuestion.number))).scalars().all()


async def get_question(session: ReadSession, preparation_id: UUID, question_id: UUID) -> InterviewQuestion:
    """Locked. Raises NotFound for one of another preparation."""
    where = (InterviewQuestion.id == question_id, InterviewQuestion.preparation_id == preparation_id)
    statement = select(InterviewQuestion).where(*where).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound("interview_question", str(question_id))
    return found
