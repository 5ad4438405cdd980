"""Every SELECT of the billing service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, bindparam, func, select, text, union

from services.billing.tables import Checkout, FeatureUsage, Invoice, LedgerEntry, Reservation, StripeEvent, Subscription
from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page


async def find_subscription(session: ReadSession, account_id: UUID, lock: bool = False) -> Subscription | None:
    statement = select(Subscription).where(Subscription.user_id == account_id)
    statement = statement.with_for_update() if lock else statement
    return (await session.execute(statement)).scalar_one_or_none()


async def list_accounts(session: ReadSession, after: UUID | None) -> Sequence[UUID]:
    """All that have used or bought something, in order of their ids."""
    accounts = union(select(Subscription.user_id), select(FeatureUsage.user_id)).subquery()
    statement = select(accounts.c.user_id).order_by(accounts.c.user_id)
    return (await session.execute(statement.where(accounts.c.user_id > after) if after else statement)).scalars().all()


async def subscriptions_and_usage(
    session: ReadSession, accounts: Collection[UUID]
) -> Sequence[Row[UUID, Subscription | None, FeatureUsage | None]]:
    """Of each account what it has, in one statement."""
    asked = (
        func.unnest(bindparam("accounts", list(accounts), ARRAY(Uuid))).table_valued("id").render_derived(name="asked")
    )
    statement = (
        select(asked.c.id, Subscription, FeatureUsage)
        .outerjoin(Subscription, Subscription.user_id == asked.c.id)
        .outerjoin(FeatureUsage, FeatureUsage.user_id == asked.c.id)
    )
    return (await session.execute(statement)).all()


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


async def account_of_reservation(session: ReadSession, operation_id: UUID) -> UUID:
    statement = select(Reservation.user_id).where(Reservation.operation_id == operation_id)
    if (found := (await session.execute(statement)).scalar_one_or_none()) is None:
        raise NotFound("reservation", str(operation_id))
    return found


async def expired_reservations(session: ReadSession, now: datetime, most: int) -> Sequence[UUID]:
    """Operations that did not end while their credits were held, those that waited longest first."""
    where = (Reservation.state == "RESERVED", Reservation.expire_time < now)
    statement = select(Reservation.operation_id).where(*where).order_by(Reservation.expire_time).limit(most)
    return (await session.execute(statement)).scalars().all()


async def outlived_plans(session: ReadSession, now: datetime, most: int) -> Sequence[UUID]:
    """Accounts whose balance is reckoned with a plan that may have ended."""
    until = func.greatest(Subscription.active_until, Subscription.grace_until)
    statement = select(FeatureUsage.user_id).join(Subscription, Subscription.user_id == FeatureUsage.user_id)
    where = (FeatureUsage.plan_tier != "free", until < now)
    return (await session.execute(statement.where(*where).order_by(until).limit(most))).scalars().all()


async def has_moved(session: ReadSession, operation_id: UUID, kind: str) -> bool:
    statement = select(LedgerEntry.id).where(LedgerEntry.operation_id == operation_id, LedgerEntry.kind == kind)
    return (await session.execute(statement)).first() is not None


async def taken_back(session: ReadSession, operation_ids: Sequence[UUID]) -> int:
    """Credits that refunds took so far, less what failed ones gave again."""
    where = (LedgerEntry.operation_id.in_(operation_ids), LedgerEntry.kind == "refund")
    return -((await session.execute(select(func.sum(LedgerEntry.amount)).where(*where))).scalar() or 0)


async def find_last_checkout(session: ReadSession, account_id: UUID) -> Checkout | None:
    """Of those for a plan."""
    where = (Checkout.user_id == account_id, Checkout.kind == "plan")
    newest = select(Checkout).where(*where).order_by(Checkout.create_time.desc(), Checkout.id.desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


async def find_open_change(session: ReadSession, account_id: UUID) -> Checkout | None:
    """Of what the account pays for."""
    where = (Checkout.user_id == account_id, Checkout.kind.in_(("change", "cancel")), Checkout.state == "OPEN")
    return (await session.execute(select(Checkout).where(*where))).scalar_one_or_none()


async def was_changed_since(session: ReadSession, account_id: UUID, time: int) -> bool:
    """Whether what the account pays for was changed here; `time` in seconds as Stripe counts."""
    where = (Checkout.user_id == account_id, Checkout.kind.in_(("change", "cancel")), Checkout.state == "COMPLETE")
    since = Checkout.update_time >= func.to_timestamp(time)
    return (await session.execute(select(Checkout.id).where(*where, since).limit(1))).first() is not None


async def find_checkout(session: ReadSession, account_id: UUID, request_id: UUID) -> Checkout | None:
    where = (Checkout.user_id == account_id, Checkout.request_id == request_id)
    return (await session.execute(select(Checkout).where(*where))).scalar_one_or_none()


async def checkout_of_session(session: ReadSession, session_id: str) -> Checkout | None:
    return (await session.execute(select(Checkout).where(Checkout.session_id == session_id))).scalar_one_or_none()


async def subscription_events(session: ReadSession, account_id: UUID) -> Sequence[StripeEvent]:
    """The newest of each subscription, and those of the same second."""
    newest = text(
        """select e.* from billing.stripe_events e where e.user_id = :account and e.type like 'customer.subscription.%'
           and e.time = (select max(o.time) from billing.stripe_events o where o.user_id = e.user_id
             and o.type like 'customer.subscription.%' and o.thing->>'id' = e.thing->>'id')"""
    ).columns(*StripeEvent.__table__.columns)
    return (await session.execute(select(StripeEvent).from_statement(newest), {"account": account_id})).scalars().all()


async def handled_events_of_payment(session: ReadSession, account_id: UUID, payment: str) -> Sequence[StripeEvent]:
    """What was told of a payment intent, and has had its consequences."""
    where = (StripeEvent.user_id == account_id, StripeEvent.thing["payment_intent"].astext == payment)
    handled = StripeEvent.handled_time.is_not(None)
    return (await session.execute(select(StripeEvent).where(*where, handled))).scalars().all()


async def open_events(session: ReadSession, most: int) -> Sequence[str]:
    """Ids of events of which the consequences were not drawn, oldest first."""
    statement = select(StripeEvent.id).where(StripeEvent.handled_time.is_(None)).order_by(StripeEvent.create_time)
    return (await session.execute(statement.limit(most))).scalars().all()


async def subscription_of_event(session: ReadSession, event_id: str) -> Subscription | None:
    """Of the account that it is about, locked. None for who is erased."""
    statement = select(Subscription).join(StripeEvent, StripeEvent.user_id == Subscription.user_id)
    statement = statement.where(StripeEvent.id == event_id).with_for_update(of=Subscription)
    return (await session.execute(statement)).scalar_one_or_none()


async def known_events(session: ReadSession, ids: Collection[str]) -> set[str]:
    return set((await session.execute(select(StripeEvent.id).where(StripeEvent.id.in_(ids)))).scalars())


async def subscription_of_customer(session: ReadSession, customer_id: str) -> Subscription | None:
    """Locked: whoever is being erased is gone when this answers, or erased after what follows."""
    statement = select(Subscription).where(Subscription.stripe_customer_id == customer_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def list_invoices(session: ReadSession, account_id: UUID, page: Page) -> Sequence[Invoice]:
    """Newest first."""
    return (
        (await session.execute(page.newest(select(Invoice).where(Invoice.user_id == account_id), Invoice.id)))
        .scalars()
        .all()
    )


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
