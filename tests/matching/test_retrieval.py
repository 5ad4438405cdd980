"""Finding who is worth scoring: exact where few are left, near enough where many are, and nobody whom a filter leaves out."""

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import insert, select, text

from services.ai.credentials import EducationLevel
from services.kit.db import Database, ReadSession
from services.matching.retrieval import dense, skills
from services.matching.retrieval.dense import nearest
from services.matching.retrieval.filters import CandidateFilter, PositionFilter, fold, folded
from services.matching.retrieval.skills import best_skilled, rarity, refresh_counts
from services.matching.retrieval.views import CANDIDATES, POSITIONS
from services.matching.tables import Candidate, CandidateVector, Position, PositionVector
from tests.matching.databases import empty

PEOPLE, OPENINGS, K = 600, 200, 100
SKILLS = [f"skill/{n}" for n in range(30)]
COUNTRIES, MODES, LANGUAGES = ["DE", "FR", "PL"], ["ONSITE", "HYBRID", "REMOTE"], ["german", "french", "polish"]
EMPLOYERS = ["acme gmbh", "straße & söhne", "initech"]
DAYS = [None, date(2026, 1, 1), date(2026, 6, 1)]

Row = dict[str, Any]


def some(random: random.Random, values: Sequence[str], most: int = 2) -> list[str]:
    return sorted(random.sample(values, random.randint(0, most)))


def a_person(random: random.Random, number: int) -> Row:
    return {
        "id": UUID(int=number),
        "etag": "1",
        "features": {},
        # The first skills are common, the last are rare.
        "skill_ids": [s for place, s in enumerate(SKILLS, 1) if random.random() < 1 / place],
        "languages": some(random, LANGUAGES),
        "education_level": random.randint(0, 5),
        "years": float(random.randint(0, 20)),
        "countries": some(random, COUNTRIES),
        "permits": some(random, COUNTRIES),
        "modes": some(random, MODES),
        "available": random.choice(DAYS),
        "blocked_employers": some(random, EMPLOYERS),
    }


def a_position(random: random.Random, number: int) -> Row:
    return {
        "id": UUID(int=number),
        "organization_id": UUID(int=1),
        "organization_name": random.choice(["ACME  GmbH", "Straße & Söhne ", "Initech", ""]),
        "etag": "1",
        "state": random.choice(["OPEN", "OPEN", "CLOSED"]),
        "title": "A position",
        "description": "",
        "country": random.choice([*COUNTRIES, ""]),
        "work_mode": random.choice([*MODES, ""]),
    }


def vectors(count: int, seed: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    found = np.random.default_rng(seed).standard_normal((count, dense.DIMENSIONS)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


VECTORS = vectors(PEOPLE, 1)
QUERY = tuple(vectors(1, 2)[0].tolist())


@pytest.fixture(scope="module")
def people() -> list[Row]:
    chance = random.Random(1)
    return [a_person(chance, number) for number in range(PEOPLE)]


@pytest.fixture(scope="module")
def openings() -> list[Row]:
    chance = random.Random(2)
    return [a_position(chance, number) for number in range(OPENINGS)]


@pytest.fixture(scope="module")
async def db(bare_database: Database, people: list[Row], openings: list[Row]) -> AsyncIterator[Database]:
    async with bare_database.write() as session:
        await session.execute(insert(Candidate), people)
        rows = [{"candidate_id": p["id"], "vector": v} for p, v in zip(people, VECTORS.tolist(), strict=True)]
        await session.execute(insert(CandidateVector), rows)
        await session.execute(insert(Position), openings)
        rows = [{"position_id": p["id"], "vector": v} for p, v in zip(openings, VECTORS.tolist(), strict=False)]
        await session.execute(insert(PositionVector), rows)
    yield bare_database
    await empty(bare_database)


@pytest.fixture
async def session(db: Database) -> AsyncIterator[ReadSession]:
    async with db.snapshot() as session:
        yield session


def meets(person: Row, wanted: CandidateFilter) -> bool:
    """The filter in plain words."""
    return (
        all(group & set(person["skill_ids"]) for group in wanted.skills)
        and person["years"] >= wanted.years
        and person["education_level"] >= wanted.education
        and wanted.languages <= set(person["languages"])
        and all(
            not (value and person[column]) or value in person[column]
            for column, value in (("countries", wanted.country), ("permits", wanted.permit), ("modes", wanted.mode))
        )
        and not (wanted.available and person["available"] and person["available"] > wanted.available)
        and not wanted.employers & set(person["blocked_employers"])
        and person["id"] not in wanted.excluded
    )


def suits(position: Row, wanted: PositionFilter) -> bool:
    remote = position["work_mode"] == "REMOTE"
    places = (wanted.countries, wanted.permits)
    return (
        position["state"] == "OPEN"
        and all(not c or remote or position["country"] in {"", *c} for c in places)
        and (not wanted.modes or position["work_mode"] in {"", *wanted.modes})
        and wanted.country in {"", position["country"]}
        and wanted.mode in {"", position["work_mode"]}
        and fold(position["organization_name"]) not in wanted.blocked
        and position["id"] not in wanted.excluded
    )


def a_filter(chance: random.Random) -> CandidateFilter:
    def now_and_then(value: Any, otherwise: Any) -> Any:
        return value if chance.random() < 0.3 else otherwise

    return CandidateFilter(
        skills=now_and_then((frozenset(chance.sample(SKILLS[:8], 2)), frozenset(chance.sample(SKILLS[:8], 3))), ()),
        years=now_and_then(chance.randint(1, 10), 0),
        education=now_and_then(EducationLevel(chance.randint(1, 3)), EducationLevel.UNKNOWN),
        languages=now_and_then(frozenset(some(chance, LANGUAGES)), frozenset()),
        country=now_and_then("DE", ""),
        permit=now_and_then("FR", ""),
        mode=now_and_then("HYBRID", ""),
        available=now_and_then(date(2026, 3, 1), None),
        employers=now_and_then(frozenset(some(chance, EMPLOYERS)), frozenset()),
        excluded=now_and_then(frozenset(UUID(int=chance.randrange(PEOPLE)) for _ in range(200)), frozenset()),
    )


def a_position_filter(chance: random.Random) -> PositionFilter:
    return PositionFilter(
        countries=frozenset(some(chance, COUNTRIES)),
        permits=frozenset(some(chance, COUNTRIES)),
        modes=frozenset(some(chance, MODES)),
        blocked=frozenset(some(chance, EMPLOYERS)),
        mode=chance.choice(["", "", "", "HYBRID"]),
        country=chance.choice(["", "", "DE"]),
        excluded=frozenset(UUID(int=chance.randrange(OPENINGS)) for _ in range(chance.choice([0, 50]))),
    )


def chances() -> Iterator[random.Random]:
    yield from (random.Random(seed) for seed in range(40))


async def test_a_filter_leaves_whom_its_words_say(session: ReadSession, people: list[Row]) -> None:
    kept = 0
    for chance in chances():
        wanted = a_filter(chance)
        found = set((await session.execute(select(CANDIDATES.id).where(wanted.condition()))).scalars())
        assert found == {p["id"] for p in people if meets(p, wanted)}, wanted
        kept += bool(found)
    assert kept > 25


async def test_a_filter_of_positions_leaves_what_its_words_say(session: ReadSession, openings: list[Row]) -> None:
    kept = 0
    for chance in chances():
        wanted = a_position_filter(chance)
        found = set((await session.execute(select(POSITIONS.id).where(wanted.condition()))).scalars())
        assert found == {p["id"] for p in openings if suits(p, wanted)}, wanted
        kept += bool(found)
    assert kept > 25


@pytest.mark.parametrize("name", ["Straße & Söhne", "STRASSE", "İstanbul A.Ş.", "ΑΣ ΟΔΟΣ", "ﬁne  ＆\tCo", " a b "])
async def test_postgresql_folds_names_as_we_do(session: ReadSession, name: str) -> None:
    assert (await session.execute(select(folded(name)))).scalar_one() == fold(name)


def by_hand(people: list[Row], wanted: CandidateFilter, k: int) -> list[UUID]:
    """Nearest first, from numbers as the database keeps them."""
    kept = [p["id"] for p in people if meets(p, wanted)]
    near = VECTORS.astype(np.float16).astype(np.float64) @ np.array(QUERY, np.float16).astype(np.float64)
    return sorted(kept, key=lambda i: (-near[i.int], i))[:k]


async def test_few_are_looked_at_one_by_one(session: ReadSession, people: list[Row]) -> None:
    for chance in chances():
        wanted = a_filter(chance)
        assert await nearest(session, CANDIDATES, QUERY, wanted.condition(), K) == by_hand(people, wanted, K)


async def test_of_many_the_index_finds_nearly_all_and_never_fewer(session: ReadSession, people: list[Row]) -> None:
    hits = expected = 0
    for chance in chances():
        wanted = a_filter(chance)
        found = await nearest(session, CANDIDATES, QUERY, wanted.condition(), 10, few=20)
        best = by_hand(people, wanted, 10)
        assert len(found) == len(set(found)) == len(best)
        hits, expected = hits + len(set(found) & set(best)), expected + len(best)
    assert hits >= 0.99 * expected


async def test_when_the_index_stops_too_early_all_are_looked_at(
    session: ReadSession, people: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(dense.INDEX, "hnsw.iterative_scan", "off")
    monkeypatch.setitem(dense.INDEX, "hnsw.ef_search", "10")
    wanted = CandidateFilter(years=10)
    assert await nearest(session, CANDIDATES, QUERY, wanted.condition(), 50, few=50) == by_hand(people, wanted, 50)


async def test_many_go_through_the_index_and_few_do_not(session: ReadSession) -> None:
    async def index_scans() -> int:
        await session.execute(text("select pg_stat_clear_snapshot()"))
        name = "matching.ix_candidate_vectors_hnsw"
        return int(
            (
                await session.execute(text("select pg_stat_get_xact_numscans(cast(:name as regclass))"), {"name": name})
            ).scalar_one()
        )

    before = await index_scans()
    await nearest(session, CANDIDATES, QUERY, CandidateFilter().condition(), 10, few=PEOPLE)
    assert await index_scans() == before
    await nearest(session, CANDIDATES, QUERY, CandidateFilter().condition(), 10, few=PEOPLE - 1)
    assert await index_scans() > before


async def test_equally_near_ones_come_in_order_of_their_ids(db: Database) -> None:
    async with db.write() as session:
        same = [UUID(int=10_000 + number) for number in (3, 1, 2)]
        rows = [{"id": i, "etag": "1", "features": {}, "skill_ids": ["same"]} for i in same]
        await session.execute(insert(Candidate), rows)
        await session.execute(insert(CandidateVector), [{"candidate_id": i, "vector": list(QUERY)} for i in same])
        wanted = CandidateFilter(skills=(frozenset({"same"}),)).condition()
        assert await nearest(session, CANDIDATES, QUERY, wanted, 10) == sorted(same)
        assert await nearest(session, CANDIDATES, QUERY, wanted, 2, few=2) == sorted(same)[:2]
        await session.rollback()


@pytest.mark.parametrize("k", [0, 21])
async def test_more_than_are_looked_at_one_by_one_cannot_be_asked_for(session: ReadSession, k: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        await nearest(session, CANDIDATES, QUERY, CandidateFilter().condition(), k, few=20)


async def test_positions_near_a_person_are_open_ones(session: ReadSession, openings: list[Row]) -> None:
    found = await nearest(session, POSITIONS, QUERY, PositionFilter().condition(), OPENINGS)
    assert set(found) == {p["id"] for p in openings if p["state"] == "OPEN"}
    assert await nearest(
        session, POSITIONS, tuple(VECTORS[found[7].int].tolist()), PositionFilter().condition(), 1
    ) == [found[7]]


async def test_a_rare_skill_counts_more_than_several_common_ones(db: Database, people: list[Row]) -> None:
    asked = {SKILLS[0]: 1.0, SKILLS[1]: 1.0, SKILLS[-1]: 1.0}
    condition = CandidateFilter().condition()
    async with db.write() as session:
        await refresh_counts(session, CANDIDATES)
        await refresh_counts(session, CANDIDATES)
        found = await best_skilled(session, CANDIDATES, asked, condition, PEOPLE)
        await session.rollback()
    counts = {s: sum(s in p["skill_ids"] for p in people) for s in asked}
    weight = {p["id"]: sum(rarity(counts[s], PEOPLE) for s in asked if s in p["skill_ids"]) for p in people}
    assert found == sorted((i for i, w in weight.items() if w > 0), key=lambda i: (-weight[i], i))
    rare, common = {p["id"] for p in people if SKILLS[-1] in p["skill_ids"]}, set(asked) - {SKILLS[-1]}
    others = {p["id"] for p in people if common <= set(p["skill_ids"])} - rare
    assert others
    assert max(map(found.index, rare)) < min(map(found.index, others))


def test_what_fewer_have_is_rarer() -> None:
    assert rarity(0, 100) > rarity(1, 100) > rarity(50, 100) > rarity(100, 100) > 0
    assert rarity(7, 0) > 0


async def test_who_has_only_common_skills_is_found_when_too_few_have_rare_ones(
    db: Database, people: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {SKILLS[0]: 1.0, SKILLS[-1]: 1.0}
    rare = {p["id"] for p in people if SKILLS[-1] in p["skill_ids"]}
    async with db.write() as session:
        await refresh_counts(session, CANDIDATES)
        monkeypatch.setattr(skills, "MOST_WEIGHED", len(rare) + 1)
        few = await best_skilled(session, CANDIDATES, asked, CandidateFilter().condition(), len(rare))
        more = await best_skilled(session, CANDIDATES, asked, CandidateFilter().condition(), len(rare) + 1)
        await session.rollback()
    assert set(few) == rare
    assert len(more) == len(rare) + 1


async def test_without_skills_nobody_has_them(session: ReadSession) -> None:
    assert await best_skilled(session, CANDIDATES, {}, CandidateFilter().condition(), 10) == []


async def test_only_the_platform_itself_sees_everybody(db: Database) -> None:
    views = ["every_candidate", "every_candidate_vector", "every_position", "every_position_vector"]
    for view in views:
        count = text(f"select count(*) from matching.{view}")
        async with db.read() as session:
            assert (await session.execute(count)).scalar_one() > 0
        for tenant in (UUID(int=3), ""):
            async with db.read(tenant) as session:
                assert (await session.execute(count)).scalar_one() == 0


async def test_nobody_writes_through_a_view(db: Database) -> None:
    for statement in (
        "delete from matching.every_candidate",
        "update matching.every_candidate_vector set vector = null",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with db.write() as session:
                await session.execute(text(statement))


async def test_the_views_let_a_skill_be_looked_up_in_its_index(session: ReadSession) -> None:
    await session.execute(text("set local enable_seqscan = off"))
    explained = "explain select id from matching.{} where skill_ids && array['skill/1']"
    through_view, through_table = [
        "\n".join((await session.execute(text(explained.format(name)))).scalars())
        for name in ("every_candidate", "candidates")
    ]
    assert "ix_candidates_skill_ids" in through_view
    # The day this one can too, the views are not needed any more.
    assert "ix_candidates_skill_ids" not in through_table
