"""What a search index promises, asked of each that there is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from services.ai.spans import Span
from services.kit.db import Database
from services.matching.retrieval.filters import CandidateFilter
from services.matching.retrieval.views import CANDIDATES
from services.matching.search.index import Document, Found, Query, SearchIndex
from services.matching.search.postgres import PostgresIndex
from services.matching.tables import Candidate
from tests.matching.databases import empty
from tests.matching.elastic_server import an_index

Index = SearchIndex[CandidateFilter]


def a_document(number: int, title: str, passage: str = "", **values: Any) -> Document:
    labels = values.pop("labels", ())
    columns = {"countries": [], "modes": [], "permits": [], "languages": [], "years": 3.0} | values.pop("columns", {})
    fields = {
        "version": 1,
        "skill_ids": labels,
        "labels": labels,
        "aliases": (),
        "passages": (Span(1_000, 1_000 + len(passage), 2, passage),) if passage else (),
    }
    return Document(id=UUID(int=number), title=title, columns=columns, **(fields | values))


PEOPLE = [
    a_document(1, "Python developer", "Built services in Zürich", labels=("Python", "SQL"), seniority="SENIOR"),
    a_document(2, "Warehouse clerk", "Wrote a Python script that counts boxes", columns={"countries": ["DE"]}),
    a_document(
        3, "Operations engineer", "Ran clusters", labels=("Kubernetes",), aliases=("k8s", "container orchestration")
    ),
    a_document(
        4,
        "C++ developer",
        "Wrote firmware in C",
        labels=("C++",),
        columns={"countries": ["DE", "FR"], "modes": ["REMOTE"]},
    ),
    a_document(5, "C# developer", "Wrote .NET services", labels=("C#",), columns={"years": 10.0}),
    a_document(
        6, "Nurse", "Cared for people at night, took over the ward", labels=("patient care",), seniority="SENIOR"
    ),
    a_document(7, "Data engineer", "Moved data of SQL databases into lakes, by night", labels=("SQL",)),
]


@pytest.fixture
def db(bare_database: Database) -> Database:
    return bare_database


@pytest.fixture(params=["postgres", "elasticsearch"])
async def index(request: pytest.FixtureRequest, db: Database) -> AsyncIterator[Index]:
    """With these people in it."""
    async with AsyncExitStack() as stack:
        index: Index = PostgresIndex.over(CANDIDATES)
        if request.param == "elasticsearch":
            url = request.getfixturevalue("elasticsearch_url")
            index = await stack.enter_async_context(an_index(url, CANDIDATES))
        await store(db, PEOPLE)
        await put(db, index, PEOPLE)
        yield index
    await empty(db)


async def store(db: Database, documents: Sequence[Document]) -> None:
    rows = [
        {"id": d.id, "etag": "1", "features": {}, "title": d.title, "skill_ids": list(d.skill_ids), **d.columns}
        for d in documents
    ]
    async with db.write() as session:
        await session.execute(insert(Candidate), rows)


async def put(db: Database, index: Index, documents: Sequence[Document]) -> None:
    async with db.write() as session:
        await index.put(session, documents)


async def search(db: Database, index: Index, query: str, **values: Any) -> Found:
    wanted, any_word = values.pop("wanted", CandidateFilter()), values.pop("any_word", False)
    async with db.read() as session:
        return await index.search(session, Query(query, any_word), wanted, values.pop("k", 50), **values)


async def numbers(db: Database, index: Index, query: str, **values: Any) -> list[int]:
    return [hit.id.int for hit in (await search(db, index, query, **values)).hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("python", [1, 2]),  # a title counts more than a passage
        ("PYTHON", [1, 2]),
        ("scripts", [2]),
        ("k8s", [3]),
        ("kubernetes", [3]),
        ("orchestration", [3]),
        ("zurich", [1]),
        ("ZÜRICH", [1]),
        ("c++", [4]),
        ("C#", [5]),
        (".net", [5]),
        ("python developer", [1]),
        ('"python script"', [2]),
        ('"script python"', []),
        ("python -script", [1]),
        ('python -"python script"', [1]),
        ("nurse or clerk", [2, 6]),
        ("python script OR nurse", [2, 6]),
        ("developer -c++ -python", [5]),
        ("the python", [1, 2]),
        ("cobol", []),
    ],
)
async def test_words_find_who_has_them(db: Database, index: Index, query: str, found: list[int]) -> None:
    by_hand = await numbers(db, index, query)
    assert by_hand == found if query.lower() == "python" else sorted(by_hand) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pyhton", {1, 2}),
        ("pythn", {1, 2}),
        ("kuberntes", {3}),
        ("kubernettes", {3}),
        ("nrse", {6}),
        ("wearhouse", {2}),
    ],
)
async def test_a_slip_finds_what_was_meant(db: Database, index: Index, query: str, found: set[int]) -> None:
    assert set(await numbers(db, index, query)) == found


async def test_what_is_far_from_every_word_finds_nothing(db: Database, index: Index) -> None:
    assert await numbers(db, index, "qwertyuiop") == []
    assert await numbers(db, index, "nu") == []


async def test_best_first_with_scores_from_0_to_1(db: Database, index: Index) -> None:
    for query in ("python", "developer", "nurse or night or data", ""):
        scores = [hit.score for hit in (await search(db, index, query)).hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("query", ["", "  ", "the", "-", '""', "?!"])
async def test_without_words_everybody_is_found_newest_first(db: Database, index: Index, query: str) -> None:
    assert await numbers(db, index, query) == [7, 6, 5, 4, 3, 2, 1]


async def test_of_any_words_rarer_ones_count_more(db: Database, index: Index) -> None:
    many = [a_document(100 + n, "Developer of services", version=1) for n in range(20)]
    await store(db, many)
    await put(db, index, many)
    async with db.write() as session:
        await index.refresh(session)
    found = await numbers(db, index, "developer services kubernetes", any_word=True)
    assert found[0] == 3
    assert {1, 3, 4, 5} <= set(found)


async def test_highlights_point_to_the_words(db: Database, index: Index) -> None:
    (hit,) = (await search(db, index, "scripts warehouse boxes")).hits
    passage = PEOPLE[1].passages[0]
    assert [h.text for h in hit.highlights] == ["script", "boxes"]
    for h in hit.highlights:
        assert passage.text[h.start - passage.start : h.end - passage.start] == h.text
        assert h.page == passage.page
    assert hit.title == "Warehouse clerk"
    assert hit.title_highlights == (Span(0, 9, 0, "Warehouse"),)


async def test_what_is_written_by_hand_has_words_and_no_place(db: Database, index: Index) -> None:
    """In a profile that its person wrote, which stands in no resume."""
    long = "Some words before it. " * 20 + "Kept falcons. " + "Some words after it. " * 20
    by_hand = a_document(9, "Keeper", passages=(Span(0, 0, 0, "Fed owls"), Span(0, 0, 0, long)))
    await store(db, [by_hand])
    await put(db, index, [by_hand])
    (hit,) = (await search(db, index, "falcons")).hits
    assert hit.highlights == (Span(0, 0, 0, "falcons"),)
    assert hit.snippet
    assert (hit.snippet.start, hit.snippet.end) == (0, 0)
    assert "Kept falcons" in hit.snippet.text
    assert hit.snippet.text in long
    assert 150 < len(hit.snippet.text) < 250


async def test_what_a_slip_meant_is_highlighted(db: Database, index: Index) -> None:
    hits = (await search(db, index, "pyhton")).hits
    assert {h.text for hit in hits for h in (*hit.highlights, *hit.title_highlights)} == {"Python"}


async def test_facets_count_all_that_was_found(db: Database, index: Index) -> None:
    found = await search(db, index, "developer or clerk or nurse", k=1, facets=True)
    assert (len(found.hits), found.count) == (1, 5)
    counts = {(facet.field, facet.value): facet.count for facet in found.facets}
    assert counts == {
        ("skill", "C#"): 1,
        ("skill", "C++"): 1,
        ("skill", "Python"): 1,
        ("skill", "SQL"): 1,
        ("skill", "patient care"): 1,
        ("country", "DE"): 2,
        ("country", "FR"): 1,
        ("work_mode", "REMOTE"): 1,
        ("seniority", "SENIOR"): 2,
    }
    assert (await search(db, index, "developer")).facets == ()


async def test_pages_follow_each_other(db: Database, index: Index) -> None:
    for query in ("developer or clerk or nurse or night", ""):
        whole = await numbers(db, index, query)
        pages = [await numbers(db, index, query, k=2, skip=skip) for skip in range(0, 8, 2)]
        assert [number for page in pages for number in page] == whole
        async with db.read() as session:
            ranked = await index.ranked(session, Query(query), CandidateFilter(), 3)
        assert [i.int for i in ranked] == whole[:3]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CandidateFilter(country="DE"), [1, 2, 3, 4, 5, 6, 7]),
        (CandidateFilter(country="PL"), [1, 3, 5, 6, 7]),
        (CandidateFilter(mode="ONSITE"), [1, 2, 3, 5, 6, 7]),
        (CandidateFilter(skills=(frozenset({"SQL"}), frozenset({"Python", "C#"}))), [1]),
        (CandidateFilter(years=5), [5]),
        (CandidateFilter(excluded=frozenset({UUID(int=1), UUID(int=9)})), [2, 3, 4, 5, 6, 7]),
    ],
)
async def test_a_filter_leaves_people_out(
    db: Database, index: Index, wanted: CandidateFilter, found: list[int]
) -> None:
    assert sorted(await numbers(db, index, "", wanted=wanted)) == found
    assert await numbers(db, index, "python", wanted=wanted) == [n for n in (1, 2) if n in found]


async def test_what_is_put_again_is_found_as_it_is_now(db: Database, index: Index) -> None:
    await put(db, index, [a_document(1, "Gardener", version=2)])
    assert await numbers(db, index, "python") == [2]
    assert await numbers(db, index, "gardener") == [1]
    await put(db, index, [a_document(1, "Gardener", version=2)])
    assert await numbers(db, index, "gardener") == [1]


async def test_an_older_one_is_not_put_in_place_of_a_newer(db: Database, index: Index) -> None:
    await put(db, index, [a_document(1, "Gardener", version=0)])
    assert await numbers(db, index, "gardener") == []
    assert await numbers(db, index, "python") == [1, 2]


async def test_who_is_removed_is_not_found(db: Database, index: Index) -> None:
    for _ in range(2):
        async with db.write() as session:
            await index.remove(session, [UUID(int=1), UUID(int=99)])
        assert await numbers(db, index, "python") == [2]


async def test_a_rebuilt_index_keeps_what_was_put_and_removed_meanwhile(db: Database, index: Index) -> None:
    read, go_on = asyncio.Event(), asyncio.Event()

    async def documents() -> AsyncIterator[Document]:
        for document in [a_document(1, "Shepherd", version=2), *PEOPLE[1:]]:
            yield document
        read.set()
        await go_on.wait()

    rebuilding = asyncio.create_task(index.rebuild(db, documents()))
    await read.wait()
    assert await numbers(db, index, "nurse") == [6]
    await put(db, index, [a_document(2, "Gardener", version=2)])
    async with db.write() as session:
        await session.execute(text("delete from matching.candidates where id = :id"), {"id": UUID(int=3)})
        await index.remove(session, [UUID(int=3)])
    go_on.set()
    await rebuilding
    assert await numbers(db, index, "shepherd") == [1]
    assert await numbers(db, index, "gardener") == [2]
    assert await numbers(db, index, "clerk") == []
    assert await numbers(db, index, "kubernetes") == []
    assert sorted(await numbers(db, index, "")) == [1, 2, 4, 5, 6, 7]
    assert (await search(db, index, "")).count == 6


@pytest.mark.parametrize(
    "query",
    [
        "'", '"', "\\", "(((", "a & | !", "python:*", "<->", "or or or", "-or", "- -", "🙂", "履歴書", "python\x00", "%_%",
        "'; drop table x", "x" * 1_000, "a " * 500, '-"', "!python", "ﬁ", "*", "python~2", "title:python", "[1 TO 2]",
    ],
)  # fmt: skip
async def test_no_query_is_an_error(db: Database, index: Index, query: str) -> None:
    await search(db, index, query, facets=True)
    await search(db, index, query, any_word=True)
