"""Changes of what is paid for: one at a time, each once, and what is known is what Stripe has."""

import asyncio
from uuid import uuid4

import pytest

from services.billing import subscriptions
from services.billing.subscriptions import Wanted
from services.billing.tables import Subscription
from services.embedded.stripe import subscriptions as at_stripe
from services.kit.errors import DomainError, EtagMismatch, InvalidArgument, WrongState
from tests.billing.accounts import Account, a_subscriber, buys_a_plan, cancels, changes, pays_already
from tests.billing.dying import Process, a_process, killed_everywhere
from tests.harness import System


async def test_another_change_waits_until_the_first_is_done_or_given_up(
    silent: System, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    async for _, account in killed_everywhere(process, pays_already(changes())(silent)):
        if await silent.count("billing.checkouts", "user_id = $1 and kind = 'change' and state = 'OPEN'", account.id):
            with pytest.raises(WrongState, match="CHANGING"):
                await cancels(account.id, uuid4())(process)
            monkeypatch.setattr(subscriptions, "UNDER_WAY", subscriptions.UNDER_WAY * 0)
            assert not (await cancels(account.id, uuid4())(process)).auto_renew
            monkeypatch.undo()
            with pytest.raises(WrongState, match="OVERTAKEN"):
                await account.act(process)
        await account.hear(process)
        await account.is_as_stripe_has_it(process)


async def test_a_request_that_is_repeated_after_others_changes_nothing_back(silent: System, process: Process) -> None:
    account, first, second = await a_subscriber(silent, process), uuid4(), uuid4()
    await changes()(account.id, first)(process)
    await changes("pro")(account.id, second)(process)
    assert (await changes()(account.id, first)(process)).plan_tier == "pro"
    await account.is_as_stripe_has_it(process)
    with pytest.raises(InvalidArgument, match="request_id"):
        await changes("pro")(account.id, first)(process)


async def test_an_event_that_comes_after_a_newer_change_takes_nothing_back(
    silent: System, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other tests have let time go by there.
    monkeypatch.setattr(silent.stripe.store, "ahead", 0)
    account = await a_subscriber(silent, process)
    # Two changes of one second would be asked for anyway.
    silent.stripe.store.ahead += 2
    await changes()(account.id, uuid4())(process)
    told = next(one for one in reversed(account.events()) if one.type == "customer.subscription.updated")
    await changes("pro")(account.id, uuid4())(process)
    await process.inbox.take(told)
    await account.is_as_stripe_has_it(process)


async def test_a_repeated_cancellation_answers_as_the_first_did(silent: System, process: Process) -> None:
    account, request_id = await a_subscriber(silent, process), uuid4()
    first = await cancels(account.id, request_id)(process)
    assert (await cancels(account.id, request_id)(process)).version == first.version


async def test_of_two_changes_with_one_etag_one_is_refused_before_stripe_hears_of_it(
    silent: System, process: Process
) -> None:
    account = await a_subscriber(silent, process)
    etag = f"v{(await account.row(process)).version}"
    wanted = [Wanted("enterprise", "monthly"), Wanted("pro", "annual")]
    asked = [
        subscriptions.change(process.db, process.payments, process.catalogue, account.id, one, etag, None)
        for one in wanted
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    (refusal,) = [one for one in answers if isinstance(one, DomainError)]
    assert isinstance(refusal, WrongState | EtagMismatch)
    assert len(account.at_stripe("invoice", billing_reason="subscription_update")) == 1
    events = len(list(silent.stripe.store.all("event")))
    with pytest.raises(EtagMismatch):
        await subscriptions.change(process.db, process.payments, process.catalogue, account.id, wanted[1], etag, None)
    assert len(list(silent.stripe.store.all("event"))) == events
    await account.is_as_stripe_has_it(process)


async def test_what_is_heard_while_a_change_is_answered_is_not_overwritten(silent: System, process: Process) -> None:
    """The person uses the portal in the moment in which a slow answer of Stripe's comes."""
    account = await a_subscriber(silent, process)
    async with a_process(silent) as other:

        async def portal() -> None:
            (subscription,) = account.at_stripe("subscription")
            at_stripe.update(silent.stripe.desk, subscription, {"cancel_at_period_end": "true"})
            await account.hear(other)

        async def later() -> None:
            process.fate.meanwhile["after subscription"] = portal

        process.fate.meanwhile["after change"] = later
        assert not (await changes()(account.id, None)(process)).auto_renew
        await account.is_as_stripe_has_it(process)


async def test_cancelling_and_changing_at_once_comes_to_what_stripe_has(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    acts = changes()(account.id, None)(process), cancels(account.id, None)(process)
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert any(isinstance(one, Subscription) for one in answers)
    await account.is_as_stripe_has_it(process)


async def test_a_card_that_is_declined_may_be_changed_and_the_same_request_repeated(
    silent: System, process: Process
) -> None:
    account, request_id = await a_subscriber(silent, process), uuid4()
    (customer,) = silent.stripe.store.all("customer", metadata={"account_id": str(account.id)})
    customer["_card"] = "declined"
    with pytest.raises(DomainError, match="another card"):
        await changes()(account.id, request_id)(process)
    customer["_card"] = "good"
    assert (await changes()(account.id, request_id)(process)).plan_tier == "enterprise"


async def test_a_subscription_that_has_ended_meanwhile_is_not_changed(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    (subscription,) = account.at_stripe("subscription")
    at_stripe.end(silent.stripe.desk, subscription)
    with pytest.raises(WrongState, match="FIXED"):
        await changes()(account.id, uuid4())(process)


async def test_a_change_after_a_cancellation_at_the_portal_is_gone_on_with(silent: System, process: Process) -> None:
    """What is asked of Stripe depends on how things stand, and they stand otherwise once it is done."""

    async def life(process: Process) -> Account:
        account = await pays_already(changes())(silent)(process)
        (subscription,) = account.at_stripe("subscription")
        end = subscription["items"]["data"][0]["current_period_end"]
        at_stripe.update(silent.stripe.desk, subscription, {"cancel_at": str(end)})
        return account

    async for point, account in killed_everywhere(process, life):
        assert (await account.act(process)).plan_tier == "enterprise", point
        assert (await account.row(process)).auto_renew, point
        assert len(account.at_stripe("invoice", billing_reason="subscription_update")) == 1, point


async def test_a_change_that_died_is_gone_on_with_by_who_wants_the_same_without_its_id(
    silent: System, process: Process
) -> None:
    """A client that sent none, and tries again after UNAVAILABLE."""
    life = pays_already(lambda account_id, _: changes()(account_id, None))(silent)
    async for point, account in killed_everywhere(process, life):
        assert (await account.act(process)).plan_tier == "enterprise", point
        assert len(account.at_stripe("invoice", billing_reason="subscription_update")) == 1, point


async def test_who_came_to_a_page_and_did_not_pay_has_nothing_to_change(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(process)
    await account.act(process)
    for act in (changes()(account.id, uuid4()), cancels(account.id, uuid4())):
        with pytest.raises(WrongState, match="FREE"):
            await act(process)
