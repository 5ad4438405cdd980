"""A local Stripe, and the SDK that asks it."""

from collections.abc import Iterator

import pytest
from stripe import StripeClient

from services.embedded.stripe.server import LocalStripe
from services.stack.ports import LOOPBACK, choose
from tests.embedded.shop import KEY, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop(LocalStripe(LOOPBACK, 0, KEY, "whsec_x"))


@pytest.fixture
def client(shop: Shop) -> Iterator[StripeClient]:
    """The real SDK."""
    port = choose(["stripe"], {}, {})["stripe"]
    shop.server._address = LOOPBACK, port
    shop.server.start()
    yield StripeClient(KEY, base_addresses={"api": f"http://{LOOPBACK}:{port}"}, max_network_retries=0)
    shop.server.stop()
