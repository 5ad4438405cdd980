"""Credits whose payment went back go back too: as far as they are left, once, and in whatever order Stripe tells of it."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.plan_pb2 import FEATURE_EXPORT

from services.billing.allowances import Account, buy, take_back
from services.billing.plans import read
from services.billing.refunds import Bought, to_take_back
from services.billing.standing import Told
from services.embedded.stripe.faults import Faults
from services.kit.db import utc_now
from tests.billing.histories import CREDITS, Life
from tests.billing.paying import Payer, eventually
from tests.builders import a_job_seeker
from tests.harness import System, as_service

HISTORIES = 500
MARKS = {"kind": "topup", "feature": "export", "amount": "7"}


def session(payment_status: str = "paid", type_: str = "completed", **marks: str) -> Told:
    thing = {"payment_status": payment_status, "metadata": MARKS | marks}
    return Told("evt_1", f"checkout.session.{type_}", 1, thing)


def refunded(amount: int, of: int = 350) -> Told:
    return Told("evt_2", "charge.refunded", 2, {"amount": of, "amount_refunded": amount})


def refund(name: str, amount: int, status: str = "succeeded", kind: str = "created") -> Told:
    return Told(f"evt_{name}_{status}", f"refund.{kind}", 4, {"id": name, "amount": amount, "status": status})


def dispute(status: str) -> Told:
    return Told("evt_3", "charge.dispute.closed", 3, {"amount": 350, "status": status})


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ([session()], 0),
        ([session(), refunded(350)], 7),
        ([refunded(350), session()], 7),
        ([session(), refunded(49)], 0),
        ([session(), refunded(50)], 1),
        ([session(), refunded(349)], 6),
        # What went back in parts is told in sums.
        ([session(), refunded(200), refunded(100)], 4),
        ([session(), refunded(0, of=0)], 0),
        ([session(), dispute("lost")], 7),
        ([session(), dispute("won"), refunded(100)], 2),
        ([dispute("lost"), refunded(100), session()], 7),
        # One that failed counts no more, whatever the charge said of sums before and says after.
        ([session(), refunded(350), refund("a", 350, "failed", "failed")], 0),
        ([session(), refunded(350), refund("a", 350), refund("a", 350, "canceled", "updated")], 0),
        ([session(), refunded(350), refund("a", 350, "failed", "updated"), refund("b", 350)], 7),
        ([session(), refunded(150), refund("a", 100, "failed", "failed"), refund("b", 50), refund("c", 300)], 7),
        ([session(), refunded(150), refund("a", 100, "failed", "failed")], 1),
        ([session(), refunded(200), refund("a", 100)], 4),
        ([session(), refunded(350), refund("a", 350, "failed", "failed"), dispute("lost")], 7),
        ([session("unpaid"), session(type_="async_payment_succeeded"), refunded(175)], 3),
    ],
)
def test_a_part_of_the_money_is_a_part_of_the_credits_rounded_down(told: list[Told], amount: int) -> None:
    assert to_take_back(told) == Bought("export", amount)
    assert to_take_back([*told[::-1], *told]) == Bought("export", amount)


@pytest.mark.parametrize("told", [[], [session("unpaid")], [session(kind="plan")], [session(feature="gold")]])
def test_what_bought_no_credits_gives_none_back(told: list[Told]) -> None:
    assert to_take_back([*told, refunded(350), dispute("lost")]) is None


def test_no_more_is_taken_back_than_is_left_of_what_was_bought() -> None:
    account = buy(Account(read()["free"], utc_now(), 0), "export", 3)
    assert take_back(account, "export", 2).left("export") == 3
    assert take_back(account, "export", 7).left("export") == 2
    assert take_back(take_back(account, "export", 7), "export", 7).left("export") == 2


def test_the_end_is_what_stripe_has_for_every_order_and_any_number_of_repetitions() -> None:
    kept: Counter[int] = Counter()
    failed = 0
    for seed in range(HISTORIES):
        life = Life(seed).live(16)
        for page in life.topups():
            mine = [one for one in life.told if _payment(one) == page["payment_intent"]]
            shuffled = mine + random.choices(mine, k=5)
            random.shuffle(shuffled)
            found = to_take_back(shuffled)
            assert found
            assert CREDITS - found.amount == life.kept(page), seed
            kept[life.kept(page)] += 1
            failed += any(one.type == "refund.failed" for one in mine)
    assert failed > 20
    assert {0, CREDITS} < set(kept), kept
    assert min(kept[0], kept[CREDITS], kept.total() - kept[0] - kept[CREDITS]) > 20, kept


def _payment(told: Told) -> str | None:
    return told.thing.get("payment_intent")


@pytest.fixture
async def payer(system: System) -> Payer:
    return Payer(system, await a_job_seeker(system))


@pytest.fixture
async def silent(system: System) -> AsyncIterator[System]:
    """A Stripe that loses its webhooks, until it is told not to."""
    system.stripe.set_faults(Faults(lost=1.0))
    yield system
    system.stripe.set_faults(Faults())


async def a_page_that_is_paid(payer: Payer) -> str:
    url = await payer.topup_page(FEATURE_EXPORT, 7)
    await payer.click(url)
    await left(payer, 9)
    return url.rpartition("/")[2]


async def use_six_and_refund(system: System, payer: Payer, page: str) -> None:
    """Of nine; three of the seven that were bought are left to be taken."""
    use = pb.ReserveCreditsRequest(account_id=payer.person.id, feature=FEATURE_EXPORT, amount=6)
    use.operation_id = str(uuid4())
    await payer.stub.ReserveCredits(use, metadata=as_service("careerforge"))
    system.stripe.refund(page)
    await left(payer, 0)


async def left(payer: Payer, amount: int) -> None:
    await eventually(lambda: payer.left(FEATURE_EXPORT), lambda found: found == amount)


async def kinds(payer: Payer) -> list[tuple[str, int]]:
    found = await payer.ask("ListUsage", pb.ListUsageRequest(feature=FEATURE_EXPORT))
    return [(line.kind, line.amount) for line in found.usage]


async def test_refunds_in_parts_take_back_in_parts(system: System, payer: Payer) -> None:
    page = await a_page_that_is_paid(payer)
    await payer.click(await payer.topup_page(FEATURE_EXPORT, 7))
    await left(payer, 16)
    system.stripe.refund(page, 120)
    await left(payer, 14)
    system.stripe.refund(page)
    await left(payer, 9)
    assert (await kinds(payer))[:2] == [("refund", -5), ("refund", -2)]


async def test_what_was_used_stays_used_and_what_is_bought_later_stays(system: System, payer: Payer) -> None:
    page = await a_page_that_is_paid(payer)
    await use_six_and_refund(system, payer, page)
    await payer.click(await payer.topup_page(FEATURE_EXPORT, 7))
    await left(payer, 7)
    events = [e for e in system.stripe.store.all("event") if e["type"] == "charge.refunded"]
    system.stripe.webhooks.send(system.stripe.desk.public(events[0]))
    await eventually(_idle(system), bool)
    assert await kinds(payer) == [("topup", 7), ("refund", -3), ("reserve", -6), ("topup", 7), ("grant", 2)]


async def test_what_a_refund_took_is_given_again_where_it_fails(system: System, payer: Payer) -> None:
    page = await a_page_that_is_paid(payer)
    await use_six_and_refund(system, payer, page)
    system.stripe.fail_refund(page)
    await left(payer, 3)
    await eventually(_idle(system), bool)
    assert (await kinds(payer))[:3] == [("refund", 3), ("refund", -3), ("reserve", -6)]
    system.stripe.refund(page)
    await left(payer, 0)
    await eventually(_idle(system), bool)
    assert (await kinds(payer))[0] == ("refund", -3)


async def test_a_lost_dispute_is_a_refund_of_all_and_one_that_is_won_is_none(system: System, payer: Payer) -> None:
    system.stripe.dispute(await a_page_that_is_paid(payer), "won")
    other = Payer(system, await a_job_seeker(system))
    system.stripe.dispute(await a_page_that_is_paid(other), "lost")
    await left(other, 2)
    await eventually(_idle(system), bool)
    await left(payer, 9)


async def test_a_refund_that_is_heard_of_before_the_payment_leaves_nothing(silent: System, payer: Payer) -> None:
    url = await payer.topup_page(FEATURE_EXPORT, 7)
    await payer.click(url)
    silent.stripe.refund(url.rpartition("/")[2])
    # Nobody reconciles for so long: the webhooks come first, and the refund first of all.
    silent.stripe.set_faults(Faults())
    mine = [
        e for e in silent.stripe.store.all("event") if e["type"] in ("charge.refunded", "checkout.session.completed")
    ]
    for event in mine[:2]:
        silent.stripe.webhooks.send(silent.stripe.desk.public(event))
    await eventually(_idle(silent), bool)
    await eventually(lambda: kinds(payer), lambda found: ("refund", -7) in found)
    assert await kinds(payer) == [("refund", -7), ("topup", 7), ("grant", 2)]


async def test_a_payment_that_comes_days_later_grants_when_it_has_come(system: System, payer: Payer) -> None:
    url = await payer.topup_page(FEATURE_EXPORT, 7)
    await payer.click(url, "delayed")
    other = Payer(system, await a_job_seeker(system))
    failing = await other.topup_page(FEATURE_EXPORT, 7)
    await other.click(failing, "delayed")
    await eventually(_idle(system), bool)
    assert await payer.left(FEATURE_EXPORT) == 2
    system.stripe.settle(url.rpartition("/")[2])
    system.stripe.settle(failing.rpartition("/")[2], paid=False)
    await left(payer, 9)
    await eventually(_idle(system), bool)
    assert await other.left(FEATURE_EXPORT) == 2


def _idle(system: System):  # type: ignore[no-untyped-def]
    async def idle() -> bool:
        return system.stripe.webhooks.pending == 0

    return idle
