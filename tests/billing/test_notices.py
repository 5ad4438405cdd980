"""What a person is told of plan and credits, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.billing.allowances import Account, buy, take
from services.billing.notices import notices
from services.billing.plans import read
from services.billing.standing import Standing

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
PAID = Standing(
    subscription_id="sub_1",
    plan_tier="pro",
    active_until=NOW + timedelta(days=20),
    auto_renew=True,
    payment_status="paid",
)
FRESH = Account(read()["pro"], NOW, 0)


def told(found: Standing, account: Account = FRESH) -> list[tuple[str, str]]:
    return [(said.kind, said.feature) for said in notices(found, account, NOW)]


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (0, []),
        (39, []),
        (40, [("NEAR_LIMIT", "export")]),
        (49, [("NEAR_LIMIT", "export")]),
        (50, [("USED_UP", "export")]),
    ],
)
def test_little_is_a_fifth_of_the_allowance(used: int, expected: list[tuple[str, str]]) -> None:
    account = take(FRESH, "export", used)[0]
    assert told(PAID, account) == expected


def test_what_was_bought_counts() -> None:
    account = buy(take(FRESH, "export", 50)[0], "export", 11)
    assert told(PAID, account) == []


def test_who_has_nothing_left_reads_when_there_is_more_and_what_can_be_done() -> None:
    (said,) = notices(PAID, take(FRESH, "export", 50)[0], NOW)
    assert said.time == datetime(2026, 6, 10, 12, tzinfo=UTC)
    assert said.message == "No export is left until 2026-06-10. Buy more, or take a larger plan."


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Standing(), []),
        (PAID, []),
        (replace(PAID, auto_renew=False), [("PLAN_ENDING", "")]),
        (replace(PAID, auto_renew=False, active_until=NOW - timedelta(days=1)), []),
        (replace(PAID, payment_status="past_due", grace_until=NOW + timedelta(days=7)), [("PAYMENT_FAILED", "")]),
        (replace(PAID, payment_status="past_due", grace_until=NOW - timedelta(days=1)), []),
        (
            replace(PAID, payment_status="trialing", trial_end=NOW + timedelta(days=3, minutes=5)),
            [("TRIAL_ENDING", "")],
        ),
        (replace(PAID, payment_status="trialing", trial_end=NOW + timedelta(days=4)), []),
        (replace(PAID, payment_status="cancelled", auto_renew=False), []),
    ],
)
def test_of_a_plan_is_told_what_ends_it(found: Standing, expected: list[tuple[str, str]]) -> None:
    assert told(found) == expected


def test_what_ends_the_plan_comes_first_and_what_is_merely_little_last() -> None:
    account = take(take(FRESH, "resume_analysis", 90)[0], "export", 50)[0]
    assert told(replace(PAID, auto_renew=False), account) == [
        ("PLAN_ENDING", ""),
        ("USED_UP", "export"),
        ("NEAR_LIMIT", "resume_analysis"),
    ]
