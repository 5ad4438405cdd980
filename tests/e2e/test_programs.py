"""Each program as docker-compose.yml starts it: a process of its own that gets ready, says so, and ends in good order."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from gateway.contract import SERVICES
from services.embedded.program import answers, until
from services.stack import commands
from services.stack.ports import LOOPBACK, choose
from tests.builders import a_recruiter
from tests.harness import System, channel_to
from tests.refusals import refused


@asynccontextmanager
async def process(system: System, command: tuple[str, ...], **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """In the system's environment, on other ports."""
    environment = {**os.environ, **system.environment, **more}
    child = await asyncio.create_subprocess_exec(
        *commands.runnable(command),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def own_settings(system: System, service: str, port: int) -> dict[str, str]:
    """What the container of one service is given: settings without its name in them."""
    prefix = f"SKILLSYNC_{service.upper()}_"
    own = {k.replace(prefix, "SKILLSYNC_"): v for k, v in system.environment.items() if k.startswith(prefix)}
    return own | {f"{prefix}LISTEN": f"{LOOPBACK}:{port}", "SKILLSYNC_LISTEN": f"{LOOPBACK}:{port}"}


async def until_it_serves(settings: dict[str, str], port: int) -> None:
    """Who is asked before it listens has another program started in vain, again and again."""
    await until(lambda: answers(LOOPBACK, port), 60)
    await until(lambda: serves(settings, port), 60)


async def serves(settings: dict[str, str], port: int) -> bool:
    probe = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.kit.probe", f"{LOOPBACK}:{port}", env={**os.environ, **settings}
    )
    return await probe.wait() == 0


async def listens_to_sigterm(child: asyncio.subprocess.Process) -> bool:
    """As the kernel knows it; before, the signal would just kill."""
    caught = re.search(r"SigCgt:\s*([0-9a-f]+)", Path(f"/proc/{child.pid}/status").read_text())
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


async def ends_well(child: asyncio.subprocess.Process) -> None:
    child.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(child.wait(), 60) == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_gets_healthy_by_itself_and_ends_when_told(system: System, service: str) -> None:
    port = choose([service], {}, {})[service]
    settings = own_settings(system, service, port) | {"SKILLSYNC_TLS_CA": system.environment["SKILLSYNC_TLS_CA"]}
    assert not await serves(settings, port)
    async with process(system, commands.SERVER[service], **settings) as child:
        await until_it_serves(settings, port)
        await ends_well(child)


async def test_an_open_stream_does_not_hold_the_end_up(system: System) -> None:
    recruiter, port = await a_recruiter(system), choose(["talenthub"], {}, {})["talenthub"]
    settings = own_settings(system, "talenthub", port) | {"SKILLSYNC_TLS_CA": system.environment["SKILLSYNC_TLS_CA"]}
    async with process(system, commands.SERVER["talenthub"], **settings) as child:
        await until_it_serves(settings, port)
        async with channel_to(system.servers.certificates, port, "gateway") as channel:
            stub = TalentHubServiceStub(channel)
            stream = stub.WatchPositions(talenthub.WatchPositionsRequest(), metadata=recruiter.metadata)
            assert (await stream.read()).HasField("snapshot_complete")
            ending = asyncio.create_task(ends_well(child))
            with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
                await stream.read()
            await ending


async def test_a_worker_ends_when_told_even_while_its_model_loads(system: System) -> None:
    async with process(system, commands.WORKER) as child:
        await until(lambda: listens_to_sigterm(child), 60)
        await ends_well(child)


async def test_a_service_that_lacks_a_setting_names_it(system: System) -> None:
    environment = {k: v for k, v in {**os.environ, **system.environment}.items() if k != "SKILLSYNC_SEAL_KEY"}
    child = await asyncio.create_subprocess_exec(
        *commands.runnable(commands.SERVER["billing"]), env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await child.communicate()
    assert child.returncode == 1
    assert said.decode().strip().startswith("billing cannot start: set SKILLSYNC_SEAL_KEY")
