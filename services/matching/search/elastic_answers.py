"""What Elasticsearch answers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.spans import Span
from services.matching.search.elastic_requests import BEGIN, END
from services.matching.search.highlights import MOST, Place, hit_of
from services.matching.search.index import Facet, Found, Hit
from services.matching.search.tokens import tokens

Json = Mapping[str, Any]


def found(answer: Json) -> Found:
    whole = answer["hits"]["total"]["value"]
    return Found(tuple(_hit(hit) for hit in answer["hits"]["hits"]), whole, tuple(_facets(answer)))


def ids(answer: Json) -> list[str]:
    return [hit["_source"]["id"] for hit in answer["hits"]["hits"]]


def _hit(hit: Json) -> Hit:
    source, marks = hit["_source"], hit.get("highlight", {})
    title = source["shown"]["title"]
    passages = codec.from_json(tuple[Span, ...], source["shown"]["passages"])
    found = _highlights(passages, marks, "passage_words")
    in_title = _highlights([Span(0, len(title), 0, title)], marks, "title_words")
    return hit_of(UUID(source["id"]), title, _score(hit["_score"]), found, in_title)


def _score(score: float | None) -> float:
    """From 0 to infinity → 0 to 1, in the same order; 1 where nothing was looked for."""
    return 1.0 if score is None else score / (score + 1)


def _facets(answer: Json) -> Iterator[Facet]:
    for field, counts in answer.get("aggregations", {}).items():
        for bucket in counts["buckets"]:
            if bucket["key"]:
                yield Facet(field, bucket["key"], bucket["doc_count"])


def _highlights(passages: Sequence[Span], marks: Json, field: str) -> Sequence[Place]:
    """Which passage a marked text is of the server does not say: the one with the same words."""
    marked: dict[str, set[int]] = defaultdict(set)
    for text in (*marks.get(field, ()), *marks.get(f"{field}.exact", ())):
        words = text.split()
        plain = text.replace(BEGIN, "").replace(END, "")
        marked[plain] |= {place for place, word in enumerate(words) if BEGIN in word}
    return tuple(islice((place for passage in passages for place in _places(passage, marked)), MOST))


def _places(passage: Span, marked: Mapping[str, set[int]]) -> Iterator[Place]:
    """Its marked words."""
    words = list(tokens(passage.text))
    found = marked.get(" ".join(token.word for token in words), set())
    return (Place(passage, words[place]) for place in sorted(found))
