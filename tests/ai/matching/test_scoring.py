"""Scores: adding up, the same everywhere, never lower for more evidence, and blind to who it is."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai import codec
from services.ai.credentials import EducationLevel
from services.ai.embedding import DIMENSIONS
from services.ai.matching import (
    CandidateFeatures,
    Kin,
    LanguageFact,
    LicenceFact,
    Passage,
    Pay,
    Place,
    PositionFeatures,
    Proof,
    Relation,
    Requirement,
    RequirementKind,
    RoleFact,
    Score,
    Seniority,
    SkillFact,
    Wishes,
    WorkMode,
    fit,
    fuse,
    pack,
    rank,
    score,
)
from services.ai.months import MONTHS, Interval
from services.ai.spans import Span

DAY = date(2026, 11, 1)
NOW = 2026 * MONTHS + 10
SPAN = Span(0, 6, 1, "Python")
ZERO = (0.0,) * DIMENSIONS
ONE, OTHER = pack((1.0, *ZERO[1:])), pack((0.6, 0.8, *ZERO[2:]))
SKILLS = ("python", "docker", "kubernetes", "go", "cooking", "databases")
YEARS = Interval(NOW - 48, None)


def asks(kind: RequirementKind, key: str = "", must: bool = True, **more: object) -> Requirement:
    return Requirement(f"{kind.value}/{key}", kind, key or kind.value, must, SPAN, **more)  # type: ignore[arg-type]


POSITION = PositionFeatures(
    (
        asks(RequirementKind.SKILL, "python", skill_id="python"),
        asks(RequirementKind.SKILL, "docker", skill_id="docker"),
        asks(RequirementKind.SKILL, "kubernetes", must=False, skill_id="kubernetes"),
        asks(
            RequirementKind.SKILL,
            "databases",
            skill_id="databases",
            kin=(Kin("go", Relation.NARROWER), Kin("cooking", Relation.RELATED)),
        ),
        asks(RequirementKind.YEARS, "years", years=5.0),
        asks(RequirementKind.YEARS, "python years", years=3.0, skill_id="python"),
        asks(RequirementKind.DEGREE, level="MASTER"),
        asks(RequirementKind.LANGUAGE, "german", name="german", level="B2"),
        asks(RequirementKind.LICENCE, "driving", name="driving licence"),
        asks(RequirementKind.SENIORITY, level="SENIOR"),
        asks(RequirementKind.PLACE, place=Place("Berlin", "", "DE")),
        asks(RequirementKind.WORK_MODE, level="HYBRID"),
        asks(RequirementKind.PAY, pay=Pay(5_000_000, 6_000_000, "EUR")),
    ),
    ZERO,
    "Python developer",
    ONE,
    (Passage(SPAN, ONE), Passage(SPAN, OTHER)),
)
NOBODY = CandidateFeatures((), (), EducationLevel.UNKNOWN, None, (), ZERO)

months = st.builds(
    lambda start, length: Interval(NOW - start, NOW - start + length), st.integers(1, 400), st.integers(1, 60)
)
spans = st.just((SPAN,))
skills = st.one_of(
    st.builds(SkillFact, st.sampled_from(SKILLS), st.just("x"), st.just(Proof.STATED), st.just(()), spans),
    st.builds(
        SkillFact,
        st.sampled_from(SKILLS),
        st.just("x"),
        st.sampled_from([Proof.USED, Proof.IMPLIED]),
        st.lists(months, min_size=1, max_size=3).map(tuple),
        spans,
    ),
)
roles = st.builds(RoleFact, st.just("Developer"), st.none() | months, st.just(SPAN), st.sampled_from([b"", ONE, OTHER]))
languages = st.builds(
    LanguageFact, st.sampled_from(["german", "english"]), st.sampled_from(["", "A1", "B2", "NATIVE"]), st.just(SPAN)
)
wishes = st.builds(
    Wishes,
    st.none() | st.builds(Pay, st.integers(1, 10**7), st.none(), st.sampled_from(["EUR", "USD"])),
    st.lists(
        st.builds(Place, st.sampled_from(["", "Berlin", "Bonn"]), st.just(""), st.sampled_from(["DE", "FR"])),
        max_size=2,
    ).map(tuple),
    st.lists(st.sampled_from(WorkMode), max_size=2).map(tuple),
    interests=st.lists(st.sampled_from(["python", "opera"]), max_size=2).map(tuple),
    seniority=st.sampled_from(Seniority),
)
candidates = st.builds(
    CandidateFeatures,
    st.lists(skills, max_size=5, unique_by=lambda f: f.skill_id).map(tuple),
    st.lists(roles, max_size=3).map(tuple),
    st.sampled_from(EducationLevel),
    st.none() | st.just(SPAN),
    st.lists(languages, max_size=2).map(tuple),
    st.just(ZERO),
    st.lists(st.builds(LicenceFact, st.sampled_from(["Driving licence B", "PMP"]), st.just(SPAN)), max_size=2).map(
        tuple
    ),
    st.sampled_from(Seniority),
    st.lists(st.builds(Passage, st.just(SPAN), st.sampled_from([ONE, OTHER])), max_size=3).map(tuple),
    wishes,
)


def adds_up(found: Score) -> None:
    assert found.value == pytest.approx(sum(r.contribution for r in found.reasons), abs=1e-9)
    assert sum(r.weight for r in found.reasons) == pytest.approx(1, abs=1e-7)
    assert 0 <= found.value <= 1 + 1e-9
    assert all(-1e-12 <= r.contribution <= r.weight + 1e-9 for r in found.reasons)


@given(candidates)
def test_contributions_add_up_and_weights_are_one(candidate: CandidateFeatures) -> None:
    adds_up(score(candidate, POSITION, DAY))
    adds_up(fit(candidate, POSITION, DAY))


@given(candidates, skills)
def test_one_more_skill_never_lowers_a_score(candidate: CandidateFeatures, more: SkillFact) -> None:
    if more.skill_id not in {fact.skill_id for fact in candidate.skills}:
        richer = replace(candidate, skills=(*candidate.skills, more))
        assert score(richer, POSITION, DAY).value >= score(candidate, POSITION, DAY).value


@given(candidates, st.sampled_from(SKILLS), months)
def test_more_dated_work_never_lowers_a_score(candidate: CandidateFeatures, skill: str, when: Interval) -> None:
    kept = tuple(fact for fact in candidate.skills if fact.skill_id != skill)
    before = next(
        (f for f in candidate.skills if f.skill_id == skill), SkillFact(skill, "x", Proof.STATED, (), (SPAN,))
    )
    after = replace(before, proof=Proof.USED, months=(*before.months, when))
    one, other = (replace(candidate, skills=(*kept, fact)) for fact in (before, after))
    assert score(other, POSITION, DAY).value >= score(one, POSITION, DAY).value


@given(candidates, roles, st.builds(Passage, st.just(SPAN), st.sampled_from([ONE, OTHER])), languages)
def test_more_of_anything_else_never_lowers_a_score(
    candidate: CandidateFeatures, role: RoleFact, passage: Passage, language: LanguageFact
) -> None:
    richer = replace(
        candidate,
        roles=(*candidate.roles, role),
        passages=(*candidate.passages, passage),
        languages=(*candidate.languages, language),
    )
    assert score(richer, POSITION, DAY).value >= score(candidate, POSITION, DAY).value


@given(candidates, st.integers(-600, 600))
def test_all_dates_and_the_day_moved_together_change_nothing(candidate: CandidateFeatures, by: int) -> None:
    def moved(when: Interval | None) -> Interval | None:
        return when and Interval(when.start + by * MONTHS, when.end and when.end + by * MONTHS)

    skills_ = tuple(replace(f, months=tuple(m for w in f.months if (m := moved(w)))) for f in candidate.skills)
    roles_ = tuple(replace(role, months=moved(role.months)) for role in candidate.roles)
    there = score(replace(candidate, skills=skills_, roles=roles_), POSITION, DAY.replace(year=DAY.year + by))
    here = score(candidate, POSITION, DAY)
    assert there.value == here.value
    assert [(r.rule, r.contribution) for r in there.reasons] == [(r.rule, r.contribution) for r in here.reasons]


def used(skill: str, *when: Interval) -> SkillFact:
    return SkillFact(skill, skill, Proof.USED, when or (YEARS,), (SPAN,))


def listed(skill: str) -> SkillFact:
    return SkillFact(skill, skill, Proof.STATED, (), (SPAN,))


def of(candidate: CandidateFeatures, label: str) -> tuple[str, float]:
    found = next(r for r in score(candidate, POSITION, DAY).reasons if r.label.startswith(label))
    return found.rule, round(found.contribution / found.weight, 3)


def with_(**changes: object) -> CandidateFeatures:
    return replace(NOBODY, **changes)  # type: ignore[arg-type]


def test_naming_a_skill_again_and_again_brings_nothing() -> None:
    once, often = listed("python"), replace(listed("python"), spans=(SPAN,) * 50)
    assert score(with_(skills=(once,)), POSITION, DAY).value == score(with_(skills=(often,)), POSITION, DAY).value


def test_a_list_counts_as_far_as_work_bears_it_out() -> None:
    everything = tuple(map(listed, ("python", "docker", "kubernetes", "databases")))
    rules = [r.rule for r in score(with_(skills=everything), POSITION, DAY).reasons if r.factor == "skill"]
    assert sorted(rules) == ["unproven", "unproven", "unproven", "unproven"]
    worked = (used("python"), *everything[1:])
    rules = [r.rule for r in score(with_(skills=worked), POSITION, DAY).reasons if r.factor == "skill"]
    assert sorted(rules) == ["exact", "listed", "unproven", "unproven"]


def test_a_manner_weighs_a_quarter_and_bears_out_no_list() -> None:
    manner = asks(RequirementKind.SKILL, "cooking", skill_id="cooking", manner=True)
    position = PositionFeatures((asks(RequirementKind.SKILL, "python", skill_id="python"), manner), ZERO)
    found = score(with_(skills=(listed("python"), used("cooking"))), position, DAY).reasons
    assert found[1].weight == pytest.approx(found[0].weight / 4)
    assert [one.rule for one in found[:2]] == ["unproven", "exact"]


def test_what_was_stored_before_degrees_and_manners_can_be_read() -> None:
    person, asked = codec.to_json(NOBODY), codec.to_json(POSITION)
    del person["degrees"]
    for requirement in asked["requirements"]:
        del requirement["manner"]
    assert codec.from_json(CandidateFeatures, person) == NOBODY
    assert codec.from_json(PositionFeatures, asked) == POSITION


@pytest.mark.parametrize(
    ("fact", "rule", "credit"),
    [
        (used("databases"), "exact", 1.0),
        (used("go"), "narrower", 0.95),
        (used("cooking"), "related", 0.35),
        (listed("databases"), "unproven", 0.0005),
        (listed("cooking"), "missing", 0.0),
        (used("databases", Interval(NOW - 12, None)), "exact", 0.8),
        (used("databases", Interval(NOW - 36 - 143, NOW - 143)), "exact", 0.75),
        (replace(used("databases"), proof=Proof.IMPLIED), "implied", 0.6),
        (replace(listed("databases"), assessed=True), "assessed", 0.6),
        (replace(listed("go"), assessed=True), "assessed", 0.57),
        (replace(listed("cooking"), assessed=True), "assessed", 0.21),
        (replace(used("databases"), assessed=True), "exact", 1.0),
        (replace(used("databases", Interval(NOW - 12 - 600, NOW - 600)), assessed=True), "assessed", 0.6),
    ],
)
def test_skills_count_by_kinship_proof_years_and_age(fact: SkillFact, rule: str, credit: float) -> None:
    found = of(with_(skills=(replace(fact, spans=(Span(0, 9, 1, "databases"),)),)), "databases")
    assert found[0] in (rule, "alias")
    assert found[1] == pytest.approx(credit, abs=0.011)


@pytest.mark.parametrize(
    ("changes", "label", "rule", "credit"),
    [
        ({}, "years", "missing", 0.0),
        ({"roles": (RoleFact("x", Interval(NOW - 29, None), SPAN),)}, "years", "proportional", 0.5),
        ({"skills": (used("python", Interval(NOW - 17, None)),)}, "python years", "proportional", 0.5),
        ({"education_level": EducationLevel.BACHELOR, "education": SPAN}, "DEGREE", "one_below", 0.5),
        ({"education_level": EducationLevel.DOCTORATE, "education": SPAN}, "DEGREE", "reached", 1.0),
        ({"languages": (LanguageFact("german", "C1", SPAN),)}, "german", "reached", 1.0),
        ({"languages": (LanguageFact("german", "", SPAN),)}, "german", "unstated_level", 0.7),
        ({"languages": (LanguageFact("german", "A1", SPAN),)}, "german", "below", 0.175),
        ({"licences": (LicenceFact("Driving Licence (B)", SPAN),)}, "driving", "held", 1.0),
        ({"seniority": Seniority.MID}, "SENIORITY", "one_below", 0.5),
        ({"seniority": Seniority.EXPERT}, "SENIORITY", "reached", 1.0),
        ({"wishes": Wishes(places=(Place("Berlin", "", "DE"),))}, "PLACE", "wanted", 1.0),
        ({"wishes": Wishes(places=(Place("Bonn", "", "DE"),))}, "PLACE", "near", 0.5),
        ({"wishes": Wishes(places=(Place("Paris", "", "FR"),))}, "PLACE", "elsewhere", 0.0),
        ({"wishes": Wishes(modes=(WorkMode.REMOTE,))}, "WORK_MODE", "near", 0.5),
        ({"wishes": Wishes(pay=Pay(6_600_000, None, "EUR"))}, "PAY", "below", 0.636),
        ({"wishes": Wishes(pay=Pay(5_500_000, None, "EUR"))}, "PAY", "reached", 1.0),
        ({"roles": (RoleFact("x", None, SPAN, ONE),)}, "Title", "alike", 0.989),
        ({"roles": (RoleFact("x", Interval(NOW - 200, NOW - 119), SPAN),)}, "Last role", "away", 0.0),
        ({"passages": (Passage(SPAN, ONE),)}, "What was done", "passages", 0.889),
    ],
)
def test_each_factor_says_how_far_it_is_met(changes: dict[str, object], label: str, rule: str, credit: float) -> None:
    found = of(with_(**changes), label)
    assert (found[0], found[1]) == (rule, pytest.approx(credit, abs=0.011))


def test_weights_decide_what_counts() -> None:
    candidate = with_(skills=(used("python"),))
    skills_only = {"skill": 1.0} | dict.fromkeys(
        (
            "years",
            "degree",
            "language",
            "licence",
            "seniority",
            "title",
            "similarity",
            "recency",
            "place",
            "work_mode",
            "pay",
        ),
        0.0,
    )
    found = score(candidate, POSITION, DAY, skills_only)
    assert {r.factor for r in found.reasons if r.weight} == {"skill"}


def test_a_position_that_asks_for_nothing_still_has_a_score() -> None:
    found = score(with_(skills=(used("python"),)), PositionFeatures((), ZERO), DAY)
    assert [r.factor for r in found.reasons] == ["recency"]


def test_features_have_no_place_for_identity() -> None:
    names = (
        {f.name for f in fields(CandidateFeatures)}
        | {f.name for f in fields(Wishes)}
        | {f.name for f in fields(RoleFact)}
    )
    assert not names & {
        "id",
        "name",
        "gender",
        "sex",
        "age",
        "birth",
        "photo",
        "address",
        "email",
        "phone",
        "employer",
        "nationality",
    }


def test_another_process_gives_the_same_bytes() -> None:
    candidate = with_(
        skills=(used("python"), listed("docker"), used("cooking", Interval(NOW - 100, NOW - 40))),
        roles=(RoleFact("x", YEARS, SPAN, OTHER),),
        passages=(Passage(SPAN, OTHER),),
    )
    here = json.dumps(codec.to_json(score(candidate, POSITION, DAY)))
    program = (
        "import json, sys, datetime\n"
        "from services.ai import codec\n"
        "from services.ai.matching import CandidateFeatures, PositionFeatures, score\n"
        "one, other = json.load(sys.stdin)\n"
        "one, other = codec.from_json(CandidateFeatures, one), codec.from_json(PositionFeatures, other)\n"
        "print(json.dumps(codec.to_json(score(one, other, datetime.date(2026, 11, 1)))), end='')\n"
    )
    inputs = json.dumps([codec.to_json(candidate), codec.to_json(POSITION)])
    for seed, threads in (("0", "1"), ("1", "2")):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "OMP_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", program], input=inputs, capture_output=True, text=True, env=environment
        )
        assert done.stdout == here, done.stderr


@given(candidates)
def test_a_score_and_features_survive_json(candidate: CandidateFeatures) -> None:
    found = score(candidate, POSITION, DAY)
    assert codec.from_json(Score, json.loads(json.dumps(codec.to_json(found)))) == found
    assert codec.from_json(CandidateFeatures, json.loads(json.dumps(codec.to_json(candidate)))) == candidate


@given(st.dictionaries(st.text(max_size=3), st.sampled_from([0.0, 0.5, 1.0])))
def test_equal_scores_are_ordered_by_id(scores: dict[str, float]) -> None:
    order = rank(scores)
    assert sorted(order) == sorted(scores)
    assert all((-scores[a], a) < (-scores[b], b) for a, b in pairwise(order))


def test_who_is_high_in_both_lists_comes_first() -> None:
    assert fuse([["a", "b", "c"], ["b", "c", "a"]])[0] == "b"
    assert set(fuse([["a"], ["b"]])) == {"a", "b"}


@pytest.mark.parametrize(
    ("have", "wanted", "credit"),
    [("ENTRY", "SENIOR", 1.0), ("EXPERT", "MID", 0.5), ("SENIOR", "ENTRY", 0.0), ("UNKNOWN", "SENIOR", 1.0)],
)
def test_the_step_that_a_person_wants_counts_and_not_the_next_one(have: str, wanted: str, credit: float) -> None:
    person = replace(NOBODY, seniority=Seniority[have], wishes=Wishes(seniority=Seniority[wanted]))
    step = next(r for r in fit(person, POSITION, DAY).reasons if r.factor == "step")
    assert step.contribution == pytest.approx(credit * step.weight)
