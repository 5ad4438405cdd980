"""Lives of customers at the local Stripe, and the events that it tells of them."""

import random
from uuid import UUID, uuid4

from services.billing.standing import Told
from services.embedded.stripe.desk import Desk, Refused
from services.embedded.stripe.store import Store, Thing

PRICES = {"pro_monthly": 1900, "pro_annual": 19000, "enterprise_monthly": 19900, "enterprise_annual": 199000}
INTERVALS = {"monthly": "month", "annual": "year"}
ACTIONS = (
    *("pay", "change", "cancel", "resume", "good card", "top up", "end", "wait long"),
    *("wait", "wait", "wait", "bad card", "bad card"),
)


class Life:
    """One customer; `told` are the events so far, in the order in which they happened."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.account_id: UUID = uuid4()
        self.told: list[Told] = []
        self.desk = Desk(Store(), "http://localhost", self._hear)
        self.customer = self.desk.store.add("cus", "customer", metadata={}, _card="none")
        self.prices = {name: self._price(*name.split("_"), cents) for name, cents in PRICES.items()}

    def _price(self, tier: str, cycle: str, cents: int) -> Thing:
        return self.desk.create_price(
            {"currency": "eur", "unit_amount": cents, "product": f"skillsync_{tier}"}
            | {"lookup_key": f"skillsync_{tier}_{cycle}", "recurring": {"interval": INTERVALS[cycle]}}
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

    def subscriptions(self) -> list[Thing]:
        found = self.desk.store.all("subscription", customer=self.customer["id"])
        return [one for one in found if one["status"] != "canceled"]

    def _step(self, action: str) -> None:
        price = self.prices[self.dice.choice(list(PRICES))]
        match action:
            case "pay" if not self.subscriptions():
                self.desk.pay(self._page("subscription", price), self.dice.choice(["good", "bad", "bad", "declined"]))
            case "top up":
                self.desk.pay(self._page("payment", self.prices["pro_monthly"]), "good")
            case "wait":
                self.desk.advance(self.dice.randint(1, 40) * 86_400)
            case "wait long":
                self.desk.advance(self.dice.randint(20, 400) * 86_400)
            case "bad card" | "good card":
                self.desk.change_card(self.customer, action.split()[0])
        for subscription in self.subscriptions():
            self._touch(subscription, action, price)

    def _touch(self, subscription: Thing, action: str, price: Thing) -> None:
        if action == "change":
            item = subscription["items"]["data"][0]["id"]
            self.desk.update_subscription(subscription, {"items": [{"id": item, "price": price["id"]}]})
        elif action in ("cancel", "resume"):
            ends = "true" if action == "cancel" else "false"
            self.desk.update_subscription(subscription, {"cancel_at_period_end": ends})
        elif action == "end":
            self.desk.end_subscription(subscription)

    def _page(self, mode: str, price: Thing) -> Thing:
        marks = {"account_id": str(self.account_id), "kind": "topup", "feature": "export", "amount": "7"}
        return self.desk.create_session(
            {
                "mode": mode,
                "customer": self.customer["id"],
                "line_items": [{"price": price["id"]}],
                "success_url": "http://localhost",
                "metadata": marks if mode == "payment" else marks | {"kind": "plan"},
                "client_reference_id": str(self.account_id),
                "subscription_data": {"trial_period_days": self.dice.choice([0, 14])},
            }
        )
