"""What a position and a person ask of each other becomes filters, and three ways of finding become one order."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from services.ai.credentials import EducationLevel
from services.ai.embedding import DIMENSIONS
from services.ai.matching.features import (
    CandidateFeatures,
    Kin,
    Place,
    PositionFeatures,
    Proof,
    Relation,
    Requirement,
    RequirementKind,
    SkillFact,
    Wishes,
    WorkMode,
)
from services.kit.db import Database
from services.matching.retrieval.filters import CandidateFilter, PositionFilter, filter_of, filter_of_wishes
from services.matching.retrieval.finding import find_candidates, find_positions
from services.matching.search.tables import PositionText
from services.matching.tables import Candidate, CandidateVector, Position, PositionVector
from tests.matching.databases import empty

KIN = (Kin("django", Relation.NARROWER), Kin("programming", Relation.BROADER), Kin("java", Relation.RELATED))


def a_requirement(kind: RequirementKind = RequirementKind.SKILL, **values: Any) -> Requirement:
    fields = {"id": "1", "label": "", "must": True, "span": None, "strict": True}
    return Requirement(kind=kind, **(fields | values))


def a_position(**values: Any) -> Position:
    fields = {"country": "DE", "work_mode": "ONSITE", "organization_name": "ACME  GmbH"}
    return Position(**(fields | values))


ALWAYS = CandidateFilter(country="DE", employers=frozenset({"acme gmbh"}))


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (a_requirement(skill_id="python", kin=KIN), {"skills": (frozenset({"python", "django"}),)}),
        (a_requirement(RequirementKind.YEARS, years=3.0), {"years": 3.0}),
        (
            a_requirement(RequirementKind.YEARS, years=3.0, skill_id="python"),
            {"years": 3.0, "skills": (frozenset({"python"}),)},
        ),
        (a_requirement(RequirementKind.DEGREE, level="MASTER"), {"education": EducationLevel.MASTER}),
        (a_requirement(RequirementKind.LANGUAGE, name="german", level="C1"), {"languages": frozenset({"german"})}),
        (a_requirement(RequirementKind.PLACE, place=Place("", "", "FR")), {"permit": "DE"}),
        (a_requirement(RequirementKind.WORK_MODE, level="ONSITE"), {"mode": "ONSITE"}),
        (a_requirement(RequirementKind.LICENCE, name="driving licence"), {}),
        (a_requirement(RequirementKind.SENIORITY, level="SENIOR"), {}),
        (a_requirement(RequirementKind.PAY), {}),
        (a_requirement(skill_id="python", strict=False), {}),
    ],
)
def test_a_strict_requirement_filters(requirement: Requirement, expected: dict[str, Any]) -> None:
    fields = {name: getattr(ALWAYS, name) for name in ALWAYS.__slots__}
    assert filter_of([requirement], a_position()) == CandidateFilter(**(fields | expected))


def test_of_several_strict_requirements_all_hold() -> None:
    asked = [
        a_requirement(skill_id="python"),
        a_requirement(skill_id="sql"),
        a_requirement(RequirementKind.YEARS, years=3.0),
        a_requirement(RequirementKind.YEARS, years=5.0),
        a_requirement(RequirementKind.DEGREE, level="BACHELOR"),
        a_requirement(RequirementKind.DEGREE, level="MASTER"),
        a_requirement(RequirementKind.LANGUAGE, name="german"),
        a_requirement(RequirementKind.LANGUAGE, name="french"),
    ]
    found = filter_of(asked, a_position())
    assert found.skills == (frozenset({"python"}), frozenset({"sql"}))
    assert (found.years, found.education) == (5.0, EducationLevel.MASTER)
    assert found.languages == {"german", "french"}


@pytest.mark.parametrize(("mode", "country"), [("ONSITE", "DE"), ("HYBRID", "DE"), ("REMOTE", ""), ("", "")])
def test_where_one_wants_to_work_is_asked_of_who_must_come(mode: str, country: str) -> None:
    assert filter_of([], a_position(work_mode=mode)).country == country


def test_a_day_and_people_can_be_left_out() -> None:
    found = filter_of([], a_position(), available=date(2026, 5, 1), excluded=[UUID(int=1)])
    assert (found.available, found.excluded) == (date(2026, 5, 1), {UUID(int=1)})


def test_a_place_that_the_position_does_not_say_is_the_requirements() -> None:
    asked = a_requirement(RequirementKind.PLACE, place=Place("Lyon", "", "FR"))
    assert filter_of([asked], a_position(country="")).permit == "FR"


def test_wishes_filter_positions() -> None:
    wishes = Wishes(places=(Place("Bonn", "", "DE"), Place("Oz", "", "")), modes=(WorkMode.REMOTE,), permits=("DE",))
    found = filter_of_wishes(wishes, ["acme"], [UUID(int=1)])
    germany = frozenset({"DE"})
    germany = frozenset({"DE"})
    assert found == PositionFilter(
        countries=germany,
        permits=germany,
        modes=frozenset({"REMOTE"}),
        blocked=frozenset({"acme"}),
        excluded=frozenset({UUID(int=1)}),
    )
    assert filter_of_wishes(Wishes()) == PositionFilter()


def axis(number: int) -> tuple[float, ...]:
    return tuple(float(place == number) for place in range(DIMENSIONS))


@pytest.fixture(scope="module")
async def db(bare_database: Database) -> AsyncIterator[Database]:
    """Person 1 is near, 3 has the skill, 2 both, 4 neither."""
    async with bare_database.write() as session:
        for number, vector, skills in ((1, 0, []), (2, 0, ["python"]), (3, 1, ["python"]), (4, 1, ["cooking"])):
            key = UUID(int=number)
            session.add(Candidate(id=key, etag="1", features={}, skill_ids=skills))
            opening = {"organization_id": key, "etag": "1", "state": "OPEN", "title": "", "description": ""}
            session.add(Position(id=key, **opening))
            await session.flush()
            session.add(CandidateVector(candidate_id=key, vector=list(axis(vector))))
            session.add(PositionVector(position_id=key, vector=list(axis(vector))))
            texts = {"title": "", "passages": [], "words": "", "version": 1}
            await session.execute(insert(PositionText).values(position_id=key, skill_ids=skills, **texts))
    yield bare_database
    await empty(bare_database)


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=number) for number in numbers]


async def test_who_is_found_in_several_ways_comes_first(db: Database) -> None:
    features = PositionFeatures((a_requirement(skill_id="python"),), axis(0))
    async with db.snapshot() as session:
        found = await find_candidates(session, features, CandidateFilter(), None, 4)
        assert found == ids(2, 3, 1, 4)
        assert await find_candidates(session, features, CandidateFilter(), None, 2) == ids(2, 1)
        without = CandidateFilter(excluded=frozenset(ids(2)))
        assert set(await find_candidates(session, features, without, None, 4)) == set(ids(1, 3, 4))


async def test_kin_of_a_skill_finds_too(db: Database) -> None:
    asked = a_requirement(skill_id="haute cuisine", kin=(Kin("cooking", Relation.BROADER),))
    async with db.snapshot() as session:
        found = await find_candidates(session, PositionFeatures((asked,), ()), CandidateFilter(), None, 4)
    assert found == ids(4)


async def test_positions_are_found_for_a_person_alike(db: Database) -> None:
    skill = SkillFact("python", "Python", Proof.USED, (), ())
    features = CandidateFeatures((skill,), (), EducationLevel.UNKNOWN, None, (), axis(0))
    async with db.snapshot() as session:
        assert await find_positions(session, features, PositionFilter(), None, 4) == ids(2, 3, 1, 4)


async def test_without_a_vector_and_skills_nobody_is_found(db: Database) -> None:
    async with db.snapshot() as session:
        assert await find_candidates(session, PositionFeatures((), ()), CandidateFilter(), None, 4) == []
