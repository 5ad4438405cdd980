"""Channels to other services, through Envoy's mesh listener: mutual TLS, a deadline on every call, the caller's token passed on."""

import asyncio
import functools
import json
from collections.abc import Callable
from contextvars import ContextVar
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc

from services.kit import telemetry
from services.kit.auth import caller
from services.kit.settings import Settings

# Kept back from our own deadline, to answer in time when the other service does not.
SHAVE_SECONDS = 0.05


deadline_at: ContextVar[float | None] = ContextVar("deadline_at", default=None)
"""When the call being served must be answered, on the event loop's clock. Set by the interceptor."""


@functools.cache
def service_config() -> str:
    """Timeout and retry of every method: protos/service_config.json."""
    source = Path(str(files("services"))).parent / "protos" / "service_config.json"
    return json.dumps(json.loads(source.read_text()))


@functools.cache
def timeouts() -> dict[str, float]:
    """Seconds by method path; methods without one are streams."""
    found = {}
    for entry in json.loads(service_config())["methodConfig"]:
        for name in entry["name"]:
            if "timeout" in entry and "method" in name:
                found[f"/{name['service']}/{name['method']}"] = float(entry["timeout"].removesuffix("s"))
    return found


def open_channel(settings: Settings, service: str) -> grpc.aio.Channel:
    """To `service`, e.g. `billing`. Connects when first used; close it at the end."""
    credentials = grpc.ssl_channel_credentials(
        settings.tls_ca.read_bytes(), settings.tls_key.read_bytes(), settings.tls_cert.read_bytes()
    )
    options = [
        ("grpc.service_config", service_config()),
        ("grpc.default_authority", f"{service}.mesh.skillsync"),
        ("grpc.ssl_target_name_override", "localhost"),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.max_receive_message_length", 16 * 1024 * 1024),
    ]
    interceptors = [_OutgoingUnary(), _OutgoingStream()]
    return grpc.aio.secure_channel(settings.mesh_address, credentials, options=options, interceptors=interceptors)


def _outgoing(details: grpc.aio.ClientCallDetails) -> grpc.aio.ClientCallDetails:
    """The call with request id and trace, the caller's token, and a deadline."""
    metadata = [*(details.metadata or ()), *telemetry.trace.get()]
    if telemetry.request_id.get():
        metadata.append(("x-request-id", telemetry.request_id.get()))
    if caller().token:
        metadata.append(("authorization", f"Bearer {caller().token}"))
    method = bytes(details.method).decode() if not isinstance(details.method, str) else details.method
    timeout = details.timeout if details.timeout is not None else timeouts().get(method)
    # The method as it came: what grpc documents as str are bytes to its core.
    return grpc.aio.ClientCallDetails(
        details.method, _shaved(timeout), grpc.aio.Metadata(*metadata), details.credentials, details.wait_for_ready
    )


def _shaved(timeout: float | None) -> float | None:
    """No longer than what is left of the call being served."""
    end = deadline_at.get()
    if end is None or timeout is None:
        return timeout
    return max(0.001, min(timeout, end - asyncio.get_running_loop().time() - SHAVE_SECONDS))


class _OutgoingUnary(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return await continuation(_outgoing(details), request)


class _OutgoingStream(grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return await continuation(_outgoing(details), request)
