"""Taxes are worked out by Stripe, where the operator says so."""

from uuid import uuid4

import pytest

from services.billing.payments import Payments
from services.billing.plans import read
from services.kit.settings import Settings
from tests.harness import System


@pytest.mark.parametrize(("tax", "worked_out"), [(True, 58), (False, 0)])
async def test_pages_ask_for_it(system: System, tax: bool, worked_out: int) -> None:
    """A fifth is in the price: 58 of 350 cents."""
    settings = Settings.of("billing", system.environment)
    payments = Payments(read(), settings.stripe_key.get_secret_value(), "", settings.stripe_url, tax)
    account_id = uuid4()
    customer = await payments.customer(account_id)
    urls = {"success_url": settings.public_url, "cancel_url": settings.public_url}
    wanted = {"feature": "export", "amount": 7, "unit_price": 50} | urls
    page = await payments.topup_page(uuid4(), account_id, customer, wanted)
    session = system.stripe.store.get("checkout.session", page.session_id)
    assert session["automatic_tax"]["enabled"] is tax
    assert (session["amount_total"], session["total_details"]["amount_tax"]) == (350, worked_out)
