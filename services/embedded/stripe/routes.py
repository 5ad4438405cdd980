"""The calls of Stripe's API that there are here: method and path → what is done."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from services.embedded.stripe import charges, portal, prices, sessions, subscriptions
from services.embedded.stripe.desk import Desk, Invalid, Refused
from services.embedded.stripe.store import Thing

Form = dict[str, Any]
Handler = Callable[[Desk, Form, str], Thing]
MOST = 100


def answer(desk: Desk, method: str, path: str, form: Form) -> Thing:
    """Raises Refused, and Missing."""
    for verb, pattern, handler in ROUTES:
        if verb == method and (found := pattern.fullmatch(path)):
            told = handler(desk, form, *(found.groups() or ("",)))
            shown = told if told["object"] == "list" else desk.public(told)
            return desk.expanded(shown, form.get("expand", []))
    raise Invalid(f"Unrecognized request URL ({method}: {path}).", "resource_missing", 404)


def _create_customer(desk: Desk, form: Form, _: str) -> Thing:
    about = {"email": form.get("email"), "metadata": form.get("metadata", {})}
    return desk.store.add("cus", "customer", **about, balance=0, _card="none")


def _get_customer(desk: Desk, _: Form, id_: str) -> Thing:
    customer = desk.store.get("customer", id_)
    return _deleted(id_) if customer.get("deleted") else customer


def _delete_customer(desk: Desk, _: Form, id_: str) -> Thing:
    customer = desk.store.get("customer", id_)
    for subscription in list(desk.store.all("subscription", customer=id_)):
        subscriptions.end(desk, subscription)
    desk.store.change(customer, email=None, deleted=True, metadata={})
    desk.event("customer.deleted", customer)
    return _deleted(id_)


def _deleted(id_: str) -> Thing:
    return {"id": id_, "object": "customer", "deleted": True}


def _list_prices(desk: Desk, form: Form, _: str) -> Thing:
    keys, active = form.get("lookup_keys"), form.get("active")
    return _page(
        desk,
        "/v1/prices",
        desk.store.all("price"),
        form,
        lambda price: (keys is None or price["lookup_key"] in keys) and _is(price["active"], active),
    )


def _list_promotions(desk: Desk, form: Form, _: str) -> Thing:
    code, active = form.get("code"), form.get("active")
    return _page(
        desk,
        "/v1/promotion_codes",
        desk.store.all("promotion_code"),
        form,
        # Codes are the same in capitals and without.
        lambda one: (
            (code is None or one["code"].casefold() == code.casefold()) and _is(prices.is_active(desk, one), active)
        ),
    )


def _list_events(desk: Desk, form: Form, _: str) -> Thing:
    types, since = form.get("types"), int(form.get("created", {}).get("gte", 0))
    return _page(
        desk,
        "/v1/events",
        desk.store.all("event"),
        form,
        lambda e: (types is None or e["type"] in types) and e["created"] >= since,
    )


def _of_customer(kind: str, path: str) -> Handler:
    def listed(desk: Desk, form: Form, _: str) -> Thing:
        return _page(desk, f"/v1/{path}", desk.store.all(kind, customer=form.get("customer", "")), form)

    return listed


def _is(found: bool, wanted: str | None) -> bool:
    return wanted is None or found == (wanted == "true")


def _page(
    desk: Desk, path: str, things: Iterable[Thing], form: Form, wanted: Callable[[Thing], bool] = lambda _: True
) -> Thing:
    """Newest first, after `starting_after`. Raises Refused."""
    limit = str(form.get("limit", 10))
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST:
        raise Invalid(f"Invalid limit: must be from 1 to {MOST}", "parameter_invalid_integer")
    found, last = [thing for thing in things if wanted(thing)], form.get("starting_after")
    places = [place for place, thing in enumerate(found) if thing["id"] == last]
    if last and not places:
        raise Refused(f"No such object: '{last}' (starting_after)", "resource_missing")
    rest = found[places[0] + 1 :] if places else found
    shown = [desk.public(thing) for thing in rest[: int(limit)]]
    return {"object": "list", "url": path, "has_more": len(rest) > int(limit), "data": shown}


def _refund(desk: Desk, form: Form, _: str) -> Thing:
    id_ = form.get("charge")
    if not id_:
        id_ = desk.required("payment_intent", form["payment_intent"], "payment_intent")["latest_charge"]
    charge = desk.required("charge", id_ or "", "charge")
    return charges.refund(desk, charge, int(form["amount"]) if "amount" in form else None)


def _got(kind: str) -> Handler:
    return lambda desk, _, id_: desk.store.get(kind, id_)


def _subscription(act: Callable[..., Thing], *, takes_form: bool) -> Handler:
    return lambda d, f, i: act(d, d.store.get("subscription", i), *([f] if takes_form else []))


ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile("/v1" + path), handler)
    for method, path, handler in (
        ("POST", "/customers", _create_customer),
        ("GET", "/customers/([^/]+)", _get_customer),
        ("DELETE", "/customers/([^/]+)", _delete_customer),
        ("POST", "/products", lambda d, f, _: prices.create_product(d, f)),
        ("GET", "/products/([^/]+)", _got("product")),
        ("POST", "/prices", lambda d, f, _: prices.create_price(d, f)),
        ("GET", "/prices", _list_prices),
        ("GET", "/promotion_codes", _list_promotions),
        ("POST", "/checkout/sessions", lambda d, f, _: sessions.create(d, f)),
        ("GET", "/checkout/sessions", _of_customer("checkout.session", "checkout/sessions")),
        ("GET", "/checkout/sessions/([^/]+)", _got("checkout.session")),
        (
            "POST",
            "/checkout/sessions/([^/]+)/expire",
            lambda d, _, i: sessions.expire(d, d.store.get("checkout.session", i)),
        ),
        ("POST", "/billing_portal/sessions", lambda d, f, _: portal.create(d, f)),
        ("GET", "/subscriptions", _of_customer("subscription", "subscriptions")),
        ("GET", "/subscriptions/([^/]+)", _got("subscription")),
        ("POST", "/subscriptions/([^/]+)", _subscription(subscriptions.update, takes_form=True)),
        ("DELETE", "/subscriptions/([^/]+)", _subscription(subscriptions.end, takes_form=False)),
        ("GET", "/invoices", _of_customer("invoice", "invoices")),
        ("GET", "/invoices/([^/]+)", _got("invoice")),
        ("GET", "/charges", _of_customer("charge", "charges")),
        ("GET", "/charges/([^/]+)", _got("charge")),
        ("POST", "/refunds", _refund),
        ("GET", "/payment_intents/([^/]+)", _got("payment_intent")),
        ("GET", "/events", _list_events),
        ("GET", "/events/([^/]+)", _got("event")),
    )
)
