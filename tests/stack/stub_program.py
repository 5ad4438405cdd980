"""Stands for the fleet in tests of the stack: five servers with health and keys, from the same environment."""

import asyncio
import os
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from grpc_health.v1 import health, health_pb2_grpc

from gateway.contract import SERVICES
from tests.gateway.backends import REGISTER, Backends, _Servicer, server_credentials


class OddBackends(Backends):
    """Registers nobody, and says nothing about it: the demo must bear with it."""

    async def Register(self, request: Any, context: Any) -> Empty:
        await context.abort(grpc.StatusCode.INTERNAL, "")
        return Empty()


async def serve() -> None:
    certificates = Path(os.environ["SKILLSYNC_TLS_CA"]).parent
    backends, servers = OddBackends(), []
    for service in SERVICES:
        server = grpc.aio.server()
        REGISTER[service](_Servicer(backends), server)
        health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
        server.add_secure_port(
            os.environ[f"SKILLSYNC_{service.upper()}_LISTEN"], server_credentials(certificates, service)
        )
        await server.start()
        servers.append(server)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
