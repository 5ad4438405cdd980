"""CareerForgeService's methods about tests of skills."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import Assessment

from services.ai.assessments import Bank, load_banks
from services.careerforge import assessment_queries as queries
from services.careerforge import assessment_wire as wire
from services.careerforge import assessments
from services.careerforge.assessments import Shown
from services.kit.auth import caller
from services.kit.db import Database, utc_now, uuid7
from services.kit.errors import NotFound
from services.kit.pages import Page


class AssessmentMethods:
    """Part of the servicer."""

    _db: Database
    _seal_key: str
    _banks_folder: Path

    async def ListAssessableSkills(
        self, request: pb.ListAssessableSkillsRequest, context: Any
    ) -> pb.ListAssessableSkillsResponse:
        banks = self._banks()
        async with self._db.read() as session:
            latest = await queries.latest_of_skills(session, caller().account())
        return pb.ListAssessableSkillsResponse(skills=wire.assessable(list(banks.values()), latest))

    async def StartAssessment(self, request: pb.StartAssessmentRequest, context: Any) -> Assessment:
        bank, request_id = self._bank(request.skill_id), _id(request.request_id)
        async with self._db.read() as reading:
            if known := await assessments.find_begun(reading, caller(), request_id):
                return self._told(known)
            sitting = await assessments.prepare(reading, caller(), bank, uuid7())
        step = await assessments.work_out(bank, sitting)
        async with self._db.write() as session:
            shown = await assessments.begin(session, caller(), bank, sitting, step, request_id, utc_now())
        return self._told(shown)

    async def AnswerAssessment(self, request: pb.AnswerAssessmentRequest, context: Any) -> Assessment:
        assessment_id, request_id, now = UUID(request.assessment_id), _id(request.request_id), utc_now()
        async with self._db.read() as reading:
            sitting = await assessments.get_sitting(reading, caller(), assessment_id)
            # After that: what is kept meanwhile by the same request is then either found here or not yet in the sitting.
            if known := await assessments.find_answered(reading, caller(), request_id):
                return self._told(known)
        bank = self._bank(sitting.row.skill_id)
        given = await assessments.judge(bank, sitting, request.item_id, request.choice, request_id, now)
        async with self._db.write() as session:
            shown = await assessments.answer(session, caller(), bank, assessment_id, given, utc_now())
        return self._told(shown)

    async def AbandonAssessment(self, request: pb.AbandonAssessmentRequest, context: Any) -> Assessment:
        async with self._db.write() as session:
            shown = await assessments.abandon(session, caller(), UUID(request.assessment_id), utc_now())
        return self._told(shown)

    async def GetAssessment(self, request: pb.GetAssessmentRequest, context: Any) -> Assessment:
        async with self._db.read() as session:
            shown = await assessments.get_assessment(session, caller(), UUID(request.assessment_id))
        return self._told(shown)

    async def ListAssessments(self, request: pb.ListAssessmentsRequest, context: Any) -> pb.ListAssessmentsResponse:
        page, banks = Page.asked(self._seal_key, request, "assessments"), self._banks()
        async with self._db.read() as session:
            rows, token = page.cut(await queries.list_assessments(session, caller().account(), page))
            asking = await queries.last_questions(session, [row.id for row in rows if row.state == "RUNNING"])
        told = [wire.assessment(Shown(row, asking.get(row.id)), banks.get(row.skill_id)) for row in rows]
        return pb.ListAssessmentsResponse(assessments=told, next_page_token=token)

    def _told(self, shown: Shown) -> Assessment:
        return wire.assessment(shown, self._banks().get(shown.row.skill_id))

    def _bank(self, skill_id: str) -> Bank:
        """Raises NotFound for a skill that cannot be tested."""
        if bank := self._banks().get(skill_id):
            return bank
        raise NotFound("assessable skill", skill_id)

    def _banks(self) -> Mapping[str, Bank]:
        """Read when the service started."""
        return load_banks(self._banks_folder)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
