"""Requirements and scores: traceable, adding up, the same everywhere, and blind to who it is."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai import codec
from services.ai.credentials import EducationLevel
from services.ai.embedding import DIMENSIONS, MiniLM, cosine
from services.ai.matching import (
    CandidateFeatures,
    LanguageFact,
    PositionFeatures,
    RequirementKind,
    Score,
    SkillFact,
    find_requirements,
    fuse,
    rank,
    score,
)
from services.ai.months import YearMonth
from services.ai.skills import SkillLinker, load
from services.ai.spans import Span
from tests.builders import DESCRIPTION

SPAN = Span(0, 6, 1, "Python")
PYTHON_ID = next(skill.id for skill in [load().find("Python")] if skill)
PYTHON = SkillFact(PYTHON_ID, "Python", True, 4.0, YearMonth(2026, 1), (SPAN,))
ZERO = (0.0,) * DIMENSIONS
VECTOR = (1.0, *ZERO[1:])


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


@cache
def asked() -> PositionFeatures:
    return PositionFeatures(find_requirements(DESCRIPTION, linker()), VECTOR)


def a_candidate(**changes: object) -> CandidateFeatures:
    nobody = CandidateFeatures((), 0.0, (), EducationLevel.UNKNOWN, None, (), ZERO)
    return replace(nobody, **changes)  # type: ignore[arg-type]


def test_each_requirement_stands_in_the_text_and_knows_whether_it_must_be() -> None:
    found = {(r.kind, r.label): r for r in asked().requirements}
    assert found[RequirementKind.SKILL, "Python"].must
    assert not found[RequirementKind.SKILL, "Kubernetes"].must
    assert found[RequirementKind.YEARS, "5 years of experience"].years == 5
    assert not found[RequirementKind.DEGREE, "master degree"].must
    assert found[RequirementKind.LANGUAGE, "english"].must
    assert all(DESCRIPTION[r.span.start : r.span.end] == r.span.text for r in asked().requirements)


@pytest.mark.parametrize(
    ("text", "must"),
    [
        ("Python is required.", True),
        ("Python is a plus.", False),
        ("Nice to have:\n- Python", False),
        ("Requirements:\n- Python", True),
        ("Requirements:\n- Java\n\nWhat we offer:\n- Python trainings", False),
        ("You must know Java. Python would be great.", False),
    ],
)
def test_cues_reach_as_far_as_their_sentence_or_heading(text: str, must: bool) -> None:
    python = next(r for r in find_requirements(text, linker()) if r.label == "Python")
    assert python.must is must


def test_what_is_asked_twice_counts_once_with_its_stronger_mention() -> None:
    found = find_requirements("Python is a plus.\nYou must know Python.", linker())
    assert [(r.label, r.must) for r in found] == [("Python", True)]


facts = st.builds(
    SkillFact,
    st.sampled_from([PYTHON_ID, "tech:docker", "tech:kubernetes", "other"]),
    st.just("x"),
    st.booleans(),
    st.floats(0, 40),
    st.none() | st.just(YearMonth(2020, 1)),
    st.just((SPAN,)),
)
candidates = st.builds(
    CandidateFeatures,
    st.lists(facts, max_size=4, unique_by=lambda f: f.skill_id).map(tuple),
    st.floats(0, 60),
    st.just((SPAN,)),
    st.sampled_from(EducationLevel),
    st.none() | st.just(SPAN),
    st.lists(st.builds(LanguageFact, st.sampled_from(["english", "german"]), st.just(SPAN)), max_size=2).map(tuple),
    st.sampled_from([ZERO, VECTOR, tuple([0.05] * DIMENSIONS)]),
)


@given(candidates)
def test_contributions_add_up_and_weights_are_one(candidate: CandidateFeatures) -> None:
    found = score(candidate, asked())
    assert found.value == pytest.approx(sum(r.contribution for r in found.reasons), abs=1e-9)
    assert sum(r.weight for r in found.reasons) == pytest.approx(1, abs=1e-7)
    assert 0 <= found.value <= 1 + 1e-9
    assert all(-1e-12 <= r.contribution <= r.weight + 1e-9 for r in found.reasons)


@given(candidates)
def test_showing_one_more_skill_never_lowers_a_score(candidate: CandidateFeatures) -> None:
    more = replace(candidate, skills=(*[s for s in candidate.skills if s.skill_id != PYTHON_ID], PYTHON))
    assert score(more, asked()).value >= score(candidate, asked()).value


def test_naming_a_skill_again_and_again_brings_nothing() -> None:
    stated = replace(PYTHON, used=False)
    many = replace(stated, spans=(SPAN,) * 50)
    once, stuffed = score(a_candidate(skills=(stated,)), asked()), score(a_candidate(skills=(many,)), asked())
    assert once.value == stuffed.value


def test_work_with_a_skill_is_worth_more_than_its_name() -> None:
    used, stated = a_candidate(skills=(PYTHON,)), a_candidate(skills=(replace(PYTHON, used=False),))
    assert score(used, asked()).value > score(stated, asked()).value > score(a_candidate(), asked()).value


def test_a_missing_skill_is_a_reason_too() -> None:
    reason = next(r for r in score(a_candidate(), asked()).reasons if r.label.startswith("Python"))
    assert (reason.rule, reason.contribution, reason.evidence) == ("missing", 0.0, ())


def test_features_have_no_place_for_identity() -> None:
    names = set(CandidateFeatures.__dataclass_fields__)
    assert names == {"skills", "years_of_experience", "roles", "education_level", "education", "languages", "vector"}


def test_another_process_gives_the_same_bytes() -> None:
    candidate = a_candidate(skills=(PYTHON,), years_of_experience=3.3, vector=tuple([0.051] * DIMENSIONS))
    here = json.dumps(codec.to_json(score(candidate, asked())))
    program = (
        "import json, sys\n"
        "from services.ai import codec\n"
        "from services.ai.matching import CandidateFeatures, PositionFeatures, score\n"
        "one, other = json.load(sys.stdin)\n"
        "found = score(codec.from_json(CandidateFeatures, one), codec.from_json(PositionFeatures, other))\n"
        "print(json.dumps(codec.to_json(found)), end='')\n"
    )
    inputs = json.dumps([codec.to_json(candidate), codec.to_json(asked())])
    for seed in ("0", "1"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        done = subprocess.run(
            [sys.executable, "-c", program], input=inputs, capture_output=True, text=True, env=environment
        )
        assert done.stdout == here, done.stderr


def test_a_score_survives_json() -> None:
    found = score(a_candidate(skills=(PYTHON,)), asked())
    assert codec.from_json(Score, json.loads(json.dumps(codec.to_json(found)))) == found


@given(st.dictionaries(st.text(max_size=3), st.sampled_from([0.0, 0.5, 1.0])))
def test_equal_scores_are_ordered_by_id(scores: dict[str, float]) -> None:
    order = rank(scores)
    assert sorted(order) == sorted(scores)
    assert all((-scores[a], a) < (-scores[b], b) for a, b in pairwise(order))


def test_who_is_high_in_both_lists_comes_first() -> None:
    assert fuse([["a", "b", "c"], ["b", "c", "a"]])[0] == "b"
    assert set(fuse([["a"], ["b"]])) == {"a", "b"}


@cache
def encoder() -> MiniLM:
    return MiniLM()


def test_likeness_follows_meaning() -> None:
    developer, engineer, nurse = map(encoder().encode, ("Python developer", "software engineer", "nurse in a hospital"))
    assert cosine(developer, engineer) > cosine(developer, nurse) + 0.2
    assert cosine(ZERO, developer) == 0


def test_all_of_a_long_text_counts() -> None:
    """The model reads 256 word pieces; what stands after them must move the vector too."""
    long = "Python developer with experience in web services. " * 60
    assert cosine(encoder().encode(long), encoder().encode(long + "Registered nurse in a hospital. " * 60)) < 0.97


def test_a_vector_is_of_length_one_and_repeatable() -> None:
    vector = encoder().encode("Python developer")
    assert cosine(vector, vector) == pytest.approx(1)
    assert sum(x * x for x in vector) == pytest.approx(1, abs=1e-3)
    assert MiniLM().encode("Python developer") == vector
    assert encoder().encode(" \n") == ZERO
