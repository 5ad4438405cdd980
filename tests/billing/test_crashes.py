"""Wherever a process dies between Stripe and the database, and whoever comes next: nobody pays twice, or pays without getting."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.billing import queries, subscriptions
from services.billing.credits import standing_of_row
from services.billing.events import locked_subscription, put
from services.billing.privacy import user_data
from services.billing.standing import Standing, Told, standing_of, told_of
from services.billing.subscriptions import Wanted
from services.billing.tables import Subscription
from services.embedded.stripe import prices
from services.embedded.stripe import subscriptions as at_stripe
from services.embedded.stripe.desk import Refused
from services.embedded.stripe.faults import Faults
from services.embedded.stripe.store import Thing
from services.kit.db import EVERYONE
from services.kit.errors import DomainError, EtagMismatch, InvalidArgument, Unavailable, WrongState
from tests.billing.dying import Fate, Process, a_process, killed_everywhere
from tests.harness import System


@pytest.fixture
async def silent(system: System) -> AsyncIterator[System]:
    """No webhook comes: what is known is what was asked for."""
    system.stripe.set_faults(Faults(lost=1.0))
    yield system
    system.stripe.set_faults(Faults())


@pytest.fixture
async def process(silent: System) -> AsyncIterator[Process]:
    async with a_process(silent) as found:
        yield found


@dataclass
class Account:
    """Who wants something, and how they ask for it."""

    system: System
    act: Callable[[Process], Awaitable[Any]]
    id: UUID
    request_id: UUID

    def at_stripe(self, kind: str, **wanted: Any) -> list[Thing]:
        store = self.system.stripe.store
        ids = {one["id"] for one in store.all("customer", metadata={"account_id": str(self.id)})}
        return [one for one in store.all(kind, **wanted) if one["customer"] in ids]

    def pay_all_that_can_be_paid(self) -> None:
        for page in self.at_stripe("checkout.session", status="open"):
            self.system.stripe.pay(page["id"])

    async def hear(self, process: Process) -> None:
        """All that Stripe has to tell of it, and nothing else: what a reconcile asks for all accounts together."""
        for told in self.events():
            await process.inbox.take(told)

    def events(self) -> list[Told]:
        store = self.system.stripe.store
        ids = {one["id"] for one in store.all("customer", metadata={"account_id": str(self.id)})}
        told = [told_of(event) for event in reversed(list(store.all("event")))]
        return [one for one in told if one and one.thing["customer"] in ids]

    async def row(self, process: Process) -> Subscription:
        found = await self.find_row(process)
        assert found
        return found

    async def find_row(self, process: Process) -> Subscription | None:
        async with process.db.read(EVERYONE) as session:
            return await queries.find_subscription(session, self.id)

    async def is_as_stripe_has_it(self, process: Process) -> None:
        """One that is paid for at most, and known here as it is there."""
        alive = [one for one in self.at_stripe("subscription") if one["status"] != "canceled"]
        assert len(alive) <= 1, "pays twice"
        row = await self.find_row(process)
        found = standing_of_row(row) if row else Standing()
        assert found == (
            standing_of(self.system.stripe.desk.public(alive[0])) if alive else replace(found, payment_status="free")
        )

    async def exports(self, process: Process) -> int:
        async with process.db.read(EVERYONE) as session:
            usage = await queries.find_usage(session, self.id)
        return usage.bought.get("export", 0) if usage else 0


def buys_a_plan(system: System) -> Callable[[Process], Awaitable[Account]]:
    async def life(process: Process) -> Account:
        account_id, request_id = uuid4(), uuid4()
        return Account(system, lambda p: p.plan_page(account_id, "pro", request_id), account_id, request_id)

    return life


def buys_credits(system: System) -> Callable[[Process], Awaitable[Account]]:
    async def life(process: Process) -> Account:
        account_id, request_id = uuid4(), uuid4()
        return Account(system, lambda p: p.topup_page(account_id, request_id), account_id, request_id)

    return life


async def a_subscriber(system: System, process: Process) -> Account:
    """Who pays for pro, monthly."""
    account, stripe = await buys_a_plan(system)(None), system.stripe  # type: ignore[arg-type]
    price = stripe.store.get("price", await process.payments.price("pro", "monthly"))
    marks = {"account_id": str(account.id)}
    customer = stripe.store.add("cus", "customer", metadata=marks, balance=0, _card="good")
    found = at_stripe.begin(stripe.desk, customer, price, 1, {"metadata": marks})
    async with process.db.write() as session:
        row = await locked_subscription(session, account.id)
        row.stripe_customer_id = customer["id"]
        put(row, standing_of(stripe.desk.public(found)))
    return account


def changes(tier: str = "enterprise") -> Callable[[UUID, UUID | None], Callable[[Process], Awaitable[Subscription]]]:
    def of(account_id: UUID, request_id: UUID | None) -> Callable[[Process], Awaitable[Subscription]]:
        return lambda p: subscriptions.change(
            p.db, p.payments, p.catalogue, account_id, Wanted(tier, "monthly"), "", request_id
        )

    return of


def cancels(account_id: UUID, request_id: UUID | None) -> Callable[[Process], Awaitable[Subscription]]:
    return lambda p: subscriptions.cancel(p.db, p.payments, p.catalogue, account_id, "", request_id)


def pays_already(act: Any) -> Callable[[System], Callable[[Process], Awaitable[Account]]]:
    def of(system: System) -> Callable[[Process], Awaitable[Account]]:
        async def life(process: Process) -> Account:
            account, request_id = await a_subscriber(system, process), uuid4()
            account.act, account.request_id = act(account.id, request_id), request_id
            return account

        return life

    return of


async def again(account: Account, process: Process) -> None:
    await account.act(process)


async def twice_at_once(account: Account, process: Process) -> None:
    await asyncio.gather(account.act(process), account.act(process))


async def never(account: Account, process: Process) -> None:
    pass


async def with_another_plan(account: Account, process: Process) -> None:
    await process.plan_page(account.id, "enterprise", uuid4())


@pytest.mark.parametrize("then", [again, twice_at_once, never, with_another_plan])
async def test_who_buys_a_plan_pays_once_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    points = []
    async for point, account in killed_everywhere(process, buys_a_plan(silent)):
        await then(account, process)
        assert len(account.at_stripe("checkout.session", status="open")) <= 1
        account.pay_all_that_can_be_paid()
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        if then is not never:
            assert len(account.at_stripe("subscription")) == 1, point
        points.append(point)
    assert {"after customer", "before plan_page", "after plan_page"} <= set(points)


@pytest.mark.parametrize("then", [again, twice_at_once, never])
async def test_who_buys_credits_pays_once_and_gets_them_wherever_it_died(
    silent: System, process: Process, then: Any
) -> None:
    points = []
    async for point, account in killed_everywhere(process, buys_credits(silent)):
        await then(account, process)
        account.pay_all_that_can_be_paid()
        await account.hear(process)
        paid = account.at_stripe("checkout.session", status="complete")
        assert len(paid) == 1 or (then is never and not paid), point
        assert await account.exports(process) == 7 * len(paid)
        points.append(point)
    assert {"after customer", "after topup_page"} <= set(points)


@pytest.mark.parametrize("then", [again, twice_at_once, never])
async def test_a_change_of_plan_is_billed_once_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    points = []
    async for point, account in killed_everywhere(process, pays_already(changes())(silent)):
        await then(account, process)
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        prorations = account.at_stripe("invoice", billing_reason="subscription_update")
        changed = (await account.row(process)).plan_tier == "enterprise"
        assert len(prorations) == changed, point
        assert changed or then is never, point
        points.append(point)
    assert {"before change", "after change", "before subscription", "after subscription"} <= set(points)


@pytest.mark.parametrize("then", [again, never])
async def test_a_cancelled_plan_is_cancelled_wherever_it_died(silent: System, process: Process, then: Any) -> None:
    async for point, account in killed_everywhere(process, pays_already(cancels)(silent)):
        await then(account, process)
        await account.hear(process)
        await account.is_as_stripe_has_it(process)
        assert then is never or not (await account.row(process)).auto_renew, point


async def test_a_change_that_died_is_gone_on_with_by_who_wants_the_same_without_its_id(
    silent: System, process: Process
) -> None:
    """A client that sent none, and tries again after UNAVAILABLE."""
    life = pays_already(lambda account_id, _: changes()(account_id, None))(silent)
    async for point, account in killed_everywhere(process, life):
        assert (await account.act(process)).plan_tier == "enterprise", point
        assert len(account.at_stripe("invoice", billing_reason="subscription_update")) == 1, point


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
    with pytest.raises(WrongState, match="CANCELLED"):
        await changes()(account.id, uuid4())(process)


# Pages


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


@pytest.mark.parametrize("act", [buys_a_plan, buys_credits])
async def test_a_page_of_who_is_erased_cannot_be_paid(silent: System, process: Process, act: Any) -> None:
    account = await act(silent)(None)
    await account.act(process)
    pages = account.at_stripe("checkout.session")
    await erase(process, account)
    for page in pages:
        with pytest.raises(Refused):
            silent.stripe.pay(page["id"])


@pytest.mark.parametrize("act", [buys_a_plan, buys_credits])
async def test_who_is_erased_while_a_page_is_opened_gets_none_and_leaves_nothing(
    silent: System, process: Process, act: Any
) -> None:
    points = [point async for point, _ in killed_everywhere(process, act(silent))]
    for number, point in enumerate(points):
        account = await act(silent)(None)
        async with a_process(silent) as other:
            process.live(Fate())
            at_point(process, number, lambda: erase(other, account))  # noqa: B023
            # Erased before anything began, or after it was over: nobody is refused.
            with nullcontext() if number in (0, len(points) - 1) else pytest.raises(WrongState, match="ERASED"):
                await account.act(process)
        open_ = account.at_stripe("checkout.session", status="open")
        rows = await silent.count("billing.subscriptions", "user_id = $1", account.id)
        if number:
            assert (len(open_), rows) == (0, 0), point


async def test_who_is_erased_while_a_plan_is_changed_leaves_nothing(silent: System, process: Process) -> None:
    account = await a_subscriber(silent, process)
    async with a_process(silent) as other:
        process.fate.meanwhile["after change"] = lambda: erase(other, account)
        with pytest.raises(DomainError):
            await changes()(account.id, uuid4())(process)
        for table in ("subscriptions", "checkouts", "feature_usage", "ledger", "stripe_events"):
            assert await silent.count(f"billing.{table}", "user_id = $1", account.id) == 0, table
        assert [one["status"] for one in account.at_stripe("subscription")] == []


async def test_an_event_that_comes_while_its_person_is_erased_is_not_left_behind(
    silent: System, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await a_subscriber(silent, process)
    told = next(one for one in account.events() if one.type == "customer.subscription.created")
    real = queries.account_of_customer

    async def meanwhile(session: Any, customer: str) -> Any:
        found = await real(session, customer)
        async with a_process(silent) as other:
            await erase(other, account)
        return found

    monkeypatch.setattr(queries, "account_of_customer", meanwhile)
    assert not await process.inbox.take(told)
    assert await silent.count("billing.stripe_events", "user_id = $1", account.id) == 0


async def test_who_is_erased_in_the_moment_of_their_first_visit_is_no_customer(
    silent: System, process: Process
) -> None:
    account = await buys_credits(silent)(None)  # type: ignore[arg-type]
    async with a_process(silent) as other:
        process.fate.meanwhile["after customer"] = lambda: erase(other, account)
        with pytest.raises(WrongState, match="ERASED"):
            await account.act(process)
    newest = next(silent.stripe.store.all("customer"))
    assert newest.get("deleted")


async def test_a_page_is_not_shown_for_longer_than_it_is_open(silent: System, process: Process) -> None:
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    first = await process.plan_page(account.id, "pro", None)
    for hours, same in ((22, True), (24, False)):
        older = "update billing.checkouts set create_time = now() - make_interval(hours => $2) where user_id = $1"
        await silent.database.execute(older, account.id, hours)
        assert (await process.plan_page(account.id, "pro", None) == first) is same
    assert len(account.at_stripe("checkout.session", status="open")) == 1


@pytest.mark.parametrize("paid", [True, False])
async def test_a_page_that_was_begun_at_other_settings_is_closed_or_heard_of(
    silent: System, process: Process, paid: bool
) -> None:
    """Its key is taken; which page it is nobody knows any more."""
    account = await buys_a_plan(silent)(None)  # type: ignore[arg-type]
    await account.act(process)
    gone = "update billing.checkouts set session_id = null, url = '' where user_id = $1"
    await silent.database.execute(gone, account.id)
    if paid:
        account.pay_all_that_can_be_paid()
    process.payments._tax = True
    with pytest.raises(Unavailable):
        await account.act(process)
    assert account.at_stripe("checkout.session", status="open") == []
    with pytest.raises(WrongState, match="PAID") if paid else nullcontext():
        await process.plan_page(account.id, "pro", uuid4())


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


async def erase(process: Process, account: Account) -> None:
    await user_data(process.db, process.payments).erase(account.id)


def at_point(process: Process, number: int, act: Callable[[], Awaitable[None]]) -> None:
    """Not by name: a name may come more than once."""
    real, seen = process.fate.pass_by, 0

    async def pass_by(name: str) -> None:
        nonlocal seen
        if seen == number:
            seen += 1
            await act()
        else:
            seen += 1
        await real(name)

    process.fate.pass_by = pass_by  # type: ignore[method-assign]
