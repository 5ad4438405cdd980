"""What watch streams have in common."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from skillsync.type.v1.watch_pb2 import SnapshotComplete

from services.kit.changes import Cursor, Event, Relay, watch
from services.kit.db import ReadSession

T = TypeVar("T")


async def watch_one(
    relay: Relay,
    cursor: Cursor | None,
    kind: str,
    resource_id: UUID,
    by_id: Callable[[ReadSession, Collection[UUID]], Awaitable[dict[UUID, T]]],
    ended: Callable[[T], bool],
) -> AsyncIterator[Event[T]]:
    """One resource as it is now, then each change. Ends when it has ended, or is gone. Its changes have its id as scope."""

    async def snapshot(session: ReadSession, after: str | None) -> Sequence[tuple[str, str, UUID, T]]:
        found = await by_id(session, [resource_id]) if after is None else {}
        return [("sent", kind, id, item) for id, item in found.items()]

    async def load(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, T]:
        return await by_id(session, ids)

    async for event in watch(relay, cursor, [kind], snapshot, load, scopes=[resource_id]):
        if event.item or event.checkpoint:
            yield event
        if (event.item and ended(event.item)) or (event.resource_id and not event.item):
            return


def told_pause(event: Event[Any], response: Any) -> bool:
    """Whether the event brings no resource: the snapshot's end, or a checkpoint. It then stands in the response."""
    if event.checkpoint:
        response.checkpoint.SetInParent()
    elif event.resource_id is None:
        response.snapshot_complete.CopyFrom(SnapshotComplete(row_count=event.rows))
    else:
        return False
    return True
