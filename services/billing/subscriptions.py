"""What a person changes about a plan that is paid for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.billing import credits, events, queries
from services.billing.credits import standing_of_row
from services.billing.payments import Declined, Gone, Payments
from services.billing.plans import Catalogue
from services.billing.standing import standing_of, tier_at
from services.billing.tables import Subscription
from services.kit.db import Database, utc_now, uuid7
from services.kit.errors import PreconditionFailed, WrongState
from services.kit.masks import check_etag


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
    row = await _paid(db, account_id, etag)
    if (row.plan_tier, row.billing_cycle, row.auto_renew) == (wanted.tier, wanted.cycle, True):
        return row
    assert row.stripe_subscription_id
    key = f"change-{account_id}-{request_id or uuid7()}"
    try:
        found = await payments.change(row.stripe_subscription_id, wanted.tier, wanted.cycle, key)
    except Declined as declined:
        raise PreconditionFailed("PAYMENT_DECLINED", f"{declined}; use another card, nothing has changed") from declined
    except Gone as refused:
        # Ended meanwhile, or paid in another currency than the plans are now.
        raise WrongState(
            "subscription", "FIXED", "one that can be changed: cancel it, and begin another when it has ended"
        ) from refused
    return await _seen(db, catalogue, account_id, found)


async def cancel(
    db: Database, payments: Payments, catalogue: Catalogue, account_id: UUID, etag: str, request_id: UUID | None
) -> Subscription:
    """Raises WrongState for what does not renew."""
    row = await _paid(db, account_id, etag)
    if not row.auto_renew:
        raise WrongState("subscription", "CANCELLED", "one that renews")
    assert row.stripe_subscription_id
    key = f"cancel-{account_id}-{request_id or uuid7()}"
    return await _seen(db, catalogue, account_id, await payments.cancel(row.stripe_subscription_id, key))


async def _paid(db: Database, account_id: UUID, etag: str) -> Subscription:
    async with db.read() as session:
        row = await queries.find_subscription(session, account_id)
    if row is None or tier_at(standing_of_row(row), utc_now()) == "free":
        raise WrongState("subscription", row.payment_status.upper() if row else "FREE", "one that is paid for")
    check_etag("subscription", etag, row.version)
    return row


async def _seen(db: Database, catalogue: Catalogue, account_id: UUID, found: Mapping[str, Any]) -> Subscription:
    """What Stripe answered is as good as what it is about to tell; the event comes to the same."""
    async with db.write() as session:
        row = await events.locked_subscription(session, account_id)
        events.put(row, standing_of(found))
        await session.flush()
        await credits.settled(session, catalogue, account_id)
        await session.refresh(row)
        return row
