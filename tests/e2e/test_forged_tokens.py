"""Hundreds of forged tokens, refused by the gateway, and, where that is gone around, by each service."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import grpc
import pytest
from skillsync.billing.v1.billing_service_pb2 import GetEntitlementsRequest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.careerforge.v1.careerforge_service_pb2 import ListResumesRequest
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.matching.v1.matching_service_pb2 import ListMatchesRequest
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1.talenthub_service_pb2 import ListPositionsRequest
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit import telemetry
from services.kit.db import Database, utc_now
from services.kit.settings import Settings
from services.user.keyring import Keyring
from tests.builders import Person, a_person_of_all_roles
from tests.e2e.forgeries import EDGE, SERVICES, Forgery, forgeries
from tests.harness import System

AT_ONCE = 32


@pytest.fixture(scope="module")
async def good(system: System) -> Person:
    return await a_person_of_all_roles(system)


@pytest.fixture(scope="module")
async def forged(system: System, good: Person) -> Sequence[Forgery]:
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        ours = await Keyring(db, settings.seal_key.get_secret_value()).signer(utc_now())
    found = list(forgeries(good.token, ours))
    assert len({forgery.token for forgery in found}) >= 500
    return found


def metadata(token: str) -> dict[str, Any]:
    return {"metadata": (("authorization", f"Bearer {token}"),)}


def call(system: System, service: str, token: str) -> Awaitable[Any]:
    channel, options = system.direct(service), metadata(token)
    match service:
        case "user":
            return UserServiceStub(channel).GetMe(pb.GetMeRequest(), **options)
        case "careerforge":
            return CareerForgeServiceStub(channel).ListResumes(ListResumesRequest(), **options)
        case "talenthub":
            return TalentHubServiceStub(channel).ListPositions(ListPositionsRequest(), **options)
        case "billing":
            return BillingServiceStub(channel).GetEntitlements(GetEntitlementsRequest(), **options)
    missing = ListMatchesRequest(position_id="0190f3a0-0000-7000-8000-000000000000")
    return MatchingServiceStub(channel).ListMatches(missing, **options)


async def rest(system: System, token: str) -> str:
    answer = await system.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    return "UNAUTHENTICATED" if answer.status_code == 401 else str(answer.status_code)


async def code(made: Awaitable[Any]) -> str:
    try:
        await made
    except grpc.aio.AioRpcError as error:
        return error.code().name
    return "OK"


async def let_through(found: Sequence[Forgery], ask: Any) -> list[str]:
    """What was answered with anything but UNAUTHENTICATED."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(forgery: Forgery) -> str:
        async with gate:
            return await ask(forgery.token)

    answers = await asyncio.gather(*map(one, found))
    return [
        f"{forgery.what}: {answer}"
        for forgery, answer in zip(found, answers, strict=True)
        if answer != "UNAUTHENTICATED"
    ]


def reached() -> float:
    """Calls of the method that came to the service."""
    samples = (sample for metric in telemetry.CALLS.collect() for sample in metric.samples)
    return sum(s.value for s in samples if s.name.endswith("_total") and s.labels["method"].endswith("/GetMe"))


async def test_the_gateway_lets_no_forged_token_through(system: System, forged: Sequence[Forgery]) -> None:
    for_edge = [forgery for forgery in forged if EDGE in forgery.refused_by]
    before = reached()
    assert await let_through(for_edge, lambda token: rest(system, token)) == []
    stub = UserServiceStub(system.edge)
    assert await let_through(for_edge, lambda token: code(stub.GetMe(pb.GetMeRequest(), **metadata(token)))) == []
    assert reached() == before


@pytest.mark.parametrize("service", ["user", "careerforge", "talenthub", "matching", "billing"])
async def test_no_service_takes_a_forged_token(
    system: System, good: Person, forged: Sequence[Forgery], service: str
) -> None:
    assert await code(call(system, service, good.token)) in ("OK", "NOT_FOUND")
    for_services = [forgery for forgery in forged if SERVICES in forgery.refused_by]
    assert len(for_services) >= 500
    assert await let_through(for_services, lambda token: code(call(system, service, token))) == []


async def test_the_good_token_is_good_everywhere(system: System, good: Person) -> None:
    assert await rest(system, good.token) == "200"
    assert await code(UserServiceStub(system.edge).GetMe(pb.GetMeRequest(), **metadata(good.token))) == "OK"
