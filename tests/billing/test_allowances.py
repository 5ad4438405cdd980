"""What is left of an allowance, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.allowances import Account, as_of, buy, give_back, months_after, period_of, take
from services.billing.plans import read

PLANS = read()
FREE, PRO = PLANS["free"], PLANS["pro"]
BEGIN = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = BEGIN + timedelta(days=3)


def test_the_allowance_is_used_before_what_was_bought() -> None:
    account = buy(Account(FREE, BEGIN, 0), "export", 3)
    account, taken = take(account, "export", 4)
    assert (taken.allowed, taken.bought) == (2, 2)
    assert account.left("export") == 1


def test_a_new_month_fills_the_allowance_up_and_keeps_what_was_bought() -> None:
    account, _ = take(buy(Account(FREE, BEGIN, 0), "export", 3), "export", 3)
    assert as_of(account, FREE, BEGIN + timedelta(days=27)).left("export") == 2
    assert as_of(account, FREE, datetime(2026, 2, 28, 12, tzinfo=UTC)).left("export") == 4


def test_what_failed_in_a_later_month_gives_back_what_was_bought_alone() -> None:
    account, taken = take(buy(Account(FREE, BEGIN, 0), "export", 3), "export", 4)
    march = as_of(account, FREE, datetime(2026, 3, 15, tzinfo=UTC))
    assert give_back(march, "export", taken).left("export") == march.left("export") + 2 == 5


def test_a_smaller_plan_counts_what_was_used() -> None:
    account, _ = take(Account(PRO, BEGIN, 0), "export", 30)
    smaller = as_of(account, FREE, LATER)
    assert smaller.left("export") == 0
    assert as_of(smaller, PRO, LATER).left("export") == 20


@pytest.mark.parametrize(
    ("months", "day"), [(0, (2026, 1, 31)), (1, (2026, 2, 28)), (2, (2026, 3, 31)), (13, (2027, 2, 28)), (25, (2028, 2, 29))]
)  # fmt: skip
def test_a_month_ends_on_the_day_on_which_the_first_began(months: int, day: tuple[int, int, int]) -> None:
    assert months_after(BEGIN, months) == datetime(*day, 12, tzinfo=UTC)
    assert period_of(BEGIN, months_after(BEGIN, months)) == months
    assert period_of(BEGIN, months_after(BEGIN, months + 1) - timedelta(seconds=1)) == months


steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 60)),
        st.tuples(st.just("buy"), st.integers(1, 20)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.tuples(st.just("plan"), st.sampled_from(["free", "pro", "enterprise"])),
        st.tuples(st.just("give back"), st.just(0)),
    ),
    max_size=40,
)


@given(steps)
def test_nothing_is_ever_below_zero_and_plans_in_between_change_nothing(story: list[tuple[str, object]]) -> None:
    account, straight, now, open_ = Account(PRO, BEGIN, 0), Account(PRO, BEGIN, 0), BEGIN, []
    for what, how in story:
        match what, how:
            case "take", int(amount) if min(account.left("export"), straight.left("export")) >= amount:
                # Only where both take the same of the allowance are both the same account.
                if account.allowed("export") == straight.allowed("export"):
                    account, taken = take(account, "export", amount)
                    straight, _ = take(straight, "export", amount)
                    open_.append(taken)
            case "buy", int(amount):
                account, straight = buy(account, "export", amount), buy(straight, "export", amount)
            case "wait", int(days):
                now += timedelta(days=days)
                account, straight = as_of(account, account.plan, now), as_of(straight, PRO, now)
            case "plan", str(tier):
                account = as_of(account, PLANS[tier], now)
            case "give back", _ if open_:
                taken = open_.pop()
                account, straight = give_back(account, "export", taken), give_back(straight, "export", taken)
        assert min(account.balances.values()) >= 0
        assert account.used.get("export", 0) >= 0
        assert account.bought.get("export", 0) >= 0
    assert as_of(account, PRO, now) == straight
