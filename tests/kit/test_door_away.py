"""While Redis is away each replica counts by itself, keeps out the sessions whose end it knows, and tells Redis later."""

import asyncio
import math
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import grpc
import httpx
import pytest
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from gateway.envoy import repository_contract
from gateway.target import Address
from services.embedded.envoy import envoy, serves_all
from services.embedded.program import Program, until
from services.kit import door, line, telemetry
from services.kit.door import Door, EndedSessions
from services.kit.errors import Unauthenticated
from services.kit.settings import Settings
from services.stack.ports import LOOPBACK, choose
from tests.builders import Person, a_job_seeker
from tests.harness import System
from tests.kit.test_door import MOST, ask, code, own_valkey, replica, replica_server

Away = Any
LIST_PLANS = "/skillsync.billing.v1.BillingService/ListPlans"


@asynccontextmanager
async def silent(valkey: Program) -> AsyncIterator[None]:
    """It keeps its connections and answers nothing for as long as the block runs."""
    assert valkey.pid
    os.kill(valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(valkey.pid, signal.SIGCONT)


@asynccontextmanager
async def gone(valkey: Program) -> AsyncIterator[None]:
    """It runs not at all for as long as the block runs."""
    await valkey.stop()
    try:
        yield
    finally:
        await valkey.start()


@pytest.fixture(params=[silent, gone])
def away(request: pytest.FixtureRequest) -> Away:
    return request.param


async def test_while_redis_is_away_a_burst_has_each_limit_once_in_each_replica(
    system: System, tmp_path: Path, away: Away
) -> None:
    async with (
        own_valkey(tmp_path) as (valkey, url),
        replica(system, REDIS_URL=url, CALLS_PER_ADDRESS=str(MOST)) as channel,
    ):
        await ask(channel, None, "198.51.100.9")
        async with away(valkey):
            start = time.monotonic()
            found = Counter(await asyncio.gather(*(code(ask(channel, None)) for _ in range(100))))
            found += Counter([await code(ask(channel, None)) for _ in range(40)])
            # One waits in vain, for all.
            assert time.monotonic() - start < 140 * line.ANSWER_SECONDS / 2
            assert set(found) == {"OK", "RESOURCE_EXHAUSTED"}
            # One more where a minute ends.
            assert MOST <= found["OK"] <= MOST + 1


async def test_once_redis_is_back_replicas_count_together_again(system: System, tmp_path: Path, away: Away) -> None:
    addresses = (f"198.51.100.{number}" for number in count(1))
    async with own_valkey(tmp_path) as (valkey, url):
        shared = {"REDIS_URL": url, "SEAL_KEY": uuid4().hex, "CALLS_PER_ADDRESS": str(MOST)}
        async with replica(system, **shared) as one, replica(system, **shared) as other:
            together = partial(counted_together, one, other, addresses)
            assert await together()
            async with away(valkey):
                assert not await together()
            await until(together, seconds=60)


async def counted_together(one: grpc.aio.Channel, other: grpc.aio.Channel, addresses: Any) -> bool:
    """Whether calls at one replica use up what an address may ask of the other."""
    address = next(addresses)
    await asyncio.gather(*(code(ask(one, None, address)) for _ in range(MOST)))
    return await code(ask(other, None, address)) == "RESOURCE_EXHAUSTED"


async def test_a_replica_that_once_refused_a_session_refuses_it_while_redis_is_away(
    system: System, tmp_path: Path, away: Away
) -> None:
    async with (
        own_valkey(tmp_path) as (valkey, url),
        user_replica(system, url) as users,
        billing_replica(system, url) as channel,
    ):
        person, other = await a_job_seeker(system), await a_job_seeker(system)
        await users.SignOut(user.SignOutRequest(), metadata=person.metadata)
        assert await code(ask(channel, person)) == "UNAUTHENTICATED"
        async with away(valkey):
            found = await asyncio.gather(*(code(ask(channel, person)) for _ in range(20)))
            assert set(found) == {"UNAUTHENTICATED"}
            await ask(channel, other)


async def test_a_session_that_ends_while_redis_is_away_ends_here_at_once_and_elsewhere_when_redis_is_back(
    system: System, tmp_path: Path, away: Away
) -> None:
    async with (
        own_valkey(tmp_path) as (valkey, url),
        user_replica(system, url) as users,
        billing_replica(system, url) as channel,
    ):
        person = await a_job_seeker(system)
        await users.GetMe(user.GetMeRequest(), metadata=person.metadata)
        async with away(valkey):
            await users.SignOut(user.SignOutRequest(), metadata=person.metadata)
            assert await code(users.GetMe(user.GetMeRequest(), metadata=person.metadata)) == "UNAUTHENTICATED"
            await ask(channel, person)
        await until(partial(is_refused, channel, person), seconds=60)


async def is_refused(channel: grpc.aio.Channel, person: Person) -> bool:
    return await code(ask(channel, person)) == "UNAUTHENTICATED"


@asynccontextmanager
async def user_replica(system: System, url: str) -> AsyncIterator[UserServiceStub]:
    async with replica(system, "user", REDIS_URL=url, LIMITS_FACTOR="100") as channel:
        yield UserServiceStub(channel)


@asynccontextmanager
async def billing_replica(system: System, url: str) -> AsyncIterator[grpc.aio.Channel]:
    """Knows the user service's sessions by the same keyed hashes."""
    key = system.environment["SKILLSYNC_SEAL_KEY"]
    async with replica(system, REDIS_URL=url, LIMITS_FACTOR="100", SEAL_KEY=key) as channel:
        yield channel


async def test_no_end_of_a_session_is_lost_however_redis_comes_and_goes(system: System, tmp_path: Path) -> None:
    async with own_valkey(tmp_path) as (valkey, url):
        settings = Settings.of("billing", system.environment | {"SKILLSYNC_REDIS_URL": url})
        async with Door.opened(settings) as here, Door.opened(settings) as there:
            ended = [uuid4() for _ in range(60)]
            async with asyncio.TaskGroup() as group:
                for number, session_id in enumerate(ended):
                    group.create_task(end_later(here, session_id, number * 0.05))
                for _ in range(4):
                    async with silent(valkey):
                        await asyncio.sleep(line.ANSWER_SECONDS * 1.4)
                    await asyncio.sleep(0.4)
            await until(partial(knows_all, there, ended), seconds=60)
            assert not here._untold.all()


async def end_later(here: Door, session_id: UUID, seconds: float) -> None:
    """Whatever Redis says, this process refuses it from then on."""
    await asyncio.sleep(seconds)
    await here.end_sessions([session_id])
    with pytest.raises(Unauthenticated):
        await here.admit("/x/Y", door.UNLIMITED, "", session_id=session_id)


async def knows_all(there: Door, ended: list[UUID]) -> bool:
    return await there.ended(ended) == set(ended)


async def test_what_a_process_could_not_tell_it_tells_when_it_ends(system: System, tmp_path: Path) -> None:
    async with own_valkey(tmp_path) as (valkey, url):
        settings, session_id = Settings.of("billing", system.environment | {"SKILLSYNC_REDIS_URL": url}), uuid4()
        async with Door.opened(settings) as here, silent(valkey):
            await here.end_sessions([session_id])
        async with Door.opened(settings) as there:
            assert await there.ended([session_id]) == {session_id}


def test_ended_sessions_are_forgotten_once_no_token_of_theirs_can_be_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, old, young = EndedSessions(), uuid4(), uuid4()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    ended.add([old])
    monkeypatch.setattr(time, "monotonic", lambda: now + door.ENDED_SECONDS - 1)
    ended.add([young])
    ended.forget_old()
    assert ended.among([old, young]) == {old, young}
    monkeypatch.setattr(time, "monotonic", lambda: now + door.ENDED_SECONDS + 1)
    ended.forget_old()
    assert ended.all() == [young]


async def test_while_redis_is_away_calls_go_on_and_envoy_limits_each_client(
    system: System, tmp_path: Path, away: Away
) -> None:
    async with (
        own_valkey(tmp_path) as (valkey, url),
        replica_server(system, REDIS_URL=url) as server,
        gateway_before(system, server.port, tmp_path, requests_per_second=5) as rest,
        away(valkey),
    ):
        before, start = (served("OK"), served("RESOURCE_EXHAUSTED")), time.monotonic()
        found = Counter(r.status_code for r in await asyncio.gather(*(rest.get("/v1/plans") for _ in range(40))))
        assert set(found) == {200, 429}
        # Two seconds' worth, and what came in while the forty were on their way.
        assert 10 <= found[200] <= 10 + 5 * math.ceil(time.monotonic() - start + 1)
        assert (served("OK") - before[0], served("RESOURCE_EXHAUSTED") - before[1]) == (found[200], 0)
        await asyncio.sleep(1)
        assert (await rest.get("/v1/plans")).status_code == 200


def served(result: str) -> float:
    """Calls that reached a server in this process, by their result."""
    return telemetry.CALLS.labels(LIST_PLANS, result)._value.get()


@asynccontextmanager
async def gateway_before(
    system: System, billing_port: int, folder: Path, requests_per_second: int
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one more Envoy, which sends calls of billing to this port."""
    usual = system.servers.target
    edge, mesh, admin = (Address(LOOPBACK, port) for port in choose(("one", "two", "three"), {}, {}).values())
    upstreams = {**usual.upstreams, "billing": Address(LOOPBACK, billing_port)}
    own = replace(
        usual, edge=edge, mesh=mesh, admin=admin, upstreams=upstreams, requests_per_second=requests_per_second
    )
    program = envoy(own, repository_contract(), folder, folder / "envoy.log")
    await program.start()
    try:
        await until(partial(serves_all, edge), seconds=60)
        async with httpx.AsyncClient(base_url=f"http://{edge}", timeout=60, trust_env=False) as rest:
            yield rest
    finally:
        await program.stop()
