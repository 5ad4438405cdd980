"""Methods that tell figures of many applications or positions."""

from typing import Any

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.pipeline_pb2 import PipelineStats

from services.kit.auth import caller
from services.kit.db import Database
from services.kit.ids import optional_id
from services.talenthub import applications, wire


class PipelineMethods:
    _db: Database
    _seal_key: str

    async def GetPipelineStats(self, request: pb.GetPipelineStatsRequest, context: Any) -> PipelineStats:
        organization_id, position_id = optional_id(request.organization_id), optional_id(request.position_id)
        async with self._db.read() as session:
            stats = await applications.pipeline_stats(session, caller(), organization_id, position_id)
        return wire.pipeline_stats(stats)
