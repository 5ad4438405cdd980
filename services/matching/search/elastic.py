"""Full-text search in Elasticsearch, for more text than one PostgreSQL should search. The only module that knows its client."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from elastic_transport import HttpxAsyncHttpNode
from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError, TransportError
from sqlalchemy import Uuid, any_, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.ai.matching.ranking import fuse
from services.kit.db import Database, ReadSession, WriteSession, uuid7
from services.kit.errors import Unavailable
from services.matching.retrieval.views import Corpus
from services.matching.search import elastic_answers, elastic_requests
from services.matching.search.elastic_requests import CANDIDATE_FIELDS, POSITION_FIELDS, Json
from services.matching.search.index import FACETS, MOST_FOUND, Document, Found, Query
from services.matching.search.parsing import any_word, parse

BATCH = 200
TIMEOUT_SECONDS = 10.0
# Something newer is there already.
CONFLICT, MISSING = 409, 404
FIELDS = {"CANDIDATES": CANDIDATE_FIELDS, "POSITIONS": POSITION_FIELDS}


@dataclass(frozen=True)
class ElasticIndex:
    """`SearchIndex` behind the alias `name`. Writes go to all indexes of the alias `name`-writing: two, while one is built.

    `vectors`: whether the server knows kNN. `at_once`: what is written is found when the call
    returns; else within a second, which costs it less. Everything raises Unavailable when the server does not answer as it should.
    """

    client: AsyncElasticsearch
    name: str
    corpus: Corpus
    vectors: bool = True
    at_once: bool = False

    async def search(
        self, session: ReadSession, query: Query, wanted: Any, k: int, skip: int = 0, facets: bool = False
    ) -> Found:
        """One request, and one statement. The query's vector is not asked for."""
        counted = FACETS[self.corpus.name] if facets else {}
        found = elastic_answers.found(await self._search(_body(query, wanted, counted), k, skip))
        present = await self._present(session, wanted, [hit.id for hit in found.hits])
        return replace(found, hits=tuple(hit for hit in found.hits if hit.id in present))

    async def ranked(self, session: ReadSession, query: Query, wanted: Any, k: int) -> list[UUID]:
        ids = await self.listed(query, wanted, k)
        present = await self._present(session, wanted, ids)
        return [found for found in ids if found in present]

    async def listed(self, query: Query, wanted: Any, k: int) -> list[UUID]:
        """As the server has it. One request; with a vector two, whose orders are fused here: not every licence lets the server do so."""
        rankings = [elastic_answers.ids(await self._search(_body(query, wanted, {}), k, 0))]
        if query.vector and self.vectors:
            near = elastic_requests.nearest(query.vector, elastic_requests.filters(wanted), k)
            rankings.append(elastic_answers.ids(await self._search(near, k, 0)))
        return [UUID(found) for found in fuse(rankings)[:k]]

    async def _present(self, session: ReadSession, wanted: Any, ids: Sequence[UUID]) -> set[UUID]:
        """Who is there and meets the filter now: the server hears of changes later, and nobody must be found by whom they block."""
        among = self.corpus.id == any_(literal(list(ids), ARRAY(Uuid)))
        return set((await session.execute(select(self.corpus.id).where(among, wanted.condition()))).scalars())

    async def put(self, session: WriteSession, documents: Iterable[Document]) -> None:
        some, names = list(documents), await self._written()
        await self._bulk(operation for name in names for one in some for operation in self._put_into(name, one))

    async def remove(self, session: WriteSession, ids: Collection[UUID]) -> None:
        """With the database's time as version: what is read before it and put after it does not come back."""
        now = (
            await session.execute(text("select (extract(epoch from clock_timestamp()) * 1000000)::bigint"))
        ).scalar_one()
        names = await self._written()
        await self._bulk({"delete": _target(name, str(i), now)} for name in names for i in ids)

    async def rebuild(self, db: Database, documents: AsyncIterator[Document]) -> None:
        """Into a new index, which then takes the place of the old one. That is kept until the next time, so that who still writes to it
        does not make it anew. One at a time.
        """
        async with db.write() as session:
            await session.execute(
                text("select pg_advisory_xact_lock(hashtextextended(:name, 2711))"), {"name": self.name}
            )
            former, new = await self._written(), f"{self.name}-{uuid7().hex}"
            try:
                with _translated():
                    await self._create(new, [self.writing])
                await self._fill(new, documents)
                await self._replace(new)
            except BaseException:
                await self._drop([new])
                raise
            with _translated():
                there = (await self.client.indices.get(index=f"{self.name}-*")).body
            await self._drop(set(there) - {new, *former})

    async def refresh(self, session: WriteSession) -> None:
        """Nothing: the server counts by itself."""

    async def ensure(self) -> None:
        """Makes an empty index where there is none; of replicas that start together, one does."""
        with _translated():
            if not await self.client.indices.exists_alias(name=self.name):
                try:
                    await self._create(f"{self.name}-first", [self.name, self.writing])
                except BadRequestError as error:
                    if error.error != "resource_already_exists_exception":
                        raise

    @property
    def writing(self) -> str:
        return f"{self.name}-writing"

    async def _search(self, body: Json, k: int, skip: int) -> Mapping[str, Any]:
        if skip >= MOST_FOUND:
            k, skip = 0, 0
        with _translated():
            answer = await self.client.search(index=self.name, size=min(k, MOST_FOUND - skip), from_=skip, **body)
        found: Mapping[str, Any] = answer.body
        return found

    async def _written(self) -> list[str]:
        with _translated():
            return sorted((await self.client.indices.get_alias(name=self.writing)).body)

    async def _create(self, name: str, aliases: Sequence[str]) -> None:
        mappings = elastic_requests.mappings(FIELDS[self.corpus.name], self.vectors)
        settings, named = elastic_requests.SETTINGS, {alias: Json() for alias in aliases}
        await self.client.indices.create(index=name, settings=settings, mappings=mappings, aliases=named)

    async def _fill(self, name: str, documents: AsyncIterator[Document]) -> None:
        operations: list[Json] = []
        async for document in documents:
            operations += self._put_into(name, document)
            if len(operations) >= BATCH:
                await self._bulk(operations)
                operations = []
        await self._bulk(operations)

    async def _replace(self, new: str) -> None:
        """At once: no search sees both indexes, or none."""
        with _translated():
            await self.client.indices.refresh(index=new)
            actions: list[Json] = []
            for alias in (self.name, self.writing):
                former = set((await self.client.indices.get_alias(name=alias)).body) - {new}
                actions += [{"remove": {"index": index, "alias": alias}} for index in sorted(former)]
                actions.append({"add": {"index": new, "alias": alias}})
            await self.client.indices.update_aliases(actions=actions)

    async def _drop(self, names: Collection[str]) -> None:
        with _translated():
            for name in sorted(names):
                await self.client.indices.delete(index=name, ignore_unavailable=True)

    def _put_into(self, index: str, document: Document) -> Iterator[Json]:
        yield {"index": _target(index, str(document.id), document.version)}
        yield elastic_requests.source(document, self.vectors)

    async def _bulk(self, operations: Iterable[Json]) -> None:
        listed = list(operations)
        if not listed:
            return
        with _translated():
            answer = await self.client.bulk(operations=listed, refresh=self.at_once)
        statuses = {result["status"] for item in answer["items"] for result in item.values()}
        if any(status >= 300 for status in statuses - {CONFLICT, MISSING}):
            raise Unavailable("elasticsearch")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncElasticsearch]:
    """For as long as the block. Name and password, or `id:key` of an API key, may stand in the URL."""
    client = AsyncElasticsearch(url, node_class=HttpxAsyncHttpNode, request_timeout=TIMEOUT_SECONDS)
    try:
        yield client
    finally:
        await client.close()


def _body(query: Query, wanted: Any, counted: Mapping[str, str]) -> Json:
    asked = any_word(query.text) if query.any_word else parse(query.text)
    return elastic_requests.search(asked, elastic_requests.filters(wanted), counted)


def _target(index: str, id: str, version: int) -> Json:
    """Nothing happens where something newer is or was."""
    return {"_index": index, "_id": id, "version": version, "version_type": "external_gte"}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ApiError, TransportError) as error:
        raise Unavailable("elasticsearch") from error
