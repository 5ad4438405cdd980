"""Credits: a ledger that only grows, and its balance. Each movement belongs to an operation, so a repeated call moves nothing twice."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from services.billing import allowances, queries
from services.billing.allowances import Account, Taken
from services.billing.notices import Notice, level, notices
from services.billing.plans import COLUMNS, Catalogue, Plan
from services.billing.standing import Standing, tier_at
from services.billing.tables import ENTITLEMENTS, FeatureUsage, LedgerEntry, Reservation, Subscription, changes
from services.kit.auth import Caller
from services.kit.changes import record
from services.kit.db import ReadSession, WriteSession, utc_now
from services.kit.errors import Conflict, PermissionDenied, QuotaExceeded
from services.kit.pages import Page


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What an account may do: its plan, what is left of each feature, and when the allowance is filled up."""

    account_id: UUID
    plan: Plan
    remaining: Mapping[str, int]
    bought: Mapping[str, int]
    renew_time: datetime
    notices: Sequence[Notice]


async def get_entitlements(
    session: ReadSession, catalogue: Catalogue, caller: Caller, account_id: UUID | None
) -> Entitlements:
    """The caller's own; a service may ask for anybody's."""
    if account_id is None:
        account_id = caller.account()
    if caller.service is None and account_id != caller.account():
        raise PermissionDenied("your own account")
    return (await entitlements_of(session, catalogue, [account_id]))[account_id]


async def entitlements_of(
    session: ReadSession, catalogue: Catalogue, accounts: Collection[UUID]
) -> dict[UUID, Entitlements]:
    """Of each account; who never used or bought anything has all that the free plan allows."""
    now = utc_now()
    rows = await queries.subscriptions_and_usage(session, accounts)
    return {
        account_id: _entitlements(catalogue, account_id, subscription, usage, now)
        for account_id, subscription, usage in rows
    }


def _entitlements(
    catalogue: Catalogue,
    account_id: UUID,
    subscription: Subscription | None,
    usage: FeatureUsage | None,
    now: datetime,
) -> Entitlements:
    found = standing_of_row(subscription) if subscription else Standing()
    plan = catalogue[tier_at(found, now)]
    account = allowances.as_of(_account(catalogue, usage) if usage else Account(plan, now, 0), plan, now)
    said = notices(found, account, now)
    return Entitlements(account_id, plan, account.balances, account.bought, account.renew_time, said)


async def reserve(
    session: WriteSession,
    catalogue: Catalogue,
    account_id: UUID,
    feature: str,
    amount: int,
    operation_id: UUID,
    object: str = "",
    hold: timedelta | None = None,
) -> tuple[Reservation, int]:
    """Takes credits for an operation. Again with the same operation: the same reservation. Returns it and what is left.

    `object`: what people see that they were for. After `hold` they are given back, unless the operation has ended.
    Raises QuotaExceeded, and Conflict when the operation reserved something else.
    """
    usage = await settled(session, catalogue, account_id)
    if known := await queries.find_reservation(session, operation_id):
        if (known.user_id, known.feature, known.amount) != (account_id, feature, amount):
            raise Conflict("reservation", "this operation reserved something else; use a new operation id")
        return known, _left(usage, feature)
    before = _account(catalogue, usage)
    if before.left(feature) < amount:
        raise QuotaExceeded(feature, str(before.plan.allowance(feature)), renew_time=before.renew_time)
    after, taken = allowances.take(before, feature, amount)
    await _keep(session, usage, after, "reserve", {feature: operation_id}, object)
    reservation = Reservation(
        operation_id=operation_id,
        user_id=account_id,
        feature=feature,
        amount=amount,
        state="RESERVED",
        bought=taken.bought,
        period=taken.period,
        object=object,
        expire_time=utc_now() + hold if hold else None,
    )
    session.add(reservation)
    await session.flush()
    return reservation, after.left(feature)


async def commit(session: WriteSession, catalogue: Catalogue, operation_id: UUID) -> tuple[Reservation, int]:
    """The operation succeeded: its credits are spent."""
    usage, reservation = await _reserved(session, catalogue, operation_id)
    reservation.end("COMMITTED")
    return reservation, _left(usage, reservation.feature)


async def release(session: WriteSession, catalogue: Catalogue, operation_id: UUID) -> tuple[Reservation, int]:
    """The operation failed: its credits go back."""
    usage, reservation = await _reserved(session, catalogue, operation_id)
    if reservation.end("RELEASED"):
        taken = Taken(reservation.amount - reservation.bought, reservation.bought, reservation.period)
        after = allowances.give_back(_account(catalogue, usage), reservation.feature, taken)
        await _keep(session, usage, after, "release", {reservation.feature: operation_id}, reservation.object)
        await session.flush()
    return reservation, _left(usage, reservation.feature)


async def _reserved(
    session: WriteSession, catalogue: Catalogue, operation_id: UUID
) -> tuple[FeatureUsage, Reservation]:
    """Locked in the order of `reserve`: first the balance."""
    account_id = await queries.account_of_reservation(session, operation_id)
    usage = await settled(session, catalogue, account_id)
    return usage, await queries.get_reservation(session, operation_id)


async def buy(
    session: WriteSession, catalogue: Catalogue, account_id: UUID, feature: str, amount: int, operation_id: UUID
) -> None:
    """Paid for. Again with the same operation: nothing."""
    change = partial(allowances.buy, feature=feature, amount=amount)
    await _once(session, catalogue, account_id, feature, operation_id, "topup", change)


async def take_back(
    session: WriteSession, catalogue: Catalogue, account_id: UUID, feature: str, amount: int, operation_id: UUID
) -> None:
    """The money went back: so do credits that were bought, as far as they are left. Again with the same operation: nothing."""
    change = partial(allowances.take_back, feature=feature, amount=amount)
    await _once(session, catalogue, account_id, feature, operation_id, "refund", change)


async def give_again(
    session: WriteSession, catalogue: Catalogue, account_id: UUID, feature: str, amount: int, operation_id: UUID
) -> None:
    """The money that went back came again: so do the credits that were taken back. Again with the same operation: nothing."""
    change = partial(allowances.buy, feature=feature, amount=amount)
    await _once(session, catalogue, account_id, feature, operation_id, "refund", change)


async def _once(
    session: WriteSession,
    catalogue: Catalogue,
    account_id: UUID,
    feature: str,
    operation_id: UUID,
    kind: str,
    change: Callable[[Account], Account],
) -> None:
    usage = await settled(session, catalogue, account_id)
    if not await queries.has_moved(session, operation_id, kind):
        await _keep(session, usage, change(_account(catalogue, usage)), kind, {feature: operation_id})
        await session.flush()


async def list_usage(session: ReadSession, caller: Caller, feature: str | None, page: Page) -> Sequence[LedgerEntry]:
    return await queries.list_usage(session, caller.account(), feature, page)


async def settled(session: WriteSession, catalogue: Catalogue, account_id: UUID) -> FeatureUsage:
    """The account's balance, locked, with the plan and in the period of now; made at its first use."""
    now = utc_now()
    usage = await queries.find_usage(session, account_id, lock=True)
    if usage is None:
        await queries.lock_account(session, account_id)
        usage = await queries.find_usage(session, account_id, lock=True)
    if usage is None:
        usage = await _begun(session, catalogue, account_id, now)
    plan = _plan_of(catalogue, await queries.find_subscription(session, account_id), now)
    before = _account(catalogue, usage)
    renewed = allowances.as_of(before, before.plan, now)
    if renewed != before:
        await _keep(session, usage, renewed, "renew", _ids(account_id, f"renew/{renewed.period}"))
    # The operator may have changed what the plan allows.
    if plan != renewed.plan or any(_left(usage, feature) != left for feature, left in renewed.balances.items()):
        changed = allowances.as_of(renewed, plan, now)
        usage.plan_changes += 1
        await _keep(session, usage, changed, "plan", _ids(account_id, f"plan/{usage.plan_changes}"))
    return usage


async def _begun(session: WriteSession, catalogue: Catalogue, account_id: UUID, now: datetime) -> FeatureUsage:
    account = Account(catalogue["free"], now, 0)
    usage = FeatureUsage(
        user_id=account_id,
        anchor=now,
        period=0,
        plan_tier="free",
        used={},
        bought={},
        plan_changes=0,
        **dict.fromkeys(COLUMNS.values(), 0),
    )
    session.add(usage)
    await _keep(session, usage, account, "grant", _ids(account_id, "grant"))
    await session.flush()
    return usage


def _ids(account_id: UUID, occasion: str) -> dict[str, UUID]:
    """An operation for each feature: the same occasion again moves nothing."""
    return {feature: uuid5(account_id, f"{occasion}/{feature}") for feature in COLUMNS}


async def _keep(
    session: WriteSession,
    usage: FeatureUsage,
    after: Account,
    kind: str,
    operations: Mapping[str, UUID],
    object: str = "",
) -> None:
    """The balances as they are now, and in the ledger what was added or taken away. Not of each use are watchers told."""
    before = usage.plan_tier, _levels(usage, after.plan)
    for feature, column in COLUMNS.items():
        moved = after.left(feature) - getattr(usage, column)
        if moved:
            setattr(usage, column, after.left(feature))
            session.add(
                LedgerEntry(
                    user_id=usage.user_id,
                    feature=feature,
                    kind=kind,
                    amount=moved,
                    operation_id=operations[feature],
                    object=object,
                    time=utc_now(),
                )
            )
    usage.plan_tier, usage.period = after.plan.tier, after.period
    usage.used, usage.bought = dict(after.used), dict(after.bought)
    if before != (usage.plan_tier, _levels(usage, after.plan)):
        await record(session, changes, ENTITLEMENTS, usage.user_id)


def _levels(usage: FeatureUsage, plan: Plan) -> list[str]:
    return [level(_left(usage, feature), plan.allowance(feature)) for feature in COLUMNS]


def _account(catalogue: Catalogue, usage: FeatureUsage) -> Account:
    return Account(catalogue[usage.plan_tier], usage.anchor, usage.period, usage.used, usage.bought)


def _plan_of(catalogue: Catalogue, subscription: Subscription | None, now: datetime) -> Plan:
    return catalogue[tier_at(standing_of_row(subscription), now) if subscription else "free"]


def standing_of_row(row: Subscription) -> Standing:
    return Standing(
        subscription_id=row.stripe_subscription_id or "",
        plan_tier=row.plan_tier,
        billing_cycle=row.billing_cycle,
        amount=row.amount,
        currency=row.currency,
        start=row.start_time,
        active_until=row.active_until,
        trial_end=row.trial_end,
        grace_until=row.grace_until,
        auto_renew=row.auto_renew,
        payment_status=row.payment_status,
    )


def _left(usage: FeatureUsage, feature: str) -> int:
    return int(getattr(usage, COLUMNS[feature]))
