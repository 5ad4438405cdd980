"""Between rows and messages of what belongs to positions."""

from skillsync.talenthub.v1.position_pb2 import PositionVersion as PositionVersionMessage

from services.kit.times import timestamp
from services.talenthub import versions, wire
from services.talenthub.tables import PositionVersion


def version(row: PositionVersion) -> PositionVersionMessage:
    return PositionVersionMessage(
        number=row.number,
        position=wire.position(versions.restored(row)),
        actor_id=str(row.actor_id),
        time=timestamp(row.create_time),
        changed_fields=row.changed_fields,
    )
