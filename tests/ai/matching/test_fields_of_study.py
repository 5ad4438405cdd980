"""Degrees: of what level, in what subject, and how near that is to what is asked for."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.credentials import EducationLevel
from services.ai.matching import (
    CandidateFeatures,
    DegreeFact,
    PositionFeatures,
    Reason,
    Requirement,
    RequirementKind,
    score,
)
from services.ai.matching import fields_of_study as study
from services.ai.matching.edits import subject
from services.ai.matching.fields_of_study import Nearness, fields_in, nearness
from services.ai.spans import Span

DAY = date(2026, 11, 1)
NOBODY = CandidateFeatures((), (), EducationLevel.UNKNOWN, None, (), ())
LEVELS = [level for level in EducationLevel if level]


def held(name: str, level: EducationLevel = EducationLevel.BACHELOR, at: int = 0) -> DegreeFact:
    return DegreeFact(level, name, (Span(at, at + 8, 1, name),))


def asked(name: str, level: EducationLevel = EducationLevel.BACHELOR) -> Requirement:
    return Requirement("d", RequirementKind.DEGREE, "degree", True, None, level=level.name, name=name)


def reason(requirement: Requirement, *degrees: DegreeFact) -> Reason:
    return score(replace(NOBODY, degrees=degrees), PositionFeatures((requirement,), ()), DAY).reasons[0]


def credit(requirement: Requirement, *degrees: DegreeFact) -> float:
    found = reason(requirement, *degrees)
    return round(found.contribution / found.weight, 3)


@pytest.mark.parametrize(
    ("wanted", "studied", "near"),
    [
        ("computer science", "Bachelor of Science, Computer Science", Nearness.SAME),
        ("computer science, mathematics", "BSc Applied Mathematics", Nearness.SAME),
        ("engineering", "B.Tech, Civil Engineering", Nearness.SAME),
        ("computer science", "Information Technology", Nearness.RELATED),
        ("mechanical engineering", "Bachelor of Engineering", Nearness.RELATED),
        ("statistics", "M.Sc. Maths", Nearness.RELATED),
        ("accounting", "MBA", Nearness.RELATED),
        ("law", "BBA Marketing", Nearness.DISTANT),
        ("geology", "BSc Mathematics", Nearness.DISTANT),
        ("computer science", "Bachelor of Arts in History", Nearness.OTHER),
        ("nursing", "B.Com", Nearness.OTHER),
        ("statistics", "Finance", Nearness.RELATED),
        ("statistics", "Business", Nearness.OTHER),
        ("computer science", "Bachelor of Science", Nearness.OTHER),
        ("informatik", "Computer Science", Nearness.SAME),
    ],
)
def test_fields_are_as_near_as_the_classification_says(wanted: str, studied: str, near: Nearness) -> None:
    assert nearness(fields_in(wanted), fields_in(studied)) is near


def test_words_that_look_like_degrees_are_none() -> None:
    assert fields_in("it will be said, as I am told") == frozenset()
    assert fields_in("Bachelor of Science") == frozenset()
    assert fields_in("Bachelor of Science in IT") == fields_in("Information Technology")


def test_pairs_of_near_fields_are_of_fields_that_are_there() -> None:
    table = tomllib.loads((study._FILE).read_text("utf-8"))
    codes = list(table["fields"])
    said = {code for pair in table["near"]["pairs"] for code in pair.split()}
    assert {code for code in said if not any(one.startswith(code) for one in codes)} == set()


@pytest.mark.parametrize(
    ("name", "degrees", "rule", "share"),
    [
        ("", [held("BA History")], "reached", 1.0),
        ("computer science", [held("BSc Computer Science")], "reached", 1.0),
        ("computer science", [held("BSc Information Technology")], "related_subject", 0.7),
        ("computer science or a related field", [held("BSc Information Technology")], "reached", 1.0),
        ("computer science or a related field", [held("BA History")], "other_subject", 0.2),
        ("computer science", [held("Bachelor of Science")], "untold_subject", 0.5),
        ("computer science", [held("AAS Computer Science", EducationLevel.VOCATIONAL)], "one_below", 0.5),
        ("computer science", [held("AAS Culinary Arts", EducationLevel.VOCATIONAL)], "one_below", 0.0),
        ("computer science", [held("BA History"), held("BSc Computer Science")], "reached", 1.0),
        ("computer science", [], "missing", 0.0),
        ("puppetry", [held("BA Puppetry")], "reached", 1.0),
        ("puppetry", [held("BA History")], "untold_subject", 0.5),
    ],
)
def test_a_degree_counts_by_level_and_subject(name: str, degrees: list[DegreeFact], rule: str, share: float) -> None:
    found = reason(asked(name), *degrees)
    assert (found.rule, round(found.contribution / found.weight, 3)) == (rule, share)
    assert bool(found.evidence) == bool(share), "what counts is cited, and nothing else"


def test_the_reason_says_that_it_is_another_subject() -> None:
    assert "another subject" in reason(asked("nursing"), held("BA History")).label
    assert "BA History" in reason(asked("nursing"), held("BA History")).label


def test_all_degrees_that_bring_as_much_are_cited_and_no_other() -> None:
    both = held("BSc Physics", at=10), held("MSc Physics", EducationLevel.MASTER, at=30)
    found = reason(asked("physics"), *both, held("BA History", at=50))
    assert [span.start for span in found.evidence] == [10, 30]


def test_of_a_degree_without_more_the_level_is_known() -> None:
    old = replace(NOBODY, education_level=EducationLevel.BACHELOR, education=Span(0, 3, 1, "BSc"))
    position = PositionFeatures((asked("physics"), replace(asked(""), id="e")), ())
    rules = [one.rule for one in score(old, position, DAY).reasons[:2]]
    assert rules == ["untold_subject", "reached"]


names = st.sampled_from(["", "BSc Physics", "BA History", "MBA", "B.Tech", "Diploma in puppetry", "BSc Nursing"])
facts = st.builds(held, names, st.sampled_from(LEVELS))


@given(st.lists(facts, max_size=4), facts, names, st.sampled_from(LEVELS))
def test_one_more_degree_never_lowers_a_score(
    degrees: list[DegreeFact], more: DegreeFact, name: str, level: EducationLevel
) -> None:
    assert credit(asked(name, level), *degrees, more) >= credit(asked(name, level), *degrees)


def test_a_recruiter_s_edit_of_a_degree_holds_whatever_subject_the_text_names() -> None:
    assert subject(asked("physics")) == subject(asked("")) != subject(asked("", EducationLevel.MASTER))
