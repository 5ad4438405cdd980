"""Products, prices, and codes that lower them."""

from typing import Any

from services.embedded.stripe.desk import Desk, Invalid, Refused
from services.embedded.stripe.store import Thing


def create_product(desk: Desk, form: dict[str, Any]) -> Thing:
    id_ = form.get("id", "")
    if id_ in desk.store.objects:
        raise Refused(f"Product already exists: {id_}", "resource_already_exists")
    return desk.store.add("prod", "product", id_, name=form["name"], active=True, metadata=form.get("metadata", {}))


def create_price(desk: Desk, form: dict[str, Any]) -> Thing:
    key = form.get("lookup_key")
    for known in list(desk.store.all("price", lookup_key=key)) if key else ():
        if form.get("transfer_lookup_key") != "true":
            raise Refused(f"A price already uses the lookup key `{key}`.", "resource_already_exists")
        desk.store.change(known, lookup_key=None)
    recurring = {"interval": form["recurring"]["interval"], "interval_count": 1} if "recurring" in form else None
    return desk.store.add(
        "price",
        "price",
        active=True,
        currency=form["currency"].lower(),
        unit_amount=_amount(form["unit_amount"]),
        product=form.get("product"),
        lookup_key=key,
        recurring=recurring,
        type="recurring" if recurring else "one_time",
        tax_behavior=form.get("tax_behavior", "unspecified"),
    )


def _amount(text: str) -> int:
    if not str(text).isdecimal():
        raise Invalid(f"Invalid integer: {text}", "parameter_invalid_integer")
    return int(text)


def create_promotion(desk: Desk, code: str, percent: int) -> Thing:
    coupon = desk.store.add("co", "coupon", percent_off=percent, duration="once", valid=True)
    return desk.store.add(
        "promo",
        "promotion_code",
        active=True,
        code=code,
        promotion={"type": "coupon", "coupon": coupon["id"]},
        expires_at=None,
        max_redemptions=None,
        times_redeemed=0,
    )


def is_active(desk: Desk, promotion: Thing) -> bool:
    """Codes end by themselves: with their time, their number, or their coupon."""
    over = promotion["expires_at"] is not None and promotion["expires_at"] <= desk.store.now()
    used_up = promotion["max_redemptions"] is not None and promotion["times_redeemed"] >= promotion["max_redemptions"]
    coupon = desk.store.get("coupon", promotion["promotion"]["coupon"])
    return bool(promotion["active"] and coupon["valid"]) and not over and not used_up
