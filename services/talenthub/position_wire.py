"""Between rows and messages of what belongs to positions."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.talenthub.v1.position_pb2 import PositionTemplate as PositionTemplateMessage
from skillsync.talenthub.v1.position_pb2 import PositionVersion as PositionVersionMessage

from services.kit.errors import InvalidArgument
from services.kit.times import timestamp
from services.talenthub import versions, wire
from services.talenthub.tables import Position, PositionTemplate, PositionVersion

# Times are a position's own.
TEMPLATE_FIELDS = wire.POSITION_FIELDS - {"deadline_time"}


def version(row: PositionVersion) -> PositionVersionMessage:
    return PositionVersionMessage(
        number=row.number,
        position=wire.position(versions.restored(row)),
        actor_id=str(row.actor_id),
        time=timestamp(row.create_time),
        changed_fields=row.changed_fields,
    )


def template(row: PositionTemplate) -> PositionTemplateMessage:
    message = PositionTemplateMessage(
        id=str(row.id), organization_id=str(row.organization_id), display_name=row.display_name
    )
    begun = Position(**(versions.NOTHING | row.position))
    FieldMask(paths=TEMPLATE_FIELDS).MergeMessage(wire.position(begun), message.position)
    return message


def template_values(message: PositionTemplateMessage) -> dict[str, Any]:
    """Columns for what a position begins with. Raises InvalidArgument when the template has none."""
    if not message.HasField("position"):
        raise InvalidArgument("template.position", "is missing; give what a position begins with")
    return wire.position_values(message.position, TEMPLATE_FIELDS, "template.position")
