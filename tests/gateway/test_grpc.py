"""Native gRPC and gRPC-Web at the edge, and the mesh."""

import asyncio
import struct
from typing import Any

import grpc
import pytest
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.user.v1 import account_pb2
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.gateway.backends import channel_credentials
from tests.gateway.conftest import Gateway
from tests.refusals import refused

GRPC_WEB = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}


@pytest.fixture
async def edge(gateway: Gateway) -> Any:
    async with grpc.aio.insecure_channel(str(gateway.edge)) as channel:
        yield channel


def signed_in(gateway: Gateway) -> tuple[tuple[str, str], ...]:
    return tuple(gateway.signed_in().items())


async def test_a_native_call_goes_through(gateway: Gateway, edge: grpc.aio.Channel) -> None:
    assert (await UserServiceStub(edge).GetMe(user.GetMeRequest(), metadata=signed_in(gateway))).id == "me"


async def test_a_native_call_without_token_is_refused(edge: grpc.aio.Channel) -> None:
    with refused("TOKEN_MISSING", grpc.StatusCode.UNAUTHENTICATED):
        await UserServiceStub(edge).GetMe(user.GetMeRequest())


async def test_an_expired_token_is_told_from_a_missing_one(gateway: Gateway, edge: grpc.aio.Channel) -> None:
    token = gateway.backends.keys.token(exp=1_700_000_000)
    with refused("TOKEN_EXPIRED", grpc.StatusCode.UNAUTHENTICATED):
        await UserServiceStub(edge).GetMe(user.GetMeRequest(), metadata=(("authorization", f"Bearer {token}"),))


async def test_a_forged_header_does_not_change_the_form_of_a_refusal(edge: grpc.aio.Channel) -> None:
    with refused("TOKEN_MISSING", grpc.StatusCode.UNAUTHENTICATED):
        await UserServiceStub(edge).GetMe(user.GetMeRequest(), metadata=(("x-envoy-original-path", "/v1/me"),))


async def test_a_native_stream_goes_through(gateway: Gateway, edge: grpc.aio.Channel) -> None:
    call = MatchingServiceStub(edge).StreamMatches(matching.StreamMatchesRequest(), metadata=signed_in(gateway))
    assert [(await call.read()).resume_token for _ in range(2)] == ["token 0", "token 1"]
    call.cancel()


async def test_a_native_error_of_a_service_arrives_whole(edge: grpc.aio.Channel) -> None:
    with refused("CREDENTIALS_INVALID", grpc.StatusCode.UNAUTHENTICATED):
        await UserServiceStub(edge).SignIn(user.SignInRequest(email="a@b.example", password="x"))


async def test_a_method_of_the_mesh_is_not_there(gateway: Gateway, edge: grpc.aio.Channel) -> None:
    call = CareerForgeServiceStub(edge).WatchCandidates(
        careerforge.WatchCandidatesRequest(), metadata=signed_in(gateway)
    )
    with refused("METHOD_UNKNOWN", grpc.StatusCode.NOT_FOUND):
        await call.read()


async def test_an_unknown_method_is_not_there(gateway: Gateway, edge: grpc.aio.Channel) -> None:
    with refused("METHOD_UNKNOWN", grpc.StatusCode.NOT_FOUND):
        await edge.unary_unary("/skillsync.user.v1.UserService/Nothing")(b"", metadata=signed_in(gateway))


async def test_reflection_lists_the_services(gateway: Gateway) -> None:
    def listed() -> list[str]:
        with grpc.insecure_channel(str(gateway.edge)) as channel:
            return list(ProtoReflectionDescriptorDatabase(channel).get_services())

    assert "skillsync.user.v1.UserService" in await asyncio.to_thread(listed)


async def test_grpc_web_goes_through(gateway: Gateway) -> None:
    answer = await grpc_web(gateway, gateway.signed_in())
    assert answer.headers["content-type"] == "application/grpc-web+proto"
    assert answer.content.endswith(b"grpc-status:0\r\ngrpc-message:\r\n")
    length = struct.unpack(">I", answer.content[1:5])[0]
    assert account_pb2.Account.FromString(answer.content[5 : 5 + length]).id == "me"


async def test_a_grpc_web_stream_arrives_while_it_goes_on(gateway: Gateway) -> None:
    request = matching.StreamMatchesRequest().SerializeToString()
    async with gateway.rest.stream(
        "POST",
        "/skillsync.matching.v1.MatchingService/StreamMatches",
        content=b"\0" + struct.pack(">I", len(request)) + request,
        headers=gateway.signed_in() | GRPC_WEB,
    ) as answer:
        first = await anext(answer.aiter_bytes())
    length = struct.unpack(">I", first[1:5])[0]
    assert matching.StreamMatchesResponse.FromString(first[5 : 5 + length]).resume_token == "token 0"


async def test_grpc_web_is_refused_in_its_own_form(gateway: Gateway) -> None:
    answer = await grpc_web(gateway, {})
    assert answer.headers["grpc-status"] == "16"
    assert answer.headers["grpc-status-details-bin"]


async def grpc_web(gateway: Gateway, headers: dict[str, str]) -> Any:
    return await gateway.rest.post(
        "/skillsync.user.v1.UserService/GetMe",
        content=b"\0" + struct.pack(">I", 0),
        headers=headers | GRPC_WEB,
    )


def mesh(gateway: Gateway, caller: str | None) -> grpc.aio.Channel:
    options = [("grpc.ssl_target_name_override", "localhost")]
    credentials = channel_credentials(gateway.certificates, caller)
    return grpc.aio.secure_channel(str(gateway.mesh), credentials, options=options)


async def test_a_service_is_known_by_its_certificate(gateway: Gateway) -> None:
    async with mesh(gateway, "matching") as channel:
        forged = (("x-forwarded-client-cert", "URI=spiffe://skillsync/billing"), ("x-request-id", "mine"))
        call = CareerForgeServiceStub(channel).WatchCandidates(careerforge.WatchCandidatesRequest(), metadata=forged)
        assert (await call.read()).resume_token == "one"
    seen = gateway.backends.metadata["WatchCandidates"]
    assert str(seen["x-forwarded-client-cert"]).endswith("URI=spiffe://skillsync/matching")
    assert "billing" not in str(seen["x-forwarded-client-cert"])
    assert seen["x-request-id"] == "mine"


async def test_a_service_may_call_only_what_the_contract_allows(gateway: Gateway) -> None:
    async with mesh(gateway, "talenthub") as channel:
        with refused("PERMISSION_DENIED", grpc.StatusCode.PERMISSION_DENIED):
            await CareerForgeServiceStub(channel).WatchCandidates(careerforge.WatchCandidatesRequest()).read()
        with refused("PERMISSION_DENIED", grpc.StatusCode.PERMISSION_DENIED):
            await UserServiceStub(channel).UpdateMe(user.UpdateMeRequest(), metadata=signed_in(gateway))


async def test_user_and_billing_may_call_nobody(gateway: Gateway) -> None:
    for caller in ("user", "billing"):
        async with mesh(gateway, caller) as channel:
            with refused("PERMISSION_DENIED", grpc.StatusCode.PERMISSION_DENIED):
                await BillingServiceStub(channel).ReserveCredits(billing.ReserveCreditsRequest())


async def test_nobody_without_a_certificate_gets_into_the_mesh(gateway: Gateway) -> None:
    async with mesh(gateway, None) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await (
                CareerForgeServiceStub(channel).WatchCandidates(careerforge.WatchCandidatesRequest(), timeout=3).read()
            )
    assert caught.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
