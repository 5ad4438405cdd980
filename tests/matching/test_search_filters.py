"""Filters mean the same to Elasticsearch as to PostgreSQL."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from services.kit.db import Database, ReadSession, uuid7
from services.kit.errors import Unavailable
from services.matching.retrieval.filters import CandidateFilter
from services.matching.retrieval.views import CANDIDATES, POSITIONS, Corpus
from services.matching.search.elastic import ElasticIndex, opened
from services.matching.search.elastic_requests import filters
from services.matching.search.index import Document, Query
from services.matching.tables import Candidate, Position
from tests.matching.databases import empty
from tests.matching.elastic_server import an_index
from tests.matching.test_retrieval import a_filter, a_person, a_position, a_position_filter

COUNT, FILTERS = 150, 40


@pytest.fixture
async def session(bare_database: Database) -> AsyncIterator[ReadSession]:
    """With people and positions."""
    chance = random.Random(3)
    async with bare_database.write() as session:
        await session.execute(insert(Candidate), [a_person(chance, number) for number in range(COUNT)])
        await session.execute(insert(Position), [a_position(chance, number) for number in range(COUNT)])
    async with bare_database.read() as session:
        yield session
    await empty(bare_database)


def a_document(row: dict[str, Any]) -> Document:
    named = ("id", "etag", "features", "title", "description", "organization_id", "skill_ids")
    columns = {name: value for name, value in row.items() if name not in named}
    return Document(row["id"], 1, "A title", tuple(row.get("skill_ids", ())), (), (), (), columns=columns)


async def both(session: ReadSession, index: ElasticIndex, corpus: Corpus, wanted: Any) -> tuple[set[Any], set[Any]]:
    in_postgres = set((await session.execute(select(corpus.id).where(wanted.condition()))).scalars())
    return in_postgres, set(await index.listed(Query(""), wanted, COUNT))


async def test_of_candidates(session: ReadSession, elasticsearch_url: str) -> None:
    chance, kept = random.Random(3), 0
    async with an_index(elasticsearch_url, CANDIDATES) as index:
        await index.put(session, [a_document(a_person(chance, number)) for number in range(COUNT)])
        for seed in range(FILTERS):
            wanted = a_filter(random.Random(seed))
            one, other = await both(session, index, CANDIDATES, wanted)
            assert one == other, wanted
            kept += bool(one)
    assert kept > FILTERS / 2


async def test_of_positions(session: ReadSession, elasticsearch_url: str) -> None:
    chance, kept = random.Random(3), 0
    for number in range(COUNT):
        a_person(chance, number)
    async with an_index(elasticsearch_url, POSITIONS) as index:
        await index.put(session, [a_document(a_position(chance, number)) for number in range(COUNT)])
        for seed in range(FILTERS):
            wanted = a_position_filter(random.Random(seed))
            one, other = await both(session, index, POSITIONS, wanted)
            assert one == other, wanted
            kept += bool(one)
    assert kept > FILTERS / 2


def test_what_is_no_filter_is_refused() -> None:
    with pytest.raises(TypeError, match="str is no filter"):
        filters("all")


async def test_a_server_that_does_not_answer_is_unavailable(session: ReadSession) -> None:
    async with opened("http://127.0.0.1:9") as client:
        index = ElasticIndex(client, f"test-{uuid7().hex}", CANDIDATES)
        with pytest.raises(Unavailable):
            await index.ensure()
        with pytest.raises(Unavailable):
            await index.ranked(session, Query("python"), CandidateFilter(), 10)


async def test_replicas_that_start_together_make_one_index(session: ReadSession, elasticsearch_url: str) -> None:
    async with an_index(elasticsearch_url, CANDIDATES) as index:
        await index.ensure()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(index.client.indices), "exists_alias", _never)
            await index.ensure()
        assert len((await index.client.indices.get_alias(name=index.name)).body) == 1


async def _never(*args: Any, **values: Any) -> bool:
    return False


async def test_who_has_just_gone_or_blocks_somebody_is_not_found(
    session: ReadSession, bare_database: Database, elasticsearch_url: str
) -> None:
    chance = random.Random(3)
    async with an_index(elasticsearch_url, CANDIDATES) as index:
        people = [a_person(chance, number) | {"blocked_employers": []} for number in range(3)]
        await index.put(session, map(a_document, people))
        async with bare_database.write() as writing:
            await writing.execute(delete(Candidate).where(Candidate.id == people[0]["id"]))
            blocks = update(Candidate).where(Candidate.id == people[1]["id"])
            await writing.execute(blocks.values(blocked_employers=["acme"]))
            await writing.execute(update(Candidate).where(Candidate.id == people[2]["id"]).values(blocked_employers=[]))
        wanted = CandidateFilter(employers=frozenset({"acme"}))
        assert len(await index.listed(Query(""), wanted, 5)) == 3
        assert await index.ranked(session, Query(""), wanted, 5) == [people[2]["id"]]
        assert [hit.id for hit in (await index.search(session, Query(""), wanted, 5)).hits] == [people[2]["id"]]
