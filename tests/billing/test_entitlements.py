"""What other services believe an account may use: asked for seldom, true at once, and believed for a while when nobody answers."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from google.rpc.error_details_pb2 import RetryInfo
from prometheus_client import REGISTRY
from skillsync.billing.v1 import billing_service_pb2 as pb

from services.kit import entitlements as module
from services.kit.auth import Caller, set_caller
from services.kit.background import beside
from services.kit.channel import deadline_at, open_channel
from services.kit.entitlements import Entitlements
from services.kit.errors import Unavailable
from services.kit.settings import Settings
from services.kit.status import to_status
from tests.billing.conftest import Switch
from tests.billing.paying import eventually
from tests.harness import System

METHOD = "/skillsync.billing.v1.BillingService/GetEntitlements"


@pytest.fixture
async def entitlements(system: System) -> AsyncIterator[Entitlements]:
    """Of a service on the mesh; nobody follows."""
    async with open_channel(Settings.of("talenthub", system.environment), "billing") as channel:
        yield Entitlements(channel)


@pytest.fixture
async def following(entitlements: Entitlements) -> AsyncIterator[Entitlements]:
    async with beside(entitlements.follow()):
        await eventually(lambda: told(entitlements), bool)
        yield entitlements


async def told(entitlements: Entitlements) -> str:
    """How far it has followed."""
    return entitlements._resume_token


def calls() -> float:
    return sum(
        sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == "skillsync_grpc_calls_total" and sample.labels["method"] == METHOD
    )


def at(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """For what is kept; everything else goes by the real clock."""
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: moment))


async def buys(system: System, account_id: UUID, tier: str) -> None:
    """As billing writes it."""
    await system.database.execute(
        "insert into billing.subscriptions (id, user_id, plan_tier, payment_status, active_until, auto_renew)"
        " values (gen_random_uuid(), $1, $2, 'paid', now() + interval '30 days', true)"
        " on conflict (user_id) do update set plan_tier = $2",
        account_id,
        tier,
    )


async def test_of_many_who_ask_at_once_one_asks_billing(entitlements: Entitlements) -> None:
    account_id, before = uuid4(), calls()
    found = await asyncio.gather(*(entitlements.of(account_id) for _ in range(200)))
    assert {one.plan_tier for one in found} == {"free"}
    assert calls() == before + 1


async def test_billing_is_asked_once_a_minute_for_an_account(
    entitlements: Entitlements, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id, before, began = uuid4(), calls(), time.monotonic()
    for seconds in (0, 1, 30, 59.9):
        at(monkeypatch, began + seconds)
        await entitlements.of(account_id)
    assert calls() == before + 1
    at(monkeypatch, began + 61)
    await entitlements.of(account_id)
    assert calls() == before + 2


async def test_who_asks_first_asks_in_nobodys_name_and_time(entitlements: Entitlements) -> None:
    """They may go away, be nearly out of time, or have a token that is over: others wait for the same answer."""
    account_id = uuid4()

    async def hasty() -> object:
        set_caller(Caller(uuid4(), uuid4(), frozenset(), None, "a token that is none", ""))
        deadline_at.set(asyncio.get_running_loop().time())
        return await entitlements.of(account_id)

    first = asyncio.create_task(hasty())
    await asyncio.sleep(0)
    others = [asyncio.create_task(entitlements.of(account_id)) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    assert {one.plan_tier for one in await asyncio.gather(*others)} == {"free"}


async def test_a_change_of_plan_is_known_within_moments(system: System, following: Entitlements) -> None:
    account_id, before = uuid4(), calls()
    assert (await following.of(account_id)).plan_tier == "free"
    for tier in ("pro", "enterprise"):
        await buys(system, account_id, tier)
        async with asyncio.timeout(60):
            while (await following.of(account_id)).plan_tier != tier:
                await asyncio.sleep(0.02)
    assert calls() == before + 1


async def test_a_change_that_is_told_before_the_answer_comes_is_not_overwritten(entitlements: Entitlements) -> None:
    account_id = uuid4()
    asked = asyncio.create_task(entitlements.of(account_id))
    await asyncio.sleep(0)
    entitlements._hear(account_id, pb.Entitlements(account_id=str(account_id), plan_tier="pro", seat_count=10))
    assert (await asked).plan_tier == "pro"
    assert (await entitlements.of(account_id)).plan_tier == "pro"
    assert not entitlements._told


async def test_what_changed_while_billing_was_away_is_known_when_it_is_back(
    system: System, following: Entitlements, billing_switch: Switch
) -> None:
    account_id, other = uuid4(), uuid4()
    for one in (account_id, other):
        assert (await following.of(one)).plan_tier == "free"
    before, token = calls(), await told(following)
    await billing_switch.off()
    await buys(system, account_id, "pro")
    assert (await following.of(account_id)).plan_tier == "free"
    await billing_switch.back()
    async with asyncio.timeout(60):
        while (await following.of(account_id)).plan_tier != "pro":
            await asyncio.sleep(0.02)
    # It went on from where it was; nothing was asked again.
    assert calls() == before
    assert await told(following) != token


async def test_a_token_that_is_refused_means_that_nothing_is_known_any_more(
    system: System, entitlements: Entitlements
) -> None:
    account_id = uuid4()
    await entitlements.of(account_id)
    await buys(system, account_id, "pro")
    entitlements._resume_token = "of another time"
    with pytest.raises(Exception, match="resume_token"):
        await entitlements._follow()
    assert (await entitlements.of(account_id)).plan_tier == "pro"
    assert await told(entitlements) == ""


async def test_while_billing_is_away_what_was_known_is_believed_for_ten_minutes(
    entitlements: Entitlements, billing_switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id, began = uuid4(), time.monotonic()
    at(monkeypatch, began)
    await entitlements.of(account_id)
    await billing_switch.off()
    for seconds in (61, 599):
        at(monkeypatch, began + seconds)
        assert (await entitlements.of(account_id)).plan_tier == "free"
    at(monkeypatch, began + 605)
    for unknown in (account_id, uuid4()):
        with pytest.raises(Unavailable) as refusal:
            await entitlements.of(unknown)
        assert any(detail.Is(RetryInfo.DESCRIPTOR) for detail in to_status(refusal.value).details)
    await billing_switch.back()
    assert (await entitlements.of(account_id)).plan_tier == "free"


async def test_a_full_memory_forgets_others_and_not_who_is_told_of(
    entitlements: Entitlements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    ids, before = [uuid4() for _ in range(3)], calls()
    for one in (*ids[:2], *ids[:2]):
        await entitlements.of(one)
    entitlements._hear(ids[1], pb.Entitlements(plan_tier="pro"))
    assert calls() == before + 2
    await entitlements.of(ids[2])
    assert (await entitlements.of(ids[1])).plan_tier == "pro"
    assert len(entitlements._kept) == 2
