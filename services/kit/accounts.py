"""The caller's own account, asked of the user service."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from skillsync.user.v1.user_service_pb2 import GetMeRequest
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.errors import Unavailable

if TYPE_CHECKING:
    from skillsync.user.v1.user_service_pb2_grpc import UserServiceAsyncStub


@dataclass(frozen=True, slots=True)
class Address:
    """Of mail, in lower case."""

    email: str
    verified: bool


class Accounts:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._user: UserServiceAsyncStub = UserServiceStub(channel)

    async def address(self) -> Address:
        """Of whoever calls. Raises Unavailable when the user service does not answer."""
        try:
            me = await self._user.GetMe(GetMeRequest())
        except grpc.aio.AioRpcError as failure:
            raise Unavailable("user") from failure
        return Address(me.email.lower(), me.email_verified)
