"""Money that came, and that went back."""

from services.embedded.stripe.desk import Desk, Refused
from services.embedded.stripe.store import Thing


def intend(desk: Desk, customer: str, amount: int, currency: str, metadata: dict[str, str]) -> Thing:
    """A payment that is on its way."""
    return desk.store.add(
        "pi",
        "payment_intent",
        amount=amount,
        currency=currency,
        status="processing",
        customer=customer,
        metadata=metadata,
        latest_charge=None,
    )


def charge(desk: Desk, intent: Thing) -> Thing:
    """It came."""
    charge = desk.store.add(
        "ch",
        "charge",
        amount=intent["amount"],
        amount_captured=intent["amount"],
        amount_refunded=0,
        captured=True,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        metadata=intent["metadata"],
        paid=True,
        payment_intent=intent["id"],
        refunded=False,
        status="succeeded",
    )
    desk.store.change(intent, status="succeeded", latest_charge=charge["id"])
    desk.event("charge.succeeded", charge)
    return charge


def refund(desk: Desk, charge: Thing, amount: int | None = None) -> Thing:
    """All that is left, or a part."""
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise Refused(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    if charge["disputed"]:
        raise Refused(f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge_disputed")
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise Refused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount_too_large"
        )
    refund = desk.store.add(
        "re",
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        status="succeeded",
    )
    refunded = charge["amount_refunded"] + amount
    desk.store.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount"])
    desk.event("refund.created", refund)
    desk.event("charge.refunded", charge)
    return refund


def fail(desk: Desk, refund: Thing) -> Thing:
    """The customer's bank sends back what a refund brought."""
    charge = desk.store.get("charge", refund["charge"])
    desk.store.change(refund, status="failed", failure_reason="expired_or_canceled_card")
    desk.store.change(charge, amount_refunded=charge["amount_refunded"] - refund["amount"], refunded=False)
    for kind in ("refund.updated", "refund.failed"):
        desk.event(kind, refund)
    return refund


def dispute(desk: Desk, charge: Thing, status: str = "lost") -> Thing:
    """The customer's bank takes the money back; `status`: lost, or won."""
    if charge["disputed"]:
        raise Refused(f"Charge {charge['id']} has been charged back.", "charge_disputed")
    # A dispute does not say whose it is.
    dispute = desk.store.add(
        "du",
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="needs_response",
    )
    desk.store.change(charge, disputed=True)
    desk.event("charge.dispute.created", dispute)
    desk.store.change(dispute, status=status)
    desk.event("charge.dispute.closed", dispute)
    return dispute
