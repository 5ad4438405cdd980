"""Payment pages: one open page for a plan at a time, and the same page for the same request, whatever happens in between.

Stripe is asked between transactions. What a crash leaves half done is a row with an idempotency key; whoever comes next goes on with it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from services.billing import queries, subscriptions
from services.billing.credits import standing_of_row
from services.billing.events import locked_subscription
from services.billing.payments import Gone, Payments
from services.billing.plans import Catalogue
from services.billing.standing import tier_at
from services.billing.subscriptions import gone
from services.billing.tables import Checkout, Subscription
from services.kit.db import Database, WriteSession, utc_now
from services.kit.errors import InvalidArgument, Unavailable, WrongState

log = logging.getLogger(__name__)

# Stripe closes pages after a day.
STAYS_OPEN = timedelta(hours=23)


@dataclass(frozen=True)
class Checkouts:
    """`public_url`: where browsers come from, and go back to."""

    db: Database
    payments: Payments
    catalogue: Catalogue
    public_url: str

    async def open_plan(self, account_id: UUID, wanted: Mapping[str, Any], request_id: UUID | None) -> str:
        """The URL of the page. Raises WrongState for who pays already."""
        self._check_urls(wanted)
        # First of all, so that no page is begun for a coupon that is none. And kept with it: another price is another page.
        promotion = await self.payments.promotion(wanted["coupon"]) if wanted["coupon"] else ""
        price = await self.payments.price(wanted["plan_tier"], wanted["billing_cycle"])
        customer = await self._customer(account_id)
        looked_at: UUID | None = None
        while True:
            async with self.db.write() as session:
                row = await _own(session, account_id, customer)
                more = {"promotion": promotion, "price": price, "trial_days": self._trial_days(row, wanted)}
                step, checkout = await _next_step(session, row, wanted, more, request_id, looked_at)
            if step == "open":
                return checkout.url or await self._open(checkout, customer)
            if step == "close":
                await self._close(checkout, customer)
            else:
                await self._look(account_id, customer)
                looked_at = checkout.id

    async def open_topup(self, account_id: UUID, wanted: Mapping[str, Any], request_id: UUID | None) -> str:
        self._check_urls(wanted)
        price = self.catalogue.topup[wanted["feature"]]
        if price * wanted["amount"] < self.catalogue.least_payment:
            least = -(-self.catalogue.least_payment // price)
            raise InvalidArgument("amount", f"is less than can be paid at once; take {least} or more", least=str(least))
        customer = await self._customer(account_id)
        async with self.db.write() as session:
            await _own(session, account_id, customer)
            checkout = await _asked_before(session, account_id, "topup", wanted, request_id)
            checkout = checkout or await _begun(
                session, account_id, "topup", {**wanted, "unit_price": price}, request_id
            )
        return checkout.url or await self._open(checkout, customer)

    async def portal(self, account_id: UUID, return_url: str) -> str:
        """Raises WrongState for who never came to a payment page."""
        self._check_urls({"return_url": return_url})
        async with self.db.read() as session:
            row = await queries.find_subscription(session, account_id)
        if row is None or row.stripe_customer_id is None:
            raise WrongState("subscription", "FREE", "one that was paid for")
        return await self.payments.portal(row.stripe_customer_id, return_url)

    def _check_urls(self, wanted: Mapping[str, Any]) -> None:
        """Whoever pays comes back here, and nowhere else."""
        ours = urlsplit(self.public_url)
        for field in ("success_url", "cancel_url", "return_url"):
            url = urlsplit(wanted.get(field, self.public_url))
            if (url.scheme, url.netloc) != (ours.scheme, ours.netloc):
                raise InvalidArgument(field, f"leads elsewhere; it must begin with {self.public_url}")

    def _trial_days(self, row: Subscription, wanted: Mapping[str, Any]) -> int:
        """Once for each person."""
        return 0 if row.stripe_subscription_id else self.catalogue[wanted["plan_tier"]].trial_days

    async def _customer(self, account_id: UUID) -> str:
        async with self.db.write() as session:
            known = (await locked_subscription(session, account_id)).stripe_customer_id
        if known:
            return known
        made = await self.payments.customer(account_id)
        async with self.db.write() as session:
            row = await queries.find_subscription(session, account_id, lock=True)
            if row:
                row.stripe_customer_id = row.stripe_customer_id or made
                return row.stripe_customer_id
        await self.payments.forget(made)
        raise gone()

    async def _open(self, checkout: Checkout, customer: str) -> str:
        """Raises WrongState for a page that somebody closed meanwhile."""
        row = await self._at_stripe(checkout, customer)
        _require_open(row)
        return row.url

    async def _at_stripe(self, checkout: Checkout, customer: str) -> Checkout:
        """With its page, the same one however often it is asked for. Raises InvalidArgument for a coupon that Stripe does not take."""
        ask = self.payments.plan_page if checkout.kind == "plan" else self.payments.topup_page
        try:
            page = await ask(checkout.id, checkout.user_id, customer, checkout.wanted)
        except Gone as refusal:
            await self._end(checkout, "EXPIRED")
            if checkout.wanted.get("promotion"):
                raise InvalidArgument(
                    "coupon", "does not hold for you or this plan; leave it out, or give another"
                ) from refusal
            log.error("Stripe opens no page for checkout %s: %s", checkout.id, refusal)
            raise Unavailable("the payment provider", retry_after=60.0) from refusal
        async with self.db.write() as session:
            if row := await session.get(Checkout, checkout.id, with_for_update=True):
                row.session_id, row.url = page.session_id, page.url
                return row
        await self.payments.close_page(page.session_id)
        raise gone()

    async def _close(self, checkout: Checkout, customer: str) -> None:
        """It may have been paid meanwhile."""
        session_id = checkout.session_id or (await self._at_stripe(checkout, customer)).session_id
        assert session_id
        await self._end(checkout, "EXPIRED" if await self.payments.close_page(session_id) else "COMPLETE")

    async def _end(self, checkout: Checkout, state: str) -> None:
        """Unless it has ended."""
        async with self.db.write() as session:
            row = await session.get(Checkout, checkout.id, with_for_update=True)
            if row is None:
                raise gone()
            row.state = state if row.state == "OPEN" else row.state

    async def _look(self, account_id: UUID, customer: str) -> None:
        """Whether the page that was paid brought a plan: Stripe knows, however many webhooks were lost. Raises WrongState then."""
        if found := await self.payments.subscriptions(customer):
            await subscriptions.refreshed(self.db, self.payments, self.catalogue, account_id, found[0])
            raise WrongState("checkout", "PAID", "a moment until the payment is seen; then change the plan instead")


async def _own(session: WriteSession, account_id: UUID, customer: str) -> Subscription:
    """Locked: of two who ask at once the second sees what the first did. Raises WrongState for who was erased meanwhile."""
    row = await queries.find_subscription(session, account_id, lock=True)
    if row is None or row.stripe_customer_id != customer:
        raise gone()
    return row


async def _next_step(
    session: WriteSession,
    row: Subscription,
    wanted: Mapping[str, Any],
    more: Mapping[str, Any],
    request_id: UUID | None,
    looked_at: UUID | None,
) -> tuple[Literal["open", "close", "look"], Checkout]:
    """What to do next with which checkout: never is a page opened while another could be paid, or was and nothing was heard of it."""
    if tier_at(standing_of_row(row), utc_now()) != "free":
        raise WrongState("subscription", row.payment_status.upper(), "none that is paid: change its plan instead")
    if known := await _asked_before(session, row.user_id, "plan", wanted, request_id):
        return "open", known
    last = await queries.find_last_checkout(session, row.user_id)
    if last and last.state == "COMPLETE" and last.id != looked_at:
        return "look", last
    if last is None or last.state != "OPEN":
        return "open", await _begun(session, row.user_id, "plan", {**wanted, **more}, request_id)
    same = last.wanted == {**wanted, **more} and last.create_time > utc_now() - STAYS_OPEN
    return ("open" if same else "close"), last


async def _asked_before(
    session: WriteSession, account_id: UUID, kind: str, wanted: Mapping[str, Any], request_id: UUID | None
) -> Checkout | None:
    """What the same request began. Raises WrongState when that is over, InvalidArgument when it asked for something else."""
    known = await queries.find_checkout(session, account_id, request_id) if request_id else None
    if known:
        known.require_same(kind, wanted)
        _require_open(known)
    return known


async def _begun(
    session: WriteSession, account_id: UUID, kind: str, wanted: Mapping[str, Any], request_id: UUID | None
) -> Checkout:
    checkout = Checkout(user_id=account_id, kind=kind, wanted=dict(wanted), request_id=request_id)
    session.add(checkout)
    await session.flush()
    await session.refresh(checkout)
    return checkout


def _require_open(checkout: Checkout) -> None:
    if checkout.state != "OPEN":
        raise WrongState("checkout", checkout.state, "OPEN: ask again with another request id")
