"""Who looks: with an access token, or with e-mail address and password, which serve for as long as one looks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from skillsync.user.v1.user_service_pb2 import RefreshTokensRequest, SignInRequest
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

if TYPE_CHECKING:
    from skillsync.user.v1.user_service_pb2_grpc import UserServiceAsyncStub


@dataclass
class Session:
    """`token` alone ends with it; with a refresh token it is renewed."""

    token: str
    refresh_token: str = ""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),)

    async def renew(self, channel: grpc.aio.Channel) -> bool:
        """Whether there is a new token. Raises AioRpcError when the service does not give one."""
        if not self.refresh_token:
            return False
        stub: UserServiceAsyncStub = UserServiceStub(channel)
        tokens = await stub.RefreshTokens(RefreshTokensRequest(refresh_token=self.refresh_token))
        self.token, self.refresh_token = tokens.access_token, tokens.refresh_token
        return True


async def sign_in(channel: grpc.aio.Channel, email: str, password: str, code: str = "") -> Session:
    """`code`: of the second factor. Raises AioRpcError."""
    stub: UserServiceAsyncStub = UserServiceStub(channel)
    tokens = await stub.SignIn(SignInRequest(email=email, password=password, second_factor_code=code))
    return Session(tokens.access_token, tokens.refresh_token)
