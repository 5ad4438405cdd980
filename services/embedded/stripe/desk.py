"""What Stripe does with what it is asked for: objects change, and each change is an event."""

import calendar
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.embedded.stripe.store import Store, Thing

DAY = 86_400
# Days that a subscription is past due before it ends.
DUNNING_DAYS = 14
EXPIRES_SECONDS = DAY
ENDED = ("canceled", "incomplete_expired")


class Refused(Exception):
    """Asked for what is not possible. `code` as Stripe has it."""

    def __init__(self, message: str, code: str = "parameter_invalid", status: int = 400, kind: str = "") -> None:
        super().__init__(message)
        self.code, self.status = code, status
        self.kind = kind or ("card_error" if status == 402 else "invalid_request_error")


class Desk:
    """`tell` hears of each event."""

    def __init__(self, store: Store, url: str, tell: Callable[[Thing], None]) -> None:
        self.store, self.url, self._tell = store, url, tell

    def event(self, kind: str, thing: Thing) -> None:
        event = self.store.add(
            "evt",
            "event",
            type=kind,
            data={"object": public(thing)},
            api_version="2026-10-28.endive",
            pending_webhooks=1,
        )
        self._tell(public(event))

    # Prices

    def create_price(self, form: dict[str, Any]) -> Thing:
        key = form.get("lookup_key")
        for known in list(self.store.all("price", lookup_key=key)) if key else ():
            if form.get("transfer_lookup_key") != "true":
                raise Refused(f"A price already uses the lookup key `{key}`.", "resource_already_exists")
            known["lookup_key"] = None
        recurring = {"interval": form["recurring"]["interval"], "interval_count": 1} if "recurring" in form else None
        return self.store.add(
            "price",
            "price",
            active=True,
            currency=form["currency"].lower(),
            unit_amount=int(form["unit_amount"]),
            product=form.get("product"),
            lookup_key=key,
            recurring=recurring,
            type="recurring" if recurring else "one_time",
            tax_behavior=form.get("tax_behavior", "unspecified"),
        )

    def create_promotion(self, code: str, percent: int) -> Thing:
        coupon = self.store.add("co", "coupon", percent_off=percent, duration="once", valid=True)
        return self.store.add(
            "promo", "promotion_code", active=True, code=code, promotion={"type": "coupon", "coupon": coupon["id"]}
        )

    # Checkout

    def create_session(self, form: dict[str, Any]) -> Thing:
        self.store.get("customer", form["customer"])
        lines = [self._line(line) for line in form["line_items"]]
        total = sum(line["amount"] for line in lines)
        discounts = form.get("discounts", [])
        session = self.store.add(
            "cs_test",
            "checkout.session",
            mode=form["mode"],
            status="open",
            payment_status="unpaid",
            customer=form["customer"],
            client_reference_id=form.get("client_reference_id"),
            metadata=form.get("metadata", {}),
            amount_total=total - self._discount(discounts, total),
            currency=lines[0]["price"]["currency"],
            success_url=form["success_url"],
            cancel_url=form.get("cancel_url"),
            expires_at=self.store.now() + EXPIRES_SECONDS,
            subscription=None,
            payment_intent=None,
            invoice=None,
            discounts=discounts,
            _lines=lines,
            _subscription_data=form.get("subscription_data", {}),
        )
        session["url"] = f"{self.url}/c/pay/{session['id']}"
        return session

    def _line(self, form: dict[str, Any]) -> Thing:
        if "price" in form:
            price = self.store.get("price", form["price"])
        else:
            price = self.create_price(form["price_data"] | {"product": form["price_data"]["product_data"]["name"]})
        quantity = int(form.get("quantity", 1))
        return {"price": price, "quantity": quantity, "amount": price["unit_amount"] * quantity}

    def _discount(self, discounts: list[Any], total: int) -> int:
        percent = 0
        for one in discounts:
            promotion = self.store.get("promotion_code", one["promotion_code"])
            percent += int(self.store.get("coupon", promotion["promotion"]["coupon"])["percent_off"])
        return total * min(percent, 100) // 100

    def pay(self, session: Thing, card: str = "good") -> None:
        """`card`: good, declined (raises Refused), or bad: it works now and fails at the next renewal."""
        self._require_open(session)
        if card == "declined":
            raise Refused("Your card was declined.", "card_declined", 402)
        customer = self.store.get("customer", session["customer"])
        customer["_card"] = card
        if session["mode"] == "subscription":
            self._subscribe(session)
        else:
            intent = self.store.add(
                "pi", "payment_intent", amount=session["amount_total"], status="succeeded", customer=customer["id"]
            )
            session["payment_intent"] = intent["id"]
            session["invoice"] = self._invoice(customer["id"], session["amount_total"], session["currency"], None)["id"]
        session |= {"status": "complete"}
        session["payment_status"] = "paid" if session["amount_total"] else "no_payment_required"
        self.event("checkout.session.completed", session)

    def expire(self, session: Thing) -> None:
        self._require_open(session)
        session |= {"status": "expired"}
        self.event("checkout.session.expired", session)

    def _require_open(self, session: Thing) -> None:
        if session["status"] == "open" and session["expires_at"] < self.store.now():
            session["status"] = "expired"
            self.event("checkout.session.expired", session)
        if session["status"] != "open":
            raise Refused(f"This checkout session is {session['status']}.", "checkout_session_not_open")

    def _subscribe(self, session: Thing) -> None:
        data, now = session["_subscription_data"], self.store.now()
        (line,) = session["_lines"]
        days = int(data.get("trial_period_days", 0))
        end = now + days * DAY if days else after(now, line["price"])
        subscription = self.store.add(
            "sub",
            "subscription",
            customer=session["customer"],
            status="trialing" if days else "active",
            currency=session["currency"],
            metadata=data.get("metadata", {}),
            start_date=now,
            trial_end=end if days else None,
            cancel_at_period_end=False,
            canceled_at=None,
            ended_at=None,
            latest_invoice=None,
            items={"object": "list", "has_more": False, "data": []},
        )
        subscription["items"]["data"] = [
            {
                "id": subscription["id"].replace("sub_", "si_"),
                "object": "subscription_item",
                "price": line["price"],
                "quantity": line["quantity"],
                "current_period_start": now,
                "current_period_end": end,
            }
        ]
        session["subscription"] = subscription["id"]
        session["amount_total"] = 0 if days else session["amount_total"]
        self.event("customer.subscription.created", subscription)
        invoice = self._invoice(
            session["customer"], session["amount_total"], session["currency"], subscription, "subscription_create"
        )
        session["invoice"] = invoice["id"]

    # Invoices

    def _invoice(
        self, customer: str, total: int, currency: str, subscription: Thing | None, reason: str = "manual"
    ) -> Thing:
        """Paid at once where the customer's card works."""
        paid = (
            self.store.get("customer", customer).get("_card") == "good" or reason == "subscription_create" or not total
        )
        number = sum(1 for _ in self.store.all("invoice")) + 1
        parent = subscription and {
            "type": "subscription_details",
            "subscription_details": {"subscription": subscription["id"], "metadata": subscription["metadata"]},
        }
        invoice = self.store.add(
            "in",
            "invoice",
            customer=customer,
            number=f"LOCAL-{number:04}",
            currency=currency,
            total=total,
            amount_due=total,
            amount_paid=total if paid else 0,
            status="paid" if paid else "open",
            billing_reason=reason,
            parent=parent,
        )
        invoice["hosted_invoice_url"] = f"{self.url}/i/{invoice['id']}"
        if subscription:
            subscription["latest_invoice"] = invoice["id"]
        self.event("invoice.paid" if paid else "invoice.payment_failed", invoice)
        return invoice

    # Subscriptions

    def update_subscription(self, subscription: Thing, form: dict[str, Any]) -> Thing:
        if subscription["status"] in ENDED:
            raise Refused("A canceled subscription can only update its metadata.", "resource_missing")
        if "cancel_at_period_end" in form:
            ends = form["cancel_at_period_end"] == "true"
            subscription |= {"cancel_at_period_end": ends, "canceled_at": self.store.now() if ends else None}
        subscription["metadata"] |= form.get("metadata", {})
        due = self._changed_price(subscription, form["items"][0]) if form.get("items") else 0
        self.event("customer.subscription.updated", subscription)
        if due:
            self._invoice(subscription["customer"], due, subscription["currency"], subscription, "subscription_update")
        return subscription

    def _changed_price(self, subscription: Thing, form: dict[str, Any]) -> int:
        """What is due for the rest of the period, less what was paid for it before. Another interval begins a new period."""
        (item,) = subscription["items"]["data"]
        price = self.store.get("price", form["price"]) if "price" in form else item["price"]
        quantity, now = int(form.get("quantity", item["quantity"])), self.store.now()
        if self.store.get("customer", subscription["customer"]).get("_card") == "declined":
            raise Refused("Your card was declined.", "card_declined", 402)
        trial = subscription["status"] == "trialing"
        left = max(0, item["current_period_end"] - now)
        whole = max(1, item["current_period_end"] - item["current_period_start"])
        unused = item["price"]["unit_amount"] * item["quantity"] * left // whole
        full = price["unit_amount"] * quantity
        if price["recurring"] == item["price"]["recurring"]:
            due = full * left // whole - unused
        else:
            due = full - unused
            if not trial:
                item |= {"current_period_start": now, "current_period_end": after(now, price)}
        item |= {"price": price, "quantity": quantity}
        return 0 if trial else due

    def end_subscription(self, subscription: Thing) -> Thing:
        if subscription["status"] not in ENDED:
            now = self.store.now()
            subscription |= {"status": "canceled", "canceled_at": subscription["canceled_at"] or now, "ended_at": now}
            self.event("customer.subscription.deleted", subscription)
        return subscription

    def change_card(self, customer: Thing, card: str) -> None:
        """A good card pays what is open."""
        customer["_card"] = card
        for invoice in (
            list(self.store.all("invoice", customer=customer["id"], status="open")) if card == "good" else ()
        ):
            invoice |= {"status": "paid", "amount_paid": invoice["total"]}
            self.event("invoice.paid", invoice)
            for subscription in self.store.all("subscription", customer=customer["id"], status="past_due"):
                subscription["status"] = "active"
                self.event("customer.subscription.updated", subscription)

    # Time

    def advance(self, seconds: int) -> None:
        """As if so much time had gone by: trials end, subscriptions renew, or end."""
        target = self.store.ahead + seconds
        while due := self._next_due(seconds):
            moment, subscription = due
            self.store.ahead += max(0, moment - self.store.now())
            self._come_due(subscription)
            seconds = target - self.store.ahead
        self.store.ahead = target

    def _next_due(self, seconds: int) -> tuple[int, Thing] | None:
        until = self.store.now() + seconds
        due = [(_due(s), s) for s in self.store.all("subscription") if s["status"] not in ENDED and _due(s) <= until]
        return min(due, key=lambda one: one[0], default=None)

    def _come_due(self, subscription: Thing) -> None:
        (item,) = subscription["items"]["data"]
        if subscription["cancel_at_period_end"] or subscription["status"] == "past_due":
            self.end_subscription(subscription)
            return
        start = item["current_period_end"]
        item |= {"current_period_start": start, "current_period_end": after(start, item["price"])}
        total = item["price"]["unit_amount"] * item["quantity"]
        invoice = self._invoice(
            subscription["customer"], total, subscription["currency"], subscription, "subscription_cycle"
        )
        subscription["status"] = "active" if invoice["status"] == "paid" else "past_due"
        subscription["_past_due_since"] = start
        self.event("customer.subscription.updated", subscription)


def _due(subscription: Thing) -> int:
    if subscription["status"] == "past_due":
        return int(subscription["_past_due_since"]) + DUNNING_DAYS * DAY
    return int(subscription["items"]["data"][0]["current_period_end"])


def after(start: int, price: Thing) -> int:
    """When a period of the price that begins then ends."""
    day = datetime.fromtimestamp(start, UTC)
    months = day.year * 12 + day.month - 1 + (12 if price["recurring"]["interval"] == "year" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return int(day.replace(year=year, month=month + 1, day=min(day.day, last)).timestamp())


def public(thing: Thing) -> Thing:
    """Without what only this server knows."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}
