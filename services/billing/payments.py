"""Stripe. The one module that knows its SDK: whatever answers, live, in test mode or on this machine, is asked in the same way.

Every call that changes something carries an idempotency key, so that the SDK, and we after a crash, may repeat it.
"""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import stripe
from stripe import RequestOptions, StripeClient

from services.billing.plans import Catalogue
from services.billing.standing import TYPES, Told, told_of
from services.kit.errors import InvalidArgument, PreconditionFailed, Unauthenticated, Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT_SECONDS = 10
RETRIES = 4
# Of the signature of an event; older ones may be somebody's who recorded them.
TOLERANCE_SECONDS = 300
CYCLES = {"monthly": "month", "annual": "year"}


class Declined(Exception):
    """The card; the message is Stripe's, for the person."""


class Done(Exception):
    """The same was asked for before, as things stood then, and was done."""


class Gone(Exception):
    """What was asked for is over or was never there."""


@dataclass(frozen=True, slots=True)
class Page:
    """A payment page."""

    session_id: str
    url: str


class Payments:
    """`url` is empty for Stripe itself. Raises Unavailable while nobody answers, or nothing is set up."""

    def __init__(self, catalogue: Catalogue, key: str, secret: str, url: str = "", tax: bool = False) -> None:
        self._catalogue, self._currency = catalogue, catalogue.currency.lower()
        self._secret, self._tax = secret, tax
        self._client: StripeClient | None = None
        if key:
            self._client = StripeClient(
                key,
                base_addresses={"api": url} if url else {},
                max_network_retries=RETRIES,
                http_client=stripe.HTTPXClient(timeout=TIMEOUT_SECONDS),
            )
        self._prices: dict[str, str] = {}

    @property
    def ready(self) -> bool:
        return self._client is not None

    @property
    def _stripe(self) -> StripeClient:
        if self._client is None:
            raise PreconditionFailed(
                "PAYMENTS_OFF", "payments are not set up here; the operator sets SKILLSYNC_STRIPE_KEY"
            )
        return self._client

    def event(self, body: bytes, signature: str) -> Told | None:
        """None for what nothing follows from. Raises Unauthenticated when signature or age do not hold."""
        try:
            # Without a secret anybody could sign.
            if not self._secret:
                raise ValueError
            stripe.WebhookSignature.verify_header(body.decode(), signature, self._secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError) as wrong:
            raise Unauthenticated("the signature does not hold, or is too old") from wrong
        try:
            return told_of(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise InvalidArgument("event", "is signed, but is no event of Stripe's; nothing was kept of it") from wrong

    async def customer(self, account_id: UUID) -> str:
        """Made once for each account. Name and address are asked for by Stripe's own pages, if they are needed."""
        create, asked = self._stripe.v1.customers.create_async, {"metadata": {"account_id": str(account_id)}}
        return (await _once(f"customer-{account_id}", lambda once: create(asked, once))).id  # type: ignore[arg-type]

    async def plan_page(self, checkout_id: UUID, account_id: UUID, customer: str, wanted: Mapping[str, Any]) -> Page:
        """`wanted`: price, promotion, trial_days, success_url and cancel_url. Raises Gone for a promotion that does not hold here."""
        mine = {"account_id": str(account_id)}
        about: dict[str, Any] = {
            "mode": "subscription",
            "line_items": [{"price": wanted["price"], "quantity": 1}],
            "subscription_data": {"metadata": mine}
            | ({"trial_period_days": wanted["trial_days"]} if wanted["trial_days"] else {}),
            "metadata": mine | {"kind": "plan"},
        }
        if wanted["promotion"]:
            about["discounts"] = [{"promotion_code": wanted["promotion"]}]
        return await self._page(checkout_id, account_id, customer, wanted, about)

    async def topup_page(self, checkout_id: UUID, account_id: UUID, customer: str, wanted: Mapping[str, Any]) -> Page:
        """`wanted`: feature, amount, unit_price in minor units, success_url and cancel_url."""
        price = {
            "currency": self._currency,
            "unit_amount": wanted["unit_price"],
            "tax_behavior": "inclusive",
            "product_data": {"name": f"Credits: {wanted['feature'].replace('_', ' ')}"},
        }
        about = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": wanted["amount"]}],
            "invoice_creation": {"enabled": True},
            "metadata": {
                "account_id": str(account_id),
                "kind": "topup",
                "feature": wanted["feature"],
                "amount": str(wanted["amount"]),
            },
        }
        return await self._page(checkout_id, account_id, customer, wanted, about)

    async def _page(
        self, checkout_id: UUID, account_id: UUID, customer: str, wanted: Mapping[str, Any], about: dict[str, Any]
    ) -> Page:
        asked = about | {
            "customer": customer,
            "client_reference_id": str(account_id),
            "success_url": wanted["success_url"],
            "cancel_url": wanted["cancel_url"],
        }
        if self._tax:
            asked |= {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}
        # With all that is asked for: prices may have changed since somebody began.
        key, create = f"checkout-{uuid5(checkout_id, str(asked))}", self._stripe.v1.checkout.sessions.create_async
        made = await _once(key, lambda once: create(asked, once))  # type: ignore[arg-type]
        return Page(made.id, made.url or "")

    async def close_page(self, session_id: str) -> bool:
        """Whether it was closed unpaid. False: it was paid meanwhile."""
        try:
            await _asked(self._stripe.v1.checkout.sessions.expire_async(session_id))
        except Gone:
            found = await _asked(self._stripe.v1.checkout.sessions.retrieve_async(session_id))
            return found.status == "expired"
        return True

    async def portal(self, customer: str, return_url: str) -> str:
        asked = {"customer": customer, "return_url": return_url}
        return (await _asked(self._stripe.v1.billing_portal.sessions.create_async(asked))).url  # type: ignore[arg-type]

    async def change(self, subscription_id: str, tier: str, cycle: str, key: str) -> Mapping[str, Any]:
        """With proration, billed at once. Raises Declined, and then nothing has changed."""
        found = await self.subscription(subscription_id)
        item = {"id": found["items"]["data"][0]["id"], "price": await self.price(tier, cycle)}
        asked: dict[str, Any] = {
            "items": [item],
            "proration_behavior": "always_invoice",
            "payment_behavior": "error_if_incomplete",
        }
        # Whoever cancelled at Stripe's portal has a time and no flag.
        at_portal = found.get("cancel_at") and not found["cancel_at_period_end"]
        asked |= {"cancel_at": ""} if at_portal else {"cancel_at_period_end": False}
        return await self._update(subscription_id, asked, key)

    async def cancel(self, subscription_id: str, key: str) -> Mapping[str, Any]:
        """At the end of what is paid."""
        return await self._update(subscription_id, {"cancel_at_period_end": True}, key)

    async def _update(self, subscription_id: str, asked: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        update = self._stripe.v1.subscriptions.update_async
        return dict((await _once(key, lambda once: update(subscription_id, asked, once))).to_dict())  # type: ignore[arg-type]

    async def subscription(self, subscription_id: str) -> Mapping[str, Any]:
        """As it is now. Raises Gone."""
        return dict((await _asked(self._stripe.v1.subscriptions.retrieve_async(subscription_id))).to_dict())

    async def customer_of(self, charge_id: str) -> str:
        """Who paid; empty for who is gone."""
        with suppress(Gone):
            return str((await _asked(self._stripe.v1.charges.retrieve_async(charge_id))).customer or "")
        return ""

    async def forget(self, customer: str) -> None:
        """Ends what the customer pays or could pay for, and removes what Stripe knows of them beside invoices, which the law keeps."""
        await self.close_pages(customer)
        with suppress(Gone):
            await _asked(self._stripe.v1.customers.delete_async(customer))
        # One may have been opened in between; from now on none can be.
        await self.close_pages(customer)

    async def close_pages(self, customer: str) -> None:
        """All that could still be paid."""
        asked = {"customer": customer, "status": "open", "limit": 100}
        with suppress(Gone):
            async for page in _listed(self._stripe.v1.checkout.sessions.list_async, asked):
                if page.status == "open":
                    await self.close_page(page.id)

    async def subscriptions(self, customer: str) -> list[str]:
        """Ids of those that are paid for, or may come to be."""
        found = _listed(self._stripe.v1.subscriptions.list_async, {"customer": customer, "limit": 100})
        return [one.id async for one in found if one.status not in ("canceled", "incomplete_expired")]

    async def events(self, since: int) -> AsyncIterator[Told]:
        """What happened since then, newest first; Stripe keeps 30 days."""
        asked = {"created": {"gte": since}, "types": list(TYPES), "limit": 100}
        async for event in _listed(self._stripe.v1.events.list_async, asked):
            if told := told_of(event.to_dict()):
                yield told

    async def price(self, tier: str, cycle: str) -> str:
        """The id of a plan's price; made at Stripe when it is not there. Another amount or currency is another price: who pays the old one
        goes on.
        """
        key, amount = f"skillsync_{tier}_{cycle}", self._catalogue[tier].price(cycle)
        if key not in self._prices:
            found = await _asked(self._stripe.v1.prices.list_async({"lookup_keys": [key], "active": True}))
            before = next(iter(found.data), None)
            if before is None or (before.unit_amount, before.currency) != (amount, self._currency):
                self._prices[key] = await self._new_price(tier, cycle, amount, key, before.id if before else "")
            else:
                self._prices[key] = before.id
        return self._prices[key]

    async def _new_price(self, tier: str, cycle: str, amount: int, key: str, before: str) -> str:
        product = f"skillsync_{tier}"
        named = {"id": product, "name": f"SkillSync {self._catalogue[tier].display_name}"}
        # It may be there.
        with suppress(Gone):
            create_product = self._stripe.v1.products.create_async
            await _once(f"product-{uuid5(NAMESPACE_URL, str(named))}", lambda once: create_product(named, once))  # type: ignore[arg-type]
        asked = {
            "product": product,
            "currency": self._currency,
            "unit_amount": amount,
            "recurring": {"interval": CYCLES[cycle]},
            "lookup_key": key,
            "transfer_lookup_key": True,
            "tax_behavior": "inclusive",
        }
        # With the price that this one follows: going back to an amount is not the request that there was before.
        create, name = self._stripe.v1.prices.create_async, f"price-{key}-{amount}-{self._currency}-{before}"
        return (await _once(name, lambda once: create(asked, once))).id  # type: ignore[arg-type]

    async def promotion(self, code: str) -> str:
        """The id of what a coupon code stands for."""
        found = await _asked(self._stripe.v1.promotion_codes.list_async({"code": code, "active": True}))
        if not found.data:
            raise InvalidArgument("coupon", "is not known, or is over; leave it out, or give another")
        return found.data[0].id


async def _once(key: str, ask: Callable[[RequestOptions], Awaitable[T]]) -> T:
    """What changes something, with an idempotency key. An error of Stripe's own is remembered under its key for a day: then it is asked for
    under another. Nobody has seen what may have come of the first.
    """
    try:
        return await _asked(ask({"idempotency_key": key}))
    except Unavailable as failure:
        cause = failure.__cause__
        if not isinstance(cause, stripe.APIError) or not (cause.headers or {}).get("idempotent-replayed"):
            raise
        return await _asked(ask({"idempotency_key": f"{key}-{uuid4()}"}))


async def _asked(call: Awaitable[T]) -> T:
    """Stripe's errors as ours. Nothing of a card or a person is logged: Stripe's request id is enough to find it there."""
    try:
        return await call
    except stripe.CardError as declined:
        raise Declined(declined.user_message or "the card was declined") from declined
    except stripe.InvalidRequestError as wrong:
        raise Gone(wrong.code or "") from wrong
    except stripe.StripeError as failure:
        if isinstance(failure, stripe.IdempotencyError) and failure.code != "idempotency_key_in_use":
            raise Done from failure
        log.warning("Stripe: %s (request %s)", type(failure).__name__, failure.request_id)
        raise Unavailable("the payment provider", retry_after=5.0) from failure


async def _listed(ask: Callable[..., Awaitable[Any]], asked: Mapping[str, Any]) -> AsyncIterator[Any]:
    """Of all pages."""
    page = await _asked(ask(dict(asked)))
    while True:
        for one in page.data:
            yield one
        if not page.has_more:
            return
        page = await _asked(ask({**asked, "starting_after": page.data[-1].id}))
