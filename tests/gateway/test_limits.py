"""How much one client may ask, and how much one service is asked, before the gateway says no."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from gateway import clusters
from gateway.parts import Config
from gateway.target import Address
from services.embedded.program import until
from services.kit.status import DETAILS_KEY
from tests.gateway.backends import running_backends
from tests.gateway.conftest import Gateway, StartGateway
from tests.refusals import refused, refused_json

KEYS = "/v1/.well-known/jwks.json"


async def asked_at_once(gateway: Gateway, count: int, **headers: str) -> list[httpx.Response]:
    return list(await asyncio.gather(*(gateway.rest.get(KEYS, headers=headers) for _ in range(count))))


async def test_a_client_that_asks_too_often_is_told_when_to_come_back(start_gateway: StartGateway) -> None:
    async with start_gateway(requests_per_second=1) as gateway:
        answers = await asked_at_once(gateway, 10)
    assert {answer.status_code for answer in answers} == {200, 429}
    late = next(answer for answer in answers if answer.status_code == 429)
    refused_json(late, 429, "RATE_LIMITED")
    assert [d["retryDelay"] for d in late.json()["details"] if d["@type"].endswith("google.rpc.RetryInfo")] == ["1s"]
    assert late.headers["retry-after"] == "1"
    assert (late.headers["x-ratelimit-limit"], late.headers["x-ratelimit-remaining"]) == ("2", "0")


async def test_a_native_client_is_told_in_its_own_form(start_gateway: StartGateway) -> None:
    async with (
        start_gateway(requests_per_second=1) as gateway,
        grpc.aio.insecure_channel(str(gateway.edge)) as channel,
    ):
        with refused("RATE_LIMITED", grpc.StatusCode.RESOURCE_EXHAUSTED):
            await asked_natively(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await asked_natively(channel)
    assert retry_seconds(caught.value) == 1


async def asked_natively(channel: grpc.aio.Channel) -> None:
    """Ten calls at once; raises the first refusal when all have ended."""
    ask = UserServiceStub(channel).GetJsonWebKeySet
    request = user.GetJsonWebKeySetRequest()
    found = await asyncio.gather(*(ask(request) for _ in range(10)), return_exceptions=True)
    for refusal in found:
        if isinstance(refusal, BaseException):
            raise refusal


def retry_seconds(error: grpc.aio.AioRpcError) -> int:
    status = Status.FromString(dict(error.trailing_metadata() or ())[DETAILS_KEY])
    retry = RetryInfo()
    assert any(detail.Unpack(retry) for detail in status.details)
    return int(retry.retry_delay.seconds)


async def test_one_client_does_not_use_up_what_another_may_ask(start_gateway: StartGateway) -> None:
    async with start_gateway(requests_per_second=1, trusted_hops=1) as gateway:
        greedy = await asked_at_once(gateway, 10, **{"x-forwarded-for": "203.0.113.1"})
        (other,) = await asked_at_once(gateway, 1, **{"x-forwarded-for": "203.0.113.2"})
    assert 429 in {answer.status_code for answer in greedy}
    assert other.status_code == 200


async def test_an_ipv6_subscriber_is_one_client_whatever_address_it_calls_from(start_gateway: StartGateway) -> None:
    async with start_gateway(requests_per_second=1, trusted_hops=1) as gateway:
        own = [{"x-forwarded-for": f"2001:db8:7:7:{number:x}::1"} for number in range(1, 11)]
        answers = await asyncio.gather(*(gateway.rest.get(KEYS, headers=headers) for headers in own))
        (other,) = await asked_at_once(gateway, 1, **{"x-forwarded-for": "2001:db8:7:8::1"})
        neighbours = [{"x-forwarded-for": f"203.0.113.{number}"} for number in range(1, 11)]
        beside = await asyncio.gather(*(gateway.rest.get(KEYS, headers=headers) for headers in neighbours))
    assert {answer.status_code for answer in answers} == {200, 429}
    assert {answer.status_code for answer in (other, *beside)} == {200}, "another /64, and IPv4 addresses one by one"


async def test_health_is_answered_however_often_it_is_asked(start_gateway: StartGateway) -> None:
    async with start_gateway(requests_per_second=1) as gateway:
        answers = [await gateway.rest.get(path) for path in ("/healthz", "/readyz") * 5]
    assert {answer.status_code for answer in answers} == {200}


async def test_a_call_beyond_what_a_service_takes_is_refused_at_once(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CALLS_IN_FLIGHT", 1)
    async with start_gateway() as gateway, grpc.aio.insecure_channel(str(gateway.edge)) as channel:
        get_me, token = UserServiceStub(channel).GetMe, tuple(gateway.signed_in().items())
        gateway.backends.door.clear()
        first = asyncio.ensure_future(get_me(user.GetMeRequest(), metadata=token))
        await until(is_true(lambda: "GetMe" in gateway.backends.metadata), seconds=60)
        with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
            await get_me(user.GetMeRequest(), metadata=token, timeout=60)
        gateway.backends.door.set()
        assert (await first).id == "me"
        assert (await get_me(user.GetMeRequest(), metadata=token)).id == "me"


async def test_watches_do_not_use_up_what_short_calls_need(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CALLS_IN_FLIGHT", 1)
    monkeypatch.setattr(clusters, "WATCHES_IN_FLIGHT", 1)
    async with start_gateway() as gateway, grpc.aio.insecure_channel(str(gateway.edge)) as channel:
        service, token = MatchingServiceStub(channel), tuple(gateway.signed_in().items())
        open_stream = service.StreamMatches(matching.StreamMatchesRequest(), metadata=token)
        await open_stream.read()
        with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
            await service.StreamMatches(matching.StreamMatchesRequest(), metadata=token).read()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await service.ListMatches(matching.ListMatchesRequest(), metadata=token)
        open_stream.cancel()
    assert caught.value.details() == "not in this test", "the service itself has answered"


async def test_a_server_that_fails_again_and_again_is_asked_no_more(
    start_gateway: StartGateway, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_backends(certificates) as sick:
        replicas = partial(_and_another, sick.addresses, clusters._endpoints)
        monkeypatch.setattr(clusters, "_endpoints", replicas)
        async with start_gateway() as gateway:
            sick.is_down = True
            await until(partial(is_ejected, gateway, sick.addresses["user"]), seconds=60)
            sick.metadata.clear()
            assert {(await gateway.rest.get(KEYS)).status_code for _ in range(20)} == {200}
            assert "GetJsonWebKeySet" not in sick.metadata


def _and_another(replicas: dict[str, Address], render: Callable[..., Config], name: str, address: Address) -> Config:
    """Two replicas, as DNS would find them."""
    load, another = render(name, address), render(name, replicas[name])
    load["endpoints"] += another["endpoints"]
    return load


async def is_ejected(gateway: Gateway, server: Address) -> bool:
    """Asks once more and looks; ejection ends by itself after 5 s."""
    await gateway.rest.get(KEYS)
    answer = await gateway.rest.get(f"http://{gateway.admin}/clusters?format=json")
    hosts = [host for cluster in answer.json()["cluster_statuses"] for host in cluster.get("host_statuses", [])]
    host = next(h for h in hosts if h["address"].get("socket_address", {}).get("port_value") == server.port)
    return bool(host["health_status"].get("failed_outlier_check", False))


def is_true(condition: Callable[[], bool]) -> Callable[[], Awaitable[Any]]:
    async def asked() -> bool:
        return condition()

    return asked
