"""Subscriptions: begun, changed, ended."""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.embedded.stripe import cards, invoices
from services.embedded.stripe.desk import Desk, Invalid, Refused
from services.embedded.stripe.store import Thing

DAY = 86_400
ENDED = ("canceled", "incomplete_expired")


def begin(desk: Desk, customer: Thing, price: Thing, quantity: int, data: dict[str, Any]) -> Thing:
    """`data`: metadata and trial_period_days. It is billed by who called."""
    now, days = desk.store.now(), int(data.get("trial_period_days", 0))
    end = now + days * DAY if days else after(now, price)
    subscription = desk.store.add(
        "sub",
        "subscription",
        customer=customer["id"],
        status="trialing" if days else "active",
        currency=price["currency"],
        metadata=data.get("metadata", {}),
        start_date=now,
        trial_end=end if days else None,
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        ended_at=None,
        latest_invoice=None,
        items={"object": "list", "has_more": False, "data": []},
    )
    item = {
        "id": subscription["id"].replace("sub_", "si_"),
        "object": "subscription_item",
        "price": price["id"],
        "quantity": quantity,
        "current_period_start": now,
        "current_period_end": end,
    }
    put_item(desk, subscription, item)
    desk.event("customer.subscription.created", subscription)
    return subscription


def item_of(subscription: Thing) -> Thing:
    (item,) = subscription["items"]["data"]
    return dict(item)


def put_item(desk: Desk, subscription: Thing, item: Thing) -> None:
    desk.store.change(subscription, items=subscription["items"] | {"data": [item]})


def update(desk: Desk, subscription: Thing, form: dict[str, Any]) -> Thing:
    """All of it, or nothing. Raises Refused."""
    if subscription["status"] in ENDED:
        raise Refused("A canceled subscription can only update its cancellation_details and metadata.", "")
    ending = _ending(desk, subscription, form)
    change = _changed(desk, subscription, form["items"][0]) if form.get("items") else None
    always = form.get("proration_behavior", "create_prorations") == "always_invoice"
    customer = desk.store.get("customer", subscription["customer"])
    if change and change.due + customer.get("balance", 0) > 0 and always and not cards.works(customer):
        if form.get("payment_behavior") != "error_if_incomplete":
            raise Invalid("Only payment_behavior=error_if_incomplete is here.")
        raise Refused("Your card was declined.", "card_declined", 402)
    desk.store.change(subscription, metadata=subscription["metadata"] | form.get("metadata", {}), **ending)
    if change:
        put_item(desk, subscription, change.item)
    desk.event("customer.subscription.updated", subscription)
    if change and change.due and always:
        invoices.bill(desk, customer, change.due, subscription["currency"], subscription, "subscription_update")
    return subscription


def _ending(desk: Desk, subscription: Thing, form: dict[str, Any]) -> Thing:
    if "cancel_at" in form and "cancel_at_period_end" in form:
        raise Invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if form.get("cancel_at_period_end") == "true":
        end = item_of(subscription)["current_period_end"]
        return {"cancel_at_period_end": True, "cancel_at": end, "canceled_at": desk.store.now()}
    if "cancel_at_period_end" in form and not subscription["cancel_at_period_end"]:
        # It does not undo what the portal has set.
        return {}
    if "cancel_at_period_end" in form or form.get("cancel_at") == "":
        return {"cancel_at_period_end": False, "cancel_at": None, "canceled_at": None}
    if "cancel_at" in form:
        return {"cancel_at": int(form["cancel_at"]), "canceled_at": desk.store.now()}
    return {}


@dataclass(frozen=True, slots=True)
class _Change:
    item: Thing
    due: int


def _changed(desk: Desk, subscription: Thing, form: dict[str, Any]) -> _Change:
    """What is due for the rest of the period, less what was paid for it before; below 0 when that was more. Another interval begins a new
    period. In a trial nothing is due, and it goes on.
    """
    item, now = item_of(subscription), desk.store.now()
    if form.get("id") != item["id"]:
        raise Refused(f"No such subscription_item: '{form.get('id')}'", "resource_missing")
    before = desk.store.get("price", item["price"])
    price = desk.required("price", str(form.get("price") or item["price"]), "items[0][price]")
    if price["currency"] != subscription["currency"]:
        raise Refused("The price's currency does not match the subscription's.", "")
    quantity = int(form.get("quantity") or item["quantity"])
    left = max(0, item["current_period_end"] - now)
    whole = max(1, item["current_period_end"] - item["current_period_start"])
    unused = before["unit_amount"] * item["quantity"] * left // whole
    full = price["unit_amount"] * quantity
    changed = item | {"price": price["id"], "quantity": quantity}
    if subscription["status"] == "trialing":
        return _Change(changed, 0)
    if price["recurring"] == before["recurring"]:
        return _Change(changed, full * left // whole - unused)
    period = {"current_period_start": now, "current_period_end": after(now, price)}
    return _Change(changed | period, full - unused)


def end(desk: Desk, subscription: Thing) -> Thing:
    if subscription["status"] not in ENDED:
        now = desk.store.now()
        canceled = subscription["canceled_at"] or now
        desk.store.change(subscription, status="canceled", canceled_at=canceled, ended_at=now)
        desk.event("customer.subscription.deleted", subscription)
    return subscription


def after(start: int, price: Thing) -> int:
    """When a period of the price that begins then ends."""
    day = datetime.fromtimestamp(start, UTC)
    months = day.year * 12 + day.month - 1 + (12 if price["recurring"]["interval"] == "year" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return int(day.replace(year=year, month=month + 1, day=min(day.day, last)).timestamp())
