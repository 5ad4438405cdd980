"""Lives of customers at the local Stripe, and the events that it tells of them."""

import random
from uuid import UUID, uuid4

from services.billing.standing import Told
from services.embedded.stripe import charges, clock, invoices, portal, prices, sessions, subscriptions
from services.embedded.stripe.desk import Desk, Refused
from services.embedded.stripe.store import Store, Thing

PRICES = {"pro_monthly": 1900, "pro_annual": 19000, "enterprise_monthly": 19900, "enterprise_annual": 199000}
CREDITS = 7
INTERVALS = {"monthly": "month", "annual": "year"}
ACTIONS = (
    *("pay", "pay", "change", "cancel", "resume", "good card", "end", "wait long", "cancel at the portal"),
    *("wait", "wait", "wait", "wait", "bad card", "bad card", "bad card"),
    *("top up", "top up", "top up later", "refund", "refund a part", "refund a part", "refund fails", "dispute"),
)


class Life:
    """One customer; `told` are the events so far, in the order in which they happened."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.account_id: UUID = uuid4()
        self.told: list[Told] = []
        self.desk = Desk(Store(), "http://localhost", self._hear)
        self.customer = self.desk.store.add("cus", "customer", metadata={}, balance=0, _card="none")
        self.prices = {name: self._price(*name.split("_"), cents) for name, cents in PRICES.items()}

    def _price(self, tier: str, cycle: str, cents: int) -> Thing:
        return prices.create_price(
            self.desk,
            {"currency": "eur", "unit_amount": cents, "product": f"skillsync_{tier}"}
            | {"lookup_key": f"skillsync_{tier}_{cycle}", "recurring": {"interval": INTERVALS[cycle]}},
        )

    def _hear(self, event: Thing) -> None:
        self.told.append(Told(event["id"], event["type"], event["created"], event["data"]["object"]))

    def live(self, steps: int) -> "Life":
        for _ in range(steps):
            # So that each step has a second of its own.
            self.desk.store.ahead += self.dice.randint(2, 5_000)
            try:
                self._step(self.dice.choice(ACTIONS))
            except Refused:
                continue
        return self

    def topups(self) -> list[Thing]:
        """Pages at which credits were paid."""
        pages = self.desk.store.all("checkout.session", mode="payment")
        return [page for page in pages if page["payment_status"] == "paid"]

    def kept(self, page: Thing) -> int:
        """Of the 7 credits of a page: those whose money stayed."""
        charge = next(self.desk.store.all("charge", payment_intent=page["payment_intent"]))
        if any(self.desk.store.all("dispute", charge=charge["id"], status="lost")):
            return 0
        return CREDITS - CREDITS * int(charge["amount_refunded"]) // int(charge["amount"])

    def subscriptions(self) -> list[Thing]:
        found = self.desk.store.all("subscription", customer=self.customer["id"])
        return [one for one in found if one["status"] != "canceled"]

    def _step(self, action: str) -> None:
        price = self.prices[self.dice.choice(list(PRICES))]
        match action:
            case "pay" if not self.subscriptions():
                sessions.pay(
                    self.desk, self._page("subscription", price), self.dice.choice(["good", "bad", "bad", "declined"])
                )
            case "top up":
                sessions.pay(self.desk, self._page("payment", self.prices["pro_monthly"]), "good")
            case "top up later":
                page = self._page("payment", self.prices["pro_monthly"])
                sessions.pay(self.desk, page, "delayed")
                self.desk.store.ahead += 86_400
                sessions.settle(self.desk, page, self.dice.random() < 0.7)
            case "refund" | "refund a part" | "dispute":
                self._take_back(action)
            case "refund fails":
                if refunds := list(self.desk.store.all("refund", status="succeeded")):
                    charges.fail(self.desk, self.dice.choice(refunds))
            case "cancel at the portal":
                page = portal.create(self.desk, {"customer": self.customer["id"]})
                portal.use(self.desk, page, "cancel", "")
            case "wait":
                clock.advance(self.desk, self.dice.randint(1, 40) * 86_400)
            case "wait long":
                clock.advance(self.desk, self.dice.randint(20, 400) * 86_400)
            case "bad card" | "good card":
                invoices.change_card(self.desk, self.customer, action.split()[0])
        for subscription in self.subscriptions():
            self._touch(subscription, action, price)

    def _take_back(self, action: str) -> None:
        """Of any payment, whatever it was for."""
        charge = self.dice.choice(list(self.desk.store.all("charge")) or [{}])
        if not charge:
            return
        if action == "dispute":
            charges.dispute(self.desk, charge, self.dice.choice(["lost", "lost", "won"]))
        else:
            left = charge["amount"] - charge["amount_refunded"]
            charges.refund(self.desk, charge, self.dice.randint(1, max(1, left)) if action == "refund a part" else None)

    def _touch(self, subscription: Thing, action: str, price: Thing) -> None:
        if action == "change":
            item = subscription["items"]["data"][0]["id"]
            form = {"items": [{"id": item, "price": price["id"]}], "proration_behavior": "always_invoice"}
            subscriptions.update(self.desk, subscription, form | {"payment_behavior": "error_if_incomplete"})
        elif action in ("cancel", "resume"):
            ends = "true" if action == "cancel" else "false"
            subscriptions.update(self.desk, subscription, {"cancel_at_period_end": ends})
        elif action == "end":
            subscriptions.end(self.desk, subscription)

    def _page(self, mode: str, price: Thing) -> Thing:
        marks = {"account_id": str(self.account_id), "kind": "topup", "feature": "export", "amount": str(CREDITS)}
        return sessions.create(
            self.desk,
            {
                "mode": mode,
                "customer": self.customer["id"],
                "line_items": [{"price": price["id"], "quantity": "1"}],
                "success_url": "http://localhost",
                "metadata": marks if mode == "payment" else marks | {"kind": "plan"},
                "client_reference_id": str(self.account_id),
            }
            | ({} if mode == "payment" else {"subscription_data": {"trial_period_days": self.dice.choice([0, 14])}}),
        )
