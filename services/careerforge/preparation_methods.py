"""CareerForgeService's methods about getting ready for interviews."""

from typing import Any
from uuid import UUID

from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import AnswerFeedback, InterviewPreparation

from services.careerforge import preparation_queries, preparation_wire, preparations
from services.careerforge.insight_credits import charged
from services.careerforge.matches import Matches
from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import Database


class PreparationMethods:
    """Part of the servicer."""

    _db: Database
    _credits: Credits
    _matches: Matches

    async def CreateInterviewPreparation(
        self, request: pb.CreateInterviewPreparationRequest, context: Any
    ) -> InterviewPreparation:
        account_id, position_id = caller().account(), UUID(request.position_id)
        request_id = UUID(request.request_id) if request.request_id else None
        if request_id:
            async with self._db.read() as session:
                if known := await preparation_queries.find_by_request(session, account_id, request_id):
                    return preparation_wire.preparation(await preparations.with_questions(session, known))

        async def work() -> tuple[InterviewPreparation, bool]:
            made = await preparations.make(self._db, self._matches, account_id, position_id)
            async with self._db.write() as session:
                found, new = await preparations.create(session, caller(), position_id, made, request_id)
                return preparation_wire.preparation(found), new and bool(made.questions)

        return await charged(self._credits, account_id, f"positions/{position_id}", work)

    async def GetInterviewPreparation(
        self, request: pb.GetInterviewPreparationRequest, context: Any
    ) -> InterviewPreparation:
        async with self._db.read() as session:
            found = await preparations.get(session, caller(), UUID(request.preparation_id))
            return preparation_wire.preparation(found)

    async def PracticeAnswer(self, request: pb.PracticeAnswerRequest, context: Any) -> AnswerFeedback:
        ids = UUID(request.preparation_id), UUID(request.question_id)
        async with self._db.write() as session:
            return preparation_wire.feedback(await preparations.practise(session, caller(), *ids, request.answer))
