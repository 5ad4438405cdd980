"""Accounts that want something of a billing process, and what Stripe and the database then have of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from services.billing import queries, subscriptions
from services.billing.credits import standing_of_row
from services.billing.events import locked_subscription, put
from services.billing.standing import Standing, Told, standing_of, told_of
from services.billing.subscriptions import Wanted
from services.billing.tables import Subscription
from services.embedded.stripe import subscriptions as at_stripe
from services.embedded.stripe.store import Thing
from services.kit.db import EVERYONE
from tests.billing.dying import Process
from tests.harness import System


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
        return [one for one in told if one and one.thing.get("customer") in ids]

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
