"""CareerForgeService's methods about what to learn."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2

from services.careerforge import learning, learning_queries, learning_wire
from services.careerforge.insight_credits import charged
from services.careerforge.learning import Path
from services.careerforge.matches import Matches
from services.careerforge.recommendations import Recommendation, recommend
from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import Database
from services.kit.pages import Offsets, Page


class LearningMethods:
    """Part of the servicer."""

    _db: Database
    _credits: Credits
    _matches: Matches
    _seal_key: str

    async def ListSkillRecommendations(
        self, request: pb.ListSkillRecommendationsRequest, context: Any
    ) -> pb.ListSkillRecommendationsResponse:
        account_id = caller().account()
        name = f"recommendations/{account_id}/{request.position_id}"
        page = Offsets.of(self._seal_key, name, request.page_size, request.page_token)

        async def work() -> tuple[Sequence[Recommendation], bool]:
            found = await recommend(self._db, self._matches, account_id, _id(request.position_id))
            return found, bool(found)

        found = (
            (await work())[0]
            if request.page_token
            else await charged(self._credits, account_id, "learning/recommendations", work)
        )
        shown, token = page.cut(found[page.skip : page.skip + page.limit])
        rows = learning_wire.recommendations(shown)
        return pb.ListSkillRecommendationsResponse(recommendations=rows, next_page_token=token)

    async def CreateLearningPath(self, request: pb.CreateLearningPathRequest, context: Any) -> growth_pb2.LearningPath:
        request_id, account_id = _id(request.request_id), caller().account()
        if request_id:
            async with self._db.read() as session:
                if known := await learning_queries.find_by_request(session, account_id, request_id):
                    return learning_wire.path(await learning.with_steps(session, known))
        made = await learning.plan(self._db, self._matches, account_id, request.goal)
        async with self._db.write() as session:
            return learning_wire.path(await learning.create_path(session, caller(), request.goal, made, request_id))

    async def ListLearningPaths(
        self, request: pb.ListLearningPathsRequest, context: Any
    ) -> pb.ListLearningPathsResponse:
        page = Page.asked(self._seal_key, request, "learning-paths")
        async with self._db.read() as session:
            shown, token = page.cut(await learning_queries.list_paths(session, caller().account(), page))
            steps = await learning_queries.steps_of(session, [row.id for row in shown])
        paths = [learning_wire.path(Path(row, steps.get(row.id, []))) for row in shown]
        return pb.ListLearningPathsResponse(paths=paths, next_page_token=token)

    async def UpdateLearningProgress(
        self, request: pb.UpdateLearningProgressRequest, context: Any
    ) -> growth_pb2.LearningPath:
        path_id = UUID(request.path_id)
        async with self._db.write() as session:
            path = await learning.mark_step(session, caller(), path_id, request.skill_id, request.done)
            return learning_wire.path(path)

    async def DeleteLearningPath(self, request: pb.DeleteLearningPathRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await learning.delete_path(session, caller(), UUID(request.path_id))
        return Empty()


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
