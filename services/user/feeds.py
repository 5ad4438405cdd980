"""What the watch methods read."""

from collections.abc import AsyncIterator
from uuid import UUID

from services.kit.changes import Cursor, Event, Relay
from services.kit.feeds import watch_one
from services.user import erasures, exports, queries
from services.user.tables import DataExport, Erasure


async def watch_export(relay: Relay, cursor: Cursor | None, export_id: UUID) -> AsyncIterator[Event[DataExport]]:
    by_id = queries.exports_by_id
    async for event in watch_one(relay, cursor, exports.KIND, export_id, by_id, lambda row: row.state != "RUNNING"):
        yield event


async def watch_erasure(relay: Relay, cursor: Cursor | None, erasure_id: UUID) -> AsyncIterator[Event[Erasure]]:
    by_id = queries.erasures_by_id
    async for event in watch_one(relay, cursor, erasures.KIND, erasure_id, by_id, lambda row: row.state != "RUNNING"):
        yield event
