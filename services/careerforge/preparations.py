"""Preparations of interviews: questions for one position from what the resume does not prove, and answers that are practised."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ai import codec
from services.ai.interviews import Feedback, Question, feedback, language_for, questions
from services.ai.skills import load
from services.careerforge import preparation_queries as queries
from services.careerforge import profiles
from services.careerforge.insights import nothing, said
from services.careerforge.matches import Explained, Matches
from services.careerforge.queries import find_profile
from services.careerforge.tables import InterviewPreparation, InterviewQuestion, UserCareerForge
from services.kit.auth import Caller
from services.kit.db import Database, ReadSession, WriteSession, utc_now, uuid7


@dataclass(frozen=True, slots=True)
class Made:
    """Questions before they are kept."""

    language: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    row: InterviewPreparation
    questions: Sequence[InterviewQuestion]


async def make(db: Database, matches: Matches, account_id: UUID, position_id: UUID) -> Made:
    """Raises NotFound for a position that is not open, and for who is no candidate."""
    found = await matches.explain(position_id)
    async with db.read() as session:
        profile = await find_profile(session, account_id)
    return await asyncio.to_thread(_make, found, profile)


def _make(found: Explained, profile: UserCareerForge | None) -> Made:
    # What matching was told of: the engine's evidence is in it.
    resume = said(profile) if profile else nothing()
    language = language_for(f"{found.title}\n{found.description}")
    return Made(language, questions(found.asked, resume, language, load()))


async def create(
    session: WriteSession, caller: Caller, position_id: UUID, made: Made, request_id: UUID | None
) -> tuple[Preparation, bool]:
    """And whether it is new: the same `request_id` again is the preparation that it made."""
    profile = await profiles.ensure_profile(session, caller)
    if request_id and (known := await queries.find_by_request(session, profile.id, request_id)):
        return await with_questions(session, known), False
    row = InterviewPreparation(
        id=uuid7(), user_id=profile.id, position_id=position_id, language=made.language, request_id=request_id
    )
    session.add(row)
    await session.flush()
    session.add_all(_question(row, number, one) for number, one in enumerate(made.questions, 1))
    await session.flush()
    await session.refresh(row)
    return await with_questions(session, row), True


def _question(row: InterviewPreparation, number: int, question: Question) -> InterviewQuestion:
    return InterviewQuestion(
        id=uuid7(), preparation_id=row.id, user_id=row.user_id, number=number, question=codec.to_json(question)
    )


async def with_questions(session: ReadSession, row: InterviewPreparation) -> Preparation:
    return Preparation(row, await queries.questions_of(session, row.id))


async def get(session: ReadSession, caller: Caller, preparation_id: UUID) -> Preparation:
    return await with_questions(session, await queries.get_own(session, caller.account(), preparation_id))


async def practise(
    session: WriteSession, caller: Caller, preparation_id: UUID, question_id: UUID, answer: str
) -> Feedback:
    """Kept in place of the last answer. Raises NotFound for what is not the caller's, or not in the preparation."""
    await queries.get_own(session, caller.account(), preparation_id)
    row = await queries.get_question(session, preparation_id, question_id)
    found = await asyncio.to_thread(feedback, codec.from_json(Question, row.question), answer)
    row.answer, row.feedback, row.answer_time = answer, codec.to_json(found), utc_now()
    return found
