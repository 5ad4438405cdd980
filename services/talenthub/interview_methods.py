"""Methods about talks with applicants."""

from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Interview

from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.ids import optional_id
from services.kit.pages import Page
from services.talenthub import application_wire as wire
from services.talenthub import interviews
from services.talenthub.wire import time_of


class InterviewMethods:
    _db: Database
    _seal_key: str

    async def ScheduleInterview(self, request: pb.ScheduleInterviewRequest, context: Any) -> Interview:
        now = utc_now()
        async with self._db.write() as session:
            row = await interviews.schedule_interview(
                session,
                caller(),
                UUID(request.application_id),
                time_of("start_time", request.start_time),
                request.duration_minutes,
                request.place,
                [UUID(id) for id in request.interviewer_ids],
                optional_id(request.request_id),
                now,
            )
            return wire.interview(row, now)

    async def ListInterviews(self, request: pb.ListInterviewsRequest, context: Any) -> pb.ListInterviewsResponse:
        page, now = Page.asked(self._seal_key, request, f"interviews/{request.application_id}"), utc_now()
        async with self._db.read() as session:
            rows = await interviews.list_interviews(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListInterviewsResponse(interviews=[wire.interview(row, now) for row in shown], next_page_token=token)

    async def CancelInterview(self, request: pb.CancelInterviewRequest, context: Any) -> Interview:
        interview_id, now = UUID(request.interview_id), utc_now()
        async with self._db.write() as session:
            row = await interviews.cancel_interview(session, caller(), interview_id, request.etag, now)
            return wire.interview(row, now)

    async def GetInterviewCalendar(self, request: pb.GetInterviewCalendarRequest, context: Any) -> HttpBody:
        # Who applied cannot see a position that was closed since.
        async with self._db.read(EVERYONE) as session:
            return wire.calendar(await interviews.get_calendar(session, caller(), UUID(request.interview_id)))
