"""The activity log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.user.v1 import user_service_pb2 as pb

from services.kit.auth import caller
from services.kit.pages import Numbers
from services.kit.times import moment
from services.user import activities, wire
from services.user.servicer.methods import Methods


class ActivityMethods(Methods):
    async def ListActivities(self, request: pb.ListActivitiesRequest, context: Any) -> pb.ListActivitiesResponse:
        account_id = UUID(request.account_id) if request.account_id else None
        since, until = _moment(request, "start_time"), _moment(request, "end_time")
        name = f"activities/{caller().account_id}/{account_id}/{since}/{until}"
        page = Numbers.of(self.seal_key, name, request.page_size, request.page_token)
        async with self.db.read() as session:
            lines = await activities.list_activities(session, caller(), account_id, since, until, page)
        shown, token = page.cut(lines, key=lambda line: line.sequence)
        return pb.ListActivitiesResponse(activities=[wire.activity(line) for line in shown], next_page_token=token)

    async def VerifyActivityLog(
        self, request: pb.VerifyActivityLogRequest, context: Any
    ) -> pb.VerifyActivityLogResponse:
        bounds = request.start_sequence, request.end_sequence
        verdict = await activities.verify_log(self.db, self.blobs, self.seal_key, *bounds)
        return wire.verdict(verdict)


def _moment(request: Any, field: str) -> datetime | None:
    value: Timestamp = getattr(request, field)
    return moment(value) if request.HasField(field) else None
