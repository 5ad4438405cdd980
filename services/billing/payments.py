"""Stripe. The one module that knows its SDK: whatever answers, live, in test mode or on this machine, is asked in the same way.

Every call that changes something carries an idempotency key, so that the SDK, and we after a crash, may repeat it.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import stripe
from stripe import StripeClient

from services.billing.plans import PLANS
from services.billing.standing import Told
from services.kit.errors import InvalidArgument, PreconditionFailed, Unauthenticated, Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT_SECONDS = 10
RETRIES = 4
CURRENCY = "eur"
# Of the signature of an event; older ones may be somebody's who recorded them.
TOLERANCE_SECONDS = 300
TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
)
CYCLES = {"monthly": "month", "annual": "year"}


class Declined(Exception):
    """The card; the message is Stripe's, for the person."""


class Gone(Exception):
    """What was asked for is over or was never there."""


@dataclass(frozen=True, slots=True)
class Page:
    """A payment page."""

    session_id: str
    url: str


class Payments:
    """`url` is empty for Stripe itself. Raises Unavailable while nobody answers, or nothing is set up."""

    def __init__(self, key: str, secret: str, url: str = "", tax: bool = False) -> None:
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
            event = stripe.Webhook.construct_event(body, signature, self._secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, KeyError) as wrong:
            raise Unauthenticated("the signature does not hold, or is too old") from wrong
        return _told(event.to_dict())

    async def customer(self, account_id: UUID) -> str:
        """Made once for each account. Name and address are asked for by Stripe's own pages, if they are needed."""
        made = await _asked(
            self._stripe.v1.customers.create_async(
                {"metadata": {"account_id": str(account_id)}}, {"idempotency_key": f"customer-{account_id}"}
            )
        )
        return made.id

    async def plan_page(self, checkout_id: UUID, account_id: UUID, customer: str, wanted: Mapping[str, Any]) -> Page:
        """`wanted`: plan_tier, billing_cycle, promotion, trial_days, success_url and cancel_url."""
        price = await self._price(wanted["plan_tier"], wanted["billing_cycle"])
        mine = {"account_id": str(account_id)}
        about: dict[str, Any] = {
            "mode": "subscription",
            "line_items": [{"price": price, "quantity": 1}],
            "subscription_data": {"metadata": mine}
            | ({"trial_period_days": wanted["trial_days"]} if wanted["trial_days"] else {}),
            "metadata": mine | {"kind": "plan"},
        }
        if wanted["promotion"]:
            about["discounts"] = [{"promotion_code": wanted["promotion"]}]
        return await self._page(checkout_id, account_id, customer, wanted, about)

    async def topup_page(self, checkout_id: UUID, account_id: UUID, customer: str, wanted: Mapping[str, Any]) -> Page:
        """`wanted`: feature, amount, unit_price in cents, success_url and cancel_url."""
        price = {
            "currency": CURRENCY,
            "unit_amount": wanted["unit_price"],
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
        key = {"idempotency_key": f"checkout-{checkout_id}"}
        made = await _asked(self._stripe.v1.checkout.sessions.create_async(asked, key))  # type: ignore[arg-type]
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
        item = {"id": found["items"]["data"][0]["id"], "price": await self._price(tier, cycle)}
        asked = {
            "items": [item],
            "proration_behavior": "always_invoice",
            "payment_behavior": "error_if_incomplete",
            "cancel_at_period_end": False,
        }
        return await self._update(subscription_id, asked, key)

    async def cancel(self, subscription_id: str, key: str) -> Mapping[str, Any]:
        """At the end of what is paid."""
        return await self._update(subscription_id, {"cancel_at_period_end": True}, key)

    async def _update(self, subscription_id: str, asked: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        call = self._stripe.v1.subscriptions.update_async(subscription_id, asked, {"idempotency_key": key})  # type: ignore[arg-type]
        return dict((await _asked(call)).to_dict())

    async def subscription(self, subscription_id: str) -> Mapping[str, Any]:
        """As it is now. Raises Gone."""
        return dict((await _asked(self._stripe.v1.subscriptions.retrieve_async(subscription_id))).to_dict())

    async def forget(self, customer: str) -> None:
        """Ends what the customer pays for, and removes what Stripe knows of them beside the invoices, which the law keeps."""
        with suppress(Gone):
            await _asked(self._stripe.v1.customers.delete_async(customer))

    async def events(self, since: int) -> AsyncIterator[Told]:
        """What happened since then, newest first; Stripe keeps 30 days."""
        asked = {"created": {"gte": since}, "types": list(TYPES), "limit": 100}
        page = await _asked(self._stripe.v1.events.list_async(asked))  # type: ignore[arg-type]
        while True:
            for event in page.data:
                if told := _told(event.to_dict()):
                    yield told
            if not page.has_more:
                return
            page = await _asked(self._stripe.v1.events.list_async(asked | {"starting_after": page.data[-1].id}))  # type: ignore[arg-type]

    async def _price(self, tier: str, cycle: str) -> str:
        """The id of a plan's price; made at Stripe when it is not there. Another amount is another price: who pays the old one goes on."""
        plan = PLANS[tier]
        cents = plan.monthly if cycle == "monthly" else plan.annual
        key = f"skillsync_{tier}_{cycle}"
        if (name := f"{key}_{cents}") not in self._prices:
            found = await _asked(self._stripe.v1.prices.list_async({"lookup_keys": [key], "active": True}))
            same = next((p.id for p in found.data if p.unit_amount == cents and p.currency == CURRENCY), None)
            self._prices[name] = same or await self._new_price(tier, cycle, cents, key)
        return self._prices[name]

    async def _new_price(self, tier: str, cycle: str, cents: int, key: str) -> str:
        product = f"skillsync_{tier}"
        named = {"id": product, "name": f"SkillSync {PLANS[tier].display_name}"}
        # It may be there.
        with suppress(Gone):
            await _asked(self._stripe.v1.products.create_async(named, {"idempotency_key": f"product-{product}"}))  # type: ignore[arg-type]
        asked = {
            "product": product,
            "currency": CURRENCY,
            "unit_amount": cents,
            "recurring": {"interval": CYCLES[cycle]},
            "lookup_key": key,
            "transfer_lookup_key": True,
            "tax_behavior": "inclusive",
        }
        made = self._stripe.v1.prices.create_async(asked, {"idempotency_key": f"price-{key}-{cents}"})  # type: ignore[arg-type]
        return (await _asked(made)).id

    async def promotion(self, code: str) -> str:
        """The id of what a coupon code stands for."""
        found = await _asked(self._stripe.v1.promotion_codes.list_async({"code": code, "active": True}))
        if not found.data:
            raise InvalidArgument("coupon", "is not known, or is over; leave it out, or give another")
        return found.data[0].id


async def _asked(call: Awaitable[T]) -> T:
    """Stripe's errors as ours. Nothing of a card or a person is logged: Stripe's request id is enough to find it there."""
    try:
        return await call
    except stripe.CardError as declined:
        raise Declined(declined.user_message or "the card was declined") from declined
    except stripe.InvalidRequestError as wrong:
        raise Gone(wrong.code or "") from wrong
    except stripe.StripeError as failure:
        log.warning("Stripe: %s (request %s)", type(failure).__name__, failure.request_id)
        raise Unavailable("the payment provider", retry_after=5.0) from failure


def _told(event: dict[str, Any]) -> Told | None:
    if event["type"] not in TYPES:
        return None
    return Told(event["id"], event["type"], event["created"], event["data"]["object"])
