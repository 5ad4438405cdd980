"""Searches as they are asked for: pages, filters, and whom one does not find."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.type.v1.work_pb2 import WORK_MODE_REMOTE
from sqlalchemy import insert, text

from services.ai import codec
from services.ai.credentials import EducationLevel
from services.ai.matching.features import (
    CandidateFeatures,
    Passage,
    PositionFeatures,
    Proof,
    Requirement,
    RequirementKind,
    Seniority,
    SkillFact,
)
from services.ai.skills import load
from services.ai.spans import Span
from services.kit.auth import Caller
from services.kit.db import Database
from services.kit.errors import InvalidArgument
from services.matching import search_wire
from services.matching.retrieval.filters import CandidateFilter
from services.matching.retrieval.views import CANDIDATES, POSITIONS
from services.matching.search.documents import candidate_document, position_document
from services.matching.search.index import Query
from services.matching.search.opening import Indexes, open_indexes, rebuild, refresh
from services.matching.search.postgres import PostgresIndex
from services.matching.tables import Candidate, Member, Position
from tests.matching.databases import empty

KEY = "k" * 32
ACME, OTHER = UUID(int=900), UUID(int=901)
RECRUITER, STRANGER = Caller(UUID(int=800)), Caller(UUID(int=801))
INDEXES = PostgresIndex.over(CANDIDATES), PostgresIndex.over(POSITIONS)


async def a_person(db: Database, number: int, title: str, work: str, **values: Any) -> None:
    """With one passage at 500 of the resume."""
    skill = load().find("Kubernetes")
    assert skill
    facts = (SkillFact(skill.id, skill.label, Proof.USED, (), ()),)
    passages = (Passage(Span(500, 500 + len(work), 1, work), b""),)
    features = CandidateFeatures(
        facts, (), EducationLevel.UNKNOWN, None, (), (), seniority=Seniority.SENIOR, passages=passages
    )
    async with db.write() as session:
        kept = codec.to_json(features)
        row = Candidate(id=UUID(int=number), etag="1", features=kept, title=title, skill_ids=[skill.id], **values)
        session.add(row)
        await session.flush()
        await session.refresh(row)
        await INDEXES[0].put(session, [candidate_document(row, features, load())])


async def an_opening(db: Database, number: int, title: str, description: str, **values: Any) -> None:
    fields = {"organization_id": ACME, "organization_name": "ACME GmbH", "state": "OPEN", "work_mode": "ONSITE"}
    skill = load().find("Kubernetes")
    assert skill
    asked = Requirement("1", RequirementKind.SKILL, "Kubernetes, 3 years", True, None, skill_id=skill.id)
    async with db.write() as session:
        features = PositionFeatures((asked,), ())
        fields |= {"etag": "1", "title": title, "description": description, "features": codec.to_json(features)}
        row = Position(id=UUID(int=number), **(fields | values))
        session.add(row)
        await session.flush()
        await session.refresh(row)
        await INDEXES[1].put(session, [position_document(row, features, load())])


@pytest.fixture(scope="module")
async def db(bare_database: Database) -> AsyncIterator[Database]:
    db = bare_database
    await a_person(db, 1, "Backend developer", "Wrote services for banks")
    await a_person(db, 2, "Backend engineer", "Wrote services for hospitals", countries=["DE"])
    await a_person(db, 3, "Data engineer", "Wrote reports for banks", blocked_employers=["acme gmbh"])
    await an_opening(db, 11, "Backend developer", "We build software for banks.", country="DE", seniority="SENIOR")
    await an_opening(db, 12, "Data engineer", "Move data.", country="FR", work_mode="REMOTE", organization_name="Other")
    await an_opening(db, 13, "Backend developer", "Closed.", state="CLOSED")
    async with db.write() as session:
        await session.execute(insert(Member).values(organization_id=ACME, account_id=RECRUITER.account_id))
    yield db
    await empty(db)


async def candidates(db: Database, caller: Caller = RECRUITER, **fields: Any) -> pb.SearchCandidatesResponse:
    return await search_wire.candidates(db, INDEXES[0], KEY, caller, pb.SearchCandidatesRequest(**fields))


async def positions(db: Database, caller: Caller = STRANGER, **fields: Any) -> pb.SearchPositionsResponse:
    return await search_wire.positions(db, INDEXES[1], KEY, caller, pb.SearchPositionsRequest(**fields))


def numbers(response: Any) -> list[int]:
    return [UUID(hit.id).int for hit in response.hits]


async def test_who_blocks_an_organization_of_the_caller_is_not_found(db: Database) -> None:
    assert numbers(await candidates(db, RECRUITER, query="engineer")) == [2]
    assert numbers(await candidates(db, STRANGER, query="engineer")) == [2, 3]
    assert {(f.field, f.value): f.count for f in (await candidates(db)).facets}["seniority", "SENIOR"] == 2


async def test_a_hit_says_what_and_where(db: Database) -> None:
    (hit,) = (await candidates(db, query="hospitals")).hits
    assert (hit.id, hit.title) == (str(UUID(int=2)), "Backend engineer")
    assert 0 < hit.score <= 1
    assert [(h.start, h.end, h.page, h.text) for h in hit.highlights] == [(519, 528, 1, "hospitals")]


async def test_other_names_of_a_skill_find_who_has_it(db: Database) -> None:
    assert set(numbers(await candidates(db, STRANGER, query="k8s"))) == {1, 2, 3}


async def test_skills_and_country_narrow_a_search(db: Database) -> None:
    kubernetes = load().find("Kubernetes")
    assert kubernetes
    assert numbers(await candidates(db, query="backend", skill_ids=[kubernetes.id])) == [1, 2]
    assert numbers(await candidates(db, query="backend", skill_ids=[kubernetes.id, "no skill"])) == []
    assert numbers(await candidates(db, query="backend", country_code="FR")) == [1]


async def test_only_open_positions_are_found(db: Database) -> None:
    assert numbers(await positions(db, query="developer")) == [11]
    assert numbers(await positions(db)) == [12, 11]
    assert numbers(await positions(db, country_code="DE")) == [11]
    assert numbers(await positions(db, work_mode=WORK_MODE_REMOTE)) == [12]


async def test_facets_of_positions_come_with_the_first_page(db: Database) -> None:
    first = await positions(db, page_size=1)
    counts = {(f.field, f.value): f.count for f in first.facets}
    assert counts["country", "DE"] == counts["country", "FR"] == counts["work_mode", "REMOTE"] == 1
    assert max(count for (field, _), count in counts.items() if field == "skill") == 2
    second = await positions(db, page_size=1, page_token=first.next_page_token)
    assert (numbers(first), numbers(second)) == ([12], [11])
    assert (len(second.facets), second.next_page_token) == (0, "")


@pytest.mark.parametrize(
    "change", [{"query": "data"}, {"country_code": "FR"}, {"skill_ids": ["1"]}, {"work_mode": WORK_MODE_REMOTE}]
)
async def test_a_page_token_only_continues_its_own_search(db: Database, change: dict[str, Any]) -> None:
    token = (await positions(db, page_size=1)).next_page_token
    with pytest.raises(InvalidArgument):
        await positions(db, page_token=token, **change)
    with pytest.raises(InvalidArgument):
        await positions(db, RECRUITER, page_token=token)
    with pytest.raises(InvalidArgument):
        await candidates(db, STRANGER, page_token=token)
    assert numbers(await positions(db, page_size=1, page_token=token)) == [11]


async def test_a_snippet_is_around_the_first_highlight(db: Database) -> None:
    long = "Some words before it. " * 20 + "Kept falcons. " + "Some words after it. " * 20
    await a_person(db, 4, "Falconer", long)
    async with db.write() as session:
        (hit,) = (await INDEXES[0].search(session, Query("falcons"), CandidateFilter(), 5)).hits
        assert hit.snippet
        assert long[hit.snippet.start - 500 : hit.snippet.end - 500] == hit.snippet.text
        assert hit.snippet.start <= hit.highlights[0].start < hit.highlights[0].end <= hit.snippet.end
        assert 150 < len(hit.snippet.text) < 250
        await session.execute(text("delete from matching.candidates where id = :id"), {"id": UUID(int=4)})


async def test_an_index_is_built_anew_from_what_the_database_has(db: Database) -> None:
    async with open_indexes() as indexes:
        assert isinstance(indexes, Indexes)
        async with db.write() as session:
            await indexes.candidates.remove(session, [UUID(int=n) for n in (1, 2, 3)])
            await indexes.positions.remove(session, [UUID(int=n) for n in (11, 12, 13)])
        assert numbers(await candidates(db)) == numbers(await positions(db)) == []
        await rebuild(db, indexes, load())
        assert numbers(await candidates(db)) == [2, 1]
        assert numbers(await positions(db)) == [12, 11]


async def test_every_night_words_are_counted_and_those_that_nobody_uses_forgotten(db: Database) -> None:
    await a_person(db, 5, "Zookeeper", "Fed the okapis")

    async def known(word: str) -> int | None:
        query = text("select count from matching.words where corpus = 'CANDIDATES' and word = :word")
        async with db.read() as session:
            return (await session.execute(query, {"word": word})).scalar_one_or_none()

    async with open_indexes() as indexes:
        await refresh(db, indexes)
        assert (await known("okapis"), await known("services")) == (1, 2)
        async with db.write() as session:
            await session.execute(text("delete from matching.candidates where id = :id"), {"id": UUID(int=5)})
        await refresh(db, indexes)
    assert (await known("okapis"), await known("services")) == (None, 2)
    kubernetes = load().find("Kubernetes")
    assert kubernetes
    count = text("select count from matching.skill_counts where corpus = 'CANDIDATES' and skill_id = :skill")
    async with db.read() as session:
        assert (await session.execute(count, {"skill": kubernetes.id})).scalar_one() == 3
