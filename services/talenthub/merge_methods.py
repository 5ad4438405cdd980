"""Methods about several applications of one person."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application

from services.kit.auth import caller
from services.kit.db import Database, utc_now
from services.kit.pages import Page
from services.talenthub import application_wire as wire
from services.talenthub import merging


class MergeMethods:
    _db: Database
    _seal_key: str

    async def FindDuplicateApplications(
        self, request: pb.FindDuplicateApplicationsRequest, context: Any
    ) -> pb.FindDuplicateApplicationsResponse:
        page = Page.asked(self._seal_key, request, f"duplicates/{request.position_id}")
        async with self._db.read() as session:
            pairs = await merging.find_duplicates(session, caller(), UUID(request.position_id), page)
        shown, token = page.cut(pairs, key=lambda pair: pair.merged_id)
        return pb.FindDuplicateApplicationsResponse(pairs=map(wire.pair, shown), next_page_token=token)

    async def MergeApplications(self, request: pb.MergeApplicationsRequest, context: Any) -> Application:
        kept_id, merged_id = UUID(request.kept_application_id), UUID(request.merged_application_id)
        async with self._db.write() as session:
            row = await merging.merge_applications(
                session, caller(), kept_id, merged_id, bool(request.request_id), utc_now()
            )
            return wire.application(row)

    async def UnmergeApplication(self, request: pb.UnmergeApplicationRequest, context: Any) -> Application:
        async with self._db.write() as session:
            row = await merging.unmerge_application(
                session, caller(), UUID(request.application_id), bool(request.request_id), utc_now()
            )
            return wire.application(row)
