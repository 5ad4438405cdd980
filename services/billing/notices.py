"""What a person should know of plan and credits before it gets in their way, reckoned without a database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.billing.allowances import Account
from services.billing.plans import FEATURES
from services.billing.standing import Standing

# Stripe tells of a trial three days before it ends, and clocks differ.
SOON = timedelta(days=3, hours=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind`, `feature` and `time` as in the contract; `feature` empty where it is about the plan."""

    kind: str
    feature: str
    time: datetime
    message: str


def notices(found: Standing, account: Account, now: datetime) -> Sequence[Notice]:
    """The most urgent first: what ends the plan, then what is used up, then what nearly is."""
    return [*_of_plan(found, now), *sorted(_of_credits(account), key=lambda notice: notice.kind == "NEAR_LIMIT")]


def level(left: int, allowance: int) -> str:
    """USED_UP, NEAR_LIMIT when a fifth of the allowance or less is left, otherwise empty."""
    if not left:
        return "USED_UP"
    return "NEAR_LIMIT" if left * 5 <= allowance else ""


def _of_plan(found: Standing, now: datetime) -> Iterator[Notice]:
    status, until = found.payment_status, found.active_until
    if status == "past_due" and found.grace_until and now < found.grace_until:
        words = f"A payment failed. Change your card: the plan ends on {found.grace_until:%Y-%m-%d} unless it is paid."
        yield Notice("PAYMENT_FAILED", "", found.grace_until, words)
    if until is None or until <= now or status not in ("paid", "trialing"):
        return
    if not found.auto_renew:
        yield Notice(
            "PLAN_ENDING", "", until, f"Your plan ends on {until:%Y-%m-%d}. Your data stays; renew it to go on."
        )
    elif found.trial_end and found.trial_end - now <= SOON:
        words = f"Your trial ends on {found.trial_end:%Y-%m-%d}, and the first payment is due. Cancel before if you do not want it."
        yield Notice("TRIAL_ENDING", "", found.trial_end, words)


def _of_credits(account: Account) -> Iterator[Notice]:
    day = f"{account.renew_time:%Y-%m-%d}"
    for feature in FEATURES:
        name, left = feature.replace("_", " "), account.left(feature)
        words = {
            "USED_UP": f"No {name} is left until {day}. Buy more, or take a larger plan.",
            "NEAR_LIMIT": f"{left} of {account.plan.allowance(feature)} {name} left until {day}.",
        }
        if kind := level(left, account.plan.allowance(feature)):
            yield Notice(kind, feature, account.renew_time, words[kind])
