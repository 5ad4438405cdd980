"""What time alone changes: trials end, subscriptions renew or end, pages are over."""

from collections.abc import Iterator

from services.embedded.stripe import invoices, sessions, subscriptions
from services.embedded.stripe.desk import Desk
from services.embedded.stripe.store import Thing
from services.embedded.stripe.subscriptions import DAY, ENDED, item_of

# Days that a subscription is past due before it ends.
DUNNING_DAYS = 14
# Days before its end that a trial is told of.
TRIAL_DAYS = 3


def advance(desk: Desk, seconds: int) -> None:
    """As if so much time had gone by."""
    target = desk.store.ahead + seconds
    while due := min(_due(desk, desk.store.now() + target - desk.store.ahead), key=lambda one: one[0], default=None):
        moment, thing = due
        desk.store.ahead += max(0, moment - desk.store.now())
        if thing["object"] == "checkout.session":
            sessions.expire_now(desk, thing)
        else:
            _come_due(desk, thing)
    desk.store.ahead = target


def _due(desk: Desk, until: int) -> Iterator[tuple[int, Thing]]:
    for session in desk.store.all("checkout.session", status="open"):
        if session["expires_at"] <= until:
            yield session["expires_at"], session
    for subscription in desk.store.all("subscription"):
        if subscription["status"] not in ENDED and (moment := _moment(subscription)) <= until:
            yield moment, subscription


def _moment(subscription: Thing) -> int:
    if subscription["status"] == "past_due":
        return int(subscription["_past_due_since"]) + DUNNING_DAYS * DAY
    end = int(item_of(subscription)["current_period_end"])
    last = min(end, subscription["cancel_at"] or end)
    return min(last, _trial_notice(subscription) or last)


def _trial_notice(subscription: Thing) -> int | None:
    """When it is due; None where it is not, or was told."""
    if subscription["status"] != "trialing" or subscription.get("_trial_told"):
        return None
    return int(subscription["trial_end"]) - TRIAL_DAYS * DAY


def _come_due(desk: Desk, subscription: Thing) -> None:
    if (notice := _trial_notice(subscription)) and notice <= desk.store.now():
        desk.store.change(subscription, _trial_told=True)
        desk.event("customer.subscription.trial_will_end", subscription)
        return
    item = item_of(subscription)
    start = item["current_period_end"]
    if subscription["status"] == "past_due" or (subscription["cancel_at"] or start + 1) <= start:
        subscriptions.end(desk, subscription)
        return
    price = desk.store.get("price", item["price"])
    period = {"current_period_start": start, "current_period_end": subscriptions.after(start, price)}
    subscriptions.put_item(desk, subscription, item | period)
    customer, total = desk.store.get("customer", subscription["customer"]), price["unit_amount"] * item["quantity"]
    invoice = invoices.bill(desk, customer, total, subscription["currency"], subscription, "subscription_cycle")
    status = "active" if invoice["status"] == "paid" else "past_due"
    desk.store.change(subscription, status=status, _past_due_since=start)
    desk.event("customer.subscription.updated", subscription)
