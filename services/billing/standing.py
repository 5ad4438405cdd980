"""Stripe's events of one account → what it pays for. The order in which they came, and how often, changes nothing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.billing.plans import TIERS

TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.trial_will_end",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
    "charge.refunded",
    "charge.dispute.closed",
    "refund.created",
    "refund.updated",
    "refund.failed",
)
# After a payment failed, and where a renewal was not heard of, the plan goes on for so long.
GRACE = timedelta(days=7)
LIVE = ("trialing", "active", "past_due")
_STATUS = {"trialing": "trialing", "active": "paid", "past_due": "past_due"}
_LAST = {"customer.subscription.created": 0, "customer.subscription.deleted": 2}


@dataclass(frozen=True, slots=True)
class Told:
    """An event: `time` in seconds as Stripe counts, `thing` the object as it was then."""

    id: str
    type: str
    time: int
    thing: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, int, str]:
        """What happened later is greater; within a second by kind, and then always in the same way."""
        return self.time, _LAST.get(self.type, 1), self.id


def told_of(event: Mapping[str, Any]) -> Told | None:
    """From an event as Stripe has it; None for what nothing follows from. Raises TypeError or KeyError for what is none."""
    kind, thing = event["type"], event["data"]["object"]
    if isinstance(kind, str) and kind not in TYPES:
        return None
    fields = (kind, str), (event["id"], str), (event["created"], int), (thing, dict)
    if not all(isinstance(value, needed) for value, needed in fields):
        raise TypeError("no event")
    return Told(event["id"], kind, event["created"], thing)


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription as it stands. `amount` in minor units of `currency`; `payment_status` as in the contract, in lower case."""

    subscription_id: str = ""
    plan_tier: str = "free"
    billing_cycle: str = "monthly"
    amount: int = 0
    currency: str = "EUR"
    start: datetime | None = None
    active_until: datetime | None = None
    trial_end: datetime | None = None
    grace_until: datetime | None = None
    auto_renew: bool = False
    payment_status: str = "free"


def standing(events: Iterable[Told]) -> Standing:
    """Of the subscription that lives, else of the one that ended last."""
    newest: dict[str, Told] = {}
    for event in events:
        known = newest.get(event.thing["id"])
        if event.type.startswith("customer.subscription.") and (known is None or known.order < event.order):
            newest[event.thing["id"]] = event
    if not newest:
        return Standing()
    return standing_of(max(newest.values(), key=_weight).thing)


def _weight(event: Told) -> tuple[bool, int, str]:
    return event.thing["status"] in LIVE, event.thing["start_date"], event.thing["id"]


def standing_of(subscription: Mapping[str, Any]) -> Standing:
    """Of Stripe's own object."""
    item = subscription["items"]["data"][0]
    price, status = item["price"], _STATUS.get(subscription["status"], "cancelled")
    # By the product: a price that another amount has replaced has no lookup key any more, and whoever pays it goes on.
    tier = str(price["product"]).removeprefix("skillsync_")
    # Events are told in the version of the webhook's endpoint: until 2025 the period was the subscription's.
    period = item if "current_period_end" in item else subscription
    start = _time(period["current_period_start"])
    # Who cancels at Stripe's portal sets the time alone.
    ends = subscription.get("cancel_at")
    return Standing(
        subscription_id=subscription["id"],
        plan_tier=tier if tier in TIERS else "free",
        billing_cycle="annual" if price["recurring"]["interval"] == "year" else "monthly",
        amount=price["unit_amount"] * item["quantity"],
        currency=price["currency"].upper(),
        start=_time(subscription["start_date"]),
        active_until=_time(subscription.get("ended_at") or min(period["current_period_end"], ends or math.inf)),
        trial_end=_time(subscription["trial_end"]) if status == "trialing" else None,
        grace_until=start + GRACE if status == "past_due" and start else None,
        auto_renew=status != "cancelled" and not subscription["cancel_at_period_end"] and not ends,
        payment_status=status,
    )


def tier_at(found: Standing, now: datetime) -> str:
    """What may be used. A plan that was to renew, and of which nothing was heard since, goes on through the grace period."""
    until = found.active_until
    if found.payment_status == "past_due":
        until = found.grace_until
    elif found.payment_status not in ("paid", "trialing"):
        until = None
    elif until and found.auto_renew:
        until += GRACE
    return found.plan_tier if until and now < until else "free"


def _time(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
