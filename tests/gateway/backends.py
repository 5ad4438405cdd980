"""The five services as small real servers behind the gateway, with what they were called with."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status
from skillsync.billing.v1 import billing_service_pb2_grpc
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1 import careerforge_service_pb2_grpc, resume_pb2
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1 import matching_service_pb2_grpc
from skillsync.talenthub.v1 import talenthub_service_pb2_grpc
from skillsync.user.v1 import account_pb2, session_pb2, user_service_pb2_grpc
from skillsync.user.v1 import user_service_pb2 as user

from gateway.contract import SERVICES
from gateway.target import Address

REGISTER: dict[str, Callable[..., None]] = {
    "user": user_service_pb2_grpc.add_UserServiceServicer_to_server,
    "careerforge": careerforge_service_pb2_grpc.add_CareerForgeServiceServicer_to_server,
    "talenthub": talenthub_service_pb2_grpc.add_TalentHubServiceServicer_to_server,
    "matching": matching_service_pb2_grpc.add_MatchingServiceServicer_to_server,
    "billing": billing_service_pb2_grpc.add_BillingServiceServicer_to_server,
}


class Keys:
    """Keys that sign access tokens; `published` is what the user service tells."""

    def __init__(self) -> None:
        self.published: dict[str, Ed25519PrivateKey] = {}
        self.add("first")

    def add(self, kid: str) -> None:
        self.published[kid] = Ed25519PrivateKey.generate()

    def remove(self, kid: str) -> None:
        del self.published[kid]

    def token(self, kid: str = "first", key: Ed25519PrivateKey | None = None, **claims: Any) -> str:
        standard = {"iss": "skillsync", "aud": "skillsync", "sub": "somebody", "exp": 4_000_000_000}
        signer = key or self.published[kid]
        return jwt.encode(standard | claims, signer, algorithm="EdDSA", headers={"kid": kid})

    def message(self) -> user.JsonWebKeySet:
        return user.JsonWebKeySet(keys=[_json_web_key(kid, key) for kid, key in self.published.items()])


def _json_web_key(kid: str, key: Ed25519PrivateKey) -> session_pb2.JsonWebKey:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return session_pb2.JsonWebKey(kty="OKP", crv="Ed25519", x=x, kid=kid, alg="EdDSA", use="sig")


class Backends:
    """What the test asks and changes."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.metadata: dict[str, dict[str, str | bytes]] = {}  # of the last call, by method name
        self.addresses: dict[str, Address] = {}
        self.open_streams = 0
        self.door = asyncio.Event()  # calls of GetMe wait before it
        self.door.set()
        self.is_down = False  # GetJsonWebKeySet is UNAVAILABLE

    async def GetJsonWebKeySet(self, request: Any, context: Any) -> user.JsonWebKeySet:
        if self.is_down:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "down")
        return self.keys.message()

    async def GetMe(self, request: Any, context: Any) -> account_pb2.Account:
        await self.door.wait()
        return account_pb2.Account(id="me")

    async def SignIn(self, request: user.SignInRequest, context: Any) -> session_pb2.TokenSet:
        status = status_pb2.Status(code=code_pb2.UNAUTHENTICATED, message="no")
        info = error_details_pb2.ErrorInfo(reason="CREDENTIALS_INVALID", domain="skillsync", metadata={"a": "b"})
        status.details.add().Pack(info)
        await context.abort_with_status(rpc_status.to_status(status))

    async def StreamMatches(self, request: Any, context: Any) -> AsyncIterator[matching.StreamMatchesResponse]:
        self.open_streams += 1
        try:
            for number in range(1000):
                yield matching.StreamMatchesResponse(resume_token=f"token {number}")
                await asyncio.sleep(0.05)
        finally:
            self.open_streams -= 1

    async def AnalyzeResume(self, requests: AsyncIterator[Any], context: Any) -> resume_pb2.ResumeAnalysis:
        size, name = 0, ""
        async for request in requests:
            size, name = size + len(request.file.data), name or request.filename
        return resume_pb2.ResumeAnalysis(id=f"{name} of {size} bytes")

    async def WatchCandidates(self, request: Any, context: Any) -> AsyncIterator[careerforge.WatchCandidatesResponse]:
        yield careerforge.WatchCandidatesResponse(resume_token="one")


class Recorder(grpc.aio.ServerInterceptor):
    """Remembers the metadata of each method's last call."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    async def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        self._backends.metadata[details.method.rsplit("/", 1)[1]] = dict(details.invocation_metadata)
        return await continuation(details)


@asynccontextmanager
async def running_backends(certificates: Path) -> AsyncIterator[Backends]:
    """The five servers, over mutual TLS as in production."""
    backends = Backends()
    async with AsyncExitStack() as stack:
        for service in SERVICES:
            backends.addresses[service] = await _start(stack, backends, service, certificates)
        yield backends


async def _start(stack: AsyncExitStack, backends: Backends, service: str, certificates: Path) -> Address:
    server = grpc.aio.server(interceptors=[Recorder(backends)])
    REGISTER[service](_servicer(backends, service), server)
    health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
    reflection.enable_server_reflection(["skillsync.user.v1.UserService"], server)
    port = server.add_secure_port("127.0.0.1:0", server_credentials(certificates, service))
    await server.start()
    stack.push_async_callback(server.stop, 0)
    return Address("127.0.0.1", port)


def _servicer(backends: Backends, service: str) -> Any:
    """Our methods where we have them, UNIMPLEMENTED elsewhere."""
    return _Servicer(backends)


class _Servicer:
    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backends, name, _unimplemented)


async def _unimplemented(request: Any, context: Any) -> None:
    await context.abort(grpc.StatusCode.UNIMPLEMENTED, "not in this test")


def server_credentials(certificates: Path, name: str) -> grpc.ServerCredentials:
    pair = ((certificates / f"{name}-key.pem").read_bytes(), (certificates / f"{name}.pem").read_bytes())
    return grpc.ssl_server_credentials([pair], (certificates / "ca.pem").read_bytes(), require_client_auth=True)


def channel_credentials(certificates: Path, name: str | None) -> grpc.ChannelCredentials:
    authority = (certificates / "ca.pem").read_bytes()
    if name is None:
        return grpc.ssl_channel_credentials(authority)
    key, cert = (certificates / f"{name}-key.pem").read_bytes(), (certificates / f"{name}.pem").read_bytes()
    return grpc.ssl_channel_credentials(authority, key, cert)
