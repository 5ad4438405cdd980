"""A local Stripe, and somebody who asks it."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from services.embedded.stripe.server import LocalStripe

KEY, DAY = "sk_test_local", 86_400
Asked = dict[str, Any]


class Shop:
    """A server, and somebody who asks it."""

    def __init__(self, server: LocalStripe) -> None:
        self.server = server
        self.told: list[dict[str, Any]] = []
        server.desk._tell = self.told.append

    def ask(self, method: str, path: str, form: Asked | None = None, key: str = "") -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {KEY}", "idempotency-key": key}
        return self.server.call(method, f"/v1{path}", urlencode(form or {}), headers)[:2]

    def made(self, path: str, **form: Any) -> Any:
        status, told = self.ask("POST", path, form, uuid4().hex)
        assert status == 200, told
        return told

    def got(self, path: str, **form: Any) -> Any:
        status, told = self.ask("GET", path, form)
        assert status == 200, told
        return told

    def price(self, amount: int = 1_900, interval: str = "month", **form: Any) -> str:
        recurring = {"recurring[interval]": interval, "product": "skillsync_pro"}
        return str(self.made("/prices", currency="eur", unit_amount=amount, **recurring, **form)["id"])

    def page(self, price: str, **form: Any) -> Any:
        customer = form.pop("customer", None) or self.made("/customers")["id"]
        line = {"line_items[0][price]": price, "customer": customer, "mode": "subscription", "success_url": "http://x"}
        return self.made("/checkout/sessions", **line, **form)

    def subscribed(self, price: str, card: str = "good", **form: Any) -> Any:
        page = self.page(price, **form)
        self.server.pay(page["id"], card)
        return self.got("/subscriptions/" + self.got("/checkout/sessions/" + page["id"])["subscription"])

    def change(self, subscription: Any, price: str, **more: Any) -> tuple[int, Any]:
        form = {
            "items[0][id]": subscription["items"]["data"][0]["id"],
            "items[0][price]": price,
            "proration_behavior": "always_invoice",
            "payment_behavior": "error_if_incomplete",
        }
        return self.ask("POST", f"/subscriptions/{subscription['id']}", form | more)

    def types(self) -> list[str]:
        return [event["type"] for event in self.told]
