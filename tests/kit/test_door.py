"""Callers are counted, over all replicas together, and ended sessions open no door."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
import redis.asyncio
from skillsync.billing.v1.billing_service_pb2 import GetEntitlementsRequest, ListPlansRequest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1.careerforge_service_pb2 import ListResumesRequest
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1.matching_service_pb2 import ListMatchesRequest
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.talenthub_service_pb2 import ListMyApplicationsRequest, WatchPositionsRequest
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.embedded.program import Program
from services.embedded.valkey import valkey
from services.fleet import APPS
from services.kit import door, line, telemetry
from services.kit.server import RunningServer
from services.kit.settings import Settings
from tests.builders import PASSWORD as KNOWN
from tests.builders import Person, a_job_seeker, a_recruiter
from tests.harness import System, channel_to
from tests.refusals import refused

MOST = 5
PASSWORD = "local"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine Redis may take its time; a replica that counts by itself for that would miscount here."""
    monkeypatch.setattr(line, "ANSWER_SECONDS", 5.0)


@asynccontextmanager
async def replica_server(system: System, service: str = "billing", **changes: str) -> AsyncIterator[RunningServer]:
    """One more server of a service, with limits as low as these."""
    own = {"LISTEN": "127.0.0.1:0", "LIMITS_FACTOR": "1", "SEAL_KEY": uuid4().hex} | changes
    if service == "user":
        del own["SEAL_KEY"]
    environment = {f"SKILLSYNC_{service.upper()}_{key}": value for key, value in own.items()}
    async with APPS[service](Settings.of(service, system.environment | environment)) as server:
        yield server


@asynccontextmanager
async def replica(system: System, service: str = "billing", **changes: str) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to it, as the gateway's."""
    async with (
        replica_server(system, service, **changes) as server,
        channel_to(system.servers.certificates, server.port, "gateway") as channel,
    ):
        yield channel


def ask(channel: grpc.aio.Channel, person: Person | None, address: str = "198.51.100.1") -> Awaitable[Any]:
    """The cheapest call there is, as the gateway passes it on."""
    metadata = (*(person.metadata if person else ()), ("x-forwarded-for", f"10.9.9.9, {address}"))
    if person is None:
        return BillingServiceStub(channel).ListPlans(ListPlansRequest(), metadata=metadata)
    return BillingServiceStub(channel).GetEntitlements(GetEntitlementsRequest(), metadata=metadata)


async def test_replicas_count_together(system: System) -> None:
    person, shared = await a_job_seeker(system), {"CALLS_PER_ACCOUNT": str(MOST), "SEAL_KEY": uuid4().hex}
    async with replica(system, **shared) as one, replica(system, **shared) as other:
        for number in range(MOST):
            await ask((one, other)[number % 2], person)
        for channel in (one, other):
            with refused("RATE_LIMITED", grpc.StatusCode.RESOURCE_EXHAUSTED, limit="calls of this account") as refusal:
                await ask(channel, person)
            assert 1 <= int(refusal.metadata["retry_after_seconds"]) <= 60
        await ask(one, await a_job_seeker(system))


async def test_an_address_is_counted_whoever_calls_from_it(system: System) -> None:
    people = [await a_job_seeker(system) for _ in range(MOST)]
    async with replica(system, CALLS_PER_ADDRESS=str(MOST)) as channel:
        for person in people:
            await ask(channel, person)
        for caller in (people[0], None):
            with refused("RATE_LIMITED", limit="calls of this address"):
                await ask(channel, caller)
        await ask(channel, people[0], address="198.51.100.2")


async def test_bad_tokens_count_for_their_address(system: System) -> None:
    forger = Person("", "", "forged", "")
    async with replica(system, CALLS_PER_ADDRESS=str(MOST)) as channel:
        for _ in range(MOST):
            with refused("TOKEN_INVALID"):
                await ask(channel, forger)
        with refused("RATE_LIMITED"):
            await ask(channel, forger)


async def test_a_method_has_the_limit_of_its_contract(system: System) -> None:
    person = await a_job_seeker(system)
    await system.database.execute(
        """update "user".base_users set email_verify_time = null where email = $1""", person.email
    )
    async with replica(system, "user") as channel:
        stub = UserServiceStub(channel)
        send = user.SendEmailVerificationRequest()
        await stub.SendEmailVerification(send, metadata=person.metadata)
        with refused("RATE_LIMITED", limit="calls of this account"):
            await stub.SendEmailVerification(send, metadata=person.metadata)
        await stub.GetMe(user.GetMeRequest(), metadata=person.metadata)


async def test_redis_knows_neither_accounts_nor_addresses(system: System) -> None:
    person = await a_job_seeker(system)
    await ask(system.direct("billing"), person, "198.51.100.77")
    await UserServiceStub(system.direct("user")).SignOut(user.SignOutRequest(), metadata=person.metadata)
    async with redis.asyncio.Redis.from_url(system.environment["SKILLSYNC_REDIS_URL"]) as client:
        keys = [key.decode() async for key in client.scan_iter()]
    assert [key for key in keys if key.startswith("limits")]
    assert [key for key in keys if key.startswith("ended")]
    assert not [key for key in keys if person.id in key or "198.51.100.77" in key]


async def test_a_burst_in_a_pause_of_redis_passes_no_limit_and_takes_one_connection(
    system: System, tmp_path: Path
) -> None:
    async with (
        own_valkey(tmp_path) as (_, url),
        redis.asyncio.Redis.from_url(url) as client,
        replica(system, REDIS_URL=url, CALLS_PER_ADDRESS="60") as channel,
    ):
        await ask(channel, None)
        missed = telemetry.DOOR_OPEN._value.get()
        await client.execute_command("CLIENT", "PAUSE", "150", "ALL")
        burst = await asyncio.gather(*(code(ask(channel, None)) for _ in range(200)))
        assert Counter(burst) == {"OK": 59, "RESOURCE_EXHAUSTED": 141}
        assert telemetry.DOOR_OPEN._value.get() == missed
        others = [one for one in await client.client_list() if one["cmd"] != "client|list"]
    assert len(others) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("::FFFF:c633:6401", "198.51.100.1"),
        ("2001:db8:7:7::1", "2001:db8:7:7::/64"),
        ("2001:0DB8:7:7:ffff:0:0:2", "2001:db8:7:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_stands_for_one_subscriber(address: str, network: str) -> None:
    assert door.network_of(address) == network


async def test_all_addresses_of_one_ipv6_subscriber_are_counted_together(system: System) -> None:
    async with replica(system, CALLS_PER_ADDRESS=str(MOST)) as channel:
        calls = [code(ask(channel, None, f"2001:db8:7:7:{number}::{number}")) for number in range(MOST * 4)]
        assert Counter(await asyncio.gather(*calls))["OK"] == MOST
        await ask(channel, None, "2001:db8:7:8::1")


async def code(call: Awaitable[Any]) -> str:
    return (await codes({"one": call}))["one"]


@asynccontextmanager
async def own_valkey(folder: Path) -> AsyncIterator[tuple[Program, str]]:
    """One that may be stopped, and its URL."""
    port = free_port()
    server = valkey(folder / "valkey", port, PASSWORD, folder / "valkey.log")
    await server.start()
    try:
        yield server, f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    finally:
        await server.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def everywhere(system: System, person: Person) -> dict[str, Awaitable[Any]]:
    """A call of each service with the person's access token."""
    own = {"metadata": person.metadata}
    return {
        "user": UserServiceStub(system.direct("user")).GetMe(user.GetMeRequest(), **own),
        "careerforge": CareerForgeServiceStub(system.direct("careerforge")).ListResumes(ListResumesRequest(), **own),
        "talenthub": TalentHubServiceStub(system.direct("talenthub")).ListMyApplications(
            ListMyApplicationsRequest(), **own
        ),
        "matching": MatchingServiceStub(system.direct("matching")).ListMatches(
            ListMatchesRequest(position_id=str(uuid4())), **own
        ),
        "billing": BillingServiceStub(system.direct("billing")).GetEntitlements(GetEntitlementsRequest(), **own),
    }


async def codes(calls: dict[str, Awaitable[Any]]) -> dict[str, str]:
    answers = await asyncio.gather(*calls.values(), return_exceptions=True)
    return {
        name: answer.code().name if isinstance(answer, grpc.aio.AioRpcError) else "OK"
        for name, answer in zip(calls, answers, strict=True)
    }


@pytest.mark.parametrize("how", ["sign out", "sign out everywhere", "revoke", "reuse", "password"])
async def test_the_access_token_of_an_ended_session_is_refused_by_every_service_at_once(
    system: System, how: str
) -> None:
    person, stub = await a_job_seeker(system), UserServiceStub(system.direct("user"))
    before = await codes(everywhere(system, person))
    assert "UNAUTHENTICATED" not in before.values()
    await end(stub, person, how)
    assert set((await codes(everywhere(system, person))).values()) == {"UNAUTHENTICATED"}
    another = await a_job_seeker(system)
    assert await codes(everywhere(system, another)) == before


async def end(stub: Any, person: Person, how: str) -> None:
    if how == "sign out":
        await stub.SignOut(user.SignOutRequest(), metadata=person.metadata)
    elif how == "sign out everywhere":
        await stub.SignOutEverywhere(user.SignOutEverywhereRequest(), metadata=person.metadata)
    elif how == "revoke":
        own = (await stub.ListSessions(user.ListSessionsRequest(), metadata=person.metadata)).sessions[0]
        await stub.RevokeSession(user.RevokeSessionRequest(session_id=own.id), metadata=person.metadata)
    elif how == "reuse":
        request = user.RefreshTokensRequest(refresh_token=person.refresh_token)
        await stub.RefreshTokens(request)
        with refused("TOKEN_REUSED"):
            await stub.RefreshTokens(request)
    else:
        tokens = await stub.SignIn(user.SignInRequest(email=person.email, password=KNOWN))
        change = user.ChangePasswordRequest(current_password=KNOWN, new_password="another horse battery")
        await stub.ChangePassword(change, metadata=(("authorization", f"Bearer {tokens.access_token}"),))


async def test_an_open_stream_ends_with_its_session(system: System) -> None:
    recruiter = await a_recruiter(system)
    other = await a_recruiter(system)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    streams = [stub.WatchPositions(WatchPositionsRequest(), metadata=who.metadata) for who in (recruiter, other)]
    for stream in streams:
        await stream.read()
    await UserServiceStub(system.direct("user")).SignOut(user.SignOutRequest(), metadata=recruiter.metadata)
    with refused("TOKEN_INVALID", grpc.StatusCode.UNAUTHENTICATED):
        async with asyncio.timeout(60):
            while await streams[0].read():
                pass
    assert not streams[1].done()
    streams[1].cancel()
