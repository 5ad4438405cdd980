"""What Elasticsearch is told and asked."""

from collections.abc import Collection, Iterable, Mapping
from functools import singledispatch
from typing import Any

from services.ai import codec
from services.ai.embedding import DIMENSIONS, Vector
from services.matching.retrieval.filters import REMOTE, CandidateFilter, PositionFilter, fold
from services.matching.search.index import Document
from services.matching.search.parsing import Asked, Term, terms
from services.matching.search.tokens import tokens

Json = dict[str, Any]

# Marks that no word has, around what is highlighted.
BEGIN, END = "<", ">"
# What is searched: our own words of each text, so that every server has the same; `.exact` is without stems, for slips of letters. As in
# PostgreSQL: title, skills, other names of these, passages.
WEIGHTS = {"title_words": 1.0, "label_words": 0.4, "alias_words": 0.2, "passage_words": 0.1}
STEMMED = [f"{name}^{weight}" for name, weight in WEIGHTS.items()]
# What was meant counts less than what was said.
EXACT = [f"{name}.exact^{weight / 2}" for name, weight in WEIGHTS.items()]
HIGHLIGHTED = ("title_words", "passage_words")
# Words that say nothing, as Lucene has them.
_STOP = """
    a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with
"""
STOP = frozenset(_STOP.split())
MOST_VALUES = 20
# How many neighbours are looked at for each that is wanted.
NEIGHBOURS = 10

KEYWORD: Json = {"type": "keyword"}
STORED: Json = {"type": "object", "enabled": False}
WORDS: Json = {"type": "text", "analyzer": "stems", "fields": {"exact": {"type": "text", "analyzer": "whitespace"}}}
SETTINGS: Json = {
    "number_of_shards": 1,
    # So long it is known who was removed: building an index anew must not bring them back.
    "gc_deletes": "24h",
    "analysis": {
        "filter": {"english": {"type": "stemmer", "language": "english"}},
        "analyzer": {"stems": {"type": "custom", "tokenizer": "whitespace", "filter": ["english"]}},
    },
}
CANDIDATE_FIELDS: Json = {
    **dict.fromkeys(("languages", "countries", "permits", "modes", "blocked_employers"), KEYWORD),
    "education_level": {"type": "integer"},
    "years": {"type": "double"},
    "available": {"type": "date"},
}
POSITION_FIELDS: Json = dict.fromkeys(("state", "country", "work_mode", "employer"), KEYWORD)


def mappings(fields: Json, vectors: bool) -> Json:
    """Of an index whose documents have these fields beside those that all have."""
    properties = fields | dict.fromkeys(WEIGHTS, WORDS) | dict.fromkeys(("id", "skill_ids", "seniority"), KEYWORD)
    properties["shown"] = STORED
    if vectors:
        properties["vector"] = {"type": "dense_vector", "dims": DIMENSIONS, "index": True, "similarity": "dot_product"}
    return {"dynamic": "strict", "properties": properties}


def source(document: Document, vectors: bool) -> Json:
    """A document as it is stored."""
    columns = {name: value for name, value in document.columns.items() if name != "organization_name"}
    if name := document.columns.get("organization_name"):
        columns["employer"] = fold(name)
    made = {
        "id": str(document.id),
        "title_words": _plain(document.title),
        "label_words": [_plain(label) for label in document.labels],
        "alias_words": [_plain(alias) for alias in document.aliases],
        "passage_words": [_plain(passage.text) for passage in document.passages],
        "shown": {"title": document.title, "passages": codec.to_json(document.passages)},
        "skill_ids": list(document.skill_ids),
        "seniority": document.seniority,
    }
    # The server refuses a vector without length.
    vector = {"vector": list(document.vector)} if vectors and any(document.vector) else {}
    return (
        made
        | vector
        | {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in columns.items()}
    )


def search(asked: Asked, filters: list[Json], facets: Mapping[str, str]) -> Json:
    """Best first, or newest first where nothing is looked for; `facets`: the fields to count by, by their names in the contract."""
    ways = [way for way in ([t for t in way if _says_something(t)] for way in asked) if way]
    query: Json = {"bool": {"filter": filters}}
    if ways:
        query["bool"] |= {"should": [_all_of(way) for way in ways], "minimum_should_match": 1}
    looked_for = any(terms(tuple(tuple(way) for way in ways)))
    body: Json = {
        "query": query,
        "sort": [{"_score": "desc"}, {"id": "asc"}] if looked_for else [{"id": "desc"}],
        "track_total_hits": True,
        "_source": ["id", "shown"],
        "highlight": {
            "pre_tags": [BEGIN],
            "post_tags": [END],
            "number_of_fragments": 0,
            "fields": {field: {} for name in HIGHLIGHTED for field in (name, f"{name}.exact")},
        },
    }
    if facets:
        body["aggs"] = {name: {"terms": {"field": field, "size": MOST_VALUES}} for name, field in facets.items()}
    return body


def _plain(text: str) -> str:
    return " ".join(token.word for token in tokens(text))


def nearest(vector: Vector, filters: list[Json], k: int) -> Json:
    knn = {"field": "vector", "query_vector": list(vector), "k": k, "num_candidates": min(NEIGHBOURS * k, 10_000)}
    return {"knn": knn | {"filter": filters}, "_source": ["id"]}


def _all_of(way: Iterable[Term]) -> Json:
    parts: dict[str, list[Json]] = {"must": [], "must_not": []}
    for term in way:
        parts["must_not" if term.excluded else "must"].append(_term(term))
    return {"bool": parts}


def _term(term: Term) -> Json:
    words = " ".join(term.words)
    if len(term.words) > 1:
        return {"multi_match": {"query": words, "fields": STEMMED, "type": "phrase"}}
    said: Json = {"multi_match": {"query": words, "fields": STEMMED}}
    # What is not wanted is meant as it is written.
    if term.excluded:
        return said
    return _any_of(said, {"multi_match": {"query": words, "fields": EXACT, "fuzziness": "AUTO", "prefix_length": 1}})


def _says_something(term: Term) -> bool:
    return not STOP.issuperset(term.words)


@singledispatch
def filters(wanted: object) -> list[Json]:
    """What `wanted.condition()` says to PostgreSQL. Raises TypeError for what is no filter."""
    raise TypeError(f"{type(wanted).__name__} is no filter")


@filters.register
def _(wanted: CandidateFilter) -> list[Json]:
    parts = [_among("skill_ids", group) for group in wanted.skills]
    parts += [_among("languages", [name]) for name in sorted(wanted.languages)]
    for field, least in (("years", wanted.years), ("education_level", int(wanted.education))):
        if least:
            parts.append({"range": {field: {"gte": least}}})
    for field, value in (("countries", wanted.country), ("permits", wanted.permit), ("modes", wanted.mode)):
        if value:
            parts.append(_any_of(_missing(field), _among(field, [value])))
    if wanted.available:
        parts.append(_any_of(_missing("available"), {"range": {"available": {"lte": wanted.available.isoformat()}}}))
    if wanted.employers:
        parts.append(_none_of(_among("blocked_employers", wanted.employers)))
    return parts + _excluded(wanted.excluded)


@filters.register
def _(wanted: PositionFilter) -> list[Json]:
    parts = [_among("state", ["OPEN"])]
    parts += [_among("skill_ids", group) for group in wanted.skills]
    for countries in (wanted.countries, wanted.permits):
        if countries:
            parts.append(_any_of(_among("work_mode", [REMOTE]), _among("country", {"", *countries})))
    if wanted.modes:
        parts.append(_among("work_mode", {"", *wanted.modes}))
    for field, value in (("country", wanted.country), ("work_mode", wanted.mode)):
        if value:
            parts.append(_among(field, [value]))
    if wanted.blocked:
        parts.append(_none_of(_among("employer", wanted.blocked)))
    return parts + _excluded(wanted.excluded)


def _excluded(ids: Collection[Any]) -> list[Json]:
    return [_none_of(_among("id", [str(i) for i in ids]))] if ids else []


def _among(field: str, values: Collection[str]) -> Json:
    return {"terms": {field: sorted(values)}}


def _missing(field: str) -> Json:
    return _none_of({"exists": {"field": field}})


def _any_of(*parts: Json) -> Json:
    return {"bool": {"should": list(parts), "minimum_should_match": 1}}


def _none_of(part: Json) -> Json:
    return {"bool": {"must_not": [part]}}
