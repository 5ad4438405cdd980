"""Bills, and whether the customer's card pays them."""

from services.embedded.stripe import cards, charges
from services.embedded.stripe.desk import Desk
from services.embedded.stripe.store import Thing


def bill(
    desk: Desk, customer: Thing, total: int, currency: str, subscription: Thing | None, reason: str, paid: bool = False
) -> Thing:
    """Paid at once where the customer's card works, or `paid`: they are there. What was paid too much before is used up first, and a total
    below 0 is kept for the next bill.
    """
    balance = (customer.get("balance", 0) if subscription else 0) + total
    due = max(0, balance)
    if subscription:
        desk.store.change(customer, balance=min(0, balance))
    paid = paid or not due or cards.works(customer)
    invoice = desk.store.add(
        "in",
        "invoice",
        customer=customer["id"],
        number=f"LOCAL-{desk.store.count('invoice') + 1:04}",
        currency=currency,
        total=total,
        amount_due=due,
        amount_paid=due if paid else 0,
        amount_remaining=0 if paid else due,
        status="paid" if paid else "open",
        billing_reason=reason,
        parent=_parent(subscription),
    )
    desk.store.change(invoice, hosted_invoice_url=f"{desk.url}/i/{invoice['id']}")
    if subscription:
        desk.store.change(subscription, latest_invoice=invoice["id"])
    if paid and due and subscription:
        charges.charge(desk, charges.intend(desk, customer["id"], due, currency, {}))
    desk.event("invoice.paid" if paid else "invoice.payment_failed", invoice)
    return invoice


def _parent(subscription: Thing | None) -> Thing | None:
    return subscription and {
        "type": "subscription_details",
        "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
    }


def change_card(desk: Desk, customer: Thing, card: str) -> None:
    """A good card pays what is open."""
    desk.store.change(customer, _card=card)
    if card != "good":
        return
    for invoice in list(desk.store.all("invoice", customer=customer["id"], status="open")):
        charges.charge(desk, charges.intend(desk, customer["id"], invoice["amount_due"], invoice["currency"], {}))
        desk.store.change(invoice, status="paid", amount_paid=invoice["amount_due"], amount_remaining=0)
        desk.event("invoice.paid", invoice)
        for subscription in desk.store.all("subscription", customer=customer["id"], status="past_due"):
            desk.store.change(subscription, status="active")
            desk.event("customer.subscription.updated", subscription)
