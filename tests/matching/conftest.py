"""One database and one Elasticsearch for all that asks nothing else."""

from collections.abc import AsyncIterator, Iterator

import pytest
from osmem_server import OsmemServer

from services.kit.db import Database
from tests.matching.databases import running_database


@pytest.fixture(scope="session")
async def bare_database(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """With the real tables and no row in them; who leaves rows deletes them."""
    async with running_database(tmp_path_factory.mktemp("matching")) as db:
        yield db


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    with OsmemServer.start() as server:
        yield server.url
