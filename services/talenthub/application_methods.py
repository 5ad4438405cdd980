"""Methods about applications and the steps they take."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application, Stage

from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import chosen
from services.kit.ids import optional_id
from services.kit.pages import Page
from services.talenthub import application_wire as wire
from services.talenthub import applications, feeds, moves
from services.talenthub.profiles import Profiles


class ApplicationMethods:
    _db: Database
    _seal_key: str
    _relay: Relay
    _profiles: Profiles

    async def Apply(self, request: pb.ApplyRequest, context: Any) -> Application:
        position_id, request_id = UUID(request.position_id), optional_id(request.request_id)
        async with self._db.read() as session:
            known = await applications.find_applied(session, caller(), position_id, request_id, utc_now())
        if known:
            return wire.application(known)
        # Before the transaction: nothing is half written when it does not come.
        snapshot = await self._profiles.snapshot()
        channel = request.channel or "direct"
        # The first step stands among what the organization's members see.
        async with self._db.write(EVERYONE) as session:
            row = await applications.apply(
                session,
                caller(),
                position_id,
                request.message,
                channel,
                snapshot,
                self._seal_key,
                request_id,
                utc_now(),
            )
            return wire.application(row)

    async def GetApplication(self, request: pb.GetApplicationRequest, context: Any) -> Application:
        async with self._db.read() as session:
            row = await applications.get_application(session, caller(), UUID(request.application_id))
            return wire.whole_application(row)

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

    async def MoveApplication(self, request: pb.MoveApplicationRequest, context: Any) -> Application:
        async with self._db.write() as session:
            return wire.application(await moves.move_application(session, caller(), wire.move(request), utc_now()))

    async def MoveApplications(self, request: pb.MoveApplicationsRequest, context: Any) -> pb.MoveApplicationsResponse:
        asked, request_id = [wire.move(move) for move in request.moves], optional_id(request.request_id)
        async with self._db.write() as session:
            rows = await moves.move_applications(session, caller(), asked, request_id, utc_now())
            return pb.MoveApplicationsResponse(applications=map(wire.application, rows))

    async def WithdrawApplication(self, request: pb.WithdrawApplicationRequest, context: Any) -> Application:
        application_id, request_id = UUID(request.application_id), optional_id(request.request_id)
        # As in Apply.
        async with self._db.write(EVERYONE) as session:
            row = await moves.withdraw_application(
                session, caller(), application_id, request.reason, request_id, utc_now()
            )
            return wire.application(row)

    async def ListStageMoves(self, request: pb.ListStageMovesRequest, context: Any) -> pb.ListStageMovesResponse:
        page = Page.asked(self._seal_key, request, f"moves/{request.application_id}")
        async with self._db.read() as session:
            rows = await moves.list_moves(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListStageMovesResponse(moves=map(wire.stage_move, shown), next_page_token=token)

    async def WatchApplications(
        self, request: pb.WatchApplicationsRequest, context: Any
    ) -> AsyncIterator[pb.WatchApplicationsResponse]:
        name = f"applications/{request.position_id}/{caller().account()}"
        cursor = Cursor.unseal(self._seal_key, name, request.resume_token)
        require = partial(applications.require_all_seen, caller=caller(), position_id=UUID(request.position_id))
        async with self._db.read() as session:
            await require(session)
        async for event in feeds.watch_applications(self._relay, cursor, UUID(request.position_id), require):
            yield wire.applications_event(event, event.cursor.seal(self._seal_key, name))
