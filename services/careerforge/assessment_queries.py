"""Every SELECT of tests of skills, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.careerforge.tables import Assessment, AssessmentAnswer
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def get_own_assessment(
    session: ReadSession, user_id: UUID, assessment_id: UUID, for_update: bool = False
) -> Assessment:
    """Another person's and a missing one answer alike."""
    statement = select(Assessment).where(Assessment.id == assessment_id, Assessment.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("assessment", str(assessment_id))
    return row


async def find_assessment_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> Assessment | None:
    where = (Assessment.user_id == user_id, Assessment.request_id == request_id)
    return (await session.execute(select(Assessment).where(*where))).scalar_one_or_none()


async def find_answer_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> AssessmentAnswer | None:
    where = (AssessmentAnswer.user_id == user_id, AssessmentAnswer.request_id == request_id)
    return (await session.execute(select(AssessmentAnswer).where(*where))).scalar_one_or_none()


async def list_assessments(session: ReadSession, user_id: UUID, page: Page) -> Sequence[Assessment]:
    """Newest first."""
    statement = select(Assessment).where(Assessment.user_id == user_id)
    return (await session.execute(page.newest(statement, Assessment.id))).scalars().all()


async def latest_of_skills(session: ReadSession, user_id: UUID) -> dict[str, Assessment]:
    """The newest test of each skill that the person tried."""
    statement = select(Assessment).where(Assessment.user_id == user_id).order_by(Assessment.id)
    return {row.skill_id: row for row in (await session.execute(statement)).scalars().all()}


async def find_latest(session: ReadSession, user_id: UUID, skill_id: str) -> Assessment | None:
    where = (Assessment.user_id == user_id, Assessment.skill_id == skill_id)
    statement = select(Assessment).where(*where).order_by(Assessment.id.desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def find_passed_time(session: ReadSession, user_id: UUID, skill_id: str) -> datetime | None:
    where = (Assessment.user_id == user_id, Assessment.skill_id == skill_id, Assessment.state == "PASSED")
    return (await session.execute(select(Assessment.end_time).where(*where).limit(1))).scalar_one_or_none()


async def questions_of(session: ReadSession, assessment_id: UUID) -> Sequence[AssessmentAnswer]:
    """In the order in which they were asked."""
    statement = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == assessment_id)
    return (await session.execute(statement.order_by(AssessmentAnswer.number))).scalars().all()


async def last_questions(session: ReadSession, assessment_ids: Sequence[UUID]) -> dict[UUID, AssessmentAnswer]:
    """What each of these tests asked last."""
    statement = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id.in_(assessment_ids))
    rows = (await session.execute(statement.order_by(AssessmentAnswer.number))).scalars().all()
    return {row.assessment_id: row for row in rows}


async def seen_items(session: ReadSession, user_id: UUID, skill_id: str, but: UUID) -> list[str]:
    """What the person's tests of the skill asked, `but` for one of them; longest ago first."""
    statement = (
        select(AssessmentAnswer.item_id)
        .join(Assessment, Assessment.id == AssessmentAnswer.assessment_id)
        .where(Assessment.user_id == user_id, Assessment.skill_id == skill_id, Assessment.id != but)
        .order_by(AssessmentAnswer.ask_time.desc(), AssessmentAnswer.number.desc())
    )
    newest_first = dict.fromkeys((await session.execute(statement)).scalars().all())
    return list(newest_first)[::-1]


async def all_answers(session: ReadSession, skill_id: str) -> Sequence[tuple[UUID, str, bool]]:
    """Of everybody, test by test; for the platform."""
    statement = (
        select(AssessmentAnswer.assessment_id, AssessmentAnswer.item_id, AssessmentAnswer.correct)
        .join(Assessment, Assessment.id == AssessmentAnswer.assessment_id)
        .where(Assessment.skill_id == skill_id, AssessmentAnswer.correct.is_not(None))
        .order_by(AssessmentAnswer.assessment_id, AssessmentAnswer.number)
    )
    return [(row[0], row[1], bool(row[2])) for row in (await session.execute(statement)).all()]
