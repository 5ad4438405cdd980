"""What goes wrong at the local Stripe is set over HTTP, by who has its key."""

import pytest

from services.embedded.stripe.faults import Faults
from services.embedded.stripe.server import LocalStripe

KEY, DAY = "sk_test_local", 86_400


@pytest.fixture
def stripe() -> LocalStripe:
    return LocalStripe("127.0.0.1", 0, KEY, "whsec_local")


def test_faults_and_the_clock_are_set(stripe: LocalStripe) -> None:
    headers, before = {"authorization": f"Bearer {KEY}"}, stripe.store.now()
    assert stripe.control("/local/faults", "fails=0.5&lost=1", headers)[0] == 200
    assert stripe.faults == stripe.webhooks.faults == Faults(fails=0.5, lost=1.0)
    assert stripe.control("/local/advance", "days=2", headers)[0] == 200
    assert stripe.store.now() >= before + 2 * DAY


@pytest.mark.parametrize(
    ("path", "body", "key", "status"),
    [
        ("/local/faults", "fails=2", KEY, 400),
        ("/local/faults", "late=0.1", KEY, 400),
        ("/local/advance", "days=soon", KEY, 400),
        ("/local/nothing", "days=1", KEY, 404),
        ("/local/faults", "fails=1", "another", 401),
    ],
)
def test_what_cannot_be_set_changes_nothing(stripe: LocalStripe, path: str, body: str, key: str, status: int) -> None:
    before = stripe.store.now()
    assert stripe.control(path, body, {"authorization": f"Bearer {key}"})[0] == status
    assert stripe.faults == Faults()
    assert stripe.store.now() - before < DAY
