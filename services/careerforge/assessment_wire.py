"""Between rows and messages of tests of skills. Nothing that tells which answer is right goes into a message."""

from collections.abc import Mapping, Sequence

from skillsync.careerforge.v1 import growth_pb2

from services.ai.assessments import MAX_ITEMS, MIN_ITEMS, Bank, choices_of
from services.ai.assessments.banks import SECONDS
from services.careerforge.assessments import WITHDRAWN, Shown, next_try_time
from services.careerforge.tables import Assessment, AssessmentAnswer
from services.kit.enums import number
from services.kit.times import timestamp


def assessment(shown: Shown, bank: Bank | None) -> growth_pb2.Assessment:
    row = shown.row
    message = growth_pb2.Assessment(
        id=str(row.id),
        skill_id=row.skill_id,
        state=number(growth_pb2.Assessment.State, row.state),
        item=_item(shown.question, row, bank) if shown.question else None,
        answered_count=row.answered_count,
        label=row.label,
        create_time=timestamp(row.create_time),
        end_time=timestamp(row.end_time),
        next_try_time=timestamp(next_try_time(row)),
    )
    # While it runs, its ups and downs would tell which answers were right.
    if row.end_time:
        message.ability, message.standard_error = row.ability, row.standard_error
    return message


def _item(question: AssessmentAnswer, row: Assessment, bank: Bank | None) -> growth_pb2.AssessmentItem:
    item = bank.item(question.item_id) if bank else None
    return growth_pb2.AssessmentItem(
        id=str(question.id),
        text=item.text if item else "This question was withdrawn; any answer goes on.",
        choices=choices_of(item, row.id) if item else WITHDRAWN,
        code=item.code if item else "",
        expire_time=timestamp(question.expire_time),
    )


def assessable(banks: Sequence[Bank], latest: Mapping[str, Assessment]) -> list[growth_pb2.AssessableSkill]:
    return [_skill(bank, latest.get(bank.skill_id)) for bank in sorted(banks, key=lambda bank: bank.label.casefold())]


def _skill(bank: Bank, last: Assessment | None) -> growth_pb2.AssessableSkill:
    return growth_pb2.AssessableSkill(
        skill_id=bank.skill_id,
        label=bank.label,
        topics=bank.topics,
        min_item_count=MIN_ITEMS,
        max_item_count=MAX_ITEMS,
        item_seconds=SECONDS,
        next_try_time=timestamp(next_try_time(last)),
        passed_time=timestamp(last.end_time) if last and last.state == "PASSED" else None,
        running_assessment_id=str(last.id) if last and last.state == "RUNNING" else "",
    )
