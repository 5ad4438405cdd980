"""Methods of MatchingService about what would help a person: for careerforge, and the person whose token it passes on."""

from typing import Any
from uuid import UUID

from skillsync.matching.v1 import matching_service_pb2 as pb

from services.kit.auth import caller
from services.kit.db import Database, utc_now
from services.matching import growth_wire, skill_gains


class GrowthMethods:
    """Part of the servicer. Copies are read with the eyes of the platform; what is told is about the caller alone."""

    _db: Database

    async def ListSkillGains(self, request: pb.ListSkillGainsRequest, context: Any) -> pb.ListSkillGainsResponse:
        today = utc_now().date()
        found = await skill_gains.list_gains(self._db, caller().account(), growth_wire.asked(request), today)
        return growth_wire.gains(found, today)

    async def ExplainPosition(self, request: pb.ExplainPositionRequest, context: Any) -> pb.PositionExplanation:
        today = utc_now().date()
        found = await skill_gains.explain(self._db, caller().account(), UUID(request.position_id), today)
        return growth_wire.explanation(found, today)
