"""Webhooks that are lost, late, repeated or out of order; and a Stripe that fails or hangs up after doing the work."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from services.billing import queries
from services.billing.credits import standing_of_row
from services.billing.events import locked_subscription
from services.billing.payments import Payments
from services.billing.plans import read
from services.billing.reconciling import Inbox
from services.billing.standing import standing
from services.embedded.stripe.faults import Faults
from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from tests.billing.histories import Life
from tests.billing.money import pay_through, still_wrong
from tests.billing.paying import Payer, eventually
from tests.builders import a_job_seeker
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


@pytest.fixture
async def db(system: System) -> AsyncIterator[Database]:
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db:
        yield db


@pytest.fixture
async def inbox(system: System, db: Database) -> Inbox:
    settings = Settings.of("billing", system.environment)
    catalogue = read()
    return Inbox(db, Payments(catalogue, settings.stripe_key.get_secret_value(), "", settings.stripe_url), catalogue)


@pytest.fixture
async def faults(system: System) -> AsyncIterator[System]:
    yield system
    system.stripe.set_faults(Faults())


async def test_what_lost_webhooks_left_behind_is_found(faults: System, payer: Payer, inbox: Inbox) -> None:
    faults.stripe.set_faults(Faults(lost=1.0))
    await payer.click(await payer.page())
    await payer.click(await payer.topup_page(FEATURE_EXPORT, 7))
    await inbox.reconcile()
    assert (await payer.subscription()).plan_tier == "pro"
    assert await payer.left(FEATURE_EXPORT) == 57
    assert await inbox.reconcile() == 0


async def test_the_service_looks_for_them_by_itself(faults: System, payer: Payer) -> None:
    faults.stripe.set_faults(Faults(lost=1.0))
    await payer.click(await payer.page())
    await payer.until(lambda s: s.plan_tier == "pro")


async def test_thirty_days_are_read_again_when_nothing_is_known_of_them(
    faults: System, payer: Payer, inbox: Inbox
) -> None:
    faults.stripe.set_faults(Faults(lost=1.0))
    url = await payer.topup_page(FEATURE_EXPORT, 7)
    faults.stripe.store.ahead -= 29 * 86_400
    try:
        await payer.click(url)
    finally:
        faults.stripe.store.ahead += 29 * 86_400

    async def read_again() -> int:
        await faults.database.execute("delete from billing.reconciliations")
        await inbox.reconcile()
        return await payer.left(FEATURE_EXPORT)

    await eventually(read_again, lambda left: left == 9)


async def test_an_event_whose_consequences_failed_is_drawn_from_later(
    system: System, payer: Payer, db: Database, inbox: Inbox
) -> None:
    await payer.click(await payer.page())
    await payer.until(lambda s: s.plan_tier == "pro")
    await system.database.execute(
        "update billing.subscriptions set plan_tier = 'free', payment_status = 'free' where user_id = $1",
        UUID(payer.person.id),
    )
    await system.database.execute(
        "update billing.stripe_events set handled_time = null where user_id = $1", UUID(payer.person.id)
    )
    await inbox.reconcile()
    assert (await payer.subscription()).plan_tier == "pro"


@pytest.mark.parametrize("seed", range(12))
async def test_the_inbox_comes_to_the_same_end_in_any_order(
    system: System, db: Database, inbox: Inbox, seed: int
) -> None:
    life = Life(seed + 1000).live(16)
    await _known(db, life)
    shuffled = life.told + random.Random(seed).choices(life.told, k=len(life.told))
    random.Random(seed).shuffle(shuffled)
    charges = {charge["id"]: life.customer["id"] for charge in life.desk.store.all("charge")}
    local = replace(inbox, payments=_ChargesOf(charges))
    for told in shuffled:
        await local.take(told)
    async with db.read() as session:
        row = await queries.find_subscription(session, life.account_id)
        usage = await queries.find_usage(session, life.account_id)
    assert row
    found, wanted = standing_of_row(row), standing(life.told)
    assert (found.subscription_id, found.payment_status) == (wanted.subscription_id, wanted.payment_status)
    assert found.active_until == wanted.active_until
    bought = sum(life.kept(page) for page in life.topups())
    assert (usage.bought.get("export", 0) if usage else 0) == bought
    if usage:
        where = "select sum(amount) from billing.ledger where feature = 'export' and user_id = $1"
        assert await system.database.fetchval(where, life.account_id) == usage.export_credits


class _ChargesOf(Payments):
    """A Stripe that knows the life's own charges and nothing else."""

    def __init__(self, customers: dict[str, str]) -> None:
        super().__init__(read(), "", "")
        self._customers = customers

    async def customer_of(self, charge_id: str) -> str:
        return self._customers.get(charge_id, "")

    async def subscription(self, subscription_id: str) -> Mapping[str, Any]:
        raise AssertionError("each step of a life has a second of its own")


async def test_two_deliveries_at_once_grant_once(db: Database, inbox: Inbox) -> None:
    life = Life(7)
    life._step("top up")
    await _known(db, life)
    await asyncio.gather(*(inbox.take(told) for told in life.told * 6))
    async with db.read() as session:
        usage = await queries.find_usage(session, life.account_id)
    assert usage
    assert usage.export_credits == 9


async def test_an_event_that_comes_while_its_person_is_erased_is_not_kept(
    system: System, db: Database, inbox: Inbox
) -> None:
    life = Life(7)
    life._step("top up")
    await _known(db, life)
    async with db.write() as session:
        # As erasure does: it locks, removes, and is done a moment later.
        row = await queries.find_subscription(session, life.account_id, lock=True)
        taking = asyncio.create_task(inbox.take(life.told[-1]))
        await asyncio.sleep(0.3)
        assert not taking.done()
        await session.delete(row)
    assert await taking is False
    assert await system.count("billing.stripe_events", "user_id = $1", life.account_id) == 0


async def _known(db: Database, life: Life) -> None:
    """As if the customer had come to a payment page."""
    async with db.write() as session:
        (await locked_subscription(session, life.account_id)).stripe_customer_id = life.customer["id"]


async def test_an_error_that_stripe_remembers_stands_in_nobodys_way(faults: System, payer: Payer) -> None:
    faults.stripe.set_faults(Faults(breaks=1.0))
    request_id = str(uuid4())
    with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
        await payer.page(request_id=request_id)
    faults.stripe.set_faults(Faults())
    await payer.click(await payer.page(request_id=request_id))
    await payer.until(lambda s: s.plan_tier == "pro")


async def test_nobody_pays_without_getting_or_gets_without_paying(faults: System) -> None:
    """`python -m tests.bench.money` does the same with a thousand."""
    found = await pay_through(faults, people=25, seed=5)
    assert [payer.person.id for payer in await still_wrong(faults, found)] == []
