"""Moments as protobuf carries them."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(moment: datetime | None) -> Timestamp | None:
    """None stays None: the field is then unset."""
    if moment is None:
        return None
    found = Timestamp()
    found.FromDatetime(moment)
    return found


def moment(message: Timestamp) -> datetime:
    return message.ToDatetime(tzinfo=UTC)
