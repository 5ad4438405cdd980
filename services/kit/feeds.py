"""What all watch streams say alike, between changes."""

from typing import Any

from skillsync.type.v1.watch_pb2 import SnapshotComplete

from services.kit.changes import Event


def told_pause(event: Event[Any], response: Any) -> bool:
    """Whether the event brings no resource: the snapshot's end, or a checkpoint. It then stands in the response."""
    if event.checkpoint:
        response.checkpoint.SetInParent()
    elif event.resource_id is None:
        response.snapshot_complete.CopyFrom(SnapshotComplete(row_count=event.rows))
    else:
        return False
    return True
