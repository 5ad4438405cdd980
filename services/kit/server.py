"""A gRPC server with everything around it: TLS, the guard, health, reflection, and an orderly end."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio as health
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_reflection.v1alpha import reflection

from services.kit import telemetry
from services.kit.activity import Recorder
from services.kit.auth import TokenVerifier
from services.kit.background import beside, for_ever
from services.kit.door import door_of
from services.kit.interceptors import Guard
from services.kit.rules import rules_of
from services.kit.settings import Settings

# Time for calls to finish after SIGTERM.
DRAIN_SECONDS = 8.0
# For watchers of the health to hear of the end before their streams end too.
TELL_SECONDS = 0.05
CHECK_SECONDS = 2.0
SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING

OPTIONS = [
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
]
# What one Python process can do at once; Envoy sends the rest elsewhere.
MAX_CONCURRENT = 1_000

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[object]]
"""Raises when a dependency does not answer."""


@dataclass(frozen=True)
class Service:
    """One gRPC service: its full name, and what puts its servicer into a server."""

    name: str
    add: Callable[[grpc.aio.Server], None]


@dataclass
class RunningServer:
    """A server that listens on `port`. `stop` drains it."""

    port: int
    _server: grpc.aio.Server
    _guard: Guard
    _health: Any

    async def stop(self) -> None:
        """Says NOT_SERVING, ends streams, lets calls finish, and tells those that are left after 8 s."""
        await self._health.enter_graceful_shutdown()
        await asyncio.sleep(TELL_SECONDS)
        self._guard.running.end_streams()
        stopping = asyncio.create_task(self._server.stop(DRAIN_SECONDS + 1))
        await asyncio.wait({stopping}, timeout=DRAIN_SECONDS)
        self._guard.running.end_calls()
        await stopping


@asynccontextmanager
async def open_server(
    settings: Settings,
    service: Service,
    verifier: TokenVerifier,
    checks: Mapping[str, Check],
    optional: Mapping[str, Check] = MappingProxyType({}),
    reflected: Sequence[str] = (),
    recorder: Recorder | None = None,
) -> AsyncIterator[RunningServer]:
    """A server that listens as long as the block runs, and is drained at its end. `recorder` writes the activity log.

    `checks` are the dependencies, by name, without which it cannot serve; `optional` those whose health is told too, but which it can do
    without for a while. `reflected` are more services to list by reflection.
    """
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(door_of(settings))
        guard = Guard(rules_of([service.name]), verifier, door, recorder)
        yield await stack.enter_async_context(_serving(settings, service, guard, checks, optional, reflected))


@asynccontextmanager
async def _serving(
    settings: Settings,
    service: Service,
    guard: Guard,
    checks: Mapping[str, Check],
    optional: Mapping[str, Check],
    reflected: Sequence[str],
) -> AsyncIterator[RunningServer]:
    server = grpc.aio.server(interceptors=[guard], options=OPTIONS, maximum_concurrent_rpcs=MAX_CONCURRENT)
    service.add(server)
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    names = sorted({service.name, *reflected, "grpc.health.v1.Health", reflection.SERVICE_NAME})
    reflection.enable_server_reflection(names, server)
    port = server.add_secure_port(settings.listen, server_credentials(settings))
    await server.start()
    log.info("%s listens on port %d", service.name, port)
    running = RunningServer(port, server, guard, servicer)
    check = partial(_check_all, servicer, service.name, checks, optional)
    async with (
        beside(for_ever(check, CHECK_SECONDS, f"tell the health of {service.name}")),
        beside(
            for_ever(guard.end_calls_of_ended_sessions, CHECK_SECONDS, f"end calls of ended sessions in {service.name}")
        ),
    ):
        try:
            yield running
        finally:
            await running.stop()


def server_credentials(settings: Settings) -> grpc.ServerCredentials:
    """Mutual TLS with the service's certificate."""
    pair = (settings.tls_key.read_bytes(), settings.tls_cert.read_bytes())
    return grpc.ssl_server_credentials([pair], settings.tls_ca.read_bytes(), require_client_auth=True)


async def _check_all(servicer: Any, name: str, checks: Mapping[str, Check], optional: Mapping[str, Check]) -> None:
    found = {
        dependency: await _check(servicer, dependency, check) for dependency, check in {**checks, **optional}.items()
    }
    overall = SERVING if all(found[dependency] for dependency in checks) else NOT_SERVING
    await servicer.set("", overall)
    await servicer.set(name, overall)


async def _check(servicer: Any, dependency: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    # However it fails, it does not serve.
    except Exception as error:
        log.warning("%s does not answer: %s", dependency, error)
        await servicer.set(dependency, NOT_SERVING)
        return False
    await servicer.set(dependency, SERVING)
    return True


def run_until_signalled(
    open_app: Callable[[], AbstractAsyncContextManager[Any]], name: str, settings: Settings
) -> None:
    """The body of every `__main__`: opens the app, waits for SIGTERM or Ctrl-C, closes it."""
    telemetry.set_up_logging(name, settings.log_level)
    telemetry.serve_metrics(settings.metrics_port)
    asyncio.run(_until_signalled(open_app))


async def _until_signalled(open_app: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_app():
        await stop.wait()
