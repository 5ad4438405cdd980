"""What Elasticsearch answers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.spans import Span
from services.matching.search.elastic_requests import BEGIN, END
from services.matching.search.highlights import MOST, snippet_of, within
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
    highlights = _highlights(passages, marks, "passage_words")
    in_title = _highlights([Span(0, len(title), 0, title)], marks, "title_words")
    return Hit(UUID(source["id"]), title, _score(hit["_score"]), highlights, in_title, snippet_of(passages, highlights))


def _score(score: float | None) -> float:
    """From 0 to infinity → 0 to 1, in the same order; 1 where nothing was looked for."""
    return 1.0 if score is None else score / (score + 1)


def _facets(answer: Json) -> Iterator[Facet]:
    for field, counts in answer.get("aggregations", {}).items():
        for bucket in counts["buckets"]:
            if bucket["key"]:
                yield Facet(field, bucket["key"], bucket["doc_count"])


def _highlights(passages: Sequence[Span], marks: Json, field: str) -> tuple[Span, ...]:
    """Which passage a marked text is of the server does not say: the one with the same words."""
    marked: dict[str, set[int]] = defaultdict(set)
    for text in (*marks.get(field, ()), *marks.get(f"{field}.exact", ())):
        words = text.split()
        plain = text.replace(BEGIN, "").replace(END, "")
        marked[plain] |= {place for place, word in enumerate(words) if BEGIN in word}
    return tuple(islice((span for passage in passages for span in _spans(passage, marked)), MOST))


def _spans(passage: Span, marked: Mapping[str, set[int]]) -> Iterator[Span]:
    """Its marked words, found by their places."""
    words = list(tokens(passage.text))
    places = marked.get(" ".join(token.word for token in words), set())
    return (within(passage, words[place]) for place in sorted(places))
