"""What tests of assessments ask for again and again."""

import asyncio
from uuid import UUID

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import Assessment

from services.ai.assessments import Bank, Item, load_banks
from tests.careerforge.profiled import Own

PYTHON = next(bank for bank in load_banks().values() if bank.label == "Python")
RUNNING, PASSED, NOT_PASSED, ABANDONED = (
    Assessment.STATE_RUNNING,
    Assessment.STATE_PASSED,
    Assessment.STATE_NOT_PASSED,
    Assessment.STATE_ABANDONED,
)


class Sitter(Own):
    """Somebody who is tested."""

    async def start(self, skill_id: str = PYTHON.skill_id, request_id: str = "") -> Assessment:
        return await self._ask("StartAssessment", pb.StartAssessmentRequest(skill_id=skill_id, request_id=request_id))

    async def choose(self, test: Assessment, choice: int, request_id: str = "") -> Assessment:
        request = pb.AnswerAssessmentRequest(
            assessment_id=test.id, item_id=test.item.id, choice=choice, request_id=request_id
        )
        return await self._ask("AnswerAssessment", request)

    async def get(self, assessment_id: str) -> Assessment:
        return await self._ask("GetAssessment", pb.GetAssessmentRequest(assessment_id=assessment_id))

    async def abandon(self, assessment_id: str) -> Assessment:
        return await self._ask("AbandonAssessment", pb.AbandonAssessmentRequest(assessment_id=assessment_id))

    async def tests(self, **fields: object) -> pb.ListAssessmentsResponse:
        return await self._ask("ListAssessments", pb.ListAssessmentsRequest(**fields))  # type: ignore[arg-type]

    async def sit(self, right: bool, skill_id: str = PYTHON.skill_id) -> Assessment:
        """To the end, with every answer right or wrong."""
        test = await self.start(skill_id)
        while test.state == RUNNING:
            test = await self.choose(test, place_of(test, right))
        return test

    async def later(self, days: float) -> None:
        """As if it were so many days later."""
        await self.system.database.execute(
            "update careerforge.assessments set end_time = end_time - $2::float8 * interval '1 day',"
            " create_time = create_time - $2::float8 * interval '1 day' where user_id = $1",
            UUID(self.person.id), days,
        )  # fmt: skip

    async def shown(self) -> list[list[str]]:
        """Ids in the bank of what each test asked, in order."""
        rows = await self.system.database.fetch(
            "select array_agg(item_id::text order by number) as items from careerforge.assessment_answers"
            " where user_id = $1 group by assessment_id order by min(ask_time)",
            UUID(self.person.id),
        )
        return [list(row["items"]) for row in rows]


def item_of(test: Assessment, bank: Bank = PYTHON) -> Item:
    return next(
        item
        for item in bank.items
        if item.text == test.item.text
        and item.code == test.item.code
        and {item.answer, *item.wrong} == set(test.item.choices)
    )


def place_of(test: Assessment, right: bool) -> int:
    for bank in load_banks().values():
        if bank.skill_id == test.skill_id:
            key = list(test.item.choices).index(item_of(test, bank).answer)
    return key if right else (key + 1) % len(test.item.choices)


async def at_once(*calls: object) -> list[object]:
    return list(await asyncio.gather(*calls, return_exceptions=True))  # type: ignore[call-overload]
