"""What a person changes about a plan that is paid for.

Stripe is asked between two transactions. The first keeps what is wanted, and under which key Stripe is asked; the second that it was done.
Who comes in between, the same request again or another, finds the first: one change goes on at a time, and each has effect once.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from services.billing import credits, events, queries
from services.billing.credits import standing_of_row
from services.billing.payments import Declined, Done, Gone, Payments
from services.billing.plans import Catalogue
from services.billing.standing import standing_of, tier_at
from services.billing.tables import Checkout, Subscription
from services.kit.db import Database, WriteSession, utc_now
from services.kit.errors import PreconditionFailed, WrongState
from services.kit.masks import check_etag

log = logging.getLogger(__name__)

# After that, whoever began a change is gone, and so is what they had asked of Stripe: another may begin.
UNDER_WAY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Wanted:
    tier: str
    cycle: str


async def change(
    db: Database,
    payments: Payments,
    catalogue: Catalogue,
    account_id: UUID,
    wanted: Wanted,
    etag: str,
    request_id: UUID | None,
) -> Subscription:
    """Raises WrongState for who pays for nothing, PreconditionFailed when the card is declined. As it is wanted already: nothing."""
    asked = {"plan_tier": wanted.tier, "billing_cycle": wanted.cycle}
    ask = partial(payments.change, tier=wanted.tier, cycle=wanted.cycle)
    async with db.write() as session:
        row, claim = await _claimed(session, account_id, "change", asked, etag, request_id)
    return await _done(db, payments, catalogue, row, claim, ask) if claim else row


async def cancel(
    db: Database, payments: Payments, catalogue: Catalogue, account_id: UUID, etag: str, request_id: UUID | None
) -> Subscription:
    """Raises WrongState for what does not renew."""
    async with db.write() as session:
        row, claim = await _claimed(session, account_id, "cancel", {}, etag, request_id)
    return await _done(db, payments, catalogue, row, claim, payments.cancel) if claim else row


async def _claimed(
    session: WriteSession, account_id: UUID, kind: str, asked: Mapping[str, Any], etag: str, request_id: UUID | None
) -> tuple[Subscription, Checkout | None]:
    """The subscription, and the change to go on with; None when there is nothing left to do."""
    row = await queries.find_subscription(session, account_id, lock=True)
    if row and request_id and (known := await queries.find_checkout(session, account_id, request_id)):
        known.require_same(kind, asked)
        if known.state == "EXPIRED":
            raise WrongState(kind, "OVERTAKEN", "another request id: another change came after it")
        return row, known if known.state == "OPEN" else None
    row = _paid(row)
    check_etag("subscription", etag, row.version)
    if other := await queries.find_open_change(session, account_id):
        if (other.kind, other.wanted) == (kind, asked):
            return row, other
        if other.create_time > utc_now() - UNDER_WAY:
            raise WrongState("subscription", "CHANGING", "a moment until the other change is done")
        other.state = "EXPIRED"
    if not _is_new(row, kind, asked):
        return row, None
    claim = Checkout(user_id=account_id, kind=kind, wanted=dict(asked), request_id=request_id)
    session.add(claim)
    await session.flush()
    return row, claim


def _is_new(row: Subscription, kind: str, asked: Mapping[str, Any]) -> bool:
    if kind == "change":
        return (row.plan_tier, row.billing_cycle, row.auto_renew) != (asked["plan_tier"], asked["billing_cycle"], True)
    if not row.auto_renew:
        raise WrongState("subscription", "CANCELLED", "one that renews")
    return True


def _paid(row: Subscription | None) -> Subscription:
    if row is None or tier_at(standing_of_row(row), utc_now()) == "free":
        raise WrongState("subscription", row.payment_status.upper() if row else "FREE", "one that is paid for")
    return row


async def _done(
    db: Database,
    payments: Payments,
    catalogue: Catalogue,
    row: Subscription,
    claim: Checkout,
    ask: Callable[..., Awaitable[object]],
) -> Subscription:
    """At Stripe, and then here."""
    assert row.stripe_subscription_id
    try:
        await ask(row.stripe_subscription_id, key=f"{claim.kind}-{claim.id}")
    except Declined as declined:
        await _undone(db, claim)
        raise PreconditionFailed("PAYMENT_DECLINED", f"{declined}; use another card, nothing has changed") from declined
    except Done:
        log.info("%s %s was done before", claim.kind, claim.id)
    except Gone as refused:
        # Ended meanwhile, or paid in another currency than the plans are now.
        await _undone(db, claim)
        raise WrongState(
            "subscription", "FIXED", "one that can be changed: cancel it, and begin another when it has ended"
        ) from refused
    return await refreshed(db, payments, catalogue, claim.user_id, row.stripe_subscription_id, claim)


async def _undone(db: Database, claim: Checkout) -> None:
    """It had no effect: the same request may try again."""
    async with db.write() as session:
        if known := await session.get(Checkout, claim.id, with_for_update=True):
            known.state, known.request_id = "EXPIRED", None


async def refreshed(
    db: Database,
    payments: Payments,
    catalogue: Catalogue,
    account_id: UUID,
    subscription_id: str,
    claim: Checkout | None = None,
) -> Subscription:
    """As Stripe has it now, not as it answered before: what was heard of meanwhile may be newer than that. Ends the `claim`."""
    while True:
        async with db.read() as session:
            seen = await queries.find_subscription(session, account_id)
        found = await payments.subscription(subscription_id)
        async with db.write() as session:
            row = await queries.find_subscription(session, account_id, lock=True)
            if row is None or seen is None:
                raise gone()
            if row.version != seen.version:
                continue
            events.put(row, standing_of(found))
            if claim and (known := await session.get(Checkout, claim.id, with_for_update=True)):
                known.state = "COMPLETE"
            await session.flush()
            await credits.settled(session, catalogue, account_id)
            await session.refresh(row)
            return row


def gone() -> WrongState:
    return WrongState("account", "ERASED", "one that is there")
