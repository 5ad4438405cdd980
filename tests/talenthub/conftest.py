"""A PostgreSQL of its own for what asks only the database."""

from collections.abc import AsyncIterator

import pytest

from tests.matching.databases import running_postgres
from tests.talenthub.loading import Hiring


@pytest.fixture(scope="session")
async def hiring(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hiring]:
    """With the real tables, and row security; who leaves rows has keys of their own."""
    folder = tmp_path_factory.mktemp("hiring")
    async with running_postgres(folder) as port:
        yield Hiring(folder, port)
