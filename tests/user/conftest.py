"""What tests of people do not wait for."""

from datetime import timedelta

import pytest

from services.user.tables import Erasure

IN_FLIGHT = Erasure.IN_FLIGHT


@pytest.fixture(autouse=True)
def _no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """At what calls wrote that were under way when somebody was erased. Who tests that sets IN_FLIGHT again."""
    monkeypatch.setattr(Erasure, "IN_FLIGHT", timedelta(0))
