"""Servers: healthy as their dependencies are, and gone in good order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from prometheus_client import REGISTRY
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import (
    BillingServiceServicer,
    BillingServiceStub,
    add_BillingServiceServicer_to_server,
)

from services.kit import server as kit_server
from services.kit import telemetry
from services.kit.auth import Caller, set_caller, verifier_of
from services.kit.channel import SHAVE_SECONDS, deadline_at, open_channel, timeouts
from services.kit.server import RunningServer, Service, open_server
from services.kit.settings import Settings
from tests.builders import a_job_seeker
from tests.harness import System, channel_to
from tests.refusals import refused

NAME = "skillsync.billing.v1.BillingService"


class Slow(BillingServiceServicer):
    """Answers after a while, and keeps what came with the last call."""

    seconds = 0.5

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def ListPlans(self, request: Any, context: Any) -> pb.ListPlansResponse:
        self.begun.set()
        self.metadata = dict(context.invocation_metadata())
        self.remaining = context.time_remaining()
        await asyncio.sleep(self.seconds)
        return pb.ListPlansResponse()


class Dependency:
    """Up until it is not."""

    up = luxury_up = True

    async def check(self) -> None:
        if not self.up:
            raise ConnectionError

    async def check_luxury(self) -> None:
        if not self.luxury_up:
            raise ConnectionError


@pytest.fixture
def dependency() -> Dependency:
    return Dependency()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def running(
    system: System, dependency: Dependency, slow: Slow
) -> AsyncIterator[tuple[RunningServer, grpc.aio.Channel]]:
    settings = Settings.of("billing", {**system.environment, "SKILLSYNC_BILLING_LISTEN": "127.0.0.1:0"})
    service = Service(NAME, lambda server: add_BillingServiceServicer_to_server(slow, server))
    async with (
        open_server(
            settings, service, verifier_of(settings), {"postgres": dependency.check}, {"s3": dependency.check_luxury}
        ) as server,
        channel_to(system.servers.certificates, server.port, "gateway") as channel,
    ):
        yield server, channel


async def test_health_follows_each_dependency_and_is_watched(running: Any, dependency: Dependency) -> None:
    _, channel = running
    watched = HealthStub(channel).Watch(HealthCheckRequest(service=NAME))
    async with asyncio.timeout(60):
        while (await watched.read()).status != HealthCheckResponse.SERVING:
            pass
        dependency.up = False
        assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
        own = await HealthStub(channel).Check(HealthCheckRequest(service="postgres"))
        assert own.status == HealthCheckResponse.NOT_SERVING
        dependency.up = True
        assert (await watched.read()).status == HealthCheckResponse.SERVING
    watched.cancel()


async def test_a_call_that_runs_is_finished_before_the_server_ends(running: Any, slow: Slow) -> None:
    server, channel = running
    call = asyncio.ensure_future(BillingServiceStub(channel).ListPlans(pb.ListPlansRequest()))
    await slow.begun.wait()
    await asyncio.gather(server.stop(), call)
    assert call.result() == pb.ListPlansResponse()
    with pytest.raises(grpc.aio.AioRpcError):
        await BillingServiceStub(channel).ListPlans(pb.ListPlansRequest(), timeout=1)


async def test_what_a_server_can_do_without_is_told_and_does_not_stop_it(running: Any, dependency: Dependency) -> None:
    _, channel = running
    dependency.luxury_up = False
    stub = HealthStub(channel)
    async with asyncio.timeout(60):
        while (await stub.Check(HealthCheckRequest(service="s3"))).status != HealthCheckResponse.NOT_SERVING:
            await asyncio.sleep(0.1)
    assert (await stub.Check(HealthCheckRequest(service=NAME))).status == HealthCheckResponse.SERVING


async def test_who_watches_the_health_hears_of_the_end_and_does_not_hold_it_up(running: Any) -> None:
    server, channel = running
    watched = HealthStub(channel).Watch(HealthCheckRequest(service=NAME))
    async with asyncio.timeout(60):
        while (await watched.read()).status != HealthCheckResponse.SERVING:
            pass
    async with asyncio.timeout(60):
        stopping = asyncio.create_task(server.stop())
        assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
        assert await watched.read() is grpc.aio.EOF
        await stopping


async def test_a_call_that_does_not_end_is_told_so(running: Any, slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    server, channel = running
    slow.seconds = 3600
    monkeypatch.setattr(kit_server, "DRAIN_SECONDS", 0.3)
    call = asyncio.ensure_future(BillingServiceStub(channel).ListPlans(pb.ListPlansRequest()))
    await slow.begun.wait()
    async with asyncio.timeout(60):
        await server.stop()
        with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
            await call


@pytest.fixture
async def outgoing(system: System, running: Any) -> AsyncIterator[BillingServiceStub]:
    """As services call each other, but straight to the server instead of through the gateway, so with its certificate."""
    server, _ = running
    own = system.servers.certificates
    environment = system.environment | {
        "SKILLSYNC_MESH_ADDRESS": f"127.0.0.1:{server.port}",
        "SKILLSYNC_CAREERFORGE_TLS_CERT": str(own / "gateway.pem"),
        "SKILLSYNC_CAREERFORGE_TLS_KEY": str(own / "gateway-key.pem"),
    }
    async with open_channel(Settings.of("careerforge", environment), "billing") as channel:
        yield BillingServiceStub(channel)


async def test_an_outgoing_call_ends_before_the_call_it_serves(outgoing: BillingServiceStub, slow: Slow) -> None:
    slow.seconds = 3600
    deadline_at.set(asyncio.get_running_loop().time() + 4)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await outgoing.ListPlans(pb.ListPlansRequest())
    deadline_at.set(None)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert slow.remaining <= 4 - SHAVE_SECONDS


async def test_an_outgoing_call_carries_caller_request_and_trace(
    system: System, outgoing: BillingServiceStub, slow: Slow
) -> None:
    person = await a_job_seeker(system)
    slow.seconds = 0
    set_caller(Caller(token=person.token))
    telemetry.request_id.set("the-request")
    telemetry.trace.set((("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),))
    await outgoing.ListPlans(pb.ListPlansRequest())
    assert slow.metadata["authorization"] == f"Bearer {person.token}"
    assert slow.metadata["x-request-id"] == "the-request"
    assert slow.metadata["traceparent"].startswith("00-0af7651916cd43dd")


async def test_each_call_is_logged_and_counted_without_its_secrets(
    system: System, running: Any, slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    slow.seconds = 0
    person = await a_job_seeker(system)
    labels = {"method": f"/{NAME}/ListPlans", "code": "OK"}
    before = REGISTRY.get_sample_value("skillsync_grpc_calls_total", labels) or 0
    with caplog.at_level("INFO", "skillsync.request"):
        await BillingServiceStub(running[1]).ListPlans(pb.ListPlansRequest(), metadata=person.metadata)
    line = next(record for record in caplog.records if getattr(record, "method", "") == labels["method"])
    assert (line.code, line.account) == ("OK", person.id)  # type: ignore[attr-defined]
    assert person.token not in str(vars(line))
    assert REGISTRY.get_sample_value("skillsync_grpc_calls_total", labels) == before + 1


def test_every_method_that_is_no_stream_has_a_timeout() -> None:
    assert timeouts()["/skillsync.billing.v1.BillingService/ReserveCredits"] > 0
