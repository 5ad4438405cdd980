"""What is taken back of credits whose payment went back, reckoned without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.billing.plans import FEATURES
from services.billing.standing import Told

PAID_SESSION = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


@dataclass(frozen=True, slots=True)
class Bought:
    feature: str
    amount: int


def bought(told: Told) -> Bought | None:
    """The credits that an event says are paid."""
    marks: Mapping[str, Any] = told.thing.get("metadata") or {}
    if told.type not in PAID_SESSION or told.thing["payment_status"] != "paid":
        return None
    if marks.get("kind") != "topup" or marks.get("feature") not in FEATURES:
        return None
    return Bought(marks["feature"], int(marks["amount"]))


def to_take_back(told: Iterable[Told]) -> Bought | None:
    """Of all that was told of one payment, in any order and any number of times: how many of its credits are to be taken back. A part of
    the money is a part of the credits, rounded down; a dispute that is lost is all of it. None for what bought no credits.
    """
    told = list(told)
    if (paid := next(filter(None, map(bought, told)), None)) is None:
        return None
    return Bought(paid.feature, max(_share(one, paid.amount) for one in told))


def _share(told: Told, amount: int) -> int:
    thing = told.thing
    if told.type == "charge.dispute.closed" and thing["status"] == "lost":
        return amount
    if told.type == "charge.refunded" and thing["amount"]:
        return min(amount, int(amount * thing["amount_refunded"] // thing["amount"]))
    return 0
