"""A reconcile of a service that was away: for minutes, for days, for too long, half of the way; and of several at once."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.billing import queries, reconciling
from services.billing.events import locked_subscription
from services.billing.payments import Payments
from services.billing.plans import read
from services.billing.reconciling import DAY, Inbox
from services.billing.standing import Told
from services.embedded.stripe import sessions
from services.kit.db import EVERYONE, Database
from services.kit.errors import Unavailable
from services.kit.settings import Settings
from tests.billing.histories import Life
from tests.harness import System


class Listing(Payments):
    """A Stripe that has these to tell, newest first, and perhaps not all of them."""

    def __init__(self) -> None:
        super().__init__(read(), "", "")
        self.told: list[Told] = []
        self.since, self.breaks_after = 0, 1 << 30

    @property
    def ready(self) -> bool:
        return True

    async def events(self, since: int) -> AsyncIterator[Told]:
        self.since = since
        newest = sorted((one for one in self.told if one.time >= since), key=lambda one: -one.time)
        for number, one in enumerate(newest):
            if number == self.breaks_after:
                raise Unavailable("the payment provider")
            await asyncio.sleep(0)
            yield one


@pytest.fixture
async def inbox(system: System, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inbox]:
    """Of a service that starts for the first time; the running one does not look meanwhile."""
    real = Inbox._was_read

    async def mine_alone(inbox: Inbox, through: int) -> None:
        if isinstance(inbox.payments, Listing):
            await real(inbox, through)

    monkeypatch.setattr(Inbox, "_was_read", mine_alone)
    monkeypatch.setattr(Payments, "ready", property(lambda payments: False))
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db:
        await system.database.execute("delete from billing.reconciliations")
        yield Inbox(db, Listing(), read())
        await system.database.execute("delete from billing.reconciliations")
        await system.database.execute("delete from billing.stripe_events where handled_time is null")


async def topups(inbox: Inbox, days: Sequence[float]) -> Life:
    """A person who bought seven exports so long ago each."""
    life = Life(1)
    for _ in days:
        life._step("top up")
    paid = [one for one in life.told if one.type == "checkout.session.completed"]
    now = time.time()
    life.told = [replace(one, time=int(now - ago * DAY)) for one, ago in zip(paid, days, strict=True)]
    async with inbox.db.write() as session:
        (await locked_subscription(session, life.account_id)).stripe_customer_id = life.customer["id"]
    listing(inbox).told += life.told
    return life


def listing(inbox: Inbox) -> Listing:
    assert isinstance(inbox.payments, Listing)
    return inbox.payments


async def bought(inbox: Inbox, life: Life) -> int:
    async with inbox.db.read() as session:
        usage = await queries.find_usage(session, life.account_id)
    return usage.bought.get("export", 0) // 7 if usage else 0


async def away_for(system: System, days: float) -> None:
    await system.database.execute(
        "insert into billing.reconciliations (id, through) values (1, $1)", int(time.time() - days * DAY)
    )


async def test_who_starts_for_the_first_time_reads_all_that_stripe_tells(inbox: Inbox) -> None:
    life = await topups(inbox, [29.9, 12, 0.01])
    assert await inbox.reconcile() == 3
    assert await bought(inbox, life) == 3


async def test_who_was_away_for_days_reads_them_and_no_more(
    system: System, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    await away_for(system, 12)
    life = await topups(inbox, [20, 12.02, 11.9, 5, 0])
    assert await inbox.reconcile() == 4
    # What was told a little before may have been listed late.
    assert await bought(inbox, life) == 4
    assert not caplog.records
    await inbox.reconcile()
    assert listing(inbox).since > time.time() - 2 * reconciling.OVERLAP


async def test_who_was_away_for_too_long_says_so(
    system: System, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    await away_for(system, 31)
    life = await topups(inbox, [30.5, 29.5])
    with caplog.at_level(logging.ERROR):
        assert await inbox.reconcile() == 1
    assert await bought(inbox, life) == 1
    assert "30 days" in caplog.text
    caplog.clear()
    await inbox.reconcile()
    assert not caplog.records


async def test_a_reconcile_that_fails_half_way_goes_on_the_next_time(
    system: System, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "BATCH", 2)
    await away_for(system, 12)
    life = await topups(inbox, [10, 8, 6, 4, 2])
    listing(inbox).breaks_after = 3
    for _ in range(2):
        with pytest.raises(Unavailable):
            await inbox.reconcile()
    # It is read from the same moment on, and what was kept is handled.
    assert listing(inbox).since < time.time() - 12 * DAY
    listing(inbox).breaks_after = 1 << 30
    assert await inbox.reconcile() == 3
    assert await bought(inbox, life) == 5


async def test_an_event_that_cannot_be_kept_is_asked_for_again_and_keeps_no_other_waiting(
    system: System, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    await away_for(system, 12)
    life = await topups(inbox, [3, 2, 1])
    spoilt = life.told[1]
    # PostgreSQL keeps no such letter.
    broken = replace(spoilt, thing={**spoilt.thing, "status": "complete\x00"})
    listing(inbox).told[1] = broken
    for _ in range(2):
        await inbox.reconcile()
        assert f"{broken.id} cannot be kept" in caplog.text
        caplog.clear()
    assert await bought(inbox, life) == 2
    assert listing(inbox).since < time.time() - 12 * DAY
    listing(inbox).told[1] = spoilt
    assert await inbox.reconcile() == 1
    assert await bought(inbox, life) == 3


async def test_one_event_that_cannot_be_handled_keeps_no_other_waiting(
    inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    life = await topups(inbox, [3, 2, 1])
    told = listing(inbox).told
    told[0] = replace(told[0], thing={name: told[0].thing[name] for name in ("id", "customer")})
    assert await inbox.reconcile() == 3
    assert await bought(inbox, life) == 2
    assert told[0].id in caplog.text
    # And nothing is read again because of it.
    await inbox.reconcile()
    assert listing(inbox).since > time.time() - 2 * reconciling.OVERLAP


async def test_an_event_that_waits_for_stripe_keeps_no_other_waiting(
    system: System, inbox: Inbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two changes in one second Stripe is asked which was the last, and does not answer."""
    life = Life(2)
    page = life._page("subscription", life.prices["pro_monthly"])
    sessions.pay(life.desk, page)
    life.told = [replace(one, time=int(time.time())) for one in life.told if one.type.startswith("customer.sub")]
    life.told.append(replace(life.told[0], id="evt_twin", type="customer.subscription.created"))
    other = await topups(inbox, [1])
    async with inbox.db.write() as session:
        (await locked_subscription(session, life.account_id)).stripe_customer_id = life.customer["id"]
    listing(inbox).told += life.told

    async def away(subscription_id: str) -> Any:
        raise Unavailable("the payment provider")

    monkeypatch.setattr(inbox.payments, "subscription", away)
    await inbox.reconcile()
    assert await bought(inbox, other) == 1
    assert "waits" in caplog.text
    with pytest.raises(Unavailable):
        await inbox.take(life.told[0])

    async def back(subscription_id: str) -> Any:
        return life.desk.public(life.desk.store.get("subscription", subscription_id))

    monkeypatch.setattr(inbox.payments, "subscription", back)
    # It was kept, and need not be told again.
    listing(inbox).told.clear()
    await inbox.reconcile()
    async with inbox.db.read() as session:
        row = await queries.find_subscription(session, life.account_id)
    assert row
    assert row.plan_tier == "pro"
    where = "user_id = $1 and handled_time is not null"
    assert await system.count("billing.stripe_events", where, life.account_id) == len(life.told)


async def test_several_that_look_at_once_find_each_event_once(system: System, inbox: Inbox) -> None:
    """As many replicas do, each with its own connections."""
    lives = [await topups(inbox, [random.uniform(0, 29) for _ in range(6)]) for _ in range(4)]
    url = Settings.of("billing", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as second, Database.opened(url, EVERYONE) as third:
        replicas = [replace(inbox, db=db) for db in (inbox.db, second, third)]
        await asyncio.gather(*(one.reconcile() for one in replicas))
    assert [await bought(inbox, life) for life in lives] == [6] * 4
    assert await inbox.reconcile() == 0


async def test_who_began_earlier_and_ends_later_does_not_set_the_clock_back(system: System, inbox: Inbox) -> None:
    await inbox._was_read(2_000)
    await inbox._was_read(1_000)
    assert await system.database.fetchval("select through from billing.reconciliations") == 2_000


async def test_more_events_than_a_statement_has_room_for_are_read(inbox: Inbox) -> None:
    """PostgreSQL takes 32,767 values at once; a busy month has more."""
    listing(inbox).told = [
        Told(f"evt_{number}", "invoice.paid", int(time.time()), {"customer": None}) for number in range(33_000)
    ]
    batches = []

    async def known(told: Sequence[Told]) -> list[Told]:
        batches.append(len(told))
        return []

    object.__setattr__(inbox, "_lost", known)
    await inbox.reconcile()
    assert (sum(batches), max(batches)) == (33_000, reconciling.BATCH)


def many_for_nobody(ago: float) -> list[Told]:
    """More than Stripe lists at once."""
    time_ = int(time.time() - ago)
    return [Told(f"evt_{time_}_{n}", "invoice.paid", time_, {"customer": None}) for n in range(2 * reconciling.BATCH)]


async def test_a_quick_look_finds_what_was_lost_also_behind_much_that_was_not(inbox: Inbox) -> None:
    life = await topups(inbox, [0.001, 0.0001])
    assert await inbox.catch_up() == 2
    other = await topups(inbox, [0.00005])
    listing(inbox).told += many_for_nobody(ago=0)
    assert await inbox.catch_up() == 1
    assert (await bought(inbox, life), await bought(inbox, other)) == (2, 1)


async def test_a_quick_look_goes_back_to_what_was_told_last_and_no_farther(inbox: Inbox) -> None:
    await topups(inbox, [0.005])
    await inbox.catch_up()
    newest = listing(inbox).told[0].time
    late = await topups(inbox, [0.005, 0.006])
    assert await inbox.catch_up() == 1
    assert listing(inbox).since == newest - reconciling.LATE
    assert await bought(inbox, late) == 1
    assert await inbox.reconcile() == 1


async def test_a_quick_look_that_broke_off_begins_where_the_one_before_did(inbox: Inbox) -> None:
    await topups(inbox, [0.005])
    await inbox.catch_up()
    since = listing(inbox).told[0].time - reconciling.LATE
    life = await topups(inbox, [0.004])
    listing(inbox).told += many_for_nobody(ago=0)
    listing(inbox).breaks_after = reconciling.BATCH
    with pytest.raises(Unavailable):
        await inbox.catch_up()
    assert await bought(inbox, life) == 0
    listing(inbox).breaks_after = 1 << 30
    assert await inbox.catch_up() == 1
    assert listing(inbox).since == since
    assert await bought(inbox, life) == 1


async def test_a_time_to_come_hides_nothing_from_a_quick_look(inbox: Inbox) -> None:
    listing(inbox).told += many_for_nobody(ago=-DAY)
    await inbox.catch_up()
    life = await topups(inbox, [0])
    assert await inbox.catch_up() == 1
    assert await bought(inbox, life) == 1


async def test_a_quick_look_does_not_say_that_everything_was_read(system: System, inbox: Inbox) -> None:
    await topups(inbox, [0.001])
    await inbox.catch_up()
    assert await system.count("billing.reconciliations") == 0


async def test_where_nothing_can_be_bought_nobody_is_asked(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    off = replace(inbox, payments=Payments(read(), "", ""))
    assert (await off.reconcile(), await off.catch_up()) == (0, 0)
