"""The calls of Stripe's API that there are here: method and path → what is done."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from services.embedded.stripe.desk import Desk, Refused, public
from services.embedded.stripe.store import Thing

Form = dict[str, Any]
Handler = Callable[[Desk, Form, str], Any]
MOST = 100


def answer(desk: Desk, method: str, path: str, form: Form) -> Any:
    """Raises Refused, and Missing."""
    for verb, pattern, handler in ROUTES:
        if verb == method and (found := pattern.fullmatch(path)):
            return handler(desk, form, *(found.groups() or ("",)))
    raise Refused(f"Unrecognized request URL ({method}: {path}).", "resource_missing", 404)


def _create_customer(desk: Desk, form: Form, _: str) -> Thing:
    return desk.store.add("cus", "customer", email=form.get("email"), metadata=form.get("metadata", {}), _card="none")


def _delete_customer(desk: Desk, _: Form, id_: str) -> Thing:
    customer = desk.store.get("customer", id_)
    for subscription in list(desk.store.all("subscription", customer=id_)):
        desk.end_subscription(subscription)
    customer |= {"email": None, "deleted": True, "metadata": {}}
    return {"id": id_, "object": "customer", "deleted": True}


def _create_product(desk: Desk, form: Form, _: str) -> Thing:
    if (id_ := form.get("id")) and id_ in desk.store.objects:
        raise Refused(f"Product already exists: {id_}", "resource_already_exists")
    product = desk.store.add("prod", "product", name=form["name"], active=True, metadata=form.get("metadata", {}))
    if id_:
        del desk.store.objects[product["id"]]
        product["id"] = id_
        desk.store.objects[id_] = product
    return product


def _list_prices(desk: Desk, form: Form, _: str) -> Thing:
    keys = form.get("lookup_keys")
    return _page("/v1/prices", desk.store.all("price"), form, lambda price: keys is None or price["lookup_key"] in keys)


def _list_events(desk: Desk, form: Form, _: str) -> Thing:
    types, since = form.get("types"), int(form.get("created", {}).get("gte", 0))
    return _page(
        "/v1/events",
        desk.store.all("event"),
        form,
        lambda e: (types is None or e["type"] in types) and e["created"] >= since,
    )


def _of_customer(kind: str, path: str) -> Handler:
    def listed(desk: Desk, form: Form, _: str) -> Thing:
        wanted = form.get("customer")
        return _page(f"/v1/{path}", desk.store.all(kind), form, lambda one: wanted is None or one["customer"] == wanted)

    return listed


def _list_promotions(desk: Desk, form: Form, _: str) -> Thing:
    code = form.get("code")
    return _page(
        "/v1/promotion_codes", desk.store.all("promotion_code"), form, lambda one: code is None or one["code"] == code
    )


def _page(path: str, things: Iterable[Thing], form: Form, wanted: Callable[[Thing], bool]) -> Thing:
    found = [public(thing) for thing in things if wanted(thing)]
    if last := form.get("starting_after"):
        found = found[next((i + 1 for i, thing in enumerate(found) if thing["id"] == last), len(found)) :]
    most = min(int(form.get("limit", 10)), MOST)
    return {"object": "list", "url": path, "has_more": len(found) > most, "data": found[:most]}


def _portal(desk: Desk, form: Form, _: str) -> Thing:
    desk.store.get("customer", form["customer"])
    session = desk.store.add(
        "bps", "billing_portal.session", customer=form["customer"], return_url=form.get("return_url")
    )
    return session | {"url": f"{desk.url}/p/session/{session['id']}"}


def _got(kind: str) -> Handler:
    return lambda desk, _, id_: public(desk.store.get(kind, id_))


ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile("/v1" + path), handler)
    for method, path, handler in (
        ("POST", "/customers", lambda d, f, i: public(_create_customer(d, f, i))),
        ("GET", "/customers/([^/]+)", _got("customer")),
        ("DELETE", "/customers/([^/]+)", _delete_customer),
        ("POST", "/products", _create_product),
        ("GET", "/products/([^/]+)", _got("product")),
        ("POST", "/prices", lambda d, f, _: d.create_price(f)),
        ("GET", "/prices", _list_prices),
        ("GET", "/promotion_codes", _list_promotions),
        ("POST", "/checkout/sessions", lambda d, f, _: public(d.create_session(f))),
        ("GET", "/checkout/sessions", _of_customer("checkout.session", "checkout/sessions")),
        ("GET", "/checkout/sessions/([^/]+)", _got("checkout.session")),
        ("POST", "/checkout/sessions/([^/]+)/expire", lambda d, f, i: _expired(d, i)),
        ("POST", "/billing_portal/sessions", _portal),
        ("GET", "/subscriptions", _of_customer("subscription", "subscriptions")),
        ("GET", "/subscriptions/([^/]+)", _got("subscription")),
        (
            "POST",
            "/subscriptions/([^/]+)",
            lambda d, f, i: public(d.update_subscription(d.store.get("subscription", i), f)),
        ),
        (
            "DELETE",
            "/subscriptions/([^/]+)",
            lambda d, f, i: public(d.end_subscription(d.store.get("subscription", i))),
        ),
        ("GET", "/invoices", _of_customer("invoice", "invoices")),
        ("GET", "/invoices/([^/]+)", _got("invoice")),
        ("GET", "/events", _list_events),
        ("GET", "/events/([^/]+)", _got("event")),
    )
)


def _expired(desk: Desk, id_: str) -> Thing:
    session = desk.store.get("checkout.session", id_)
    desk.expire(session)
    return public(session)
