"""What an account pays for does not depend on the order in which Stripe's events come, nor on how often."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.billing.standing import GRACE, Standing, standing, standing_of, tier_at
from services.embedded.stripe import sessions, subscriptions
from services.kit.db import utc_now
from tests.billing.histories import Life

HISTORIES = 500
NOW = utc_now()


def test_the_end_is_the_same_for_every_order_and_any_number_of_repetitions() -> None:
    ends: Counter[str] = Counter()
    for seed in range(HISTORIES):
        life = Life(seed).live(16)
        replayed = standing(sorted(life.told, key=lambda told: told.order))
        for _ in range(4):
            shuffled = life.told + random.choices(life.told, k=5) if life.told else []
            random.shuffle(shuffled)
            assert standing(shuffled) == replayed, seed
        ends[replayed.payment_status] += 1
    # Histories that all ended alike would prove nothing.
    assert set(ends) == {"free", "trialing", "paid", "past_due", "cancelled"}, ends
    assert min(ends.values()) >= 5, ends


def test_the_end_is_what_stripe_has() -> None:
    for seed in range(HISTORIES):
        life = Life(seed).live(16)
        alive = life.subscriptions()
        found = standing(life.told)
        if alive:
            assert found == standing_of(life.desk.public(alive[0])), seed
        else:
            assert found.payment_status in ("free", "cancelled")


def test_who_cancels_at_the_portal_or_by_a_call_renews_no_more() -> None:
    for form in ({"cancel_at_period_end": "true"}, {"cancel_at": "{end}"}, {}):
        life = Life(1)
        page = life._page("subscription", life.prices["pro_monthly"])
        sessions.pay(life.desk, page)
        (subscription,) = life.subscriptions()
        end = subscriptions.item_of(subscription)["current_period_end"]
        if form:
            subscriptions.update(life.desk, subscription, {k: v.format(end=end) for k, v in form.items()})
        else:
            life._step("cancel at the portal")
        found = standing(life.told)
        assert (found.auto_renew, found.payment_status != "cancelled") == (False, True), form
        assert found.active_until == datetime.fromtimestamp(end, UTC)


def test_a_period_that_is_told_in_an_older_version_is_understood() -> None:
    life = Life(2)
    sessions.pay(life.desk, life._page("subscription", life.prices["pro_monthly"]))
    subscription = life.desk.public(life.subscriptions()[0])
    older = json.loads(json.dumps(subscription))
    for name in ("current_period_start", "current_period_end"):
        older[name] = older["items"]["data"][0].pop(name)
    assert standing_of(older) == standing_of(subscription)


@pytest.mark.parametrize(
    ("found", "tier"),
    [
        (Standing(), "free"),
        (Standing(plan_tier="pro", payment_status="paid", active_until=NOW + timedelta(days=1)), "pro"),
        (Standing(plan_tier="pro", payment_status="trialing", active_until=NOW + timedelta(days=1)), "pro"),
        (Standing(plan_tier="pro", payment_status="paid", active_until=NOW - timedelta(minutes=1)), "free"),
        # It was to renew, and nobody said that it did not.
        (Standing(plan_tier="pro", payment_status="paid", active_until=NOW - GRACE / 2, auto_renew=True), "pro"),
        (Standing(plan_tier="pro", payment_status="paid", active_until=NOW - GRACE * 1.1, auto_renew=True), "free"),
        (Standing(plan_tier="pro", payment_status="past_due", grace_until=NOW + timedelta(days=1)), "pro"),
        (Standing(plan_tier="pro", payment_status="past_due", grace_until=NOW - timedelta(days=1)), "free"),
        (Standing(plan_tier="pro", payment_status="cancelled", active_until=NOW + timedelta(days=1)), "free"),
    ],
)
def test_a_plan_is_used_as_long_as_it_is_paid_and_a_little_longer(found: Standing, tier: str) -> None:
    assert tier_at(found, NOW) == tier
