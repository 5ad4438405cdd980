"""An Elasticsearch that is not there when the service starts."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import closing
from functools import partial

import pytest
from osmem_server import OsmemServer

from services.kit.db import Database
from services.kit.errors import Unavailable
from services.matching.retrieval.filters import CandidateFilter
from services.matching.search import elastic, opening
from services.matching.search.index import Hit, Query
from services.matching.search.opening import Indexes, open_indexes
from tests.matching.elastic_server import PlainNode


def a_free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def found(db: Database, indexes: Indexes) -> Sequence[Hit]:
    async with db.read() as session:
        return (await indexes.candidates.search(session, Query("nurse"), CandidateFilter(), 5)).hits


async def test_searches_say_so_and_work_as_soon_as_it_is_there(
    bare_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ENSURE_SECONDS", 0.1)
    # What this server cannot do: the client's own names of types, and vectors.
    monkeypatch.setattr(elastic, "HttpxAsyncHttpNode", PlainNode)
    monkeypatch.setattr(elastic, "ElasticIndex", partial(elastic.ElasticIndex, vectors=False))
    address = f"127.0.0.1:{a_free_port()}"
    async with open_indexes(f"http://{address}") as indexes:
        with pytest.raises(Unavailable, match="elasticsearch"):
            await found(bare_database, indexes)
        with OsmemServer.start(addr=address):
            async with asyncio.timeout(60):
                while True:
                    try:
                        assert not await found(bare_database, indexes)
                        return
                    except Unavailable:
                        await asyncio.sleep(0.1)
