"""What Stripe tells: kept once in an inbox, and what follows from it done once, in whatever order it comes and however often."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from services.billing import credits, queries
from services.billing.plans import Catalogue
from services.billing.refunds import bought, to_take_back
from services.billing.standing import Standing, Told, standing, standing_of
from services.billing.tables import ENTITLEMENTS, Invoice, StripeEvent, Subscription, changes
from services.kit.changes import record
from services.kit.db import WriteSession, insert_missing, utc_now

TOPUPS, INVOICES = UUID("8c2b3a0e-55b1-4c3d-9d3a-3f3a2f6f0b4e"), UUID("41a7c5a2-9c1f-4d0e-8f0b-6a3d1f0e7c55")
# Seconds by which Stripe's clock and ours may differ.
CLOCKS_DIFFER = 60
# Of an object: what something follows from. Names, addresses and cards of people stay at Stripe.
KEPT = (
    "id", "object", "status", "customer", "metadata", "items", "start_date", "trial_end", "cancel_at", "cancel_at_period_end", "ended_at",
    "created", "total", "currency", "hosted_invoice_url", "payment_status", "mode", "payment_intent", "amount", "amount_refunded",
    "current_period_start", "current_period_end",
)  # fmt: skip

Look = Callable[[str], Awaitable[Mapping[str, Any]]]
"""A subscription as Stripe has it now."""


async def keep(session: WriteSession, told: Told) -> Subscription | None:
    """In the inbox. Again: nothing. Returns what the account has that it is about, locked until the transaction ends: one event of an
    account is handled at a time. None for nobody here; what is told of people who are erased is not kept.
    """
    customer = told.thing.get("customer")
    row = await queries.subscription_of_customer(session, customer) if isinstance(customer, str) else None
    if row:
        thing = {name: told.thing[name] for name in KEPT if name in told.thing}
        values = {"id": told.id, "type": told.type, "time": told.time, "thing": thing, "user_id": row.user_id}
        await session.execute(insert(StripeEvent).values(values).on_conflict_do_nothing())
    return row


async def handle(session: WriteSession, catalogue: Catalogue, row: Subscription, event_id: str, look: Look) -> None:
    """Everything that follows from an event that is kept, in the transaction of the caller. Again: nothing. `row`: locked."""
    event = await session.get_one(StripeEvent, event_id)
    if event.handled_time is not None:
        return
    if event.type.startswith("customer.subscription."):
        await _stand(session, catalogue, row, look)
        if event.type.endswith(".trial_will_end"):
            await record(session, changes, ENTITLEMENTS, event.user_id)
    elif event.type.startswith("invoice."):
        await _keep_invoice(session, event)
    elif event.type.startswith(("charge.", "refund.")):
        await _take_back(session, catalogue, event)
    else:
        await _end_checkout(session, catalogue, event)
    event.handled_time = utc_now()


async def _stand(session: WriteSession, catalogue: Catalogue, row: Subscription, look: Look) -> None:
    """What the account pays for, from all that was told of it; its credits follow."""
    told = [_told(e) for e in await queries.subscription_events(session, row.user_id)]
    found = standing(told)
    orders = [one.order[:2] for one in told if one.thing["id"] == found.subscription_id]
    newest = max(orders, default=(0, 0))
    # Of two changes within a second nothing says which was the last, and what was changed here may be newer than all that was told.
    changed_here = await queries.was_changed_since(session, row.user_id, newest[0] - CLOCKS_DIFFER)
    if found.subscription_id and (orders.count(newest) > 1 or changed_here):
        found = standing_of(await look(found.subscription_id))
    put(row, found)
    await session.flush()
    await credits.settled(session, catalogue, row.user_id)


async def locked_subscription(session: WriteSession, account_id: UUID) -> Subscription:
    await insert_missing(session, Subscription, id=uuid5(account_id, "subscription"), user_id=account_id)
    row = await queries.find_subscription(session, account_id, lock=True)
    assert row is not None
    return row


def put(row: Subscription, found: Standing) -> None:
    row.stripe_subscription_id = found.subscription_id or None
    row.plan_tier, row.billing_cycle = found.plan_tier, found.billing_cycle
    row.amount, row.currency = found.amount, found.currency
    row.start_time, row.active_until, row.trial_end = found.start, found.active_until, found.trial_end
    row.grace_until, row.auto_renew, row.payment_status = found.grace_until, found.auto_renew, found.payment_status


async def _keep_invoice(session: WriteSession, event: StripeEvent) -> None:
    """What is paid stays so, whatever comes late."""
    thing = event.thing
    values = {
        "id": _id_at(thing["created"], thing["id"]),
        "stripe_id": thing["id"],
        "user_id": event.user_id,
        "total": max(0, thing["total"]),
        "currency": thing["currency"].upper(),
        "paid": thing["status"] == "paid",
        "time": datetime.fromtimestamp(thing["created"], UTC),
        "hosted_url": thing.get("hosted_invoice_url") or "",
    }
    added = insert(Invoice).values(values)
    paid = Invoice.paid | added.excluded.paid
    await session.execute(added.on_conflict_do_update(index_elements=["stripe_id"], set_={"paid": paid}))


def _id_at(seconds: int, name: str) -> UUID:
    """A UUIDv7 of that time: lists are in the order of ids."""
    low = uuid5(INVOICES, name).int & ((1 << 62) - 1)
    return UUID(int=(seconds * 1000 << 80) | (7 << 76) | (2 << 62) | low)


async def _end_checkout(session: WriteSession, catalogue: Catalogue, event: StripeEvent) -> None:
    checkout = await queries.checkout_of_session(session, event.thing["id"])
    if checkout and checkout.state == "OPEN":
        checkout.state = "EXPIRED" if event.thing["status"] == "expired" else "COMPLETE"
    if paid := bought(_told(event)):
        operation = uuid5(TOPUPS, event.thing["id"])
        await credits.buy(session, catalogue, event.user_id, paid.feature, paid.amount, operation)
        await _take_back(session, catalogue, event)


async def _take_back(session: WriteSession, catalogue: Catalogue, event: StripeEvent) -> None:
    """What this event adds to those of the same payment that are done: each is done once, and so nothing is taken back twice. Of what
    was taken back for a refund that failed, as much is given again as had been left to take.
    """
    if not (payment := event.thing.get("payment_intent")):
        return
    done = [_told(e) for e in await queries.handled_events_of_payment(session, event.user_id, payment)]
    before, after = to_take_back(done), to_take_back([*done, _told(event)])
    if after is None:
        return
    more, operation = after.amount - (before.amount if before else 0), uuid5(TOPUPS, event.id)
    if more > 0:
        await credits.take_back(session, catalogue, event.user_id, after.feature, more, operation)
    elif more < 0:
        taken = await queries.taken_back(session, [uuid5(TOPUPS, one.id) for one in done])
        if taken > after.amount:
            await credits.give_again(session, catalogue, event.user_id, after.feature, taken - after.amount, operation)


def _told(event: StripeEvent) -> Told:
    return Told(event.id, event.type, event.time, event.thing)
