"""Methods about positions, and the streams of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.position_pb2 import Position, PositionTemplate, PublicPosition
from skillsync.type.v1.work_pb2 import WorkMode

from services.kit.auth import caller
from services.kit.changes import Cursor, Relay
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import chosen, plain
from services.kit.ids import optional_id
from services.kit.masks import masked
from services.kit.pages import Numbers, Page
from services.talenthub import (
    feeds,
    import_wire,
    importing,
    job_posting,
    position_wire,
    positions,
    queries,
    templates,
    versions,
    wire,
)
from services.talenthub.name_pages import NamePage


class PositionMethods:
    _db: Database
    _seal_key: str
    _relay: Relay

    async def CreatePosition(self, request: pb.CreatePositionRequest, context: Any) -> Position:
        new = request.position
        values = wire.position_values(new, wire.POSITION_FIELDS)
        async with self._db.write() as session:
            row = await positions.create_position(
                session, caller(), optional_id(new.organization_id), values, optional_id(request.request_id), utc_now()
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
            row = await positions.update_position(session, caller(), _change(request, request.position.etag), values)
            return wire.position(row)

    async def DeletePosition(self, request: pb.DeletePositionRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await positions.delete_position(session, caller(), UUID(request.position_id), request.etag)
        return Empty()

    async def PublishPosition(self, request: pb.PublishPositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.publish_position(session, caller(), _change(request, request.etag))
            return wire.position(row)

    async def PausePosition(self, request: pb.PausePositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.pause_position(session, caller(), _change(request, request.etag))
            return wire.position(row)

    async def ReopenPosition(self, request: pb.ReopenPositionRequest, context: Any) -> Position:
        async with self._db.write() as session:
            row = await positions.reopen_position(session, caller(), _change(request, request.etag))
            return wire.position(row)

    async def ClosePosition(self, request: pb.ClosePositionRequest, context: Any) -> Position:
        reason = plain(Position.CloseReason, request.close_reason)
        async with self._db.write() as session:
            row = await positions.close_position(session, caller(), _change(request, request.etag), reason)
            return wire.position(row)

    async def ListPositionVersions(
        self, request: pb.ListPositionVersionsRequest, context: Any
    ) -> pb.ListPositionVersionsResponse:
        name = f"versions/{request.position_id}/{caller().account_id}"
        page = Numbers.of(self._seal_key, name, request.page_size, request.page_token)
        async with self._db.read() as session:
            rows = await versions.list_versions(session, caller(), UUID(request.position_id), page)
        shown, token = page.cut(rows, key=lambda row: row.number)
        return pb.ListPositionVersionsResponse(
            versions=[position_wire.version(row) for row in shown], next_page_token=token
        )

    async def CreatePositionTemplate(self, request: pb.CreatePositionTemplateRequest, context: Any) -> PositionTemplate:
        new = request.template
        values = position_wire.template_values(new)
        async with self._db.write() as session:
            row = await templates.create_template(
                session,
                caller(),
                optional_id(new.organization_id),
                new.display_name,
                values,
                optional_id(request.request_id),
            )
            return position_wire.template(row)

    async def ListPositionTemplates(
        self, request: pb.ListPositionTemplatesRequest, context: Any
    ) -> pb.ListPositionTemplatesResponse:
        page = NamePage.asked(self._seal_key, request, "templates")
        async with self._db.read() as session:
            rows = await templates.list_templates(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListPositionTemplatesResponse(
            templates=[position_wire.template(row) for row in shown], next_page_token=token
        )

    async def DeletePositionTemplate(self, request: pb.DeletePositionTemplateRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await templates.delete_template(session, caller(), UUID(request.template_id))
        return Empty()

    async def ImportPositions(self, request: pb.ImportPositionsRequest, context: Any) -> pb.ImportPositionsResponse:
        # In a thread: a full file takes tenths of a second.
        drafts = await asyncio.to_thread(import_wire.drafts, request.file.data, request.file.content_type)
        async with self._db.write() as session:
            rows = await importing.import_positions(
                session,
                caller(),
                optional_id(request.organization_id),
                drafts,
                optional_id(request.request_id),
                utc_now(),
            )
            return pb.ImportPositionsResponse(positions=[wire.position(row) for row in rows])

    async def ExportPosition(self, request: pb.ExportPositionRequest, context: Any) -> HttpBody:
        async with self._db.read() as session:
            row = await positions.get_position(session, caller(), UUID(request.position_id))
            organization = await queries.get_organization(session, row.organization_id)
        posting = job_posting.written(job_posting.export(row, organization))
        return HttpBody(content_type=job_posting.CONTENT_TYPE, data=posting)

    async def GetPublicPosition(self, request: pb.GetPublicPositionRequest, context: Any) -> PublicPosition:
        async with self._db.read(EVERYONE) as session:
            return wire.public_position(*await queries.get_public_position(session, UUID(request.position_id)))

    async def ListPublicPositions(
        self, request: pb.ListPublicPositionsRequest, context: Any
    ) -> pb.ListPublicPositionsResponse:
        mode = chosen(WorkMode, request.work_mode)
        page = Page.asked(self._seal_key, request, f"public/{request.country_code}/{mode}")
        async with self._db.read(EVERYONE) as session:
            rows = await queries.list_public_positions(session, request.country_code, mode, page)
        shown, token = page.cut(rows, key=lambda found: found[0].id)
        return pb.ListPublicPositionsResponse(
            positions=[wire.public_position(*found) for found in shown], next_page_token=token
        )

    async def WatchPositions(
        self, request: pb.WatchPositionsRequest, context: Any
    ) -> AsyncIterator[pb.WatchPositionsResponse]:
        account_id = caller().account()
        async with self._db.read() as session:
            mine = await queries.organizations_of(session, account_id)
        cursor = feeds.positions_cursor(request.resume_token, self._seal_key, account_id, mine)
        async for event in feeds.watch_positions(self._relay, cursor, account_id, mine):
            token = feeds.positions_token(event.cursor, self._seal_key, account_id, mine)
            yield wire.positions_event(event, token)

    async def WatchHiring(self, request: pb.WatchHiringRequest, context: Any) -> AsyncIterator[pb.WatchHiringResponse]:
        cursor = Cursor.unseal(self._seal_key, "hiring", request.resume_token)
        async for event in feeds.watch_hiring(self._relay, cursor):
            yield wire.hiring_event(event, event.cursor.seal(self._seal_key, "hiring"))


def _change(request: Any, etag: str) -> positions.Change:
    return positions.Change(UUID(request.position_id), etag, optional_id(request.request_id), utc_now())
