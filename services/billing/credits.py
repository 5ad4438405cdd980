"""Credits: a ledger that only grows, and its balance. Each movement belongs to an operation, so a repeated call moves nothing twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.billing import queries
from services.billing.plans import COLUMNS, PLANS, Plan
from services.billing.tables import FeatureUsage, LedgerEntry, Reservation, Subscription
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, utc_now
from services.kit.errors import Conflict, PermissionDenied, QuotaExceeded
from services.kit.pages import Page


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What an account may do: its plan, and what is left of each feature."""

    account_id: UUID
    plan: Plan
    remaining: Mapping[str, int]


async def get_entitlements(session: ReadSession, caller: Caller, account_id: UUID | None) -> Entitlements:
    """The caller's own; a service may ask for anybody's."""
    if account_id is None:
        account_id = caller.account()
    if caller.service is None and account_id != caller.account():
        raise PermissionDenied("your own account")
    return (await entitlements_of(session, [account_id]))[account_id]


async def entitlements_of(session: ReadSession, accounts: Collection[UUID]) -> dict[UUID, Entitlements]:
    """Of each account; who never used or bought anything has all that the free plan allows."""
    subscriptions, usage = await queries.subscriptions_of(session, accounts), await queries.usage_of(session, accounts)
    return {id: _entitlements(id, subscriptions.get(id), usage.get(id)) for id in accounts}


def _entitlements(account_id: UUID, subscription: Subscription | None, usage: FeatureUsage | None) -> Entitlements:
    plan = _plan_of(subscription)
    remaining = {f: getattr(usage, column) if usage else plan.allowance(f) for f, column in COLUMNS.items()}
    return Entitlements(account_id, plan, remaining)


async def reserve(
    session: WriteSession, account_id: UUID, feature: str, amount: int, operation_id: UUID
) -> tuple[Reservation, int]:
    """Takes credits for an operation. Again with the same operation: the same reservation. Returns it and what is left.

    Raises QuotaExceeded, and Conflict when the operation reserved something else.
    """
    usage = await _usage(session, account_id)
    if known := await queries.find_reservation(session, operation_id):
        if (known.user_id, known.feature, known.amount) != (account_id, feature, amount):
            raise Conflict("reservation", "this operation reserved something else; use a new operation id")
        return known, _left(usage, feature)
    left = _left(usage, feature)
    if left < amount:
        raise QuotaExceeded(feature, str((await _plan(session, account_id)).allowance(feature)))
    _move(session, usage, feature, -amount, operation_id, "reserve")
    reservation = Reservation(
        operation_id=operation_id, user_id=account_id, feature=feature, amount=amount, state="RESERVED"
    )
    session.add(reservation)
    await session.flush()
    return reservation, left - amount


async def commit(session: WriteSession, operation_id: UUID) -> tuple[Reservation, int]:
    """The operation succeeded: its credits are spent."""
    reservation = await queries.get_reservation(session, operation_id)
    reservation.end("COMMITTED")
    return reservation, _left(await _usage(session, reservation.user_id), reservation.feature)


async def release(session: WriteSession, operation_id: UUID) -> tuple[Reservation, int]:
    """The operation failed: its credits go back."""
    reservation = await queries.get_reservation(session, operation_id)
    usage = await _usage(session, reservation.user_id)
    if reservation.end("RELEASED"):
        _move(session, usage, reservation.feature, reservation.amount, operation_id, "release")
        await session.flush()
    return reservation, _left(usage, reservation.feature)


async def list_usage(session: ReadSession, caller: Caller, feature: str | None, page: Page) -> Sequence[LedgerEntry]:
    return await queries.list_usage(session, caller.account(), feature, page)


async def _usage(session: WriteSession, account_id: UUID) -> FeatureUsage:
    """The account's balance, locked; created with the free plan's allowances at its first use."""
    usage = await queries.find_usage(session, account_id, lock=True)
    if usage is None:
        await queries.lock_account(session, account_id)
        usage = await queries.find_usage(session, account_id, lock=True)
    if usage is None:
        plan = PLANS["free"]
        usage = FeatureUsage(user_id=account_id, **{column: plan.allowance(f) for f, column in COLUMNS.items()})
        session.add(usage)
        await session.flush()
    return usage


async def _plan(session: ReadSession, account_id: UUID) -> Plan:
    return _plan_of(await queries.find_subscription(session, account_id))


def _plan_of(subscription: Subscription | None) -> Plan:
    return PLANS[subscription.plan_tier if subscription else "free"]


def _left(usage: FeatureUsage, feature: str) -> int:
    return int(getattr(usage, COLUMNS[feature]))


def _move(session: WriteSession, usage: FeatureUsage, feature: str, amount: int, operation_id: UUID, kind: str) -> None:
    setattr(usage, COLUMNS[feature], _left(usage, feature) + amount)
    session.add(
        LedgerEntry(
            user_id=usage.user_id, feature=feature, kind=kind, amount=amount, operation_id=operation_id, time=utc_now()
        )
    )
