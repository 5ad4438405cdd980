"""An Elasticsearch to test against: osmem-server, which understands the part of the language that is asked here, all but kNN."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from elastic_transport import HttpHeaders, HttpxAsyncHttpNode
from elasticsearch import AsyncElasticsearch

from services.matching.retrieval.views import Corpus
from services.matching.search.elastic import ElasticIndex


class PlainNode(HttpxAsyncHttpNode):
    """Says `application/json` where the client names a type of its own that this server does not know."""

    async def perform_request(  # type: ignore[override]
        self, method: str, target: str, body: bytes | None = None, headers: Any = None, request_timeout: Any = None
    ) -> Any:
        plain = {
            name: value.replace("vnd.elasticsearch+", "").partition(";")[0] for name, value in (headers or {}).items()
        }
        return await super().perform_request(method, target, body, HttpHeaders(plain), request_timeout)


@asynccontextmanager
async def an_index(url: str, corpus: Corpus) -> AsyncIterator[ElasticIndex]:
    """An empty one."""
    async with AsyncElasticsearch(url, node_class=PlainNode) as client:
        index = ElasticIndex(client, f"test-{uuid4().hex}", corpus, vectors=False, at_once=True)
        await index.ensure()
        yield index
