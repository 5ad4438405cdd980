"""Payment pages: never is one opened while another could be paid, or was."""

import asyncio
from uuid import uuid4

import pytest

from services.embedded.stripe import prices
from services.embedded.stripe import subscriptions as at_stripe
from services.kit.errors import InvalidArgument, WrongState
from tests.billing.accounts import a_subscriber, buys_a_plan, buys_credits
from tests.billing.dying import Process
from tests.harness import System


async def test_no_page_is_opened_after_one_that_was_paid_and_not_heard_of(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)
    account.pay_all_that_can_be_paid()
    for _ in range(3):
        with pytest.raises(WrongState):
            await process.plan_page(account.id, "enterprise", uuid4())
    assert account.at_stripe("checkout.session", status="open") == []
    # And what was asked for on the way is known now.
    assert (await account.row(process)).plan_tier == "pro"


async def test_no_page_is_opened_after_one_that_is_known_to_be_paid_and_whose_plan_is_not(
    silent: System, process: Process
) -> None:
    """The webhook of the page came, that of the subscription did not."""
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)
    account.pay_all_that_can_be_paid()
    await silent.database.execute("update billing.checkouts set state = 'COMPLETE' where user_id = $1", account.id)
    with pytest.raises(WrongState):
        await process.plan_page(account.id, "enterprise", uuid4())
    assert account.at_stripe("checkout.session", status="open") == []


async def test_who_cancelled_and_was_heard_of_buys_again(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    (subscription,) = account.at_stripe("subscription")
    at_stripe.end(silent.stripe.desk, subscription)
    await account.hear(process)
    await process.plan_page(account.id, "enterprise", uuid4())
    account.pay_all_that_can_be_paid()
    await account.hear(process)
    await account.is_as_stripe_has_it(process)
    assert (await account.row(process)).plan_tier == "enterprise"
    # Who had one before has no trial.
    assert (await account.row(process)).payment_status == "paid"


async def test_a_page_that_is_paid_while_another_is_opened_leaves_no_second(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)

    async def paid() -> None:
        account.pay_all_that_can_be_paid()

    process.fate.meanwhile["before close_page"] = paid
    with pytest.raises(WrongState):
        await process.plan_page(account.id, "enterprise", uuid4())
    assert account.at_stripe("checkout.session", status="open") == []
    await account.is_as_stripe_has_it(process)


async def test_two_who_ask_for_different_plans_at_once_leave_one_page(silent: System, process: Process) -> None:
    for _ in range(4):
        account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
        asked = [process.plan_page(account.id, tier, uuid4()) for tier in ("pro", "enterprise")]
        urls = await asyncio.gather(*asked, return_exceptions=True)
        assert any(isinstance(one, str) for one in urls)
        assert len(account.at_stripe("checkout.session", status="open")) == 1


async def test_the_same_request_twice_at_once_is_one_page_of_credits(silent: System, process: Process) -> None:
    for _ in range(4):
        account = await buys_credits(silent)(None)  # type: ignore[arg-type]
        first, second = await asyncio.gather(account.act(process), account.act(process))
        assert first == second


async def test_a_request_id_is_for_one_request(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)
    for other in (
        process.plan_page(account.id, "enterprise", account.request_id),
        process.topup_page(account.id, account.request_id),
    ):
        with pytest.raises(InvalidArgument, match="request_id"):
            await other


async def test_a_coupon_that_stripe_does_not_take_leaves_the_way_free(
    silent: System, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known, and does not hold for this person."""
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]

    async def promotion(code: str) -> str:
        return "promo_of_others"

    monkeypatch.setattr(process.payments, "promotion", promotion)
    for _ in range(2):
        with pytest.raises(InvalidArgument, match="coupon"):
            await process.plan_page(account.id, "pro", uuid4(), "OTHERS")
    assert await account.act(process)


async def test_a_page_that_was_begun_at_another_price_is_closed_first(silent: System, process: Process) -> None:
    """A key of Stripe's holds for the same parameters alone."""
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)
    dear = prices.create_price(
        silent.stripe.desk,
        {"currency": "eur", "unit_amount": 2100, "product": "p", "recurring": {"interval": "month"}},
    )
    # Died before it knew its page.
    gone = "update billing.checkouts set session_id = null, url = '' where user_id = $1"
    await silent.database.execute(gone, account.id)
    process.payments._prices = {"skillsync_pro_monthly": dear["id"]}
    await process.plan_page(account.id, "pro", uuid4())
    (page,) = account.at_stripe("checkout.session", status="open")
    assert page["_first"] == 2100


async def test_a_page_is_not_shown_for_longer_than_it_is_open(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    first = await process.plan_page(account.id, "pro", None)
    for hours, same in ((22, True), (24, False)):
        older = "update billing.checkouts set create_time = now() - make_interval(hours => $2) where user_id = $1"
        await silent.database.execute(older, account.id, hours)
        assert (await process.plan_page(account.id, "pro", None) == first) is same
    assert len(account.at_stripe("checkout.session", status="open")) == 1


async def test_a_page_that_another_wish_closed_is_not_handed_out(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    process.fate.meanwhile["after plan_page"] = lambda: process.plan_page(account.id, "enterprise", uuid4())
    with pytest.raises(WrongState) as refusal:
        await account.act(process)
    assert refusal.value.metadata["state"] == "EXPIRED"
    assert len(account.at_stripe("checkout.session", status="open")) == 1


async def test_who_pays_is_told_to_change_the_plan_instead(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    with pytest.raises(WrongState) as refusal:
        await process.plan_page(account.id, "enterprise", uuid4())
    assert refusal.value.metadata["resource"] == "subscription"
