"""TalentHubService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Application, Stage
from skillsync.talenthub.v1.organization_pb2 import Organization
from skillsync.talenthub.v1.pipeline_pb2 import PipelineStats
from skillsync.talenthub.v1.position_pb2 import Position, PublicPosition
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceServicer
from skillsync.type.v1.work_pb2 import WorkMode

from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import chosen, plain
from services.kit.masks import masked
from services.kit.pages import Page
from services.kit.privacy import UserDataMethods
from services.talenthub import applications, feeds, organizations, positions, privacy, queries, wire


class TalentHubServicer(UserDataMethods, TalentHubServiceServicer):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(self, db: Database, relay: Relay, seal_key: str) -> None:
        self._db = db
        self._relay = relay
        self._seal_key = seal_key
        self.user_data = privacy.user_data(db)

    async def CreateOrganization(self, request: pb.CreateOrganizationRequest, context: Any) -> Organization:
        new = request.organization
        # Its first member comes to be with it.
        async with self._db.write(EVERYONE) as session:
            row = await organizations.create_organization(
                session, caller(), new.display_name, new.domain, new.hiring_capacity, new.recruitment_focus
            )
            return wire.organization(row)

    async def GetOrganization(self, request: pb.GetOrganizationRequest, context: Any) -> Organization:
        async with self._db.read() as session:
            row = await organizations.get_organization(session, caller(), UUID(request.organization_id))
            return wire.organization(row)

    async def ListOrganizations(
        self, request: pb.ListOrganizationsRequest, context: Any
    ) -> pb.ListOrganizationsResponse:
        page = Page.asked(self._seal_key, request, "organizations")
        async with self._db.read() as session:
            rows = await organizations.list_organizations(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListOrganizationsResponse(
            organizations=[wire.organization(row) for row in shown], next_page_token=token
        )

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        page = Page.asked(self._seal_key, request, f"members/{request.organization_id}")
        async with self._db.read() as session:
            rows = await organizations.list_members(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows)
        return pb.ListMembersResponse(members=[wire.member(row) for row in shown], next_page_token=token)

    async def CreatePosition(self, request: pb.CreatePositionRequest, context: Any) -> Position:
        new = request.position
        values = wire.position_values(new, wire.POSITION_FIELDS)
        async with self._db.write() as session:
            row = await positions.create_position(
                session, caller(), optional_id(new.organization_id), values, optional_id(request.request_id)
            )
            return wire.position(row)

    async def GetPosition(self, request: pb.GetPositionRequest, context: Any) -> Position:
        async with self._db.read() as session:
            return wire.position(await positions.get_position(session, caller(), UUID(request.position_id)))

    async def ListPositions(self, request: pb.ListPositionsRequest, context: Any) -> pb.ListPositionsResponse:
        state = chosen(Position.State, request.state)
        page = Page.asked(self._seal_key, request, f"positions/{request.organization_id}/{state}")
        async with self._db.read() as session:
            rows = await positions.list_positions(session, caller(), optional_id(request.organization_id), state, page)
        shown, token = page.cut(rows)
        return pb.ListPositionsResponse(positions=[wire.position(row) for row in shown], next_page_token=token)

    async def UpdatePosition(self, request: pb.UpdatePositionRequest, context: Any) -> Position:
        fields = set(masked(request.position, request.update_mask, wire.POSITION_FIELDS))
        values = wire.position_values(request.position, fields)
        async with self._db.write() as session:
            row = await positions.update_position(
                session, caller(), UUID(request.position_id), values, request.position.etag
            )
            return wire.position(row)

    async def DeletePosition(self, request: pb.DeletePositionRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await positions.delete_position(session, caller(), UUID(request.position_id), request.etag)
        return Empty()

    async def PublishPosition(self, request: pb.PublishPositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.publish_position(
                session, caller(), UUID(request.position_id), request.etag, utc_now()
            )
            return wire.position(row)

    async def PausePosition(self, request: pb.PausePositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.pause_position(session, caller(), UUID(request.position_id), request.etag)
            return wire.position(row)

    async def ReopenPosition(self, request: pb.ReopenPositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.reopen_position(session, caller(), UUID(request.position_id), request.etag)
            return wire.position(row)

    async def ClosePosition(self, request: pb.ClosePositionRequest, context: Any) -> Position:
        reason = plain(Position.CloseReason, request.close_reason)
        async with self._db.write() as session:
            row = await positions.close_position(session, caller(), UUID(request.position_id), request.etag, reason)
            return wire.position(row)

    async def GetPublicPosition(self, request: pb.GetPublicPositionRequest, context: Any) -> PublicPosition:
        async with self._db.read() as session:
            return wire.public_position(*await queries.get_public_position(session, UUID(request.position_id)))

    async def ListPublicPositions(
        self, request: pb.ListPublicPositionsRequest, context: Any
    ) -> pb.ListPublicPositionsResponse:
        mode = chosen(WorkMode, request.work_mode)
        page = Page.asked(self._seal_key, request, f"public/{request.country_code}/{mode}")
        async with self._db.read() as session:
            rows = await queries.list_public_positions(session, request.country_code, mode, page)
        shown, token = page.cut(rows, key=lambda found: found[0].id)
        return pb.ListPublicPositionsResponse(
            positions=[wire.public_position(*found) for found in shown], next_page_token=token
        )

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

    async def GetPipelineStats(self, request: pb.GetPipelineStatsRequest, context: Any) -> PipelineStats:
        organization_id, position_id = optional_id(request.organization_id), optional_id(request.position_id)
        async with self._db.read() as session:
            stats = await applications.pipeline_stats(session, caller(), organization_id, position_id)
        return wire.pipeline_stats(stats)

    async def WatchPositions(
        self, request: pb.WatchPositionsRequest, context: Any
    ) -> AsyncIterator[pb.WatchPositionsResponse]:
        name = f"positions/{caller().account()}"
        cursor = Cursor.unseal(self._seal_key, name, request.resume_token)
        async with self._db.read() as session:
            mine = await queries.organizations_of(session, caller().account())
        async for event in feeds.watch_positions(self._relay, cursor, mine):
            yield wire.positions_event(event, event.cursor.seal(self._seal_key, name))

    async def WatchHiring(self, request: pb.WatchHiringRequest, context: Any) -> AsyncIterator[pb.WatchHiringResponse]:
        cursor = Cursor.unseal(self._seal_key, "hiring", request.resume_token)
        async for event in feeds.watch_hiring(self._relay, cursor):
            yield wire.hiring_event(event, event.cursor.seal(self._seal_key, "hiring"))


def optional_id(value: str) -> UUID | None:
    return UUID(value) if value else None
