"""Everything about a person: handed over, and removed."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.privacy_pb2 import DataExport, Erasure

from services.kit.auth import caller
from services.kit.changes import Cursor
from services.kit.db import utc_now
from services.user import credentials, erasures, exports, feeds, queries, wire
from services.user.servicer.methods import Methods

PART_BYTES = 1 << 18


class PrivacyMethods(Methods):
    async def ExportMyData(self, request: pb.ExportMyDataRequest, context: Any) -> DataExport:
        request_id = UUID(request.request_id) if request.request_id else None
        async with self.db.write() as session:
            return wire.data_export(await exports.begin(session, caller(), request_id), utc_now())

    async def WatchDataExport(
        self, request: pb.WatchDataExportRequest, context: Any
    ) -> AsyncIterator[pb.WatchDataExportResponse]:
        name, export_id = f"data_export/{request.data_export_id}", UUID(request.data_export_id)
        cursor = Cursor.unseal(self.seal_key, name, request.resume_token)
        async with self.db.read() as session:
            await queries.get_own_export(session, caller().account(), export_id)
        async for event in feeds.watch_export(self.relay, cursor, export_id):
            yield wire.data_export_event(event, event.cursor.seal(self.seal_key, name), utc_now())

    async def DownloadDataExport(self, request: pb.DownloadDataExportRequest, context: Any) -> AsyncIterator[HttpBody]:
        async with self.db.read() as session:
            row = await exports.get_ready(session, caller(), UUID(request.data_export_id), utc_now())
        async for part in self.blobs.stream(row.blob_key, PART_BYTES):
            yield HttpBody(content_type="application/zip", data=part)

    async def EraseMe(self, request: pb.EraseMeRequest, context: Any) -> Erasure:
        now, request_id = utc_now(), UUID(request.request_id) if request.request_id else None
        async with self.own_secret() as session:
            account_id = await credentials.confirm_identity(session, caller(), request.password, now)
            email = await credentials.own_email(session, caller())
            await self.check_second_factor(session, account_id, email, request.second_factor_code, now)
            return wire.erasure(await erasures.begin(session, account_id, self.user_data, request_id, now))

    async def WatchErasure(
        self, request: pb.WatchErasureRequest, context: Any
    ) -> AsyncIterator[pb.WatchErasureResponse]:
        name, erasure_id = f"erasure/{request.erasure_id}", UUID(request.erasure_id)
        cursor = Cursor.unseal(self.seal_key, name, request.resume_token)
        async with self.db.read() as session:
            await queries.get_erasure(session, erasure_id)
        async for event in feeds.watch_erasure(self.relay, cursor, erasure_id):
            yield wire.erasure_event(event, event.cursor.seal(self.seal_key, name))
