"""What an account has left of each feature, reckoned without a database.

A plan's allowance is filled up each month and does not add up; what was bought stays until it is used. The allowance is used first.
`left` follows from plan, use and what was bought alone, so that it does not matter in which order changes of plan were heard of.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.billing.plans import FEATURES, Plan


@dataclass(frozen=True, slots=True)
class Account:
    """`anchor`: when the first period began. `used` in this period and `bought` by feature; what is not named is 0."""

    plan: Plan
    anchor: datetime
    period: int
    used: Mapping[str, int] = field(default_factory=dict)
    bought: Mapping[str, int] = field(default_factory=dict)

    def left(self, feature: str) -> int:
        return self.allowed(feature) + self.bought.get(feature, 0)

    def allowed(self, feature: str) -> int:
        """Of the allowance. After a change to a smaller one more may have been used than it has."""
        return max(0, self.plan.allowance(feature) - self.used.get(feature, 0))

    @property
    def balances(self) -> dict[str, int]:
        return {feature: self.left(feature) for feature in FEATURES}

    @property
    def renew_time(self) -> datetime:
        return months_after(self.anchor, self.period + 1)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an operation set aside, and of which period."""

    allowed: int
    bought: int
    period: int


def as_of(account: Account, plan: Plan, now: datetime) -> Account:
    """With the plan and in the period of `now`."""
    period = period_of(account.anchor, now)
    used = account.used if period <= account.period else {}
    return replace(account, plan=plan, period=max(period, account.period), used=used)


def take(account: Account, feature: str, amount: int) -> tuple[Account, Taken]:
    """`amount` is not more than is left."""
    allowed = min(amount, account.allowed(feature))
    bought = amount - allowed
    return _moved(account, feature, allowed, -bought), Taken(allowed, bought, account.period)


def give_back(account: Account, feature: str, taken: Taken) -> Account:
    """The allowance of a period that is over is not given back: it is filled up already."""
    return _moved(account, feature, -taken.allowed if taken.period == account.period else 0, taken.bought)


def buy(account: Account, feature: str, amount: int) -> Account:
    return _moved(account, feature, 0, amount)


def take_back(account: Account, feature: str, amount: int) -> Account:
    """Of what was bought, as far as it is left. What an operation has set aside is not: it is spent, or comes back."""
    return _moved(account, feature, 0, -min(amount, account.bought.get(feature, 0)))


def _moved(account: Account, feature: str, used: int, bought: int) -> Account:
    return replace(
        account,
        used={**account.used, feature: account.used.get(feature, 0) + used},
        bought={**account.bought, feature: account.bought.get(feature, 0) + bought},
    )


def period_of(anchor: datetime, now: datetime) -> int:
    """Months gone by, from 0."""
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    return max(0, months if months_after(anchor, months) <= now else months - 1)


def months_after(anchor: datetime, months: int) -> datetime:
    """On the same day, or the last of a shorter month."""
    anchor = anchor.astimezone(UTC)
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, calendar.monthrange(year, month + 1)[1])
    return anchor.replace(year=year, month=month + 1, day=day)
