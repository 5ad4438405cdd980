"""One database and one Elasticsearch for all that asks nothing else."""

from collections.abc import AsyncIterator, Iterator

import pytest
from osmem_server import OsmemServer

from services.kit.db import EVERYONE, Database
from tests.harness import System
from tests.matching.databases import MATCHING


@pytest.fixture(scope="session")
async def bare_database(system: System) -> AsyncIterator[Database]:
    """Beside the system's, with the real tables and no row in them; who leaves rows deletes them."""
    async with (
        system.empty_database() as name,
        Database.opened(system.database_url(name, MATCHING), EVERYONE) as db,
    ):
        yield db


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    with OsmemServer.start() as server:
        yield server.url
