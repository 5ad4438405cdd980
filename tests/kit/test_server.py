"""Servers: healthy as their dependencies are, and gone in good order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import (
    BillingServiceServicer,
    BillingServiceStub,
    add_BillingServiceServicer_to_server,
)

from services.kit.auth import verifier_of
from services.kit.channel import deadline_at, open_channel, timeouts
from services.kit.server import RunningServer, Service, serve
from services.kit.settings import Settings
from tests.harness import System, channel_to

NAME = "skillsync.billing.v1.BillingService"


class Slow(BillingServiceServicer):
    async def ListPlans(self, request: Any, context: Any) -> pb.ListPlansResponse:
        await asyncio.sleep(0.5)
        return pb.ListPlansResponse()


class Dependency:
    """Up until it is not."""

    up = True

    async def check(self) -> None:
        if not self.up:
            raise ConnectionError


@pytest.fixture
def dependency() -> Dependency:
    return Dependency()


@pytest.fixture
async def running(system: System, dependency: Dependency) -> AsyncIterator[tuple[RunningServer, grpc.aio.Channel]]:
    settings = Settings.of("billing", {**system.environment, "SKILLSYNC_BILLING_LISTEN": "127.0.0.1:0"})
    service = Service(NAME, lambda server: add_BillingServiceServicer_to_server(Slow(), server))
    server = await serve(settings, service, verifier_of(settings), {"postgres": dependency.check})
    async with channel_to(system.servers.certificates, server.port, "gateway") as channel:
        yield server, channel
        await server.stop()


async def test_health_follows_each_dependency_and_is_watched(running: Any, dependency: Dependency) -> None:
    _, channel = running
    watched = HealthStub(channel).Watch(HealthCheckRequest(service=NAME))
    async with asyncio.timeout(20):
        while (await watched.read()).status != HealthCheckResponse.SERVING:
            pass
        dependency.up = False
        assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
        own = await HealthStub(channel).Check(HealthCheckRequest(service="postgres"))
        assert own.status == HealthCheckResponse.NOT_SERVING
        dependency.up = True
        assert (await watched.read()).status == HealthCheckResponse.SERVING
    watched.cancel()


async def test_a_call_that_runs_is_finished_before_the_server_ends(running: Any) -> None:
    server, channel = running
    call = asyncio.ensure_future(BillingServiceStub(channel).ListPlans(pb.ListPlansRequest()))
    await asyncio.sleep(0.1)
    await asyncio.gather(server.stop(), call)
    assert call.result() == pb.ListPlansResponse()
    with pytest.raises(grpc.aio.AioRpcError):
        await BillingServiceStub(channel).ListPlans(pb.ListPlansRequest(), timeout=1)


async def test_every_outgoing_call_ends_before_the_call_it_serves(system: System, running: Any) -> None:
    server, _ = running
    environment = {**system.environment, "SKILLSYNC_MESH_ADDRESS": f"127.0.0.1:{server.port}"}
    # Straight to the server instead of through the gateway, so with its certificate.
    own = system.servers.certificates
    environment |= {
        "SKILLSYNC_CAREERFORGE_TLS_CERT": str(own / "gateway.pem"),
        "SKILLSYNC_CAREERFORGE_TLS_KEY": str(own / "gateway-key.pem"),
    }
    deadline_at.set(asyncio.get_running_loop().time() + 0.2)
    async with open_channel(Settings.of("careerforge", environment), "billing") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await BillingServiceStub(channel).ListPlans(pb.ListPlansRequest())
    deadline_at.set(None)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_every_method_that_is_no_stream_has_a_timeout() -> None:
    assert timeouts()["/skillsync.billing.v1.BillingService/ReserveCredits"] > 0
