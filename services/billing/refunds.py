"""What is taken back of credits whose payment went back, reckoned without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.billing.plans import FEATURES
from services.billing.standing import Told

FAILED = ("failed", "canceled")
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
    if any(one.type == "charge.dispute.closed" and one.thing["status"] == "lost" for one in told):
        return paid
    price = max((one.thing["amount"] for one in told if one.type == "charge.refunded"), default=0)
    return Bought(paid.feature, min(paid.amount, paid.amount * _went_back(told) // price) if price else 0)


def _went_back(told: Iterable[Told]) -> int:
    """Money, in minor units. A charge tells sums, and each refund of itself, also that it failed and the money is here again: while not
    all was heard, the more of what both come to.
    """
    charged, refunds, failed = 0, dict[str, int](), dict[str, int]()
    for one in told:
        thing = one.thing
        if one.type == "charge.refunded":
            charged = max(charged, thing["amount_refunded"])
        elif one.type.startswith("refund."):
            refunds[thing["id"]] = thing["amount"]
            if thing["status"] in FAILED:
                failed[thing["id"]] = thing["amount"]
    return max(charged - sum(failed.values()), sum(refunds.values()) - sum(failed.values()))
