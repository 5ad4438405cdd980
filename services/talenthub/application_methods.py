"""Methods about applications and all that belongs to one."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application, Stage

from services.kit.auth import caller
from services.kit.db import Database, utc_now
from services.kit.enums import chosen
from services.kit.pages import Page
from services.talenthub import applications, wire


class ApplicationMethods:
    _db: Database
    _seal_key: str

    async def Apply(self, request: pb.ApplyRequest, context: Any) -> Application:
        async with self._db.write() as session:
            row = await applications.apply(session, caller(), UUID(request.position_id), request.message, utc_now())
            return wire.application(row)

    async def ListApplications(self, request: pb.ListApplicationsRequest, context: Any) -> pb.ListApplicationsResponse:
        stage = chosen(Stage, request.stage)
        page = Page.asked(self._seal_key, request, f"applications/{request.position_id}/{stage}")
        async with self._db.read() as session:
            rows = await applications.list_applications(session, caller(), UUID(request.position_id), stage, page)
        shown, token = page.cut(rows)
        return pb.ListApplicationsResponse(applications=[wire.application(row) for row in shown], next_page_token=token)

    async def ListMyApplications(
        self, request: pb.ListMyApplicationsRequest, context: Any
    ) -> pb.ListMyApplicationsResponse:
        page = Page.asked(self._seal_key, request, "my-applications")
        async with self._db.read() as session:
            rows = await applications.list_my_applications(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListMyApplicationsResponse(
            applications=[wire.application(row) for row in shown], next_page_token=token
        )
