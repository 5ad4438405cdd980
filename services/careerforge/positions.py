"""Open positions, asked of talenthub through the mesh with the token of whoever calls."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import grpc
from skillsync.talenthub.v1.talenthub_service_pb2 import GetPublicPositionRequest
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.work_pb2 import WorkMode

from services.kit.enums import chosen
from services.kit.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceAsyncStub


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """What everybody sees of it. Spans of requirements count in `text`; `work_mode` is e.g. `REMOTE`; `city` and it may be empty."""

    id: UUID
    title: str
    text: str
    organization_name: str
    city: str = ""
    work_mode: str = ""


class Positions:
    """`channel` leads to talenthub."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._talenthub: TalentHubServiceAsyncStub = TalentHubServiceStub(channel)

    async def get_open(self, position_id: UUID) -> OpenPosition:
        """Raises NotFound for one that takes no applications, Unavailable when talenthub does not answer."""
        try:
            found = await self._talenthub.GetPublicPosition(GetPublicPositionRequest(position_id=str(position_id)))
        except grpc.aio.AioRpcError as failure:
            if failure.code() is grpc.StatusCode.NOT_FOUND:
                raise NotFound("position", str(position_id)) from failure
            raise Unavailable("talenthub") from failure
        mode = chosen(WorkMode, found.work_mode) or ""
        return OpenPosition(
            position_id, found.title, found.description, found.organization_name, found.location.city, mode
        )
