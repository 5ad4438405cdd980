"""The local Stripe does what Stripe does, as far as anybody here relies on it."""

import json
from pathlib import Path

import pytest
import stripe
from stripe import StripeClient

from services.embedded.stripe.faults import Faults
from services.embedded.stripe.server import LocalStripe
from services.stack.ports import LOOPBACK
from tests.embedded.shop import KEY, Asked, Shop


def test_the_sdk_pins_the_version_whose_shapes_are_told(shop: Shop) -> None:
    shop.subscribed(shop.price())
    assert {event["api_version"] for event in shop.told} == {stripe.api_version}


# Idempotency keys


def test_the_same_key_is_the_same_answer_also_of_an_error_and_nothing_is_done_again(shop: Shop) -> None:
    first = shop.ask("POST", "/customers", {"email": "a@example.org"}, "k1")
    assert shop.ask("POST", "/customers", {"email": "a@example.org"}, "k1") == first
    assert shop.server.store.count("customer") == 1
    missing = shop.ask("POST", "/billing_portal/sessions", {"customer": "cus_none"}, "k2")
    assert missing[0] == 400
    shop.server.store.add("cus", "customer", "cus_none")
    assert shop.ask("POST", "/billing_portal/sessions", {"customer": "cus_none"}, "k2") == missing
    assert shop.ask("POST", "/billing_portal/sessions", {"customer": "cus_none"}, "k3")[0] == 200


def test_a_key_is_for_one_request(shop: Shop) -> None:
    shop.ask("POST", "/customers", {"email": "a@example.org"}, "k")
    for method, path, form in (
        ("POST", "/customers", {"email": "b@example.org"}),
        ("POST", "/products", {"name": "x"}),
    ):
        status, told = shop.ask(method, path, form, "k")
        assert (status, told["error"]["type"]) == (400, "idempotency_error")


def test_of_what_is_not_well_formed_and_of_reading_nothing_is_remembered(shop: Shop) -> None:
    assert shop.ask("POST", "/prices", {"unit_amount": "1"}, "k")[1]["error"]["code"] == "parameter_missing"
    wrong = {"currency": "eur", "unit_amount": "1.5"}
    assert shop.ask("POST", "/prices", wrong, "k")[1]["error"]["code"] == "parameter_invalid_integer"
    assert shop.ask("POST", "/customers", {}, "k")[0] == 200
    assert shop.ask("GET", "/customers/cus_1", key="g")[0] == 404
    shop.server.store.add("cus", "customer", "cus_1")
    assert shop.ask("GET", "/customers/cus_1", key="g")[0] == 200


def test_keys_are_forgotten_after_a_day(shop: Shop) -> None:
    first = shop.ask("POST", "/customers", {}, "k")
    shop.server.advance(1.1)
    assert shop.ask("POST", "/customers", {}, "k")[1]["id"] != first[1]["id"]


# Lists and expansion


def test_lists_go_on_after_what_was_shown_and_are_newest_first(client: StripeClient, shop: Shop) -> None:
    ids = [shop.made("/customers")["id"] for _ in range(3)]
    for customer in ids * 4:
        shop.page(shop.price(), customer=customer)
    found = client.v1.checkout.sessions.list({"limit": 5})
    assert found.has_more
    everything = [one.id for one in found.auto_paging_iter()]
    assert everything == [one["id"] for one in shop.server.store.all("checkout.session")]
    assert len(everything) == len(set(everything)) == 12
    mine = client.v1.checkout.sessions.list({"customer": ids[0], "limit": 4})
    assert ({one.customer for one in mine.data}, mine.has_more) == ({ids[0]}, False)


@pytest.mark.parametrize("wrong", [{"starting_after": "evt_none"}, {"limit": "0"}, {"limit": "101"}])
def test_a_list_that_cannot_be_is_refused(shop: Shop, wrong: Asked) -> None:
    assert shop.ask("GET", "/events", wrong)[0] == 400


def test_ids_are_expanded_where_that_is_asked_for(client: StripeClient, shop: Shop) -> None:
    made = shop.subscribed(shop.price())
    found = client.v1.subscriptions.retrieve(made["id"], {"expand": ["latest_invoice", "customer"]})
    assert isinstance(found.latest_invoice, stripe.Invoice)
    assert found.latest_invoice.total == 1_900
    listed = client.v1.subscriptions.list({"expand": ["data.customer"]})
    assert isinstance(listed.data[0].customer, stripe.Customer)
    assert shop.ask("GET", f"/subscriptions/{made['id']}", {"expand[]": "latest_invoicf"})[0] == 400


def test_codes_that_are_over_are_not_active(shop: Shop) -> None:
    (promotion,) = shop.server.store.all("promotion_code")
    assert len(shop.got("/promotion_codes", code="welcome20", active="true")["data"]) == 1
    shop.server.store.change(promotion, max_redemptions=1)
    page = shop.page(shop.price(), **{"discounts[0][promotion_code]": promotion["id"]})
    assert page["amount_total"] == 1_520
    shop.server.pay(page["id"])
    assert shop.got("/promotion_codes", code="WELCOME20", active="true")["data"] == []
    assert len(shop.got("/promotion_codes", code="WELCOME20", active="false")["data"]) == 1


# Subscriptions


def test_events_keep_what_was_true_when_they_happened(shop: Shop) -> None:
    made = shop.subscribed(shop.price(lookup_key="pro"))
    shop.change(made, shop.price(3_000, lookup_key="pro", transfer_lookup_key="true"))
    listed = [e for e in shop.got("/events", limit=100)["data"] if e["type"] == "customer.subscription.created"]
    (created,) = [e for e in shop.told if e["type"] == "customer.subscription.created"]
    assert listed == [created]
    price = created["data"]["object"]["items"]["data"][0]["price"]
    assert (price["unit_amount"], price["lookup_key"]) == (1_900, "pro")
    # What only the server knows begins with an underscore.
    assert '"_' not in json.dumps(shop.told)


def test_pages_are_over_after_a_day(shop: Shop) -> None:
    page = shop.page(shop.price())
    shop.server.advance(1.01)
    (event,) = [event for event in shop.told if event["type"] == "checkout.session.expired"]
    assert event["created"] == page["expires_at"] == event["data"]["object"]["expires_at"]
    assert shop.ask("POST", f"/checkout/sessions/{page['id']}/expire")[0] == 400


@pytest.mark.parametrize(("paid", "status"), [(True, "paid"), (False, "unpaid")])
def test_money_from_a_bank_comes_later_or_never(shop: Shop, paid: bool, status: str) -> None:
    line = {"line_items[0][price_data][currency]": "eur", "line_items[0][price_data][unit_amount]": 350}
    line |= {"line_items[0][price_data][product_data][name]": "Credits", "mode": "payment", "success_url": "http://x"}
    page = shop.made("/checkout/sessions", customer=shop.made("/customers")["id"], **line)
    shop.server.pay(page["id"], "delayed")
    now = shop.got(f"/checkout/sessions/{page['id']}")
    assert (now["status"], now["payment_status"]) == ("complete", "unpaid")
    shop.server.settle(page["id"], paid)
    assert shop.types()[-1] == f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}"
    assert shop.got(f"/checkout/sessions/{page['id']}")["payment_status"] == status
    assert ("charge.succeeded" in shop.types()) == paid


def test_refunds_go_as_far_as_what_was_paid(client: StripeClient, shop: Shop) -> None:
    shop.subscribed(shop.price())
    (charge,) = client.v1.charges.list().data
    client.v1.refunds.create({"charge": charge.id, "amount": 400})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"charge": charge.id, "amount": 1_501})
    client.v1.refunds.create({"payment_intent": str(charge.payment_intent)})
    found = client.v1.charges.retrieve(charge.id)
    assert (found.amount_refunded, found.refunded) == (1_900, True)
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        client.v1.refunds.create({"charge": charge.id})


# What is kept


def test_a_server_that_starts_again_knows_everything_and_half_a_line_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    first = Shop(LocalStripe(LOOPBACK, 0, KEY, "whsec_x", file))
    made = first.subscribed(first.price())
    first.server.advance(3)
    answer = first.ask("POST", "/customers", {}, "k")
    shown = first.got(f"/subscriptions/{made['id']}")
    with file.open("a") as out:
        out.write('{"thing": {"id": "cus_half')
    second = Shop(LocalStripe(LOOPBACK, 0, KEY, "whsec_x", file))
    assert second.got(f"/subscriptions/{made['id']}") == shown
    assert second.ask("POST", "/customers", {}, "k") == answer
    assert second.server.store.ahead == first.server.store.ahead
    assert list(second.server.store.all("event")) == list(first.server.store.all("event"))
    third = Shop(LocalStripe(LOOPBACK, 0, KEY, "whsec_x", file))
    assert third.got(f"/subscriptions/{made['id']}") == shown


def test_a_checkout_writes_as_much_as_the_one_before(tmp_path: Path) -> None:
    """What changed, and not everything each time."""
    file = tmp_path / "stripe.json"
    shop = Shop(LocalStripe(LOOPBACK, 0, KEY, "whsec_x", file))
    price, sizes = shop.price(), []
    for _ in range(60):
        shop.subscribed(price)
        sizes.append(file.stat().st_size)
    first, last = sizes[10] - sizes[0], sizes[-1] - sizes[-11]
    assert first < last * 1.5
    assert last < first * 1.5


def test_an_error_of_its_own_is_remembered_for_its_key_and_so_told(client: StripeClient, shop: Shop) -> None:
    shop.server.set_faults(Faults(breaks=1.0))
    for replayed in (None, "true"):
        with pytest.raises(stripe.APIError) as broken:
            client.v1.customers.create({}, {"idempotency_key": "k"})
        assert (broken.value.headers or {}).get("idempotent-replayed") == replayed
    shop.server.set_faults(Faults())
    with pytest.raises(stripe.APIError):
        client.v1.customers.create({}, {"idempotency_key": "k"})
    assert client.v1.customers.create({}, {"idempotency_key": "other"})
    assert shop.server.store.count("customer") == 1
