"""Checkout sessions: a payment page each, open until it is paid, given up, or a day has gone by."""

from typing import Any

from services.embedded.stripe import cards, charges, invoices, prices, subscriptions
from services.embedded.stripe.desk import Desk, Invalid, Refused
from services.embedded.stripe.store import Thing

OPEN_SECONDS = 86_400
# Of the tax that is in the price, where taxes are worked out.
TAX_PERCENT = 20


def create(desk: Desk, form: dict[str, Any]) -> Thing:
    if form["mode"] not in ("subscription", "payment"):
        raise Invalid("Invalid mode: must be one of payment or subscription")
    if form["mode"] == "payment" and "subscription_data" in form:
        raise Invalid("You can not pass `subscription_data` in `payment` mode.")
    desk.required("customer", form["customer"], "customer")
    lines = [_line(desk, line) for line in form["line_items"]]
    discounts, data = form.get("discounts", []), form.get("subscription_data", {})
    whole = sum(line["amount"] for line in lines)
    off = sum(_off(desk, one, whole) for one in discounts)
    first = max(0, whole - off)
    trial = bool(data.get("trial_period_days"))
    taxed = form.get("automatic_tax", {}).get("enabled") == "true"
    session = desk.store.add(
        "cs_test",
        "checkout.session",
        mode=form["mode"],
        status="open",
        payment_status="unpaid",
        customer=form["customer"],
        client_reference_id=form.get("client_reference_id"),
        metadata=form.get("metadata", {}),
        amount_subtotal=0 if trial else whole,
        amount_total=0 if trial else first,
        total_details={"amount_discount": 0 if trial else off, "amount_shipping": 0, "amount_tax": 0},
        automatic_tax={"enabled": taxed, "status": "complete" if taxed else None},
        currency=lines[0]["price"]["currency"],
        success_url=form["success_url"],
        cancel_url=form.get("cancel_url"),
        expires_at=desk.store.now() + OPEN_SECONDS,
        subscription=None,
        payment_intent=None,
        invoice=None,
        discounts=discounts,
        _lines=lines,
        _subscription_data=data,
        _payment_data=form.get("payment_intent_data", {}),
        _first=first,
    )
    tax = session["amount_total"] * TAX_PERCENT // (100 + TAX_PERCENT) if taxed else 0
    details = session["total_details"] | {"amount_tax": tax}
    return desk.store.change(session, url=f"{desk.url}/c/pay/{session['id']}", total_details=details)


def _line(desk: Desk, form: dict[str, Any]) -> Thing:
    if "price" in form:
        price = desk.required("price", form["price"], "line_items[0][price]")
        name = desk.store.objects.get(price["product"], {}).get("name") or price["product"]
    else:
        name = form["price_data"]["product_data"]["name"]
        price = prices.create_price(desk, form["price_data"] | {"product": name})
    quantity = int(form.get("quantity", 1))
    return {"name": name, "price": dict(price), "quantity": quantity, "amount": price["unit_amount"] * quantity}


def _off(desk: Desk, form: dict[str, Any], whole: int) -> int:
    promotion = desk.required("promotion_code", form["promotion_code"], "discounts[0][promotion_code]")
    if not prices.is_active(desk, promotion):
        raise Refused("This promotion code is no longer active.", "promotion_code_inactive")
    return whole * int(desk.store.get("coupon", promotion["promotion"]["coupon"])["percent_off"]) // 100


def pay(desk: Desk, session: Thing, card: str = "good") -> None:
    """`card`: one of CARDS. Raises Refused, and then the page stays open."""
    _require_open(desk, session)
    cards.accept(card)
    if card == "delayed" and session["mode"] == "subscription":
        raise Refused("Choose a card: plans are not paid from bank accounts here.", "payment_method_not_available", 402)
    customer = desk.store.get("customer", session["customer"])
    desk.store.change(customer, _card=card)
    for one in session["discounts"]:
        promotion = desk.store.get("promotion_code", one["promotion_code"])
        desk.store.change(promotion, times_redeemed=promotion["times_redeemed"] + 1)
    if session["mode"] == "subscription":
        _subscribe(desk, session, customer)
    else:
        _buy(desk, session, customer, later=card == "delayed")
    desk.event("checkout.session.completed", session)


def _subscribe(desk: Desk, session: Thing, customer: Thing) -> None:
    (line,) = session["_lines"]
    price = desk.store.get("price", line["price"]["id"])
    subscription = subscriptions.begin(desk, customer, price, line["quantity"], session["_subscription_data"])
    total = session["amount_total"]
    invoice = invoices.bill(desk, customer, total, session["currency"], subscription, "subscription_create", paid=True)
    status = "paid" if total else "no_payment_required"
    ids = {"subscription": subscription["id"], "invoice": invoice["id"]}
    desk.store.change(session, status="complete", payment_status=status, **ids)


def _buy(desk: Desk, session: Thing, customer: Thing, later: bool) -> None:
    total, currency = session["amount_total"], session["currency"]
    intent = charges.intend(desk, customer["id"], total, currency, session["_payment_data"].get("metadata", {}))
    desk.store.change(session, status="complete", payment_intent=intent["id"])
    if not later:
        _paid(desk, session, customer)


def _paid(desk: Desk, session: Thing, customer: Thing) -> None:
    charges.charge(desk, desk.store.get("payment_intent", session["payment_intent"]))
    total, currency = session["amount_total"], session["currency"]
    invoice = invoices.bill(desk, customer, total, currency, None, "manual", paid=True)
    desk.store.change(session, payment_status="paid", invoice=invoice["id"])


def settle(desk: Desk, session: Thing, paid: bool = True) -> None:
    """What a bank says days after the page was left."""
    if session["payment_status"] != "unpaid" or not session["payment_intent"]:
        raise Refused("There is nothing to wait for.", "")
    if paid:
        _paid(desk, session, desk.store.get("customer", session["customer"]))
    else:
        intent = desk.store.get("payment_intent", session["payment_intent"])
        desk.store.change(intent, status="requires_payment_method")
    desk.event(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)


def expire(desk: Desk, session: Thing) -> Thing:
    """Raises Refused for one that is not open."""
    _require_open(desk, session)
    return expire_now(desk, session)


def expire_now(desk: Desk, session: Thing) -> Thing:
    desk.store.change(session, status="expired", url=None)
    desk.event("checkout.session.expired", session)
    return session


def _require_open(desk: Desk, session: Thing) -> None:
    if session["status"] == "open" and session["expires_at"] <= desk.store.now():
        expire_now(desk, session)
    if session["status"] != "open":
        words = {"complete": "paid already", "expired": "over"}[session["status"]]
        raise Refused(f"This page is {words}. Go back, and begin again if there is more to pay.", "")
