"""Payment pages: one open page for a plan at a time, and the same page for the same request, whatever happens in between.

Stripe is asked between transactions. What a crash leaves half done is a row with an idempotency key; whoever comes next goes on with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from services.billing import queries
from services.billing.credits import standing_of_row
from services.billing.events import locked_subscription
from services.billing.payments import Payments
from services.billing.plans import Catalogue
from services.billing.standing import tier_at
from services.billing.tables import Checkout
from services.kit.db import Database, WriteSession, utc_now
from services.kit.errors import InvalidArgument, WrongState

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
        # First of all: a page for a coupon that is none could be neither opened nor closed.
        wanted = {**wanted, "promotion": await self.payments.promotion(wanted["coupon"]) if wanted["coupon"] else ""}
        customer = await self._customer(account_id)
        while True:
            async with self.db.write() as session:
                checkout, other = await _begin_plan(session, self.catalogue, account_id, wanted, request_id)
            if checkout:
                return checkout.url or await self._open(checkout, customer)
            assert other
            await self._close(other, customer)

    async def open_topup(self, account_id: UUID, wanted: Mapping[str, Any], request_id: UUID | None) -> str:
        self._check_urls(wanted)
        price = self.catalogue.topup[wanted["feature"]]
        if price * wanted["amount"] < self.catalogue.least_payment:
            least = -(-self.catalogue.least_payment // price)
            raise InvalidArgument("amount", f"is less than can be paid at once; take {least} or more", least=str(least))
        customer = await self._customer(account_id)
        async with self.db.write() as session:
            checkout = await _begun(session, account_id, "topup", {**wanted, "unit_price": price}, request_id)
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

    async def _customer(self, account_id: UUID) -> str:
        async with self.db.write() as session:
            known = (await locked_subscription(session, account_id)).stripe_customer_id
        if known:
            return known
        made = await self.payments.customer(account_id)
        async with self.db.write() as session:
            row = await locked_subscription(session, account_id)
            row.stripe_customer_id = row.stripe_customer_id or made
            return row.stripe_customer_id

    async def _open(self, checkout: Checkout, customer: str) -> str:
        ask = self.payments.plan_page if checkout.kind == "plan" else self.payments.topup_page
        page = await ask(checkout.id, checkout.user_id, customer, checkout.wanted)
        async with self.db.write() as session:
            row = await session.get_one(Checkout, checkout.id, with_for_update=True)
            row.session_id, row.url = page.session_id, page.url
        return page.url

    async def _close(self, checkout: Checkout, customer: str) -> None:
        """It may have been paid meanwhile."""
        session_id = checkout.session_id
        if session_id is None:
            await self._open(checkout, customer)
            async with self.db.read() as session:
                session_id = (await session.get_one(Checkout, checkout.id)).session_id
        assert session_id
        state = "EXPIRED" if await self.payments.close_page(session_id) else "COMPLETE"
        async with self.db.write() as session:
            row = await session.get_one(Checkout, checkout.id, with_for_update=True)
            row.state = state if row.state == "OPEN" else row.state
        if state == "COMPLETE":
            raise WrongState("checkout", "PAID", "a moment until the payment is seen")


async def _begin_plan(
    session: WriteSession, catalogue: Catalogue, account_id: UUID, wanted: Mapping[str, Any], request_id: UUID | None
) -> tuple[Checkout | None, Checkout | None]:
    """The checkout to go on with, or else one to close first."""
    row = await locked_subscription(session, account_id)
    if tier_at(standing_of_row(row), utc_now()) != "free":
        raise WrongState("subscription", row.payment_status.upper(), "none that is paid: change its plan instead")
    days = 0 if row.stripe_subscription_id else catalogue[wanted["plan_tier"]].trial_days
    wanted = {**wanted, "trial_days": days}
    if request_id and (known := await queries.find_checkout(session, account_id, request_id)):
        return _still_open(known), None
    found = await queries.find_open_checkout(session, account_id)
    if found is None:
        return await _begun(session, account_id, "plan", wanted, request_id), None
    same = found.wanted == wanted and found.create_time > utc_now() - STAYS_OPEN
    return (found, None) if same else (None, found)


async def _begun(
    session: WriteSession, account_id: UUID, kind: str, wanted: Mapping[str, Any], request_id: UUID | None
) -> Checkout:
    if request_id and (known := await queries.find_checkout(session, account_id, request_id)):
        return _still_open(known)
    checkout = Checkout(user_id=account_id, kind=kind, wanted=dict(wanted), request_id=request_id)
    session.add(checkout)
    await session.flush()
    await session.refresh(checkout)
    return checkout


def _still_open(checkout: Checkout) -> Checkout:
    if checkout.state != "OPEN":
        raise WrongState("checkout", checkout.state, "OPEN: ask again with another request id")
    return checkout
