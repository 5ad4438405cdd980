"""The other services, asked for what they hold about a person."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import grpc
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.privacy_pb2 import EraseUserDataRequest, ExportUserDataRequest

from services.kit.channel import open_channel
from services.kit.errors import Unavailable
from services.kit.settings import Settings

# Matching copies what the two before it say.
STUBS: dict[str, Any] = {
    "careerforge": CareerForgeServiceStub,
    "talenthub": TalentHubServiceStub,
    "matching": MatchingServiceStub,
    "billing": BillingServiceStub,
}


PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,
}


def _reason(service: str, failure: grpc.aio.AioRpcError) -> Exception:
    return Unavailable(service) if failure.code() in PASSING else failure


class Others:
    """Raises Unavailable for a service that does not answer, and what it says for one that answers otherwise."""

    def __init__(self, stubs: dict[str, Any]) -> None:
        self._stubs = stubs

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator["Others"]:
        """For as long as the block."""
        async with AsyncExitStack() as stack:
            channels = {name: await stack.enter_async_context(open_channel(settings, name)) for name in STUBS}
            yield cls({name: stub(channels[name]) for name, stub in STUBS.items()})

    async def export(self, service: str, account_id: UUID) -> AsyncIterator[tuple[str, bytes]]:
        """Path and next bytes."""
        try:
            async for part in self._stubs[service].ExportUserData(ExportUserDataRequest(account_id=str(account_id))):
                yield part.path, part.content
        except grpc.aio.AioRpcError as failure:
            raise _reason(service, failure) from failure

    async def erase(self, service: str, account_id: UUID) -> int:
        """How many rows and files were removed."""
        try:
            answer = await self._stubs[service].EraseUserData(EraseUserDataRequest(account_id=str(account_id)))
        except grpc.aio.AioRpcError as failure:
            raise _reason(service, failure) from failure
        return int(answer.removed_row_count + answer.removed_file_count)
