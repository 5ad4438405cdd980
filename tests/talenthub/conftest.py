"""A database of its own for what asks only the database."""

from collections.abc import AsyncIterator

import pytest

from tests.harness import System
from tests.talenthub.loading import Hiring


@pytest.fixture(scope="session")
async def hiring(system: System) -> AsyncIterator[Hiring]:
    """With the real tables, and row security; who leaves rows has keys of their own."""
    async with system.empty_database() as name:
        yield Hiring(system.database_url(name, "talenthub"), system.database_url(name))
