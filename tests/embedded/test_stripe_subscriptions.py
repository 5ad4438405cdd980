"""What the local Stripe bills, as Stripe bills it."""

from tests.embedded.shop import DAY, Shop


def test_a_change_that_cannot_be_paid_changes_nothing(shop: Shop) -> None:
    made = shop.subscribed(shop.price(), "bad")
    before, told = shop.got(f"/subscriptions/{made['id']}"), len(shop.told)
    status, error = shop.change(made, shop.price(19_900), cancel_at_period_end="true", **{"metadata[x]": "y"})
    assert (status, error["error"]["type"], error["error"]["code"]) == (402, "card_error", "card_declined")
    assert shop.got(f"/subscriptions/{made['id']}") == before
    assert len(shop.told) == told


def test_more_is_billed_for_the_rest_and_less_is_kept_for_the_next_bill(shop: Shop) -> None:
    small, large = shop.price(1_000), shop.price(3_000)
    made = shop.subscribed(small)
    start, end = (made["items"]["data"][0][f"current_period_{which}"] for which in ("start", "end"))
    shop.server.advance((end - start) / DAY / 2)
    assert shop.change(made, large)[0] == 200
    up = shop.got("/invoices", customer=made["customer"])["data"][0]
    assert abs(up["total"] - 1_000) <= 1
    assert (up["amount_paid"], up["billing_reason"]) == (up["total"], "subscription_update")
    assert shop.change(made, small)[0] == 200
    down = shop.got("/invoices", customer=made["customer"])["data"][0]
    assert (down["total"], down["amount_due"], down["status"]) == (-up["total"], 0, "paid")
    shop.server.advance(16)
    renewed = shop.got("/invoices", customer=made["customer"])["data"][0]
    assert (renewed["total"], renewed["amount_due"]) == (1_000, 1_000 - up["total"])


def test_another_interval_begins_a_new_period_less_what_was_paid(shop: Shop) -> None:
    made = shop.subscribed(shop.price(1_000))
    _, changed = shop.change(made, shop.price(10_000, "year"))
    assert abs(shop.got("/invoices", customer=made["customer"])["data"][0]["total"] - 9_000) <= 1
    period = changed["items"]["data"][0]
    assert 364 <= (period["current_period_end"] - period["current_period_start"]) / DAY <= 366


def test_in_a_trial_nothing_is_due_and_it_goes_on(shop: Shop) -> None:
    made = shop.subscribed(shop.price(), **{"subscription_data[trial_period_days]": 14})
    status, changed = shop.change(made, shop.price(19_900))
    assert (status, changed["status"], changed["trial_end"]) == (200, "trialing", made["trial_end"])
    assert [invoice["total"] for invoice in shop.got("/invoices", customer=made["customer"])["data"]] == [0]


def test_a_trial_that_ends_with_a_bad_card_is_past_due_and_then_over(shop: Shop) -> None:
    made = shop.subscribed(shop.price(), "bad", **{"subscription_data[trial_period_days]": 14})
    shop.server.advance(15)
    late = shop.got(f"/subscriptions/{made['id']}")
    assert late["status"] == "past_due"
    assert late["items"]["data"][0]["current_period_start"] == made["trial_end"]
    assert shop.got("/invoices", customer=made["customer"])["data"][0]["status"] == "open"
    shop.server.advance(14)
    over = shop.got(f"/subscriptions/{made['id']}")
    assert (over["status"], over["ended_at"]) == ("canceled", made["trial_end"] + 14 * DAY)


def test_a_trial_is_told_of_three_days_before_it_ends_once(shop: Shop) -> None:
    made = shop.subscribed(shop.price(), **{"subscription_data[trial_period_days]": 14})
    told = []
    for days in (10, 2, 1, 40):
        before = len(shop.told)
        shop.server.advance(days)
        told.append([one["type"] for one in shop.told[before:]].count("customer.subscription.trial_will_end"))
    assert told == [0, 1, 0, 0]
    assert shop.got(f"/subscriptions/{made['id']}")["status"] == "active"


def test_a_price_in_another_currency_is_refused(shop: Shop) -> None:
    made = shop.subscribed(shop.price())
    other = shop.made("/prices", currency="usd", unit_amount=1, product="p", **{"recurring[interval]": "month"})
    assert shop.change(made, other["id"])[0] == 400


# Events
