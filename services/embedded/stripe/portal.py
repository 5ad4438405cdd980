"""The page where customers look after what they pay for."""

from typing import Any

from services.embedded.stripe import cards, invoices, subscriptions
from services.embedded.stripe.desk import Desk
from services.embedded.stripe.store import Thing


def create(desk: Desk, form: dict[str, Any]) -> Thing:
    customer = desk.required("customer", form["customer"], "customer")
    session = desk.store.add(
        "bps", "billing_portal.session", customer=customer["id"], return_url=form.get("return_url")
    )
    return desk.store.change(session, url=f"{desk.url}/p/session/{session['id']}")


def subscriptions_of(desk: Desk, session: Thing) -> list[Thing]:
    return [desk.public(one) for one in desk.store.all("subscription", customer=session["customer"])]


def use(desk: Desk, session: Thing, verb: str, card: str) -> None:
    """`verb`: card (to change it), cancel or resume."""
    if verb == "card":
        cards.accept(card)
        invoices.change_card(desk, desk.store.get("customer", session["customer"]), card)
    for subscription in desk.store.all("subscription", customer=session["customer"]):
        if verb not in ("cancel", "resume") or subscription["status"] in subscriptions.ENDED:
            continue
        # The portal sets the time, and not `cancel_at_period_end` as the API does.
        ends = verb == "cancel"
        end = subscriptions.item_of(subscription)["current_period_end"]
        desk.store.change(
            subscription,
            cancel_at=end if ends else None,
            cancel_at_period_end=False,
            canceled_at=desk.store.now() if ends else None,
        )
        desk.event("customer.subscription.updated", subscription)
