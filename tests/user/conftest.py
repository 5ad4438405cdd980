"""What tests of people do not wait for, or not for long."""

from datetime import timedelta

import pytest

from services.kit import jobs
from services.user.tables import Erasure


@pytest.fixture(autouse=True)
def _no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """At what calls wrote that were under way when somebody was erased. Who tests that sets IN_FLIGHT again."""
    monkeypatch.setattr(Erasure, "IN_FLIGHT", timedelta(0))


@pytest.fixture(autouse=True)
def _asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever did not answer a job."""
    monkeypatch.setattr(jobs, "POSTPONE_SECONDS", 0.3)
