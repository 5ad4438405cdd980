"""Methods about what members write about applications, and how they rate them."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Note, Rating

from services.kit.auth import caller
from services.kit.db import Database
from services.kit.ids import optional_id
from services.kit.pages import Page
from services.talenthub import application_wire as wire
from services.talenthub import notes, ratings


class NoteMethods:
    _db: Database
    _seal_key: str

    async def CreateNote(self, request: pb.CreateNoteRequest, context: Any) -> Note:
        application_id, request_id = UUID(request.application_id), optional_id(request.request_id)
        async with self._db.write() as session:
            return wire.note(await notes.create_note(session, caller(), application_id, request.text, request_id))

    async def ListNotes(self, request: pb.ListNotesRequest, context: Any) -> pb.ListNotesResponse:
        page = Page.asked(self._seal_key, request, f"notes/{request.application_id}")
        async with self._db.read() as session:
            rows = await notes.list_notes(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListNotesResponse(notes=map(wire.note, shown), next_page_token=token)

    async def RateApplication(self, request: pb.RateApplicationRequest, context: Any) -> Rating:
        application_id = UUID(request.application_id)
        async with self._db.write() as session:
            row = await ratings.rate_application(
                session, caller(), application_id, request.requirement_id, request.grade, request.comment
            )
            return wire.rating(row)

    async def ListRatings(self, request: pb.ListRatingsRequest, context: Any) -> pb.ListRatingsResponse:
        page = Page.asked(self._seal_key, request, f"ratings/{request.application_id}")
        async with self._db.read() as session:
            rows = await ratings.list_ratings(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListRatingsResponse(ratings=map(wire.rating, shown), next_page_token=token)
