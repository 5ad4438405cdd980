"""Every SELECT of the billing service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, text, union

from services.billing.tables import FeatureUsage, LedgerEntry, Reservation, Subscription
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def find_subscription(session: ReadSession, account_id: UUID) -> Subscription | None:
    return (await session.execute(select(Subscription).where(Subscription.user_id == account_id))).scalar_one_or_none()


async def list_accounts(session: ReadSession, after: UUID | None) -> Sequence[UUID]:
    """All that have used or bought something, in order of their ids."""
    accounts = union(select(Subscription.user_id), select(FeatureUsage.user_id)).subquery()
    statement = select(accounts.c.user_id).order_by(accounts.c.user_id)
    return (await session.execute(statement.where(accounts.c.user_id > after) if after else statement)).scalars().all()


async def subscriptions_of(session: ReadSession, accounts: Collection[UUID]) -> dict[UUID, Subscription]:
    rows = (await session.execute(select(Subscription).where(Subscription.user_id.in_(accounts)))).scalars()
    return {row.user_id: row for row in rows}


async def usage_of(session: ReadSession, accounts: Collection[UUID]) -> dict[UUID, FeatureUsage]:
    rows = (await session.execute(select(FeatureUsage).where(FeatureUsage.user_id.in_(accounts)))).scalars()
    return {row.user_id: row for row in rows}


async def find_usage(session: ReadSession, account_id: UUID, lock: bool = False) -> FeatureUsage | None:
    statement = select(FeatureUsage).where(FeatureUsage.user_id == account_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()


async def find_reservation(session: ReadSession, operation_id: UUID) -> Reservation | None:
    statement = select(Reservation).where(Reservation.operation_id == operation_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def get_reservation(session: ReadSession, operation_id: UUID) -> Reservation:
    found = await find_reservation(session, operation_id)
    if found is None:
        raise NotFound("reservation", str(operation_id))
    return found


async def list_usage(session: ReadSession, account_id: UUID, feature: str | None, page: Page) -> Sequence[LedgerEntry]:
    """Newest first."""
    statement = select(LedgerEntry).where(LedgerEntry.user_id == account_id)
    if feature:
        statement = statement.where(LedgerEntry.feature == feature)
    return (await session.execute(page.newest(statement, LedgerEntry.id))).scalars().all()


async def lock_account(session: ReadSession, account_id: UUID) -> None:
    """Two first calls of one account must not both create its rows. Held until the transaction ends."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:account, 8017))"), {"account": str(account_id)}
    )
