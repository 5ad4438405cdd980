"""Methods that tell figures of many applications or positions."""

from typing import Any

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.pipeline_pb2 import PipelineStats, SuccessMetrics

from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.ids import optional_id
from services.kit.pages import Offsets
from services.talenthub import insights
from services.talenthub import pipeline_wire as wire
from services.talenthub.pipeline import stats
from services.talenthub.pipeline.facts import Scope
from services.talenthub.wire import time_of


class PipelineMethods:
    _db: Database
    _seal_key: str

    async def GetPipelineStats(self, request: pb.GetPipelineStatsRequest, context: Any) -> PipelineStats:
        start, end = [
            time_of(name, getattr(request, name)) if request.HasField(name) else None
            for name in ("start_time", "end_time")
        ]
        scope = Scope((), utc_now(), optional_id(request.position_id), request.team, start, end)
        async with self._db.read() as session:
            figures = await stats.get_pipeline_stats(session, caller(), optional_id(request.organization_id), scope)
        return wire.pipeline_stats(figures)

    async def GetSuccessMetrics(self, request: pb.GetSuccessMetricsRequest, context: Any) -> SuccessMetrics:
        async with self._db.read() as session:
            figures = await stats.get_success_metrics(
                session, caller(), optional_id(request.organization_id), Scope((), utc_now())
            )
        return wire.success_metrics(figures)

    async def ListIndustryInsights(
        self, request: pb.ListIndustryInsightsRequest, context: Any
    ) -> pb.ListIndustryInsightsResponse:
        country = request.country_code
        page = Offsets.of(self._seal_key, f"insights/{country}", request.page_size, request.page_token)
        # Of all organizations together.
        async with self._db.read(EVERYONE) as session:
            rows = await insights.list_insights(session, country, page)
        shown, token = page.cut(rows)
        return pb.ListIndustryInsightsResponse(
            insights=[wire.industry_insight(one, country) for one in shown], next_page_token=token
        )
