"""Stacks whose fleet is a stub: everything else in them is real."""

import sys
from collections.abc import Iterator

import pytest

from services.stack import commands

MIGRATE = "import asyncio, os; from services.stack.database import migrate; asyncio.run(migrate(os.environ))"


@pytest.fixture(scope="module", autouse=True)
def stub_programs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "FLEET", (sys.executable, "-m", "tests.stack.stub_program"))
        patch.setattr(commands, "WORKER", (sys.executable, "-c", "import time; time.sleep(3600)"))
        patch.setattr(commands, "MIGRATE", (sys.executable, "-c", MIGRATE))
        yield
