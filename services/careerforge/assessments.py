"""Tests of skills: begun, answered question by question, ended. What comes next is worked out between two transactions, in a thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from services.ai.assessments import Answer, Bank, Step, advance, choices_of
from services.careerforge import assessment_queries as queries
from services.careerforge import passing, profiles
from services.careerforge.tables import Assessment, AssessmentAnswer
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, uuid7
from services.kit.errors import InvalidArgument, WrongState

TRY_AGAIN = timedelta(days=14)
LEFT_ALONE = timedelta(hours=24)
# What an answer may take on its way.
GRACE = timedelta(seconds=3)
# In place of the choices of a question that the bank has lost meanwhile.
WITHDRAWN = ("Go on",)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A test as it was read: its questions in order, and what earlier tests asked."""

    row: Assessment
    questions: Sequence[AssessmentAnswer]
    seen: Sequence[str]

    @property
    def answers(self) -> list[Answer]:
        return [Answer(q.item_id, q.correct) for q in self.questions if q.correct is not None]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was judged, and where the test stands with it."""

    question_id: UUID
    choice: int
    correct: bool
    request_id: UUID | None
    step: Step


@dataclass(frozen=True, slots=True)
class Shown:
    """A test and the question that waits for an answer."""

    row: Assessment
    question: AssessmentAnswer | None = None


def next_try_time(row: Assessment | None) -> datetime | None:
    """None: at any time, or never again."""
    if row is None or row.end_time is None or row.state == "PASSED":
        return None
    return row.end_time + TRY_AGAIN


async def check_start(session: ReadSession, caller: Caller, skill_id: str, now: datetime) -> None:
    """Raises WrongState when the skill may not be tried now."""
    last = await queries.find_latest(session, caller.account(), skill_id)
    if last is None:
        return
    if last.state in ("RUNNING", "PASSED"):
        needed = "an end of the one that runs" if last.state == "RUNNING" else "a skill that is not passed yet"
        raise WrongState("assessment", last.state, needed)
    if (again := next_try_time(last)) and now < again:
        raise WrongState("assessment", last.state, f"a pause until {again:%Y-%m-%dT%H:%M:%SZ}")


async def prepare(session: ReadSession, caller: Caller, bank: Bank, assessment_id: UUID) -> Sitting:
    """A test that may begin; whether it may is asked once nobody else can begin one."""
    seen = await queries.seen_items(session, caller.account(), bank.skill_id, assessment_id)
    row = Assessment(id=assessment_id, user_id=caller.account(), skill_id=bank.skill_id, label=bank.label)
    return Sitting(row, (), seen)


async def begin(
    session: WriteSession,
    caller: Caller,
    bank: Bank,
    sitting: Sitting,
    step: Step,
    request_id: UUID | None,
    now: datetime,
) -> Shown:
    """The same `request_id` again: the test that it began."""
    await profiles.ensure_profile(session, caller)
    if request_id and (known := await queries.find_assessment_by_request(session, caller.account(), request_id)):
        return await _shown(session, known)
    await check_start(session, caller, bank.skill_id, now)
    row = sitting.row
    row.state, row.answered_count, row.request_id, row.create_time = "RUNNING", 0, request_id, now
    session.add(row)
    await session.flush()
    return await _stand(session, row, bank, step, now)


async def get_assessment(session: ReadSession, caller: Caller, assessment_id: UUID) -> Shown:
    return await _shown(session, await queries.get_own_assessment(session, caller.account(), assessment_id))


async def find_begun(session: ReadSession, caller: Caller, request_id: UUID | None) -> Shown | None:
    if request_id is None:
        return None
    known = await queries.find_assessment_by_request(session, caller.account(), request_id)
    return await _shown(session, known) if known else None


async def find_answered(session: ReadSession, caller: Caller, request_id: UUID | None) -> Shown | None:
    """The test as it is now, if it was answered with this request before."""
    if request_id is None:
        return None
    known = await queries.find_answer_by_request(session, caller.account(), request_id)
    return await get_assessment(session, caller, known.assessment_id) if known else None


async def get_sitting(session: ReadSession, caller: Caller, assessment_id: UUID) -> Sitting:
    row = await queries.get_own_assessment(session, caller.account(), assessment_id)
    seen = await queries.seen_items(session, caller.account(), row.skill_id, row.id)
    return Sitting(row, await queries.questions_of(session, row.id), seen)


async def work_out(bank: Bank, sitting: Sitting, *new: Answer) -> Step:
    """In a thread: it is arithmetic, and the first time libraries are loaded."""
    return await asyncio.to_thread(advance, bank, sitting.row.id, [*sitting.answers, *new], sitting.seen)


async def judge(
    bank: Bank, sitting: Sitting, item_id: str, choice: int, request_id: UUID | None, now: datetime
) -> Given:
    """Raises WrongState when the test does not wait for this answer."""
    question = _waiting(sitting.row, sitting.questions, item_id)
    item = bank.item(question.item_id)
    choices = choices_of(item, sitting.row.id) if item else WITHDRAWN
    if choice >= len(choices):
        raise InvalidArgument("choice", f"is {choice}, and there are 0 to {len(choices) - 1}", choice=str(choice))
    in_time = now <= question.expire_time + GRACE
    correct = item is not None and in_time and choices[choice] == item.answer
    step = await work_out(bank, sitting, Answer(question.item_id, correct))
    return Given(question.id, choice, correct, request_id, step)


async def answer(
    session: WriteSession, caller: Caller, bank: Bank, assessment_id: UUID, given: Given, now: datetime
) -> Shown:
    """Keeps the answer. Of two at once the second finds that the question is answered."""
    await profiles.ensure_profile(session, caller)
    row = await queries.get_own_assessment(session, caller.account(), assessment_id, for_update=True)
    if given.request_id and (known := await find_answered(session, caller, given.request_id)):
        return known
    question = _waiting(row, await queries.questions_of(session, row.id), str(given.question_id))
    question.choice, question.correct, question.answer_time = given.choice, given.correct, now
    question.request_id = given.request_id
    row.answered_count += 1
    return await _stand(session, row, bank, given.step, now)


async def abandon(session: WriteSession, caller: Caller, assessment_id: UUID, now: datetime) -> Shown:
    row = await queries.get_own_assessment(session, caller.account(), assessment_id, for_update=True)
    _require_running(row)
    row.state, row.end_time = "ABANDONED", now
    await session.flush()
    return Shown(row)


async def abandon_old(session: WriteSession, now: datetime) -> None:
    """What was left alone for a day. For housekeeping."""
    old = (Assessment.state == "RUNNING", Assessment.create_time < now - LEFT_ALONE)
    await session.execute(update(Assessment).where(*old).values(state="ABANDONED", end_time=now))


async def _stand(session: WriteSession, row: Assessment, bank: Bank, step: Step, now: datetime) -> Shown:
    """Asks the next question, or ends."""
    row.ability, row.standard_error = step.estimate.ability, step.estimate.standard_error
    row.bank_version = bank.version
    if step.item is None:
        row.state, row.end_time = "PASSED" if step.passed else "NOT_PASSED", now
        await session.flush()
        if step.passed:
            await passing.reward(session, row, now)
        return Shown(row)
    question = AssessmentAnswer(
        id=uuid7(),
        assessment_id=row.id,
        user_id=row.user_id,
        number=row.answered_count + 1,
        item_id=step.item.id,
        ask_time=now,
        expire_time=now + timedelta(seconds=step.item.seconds),
    )
    session.add(question)
    await session.flush()
    return Shown(row, question)


async def _shown(session: ReadSession, row: Assessment) -> Shown:
    if row.state != "RUNNING":
        return Shown(row)
    return Shown(row, (await queries.last_questions(session, [row.id])).get(row.id))


def _waiting(row: Assessment, questions: Sequence[AssessmentAnswer], item_id: str) -> AssessmentAnswer:
    _require_running(row)
    question = questions[-1]
    if str(question.id) != item_id:
        raise WrongState("assessment", "at another question", f"an answer to {question.id}")
    return question


def _require_running(row: Assessment) -> None:
    if row.state != "RUNNING":
        raise WrongState("assessment", row.state, "RUNNING")
