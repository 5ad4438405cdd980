"""What would help: the smallest truthful set of changes, as brute force finds it."""

from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ai.credentials import EducationLevel
from services.ai.matching import (
    CandidateFeatures,
    Kin,
    LanguageFact,
    LicenceFact,
    Pay,
    Place,
    PositionFeatures,
    Proof,
    Relation,
    Requirement,
    RequirementKind,
    RoleFact,
    SkillFact,
    Wishes,
    WorkMode,
    default_weights,
    score,
)
from services.ai.matching.changes import Change, possible_changes
from services.ai.matching.coverage import UNPROVEN
from services.ai.matching.gains import Gains
from services.ai.matching.strict import unmet
from services.ai.matching.whatif import what_if
from services.ai.months import Interval, month_index
from services.ai.spans import Span

AS_OF = date(2026, 6, 15)
NOW = month_index(AS_OF) + 1
SPAN = Span(0, 6, 1, "Python")
SKILLS = ("a", "b", "c", "d", "e")
NOBODY = CandidateFeatures((), (), EducationLevel.UNKNOWN, None, (), ())


def skill(skill_id: str, must: bool = True, *kin: Kin) -> Requirement:
    return Requirement(f"skill-{skill_id}", RequirementKind.SKILL, skill_id.upper(), must, None, skill_id, kin=kin)


def used(skill_id: str, years: int = 2, until: int | None = None) -> SkillFact:
    end = NOW if until is None else until
    return SkillFact(skill_id, skill_id.upper(), Proof.USED, (Interval(end - 12 * years, until),), (SPAN,))


def listed(skill_id: str) -> SkillFact:
    return SkillFact(skill_id, skill_id.upper(), Proof.STATED, (), (SPAN,))


def asking(*requirements: Requirement) -> PositionFeatures:
    return PositionFeatures(requirements, ())


kins = st.builds(Kin, st.sampled_from(SKILLS), st.sampled_from(Relation))
asked_skills = st.builds(
    lambda s, must, manner, strict, kin: replace(
        skill(s, must, *(k for k in kin if k.skill_id != s)),
        manner=manner,
        strict=strict and all(k.relation is Relation.NARROWER for k in kin),
    ),
    st.sampled_from(SKILLS),
    st.booleans(),
    st.booleans(),
    st.sampled_from([False, False, False, True]),
    st.lists(kins, max_size=3, unique_by=lambda k: k.skill_id),
)
asked_years = st.builds(
    lambda s, years, kin: Requirement(
        f"years-{s}", RequirementKind.YEARS, f"{years} years", True, None, skill_id=s, years=years, kin=tuple(kin)
    ),
    st.sampled_from(["", "a", "b"]),
    st.integers(1, 8).map(float),
    st.lists(kins, max_size=2, unique_by=lambda k: k.skill_id),
)
asked_others = st.sampled_from(
    [
        Requirement("l1", RequirementKind.LANGUAGE, "german", True, None, name="german", level="C1"),
        Requirement("l2", RequirementKind.LANGUAGE, "german", False, None, name="german"),
        Requirement("l3", RequirementKind.LANGUAGE, "french", False, None, name="french", level="NATIVE"),
        Requirement("d1", RequirementKind.DEGREE, "master", True, None, level="MASTER"),
        Requirement("d2", RequirementKind.DEGREE, "master in law", True, None, level="MASTER", name="law"),
        Requirement("c1", RequirementKind.LICENCE, "driving licence", True, None, name="driving licence"),
        Requirement("c2", RequirementKind.LICENCE, "class c", True, None, name="driving licence class c"),
        Requirement("p1", RequirementKind.PLACE, "Berlin", True, None, place=Place("Berlin", "", "DE")),
        Requirement("p2", RequirementKind.PLACE, "Bonn", False, None, place=Place("Bonn", "", "DE")),
        Requirement("m1", RequirementKind.WORK_MODE, "onsite", True, None, level="ONSITE"),
        Requirement("y1", RequirementKind.PAY, "pay", True, None, pay=Pay(None, 5_000_000, "EUR")),
    ]
)
positions = st.builds(
    lambda skills, years, others: asking(*skills, *years, *others),
    st.lists(asked_skills, max_size=5, unique_by=lambda r: r.id),
    st.lists(asked_years, max_size=2, unique_by=lambda r: r.id),
    st.lists(asked_others | asked_others.map(lambda r: replace(r, strict=True)), max_size=3, unique_by=lambda r: r.id),
)
intervals = st.builds(
    lambda start, length: Interval(NOW - start, None if length > start else NOW - start + length),
    st.integers(1, 150),
    st.integers(1, 160),
)
facts = st.builds(
    lambda s, proof, months, assessed: SkillFact(
        s, s.upper(), proof, () if proof is Proof.STATED else tuple(months), (SPAN,), assessed
    ),
    st.sampled_from(SKILLS),
    st.sampled_from([Proof.USED, Proof.STATED, Proof.STATED, Proof.IMPLIED]),
    st.lists(intervals, min_size=1, max_size=2),
    st.sampled_from([False, False, True]),
)
people = st.builds(
    CandidateFeatures,
    st.lists(facts, max_size=4, unique_by=lambda f: f.skill_id).map(tuple),
    st.lists(st.builds(RoleFact, st.just("x"), intervals, st.just(SPAN)), max_size=2).map(tuple),
    st.sampled_from(EducationLevel),
    st.just(SPAN),
    st.lists(
        st.builds(LanguageFact, st.sampled_from(["german", "french"]), st.sampled_from(["", "B1"]), st.just(SPAN)),
        max_size=1,
    ).map(tuple),
    st.just(()),
    st.lists(st.just(LicenceFact("driving licence", SPAN)), max_size=1).map(tuple),
    wishes=st.builds(
        Wishes,
        st.none() | st.just(Pay(6_000_000, None, "EUR")),
        st.sampled_from([(), (Place("Paris", "", "FR"),)]),
        st.sampled_from([(), (WorkMode.REMOTE,)]),
    ),
)


def changed(person: CandidateFeatures, changes: tuple[Change, ...]) -> CandidateFeatures:
    return reduce(lambda one, change: change.effect(one), changes, person)


def barred(person: CandidateFeatures, position: PositionFeatures) -> list[Requirement]:
    return list(unmet(person, position, score(person, position, AS_OF)))


def brute_force(
    person: CandidateFeatures, position: PositionFeatures, target: float, most: int
) -> tuple[tuple[Change, ...], float] | None:
    """Every set of changes, smallest first; of equal scores the one whose changes bring most by themselves."""
    now = score(person, position, AS_OF).value
    found = [
        (c, score(c.effect(person), position, AS_OF).value - now) for c in possible_changes(person, position, AS_OF)
    ]
    options = [
        c
        for c, gain in sorted(found, key=lambda one: -round(one[1], 9))
        if round(gain, 9) > 0 or len(barred(c.effect(person), position)) < len(barred(person, position))
    ]
    for size in range(most + 1):
        sets = [(s, score(changed(person, s), position, AS_OF).value) for s in combinations(options, size)]
        reaching = [one for one in sets if one[1] >= target and not barred(changed(person, one[0]), position)]
        if reaching:
            return max(reaching, key=lambda one: one[1])
    return None


@settings(max_examples=150)
@given(people, positions, st.floats(0.02, 0.9), st.integers(1, 4))
def test_the_plan_is_the_one_that_brute_force_finds(
    person: CandidateFeatures, position: PositionFeatures, more: float, most: int
) -> None:
    now = score(person, position, AS_OF).value
    target = now + more * (1 - now)
    assume(len(list(possible_changes(person, position, AS_OF))) <= 9)
    plan, best = what_if(person, position, AS_OF, None, target, most), brute_force(person, position, target, most)
    assert plan.exact
    if best is None:
        assert (plan.changes, plan.score, plan.reached) == ((), now, False)
    else:
        labels = [c.label for c in best[0]]
        assert ([s.change.label for s in plan.changes], plan.score) == (labels, best[1])


@settings(max_examples=150)
@given(people, positions, st.data())
def test_what_a_set_brings_is_what_the_scorer_says(
    person: CandidateFeatures, position: PositionFeatures, data: st.DataObject
) -> None:
    changes = tuple(possible_changes(person, position, AS_OF))
    assume(changes)
    places = tuple(sorted(data.draw(st.sets(st.integers(0, len(changes) - 1)))))
    gains = Gains(person, position, AS_OF, default_weights(), changes, score(person, position, AS_OF))
    there = score(changed(person, tuple(changes[p] for p in places)), position, AS_OF).value
    assert gains.value(gains.choose(places)) == round(there * 1e9)


@settings(max_examples=150)
@given(people, positions, st.data())
def test_no_set_brings_more_than_its_bound(
    person: CandidateFeatures, position: PositionFeatures, data: st.DataObject
) -> None:
    changes = tuple(possible_changes(person, position, AS_OF))
    assume(changes)
    gains = Gains(person, position, AS_OF, default_weights(), changes, score(person, position, AS_OF))
    order = data.draw(st.permutations(range(len(changes))))
    cut = data.draw(st.integers(0, len(changes)))
    more = data.draw(st.integers(0, len(changes) - cut))
    chosen = gains.choose(tuple(sorted(order[:cut])))
    bound = gains.bound(chosen, [gains.marginal(chosen, p) for p in order[cut:]], more)
    assert gains.value(gains.choose(tuple(sorted(order[: cut + more])))) <= bound


def kinds_and_labels(person: CandidateFeatures, position: PositionFeatures, most: int = 10) -> list[tuple[str, str]]:
    """Of the plan for all that can be reached."""
    options = possible_changes(person, position, AS_OF)
    target = score(changed(person, tuple(options)), position, AS_OF).value
    plan = what_if(person, position, AS_OF, None, target, most)
    assert plan.reached
    return [(s.change.kind, s.change.label) for s in plan.changes]


@pytest.mark.parametrize(
    ("person", "requirement", "advice"),
    [
        ({}, skill("a"), ("learn_skill", "learn A and use it for a year")),
        ({"skills": (listed("a"),)}, skill("a"), ("use_skill", "use A at work for a year")),
        (
            {"skills": (listed("b"), listed("a"))},
            skill("a", True, Kin("b", Relation.NARROWER)),
            ("use_skill", "use A at work for a year"),
        ),
        ({"skills": (used("a", 1),)}, skill("a"), ("gain_years", "use A for 2 years more")),
        ({"skills": (used("a", 5, NOW - 120),)}, skill("a"), ("gain_years", "use A for a year more")),
        (
            {"roles": (RoleFact("x", Interval(NOW - 18, None), SPAN),)},
            Requirement("y", RequirementKind.YEARS, "4 years", True, None, years=4.0),
            ("gain_years", "work for 3 years more"),
        ),
        (
            {},
            Requirement("l", RequirementKind.LANGUAGE, "german", True, None, name="german", level="C1"),
            ("raise_language", "learn German to C1"),
        ),
        (
            {"languages": (LanguageFact("german", "B1", SPAN),)},
            Requirement("l", RequirementKind.LANGUAGE, "german", True, None, name="german", level="NATIVE"),
            ("raise_language", "raise German from B1 to C2, and say so"),
        ),
        (
            {},
            Requirement("c", RequirementKind.LICENCE, "forklift", True, None, name="forklift licence"),
            ("obtain_licence", "obtain: forklift licence"),
        ),
        (
            {"education_level": EducationLevel.BACHELOR, "education": SPAN},
            Requirement("d", RequirementKind.DEGREE, "doctorate", True, None, level="DOCTORATE"),
            ("take_degree", "complete a degree: master"),
        ),
        (
            {"education_level": EducationLevel.BACHELOR, "education": SPAN},
            Requirement("d", RequirementKind.DEGREE, "master in law", True, None, level="MASTER", name="law"),
            ("take_degree", "complete a degree: master in law"),
        ),
        (
            {"wishes": Wishes(pay=Pay(6_000_000, None, "EUR"))},
            Requirement("p", RequirementKind.PAY, "pay", True, None, pay=Pay(4_000_000, 5_000_000, "EUR")),
            ("change_preference", "accept up to 50,000 EUR a year"),
        ),
        (
            {"wishes": Wishes(places=(Place("Paris", "", "FR"),))},
            Requirement("p", RequirementKind.PLACE, "Berlin", True, None, place=Place("Berlin", "", "DE")),
            ("change_preference", "be open to work in Berlin, DE"),
        ),
        (
            {"wishes": Wishes(modes=(WorkMode.REMOTE,))},
            Requirement("m", RequirementKind.WORK_MODE, "onsite", True, None, level="ONSITE"),
            ("change_preference", "be open to work onsite"),
        ),
    ],
)
def test_advice_is_something_to_do(
    person: dict[str, object], requirement: Requirement, advice: tuple[str, str]
) -> None:
    assert kinds_and_labels(replace(NOBODY, **person), asking(requirement)) == [advice]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("person", "requirement"),
    [
        ({"skills": (used("a", 5),)}, skill("a")),
        ({}, Requirement("s", RequirementKind.SENIORITY, "expert", True, None, level="EXPERT")),
        ({}, Requirement("p", RequirementKind.PLACE, "Berlin", True, None, place=Place("Berlin", "", "DE"))),
        (
            {"education_level": EducationLevel.DOCTORATE},
            Requirement("d", RequirementKind.DEGREE, "m", True, None, level="MASTER"),
        ),
        (
            {"languages": (LanguageFact("german", "C2", SPAN),)},
            Requirement("l", RequirementKind.LANGUAGE, "german", True, None, name="german", level="NATIVE"),
        ),
    ],
)
def test_what_cannot_be_changed_or_brings_nothing_is_not_advised(
    person: dict[str, object], requirement: Requirement
) -> None:
    someone = replace(NOBODY, **person)  # type: ignore[arg-type]
    now = score(someone, asking(requirement), AS_OF).value
    plan = what_if(someone, asking(requirement), AS_OF, None, min(1.0, now + 0.001), 10)
    assert (plan.changes, plan.score, plan.reached, plan.exact) == ((), now, False, True)


def test_a_target_that_is_reached_asks_for_nothing() -> None:
    plan = what_if(NOBODY, asking(skill("a")), AS_OF, None, 0.0, 3)
    assert (plan.changes, plan.reached) == ((), True)


def test_practice_lets_listed_skills_count_and_one_change_can_be_enough() -> None:
    """Three are listed and none of them counts; with one in use, one of the others does."""
    person = replace(NOBODY, skills=(listed("a"), listed("b"), listed("c")))
    position = asking(skill("a"), skill("b"), skill("c"))
    weight = score(person, position, AS_OF).reasons[0].weight
    plan = what_if(person, position, AS_OF, None, 1.05 * weight, 3)
    assert [s.change.label for s in plan.changes] == ["use A at work for a year"]
    assert plan.score == pytest.approx((0.8 + 0.3 + UNPROVEN) * weight)


def test_bounds_know_that_practice_lets_listed_skills_count() -> None:
    person = replace(NOBODY, skills=tuple(listed(name) for name in SKILLS))
    position = asking(*(skill(name, name < "c") for name in SKILLS))
    changes = tuple(possible_changes(person, position, AS_OF))
    gains = Gains(person, position, AS_OF, default_weights(), changes, score(person, position, AS_OF))
    nothing = gains.choose(())
    for size in range(len(changes) + 1):
        bound = gains.bound(nothing, [gains.marginal(nothing, place) for place in range(len(changes))], size)
        sets = combinations(range(len(changes)), size)
        assert max(gains.value(gains.choose(places)) for places in sets) <= bound


def test_who_is_left_out_is_told_what_lets_them_in_though_the_score_is_reached() -> None:
    person = replace(NOBODY, skills=(used("a", 5), used("b", 5)))
    strict = Requirement("c1", RequirementKind.LICENCE, "forklift", False, None, name="forklift", strict=True)
    plan = what_if(person, asking(skill("a"), skill("b"), strict), AS_OF, None, 0.1, 3)
    assert [s.change.kind for s in plan.changes] == ["obtain_licence"]
    impossible = Requirement("s1", RequirementKind.SENIORITY, "expert", False, None, level="EXPERT", strict=True)
    plan = what_if(person, asking(skill("a"), skill("b"), strict, impossible), AS_OF, None, 0.1, 3)
    assert (plan.changes, plan.reached, plan.exact) == ((), False, True)


def test_each_change_says_what_it_adds_by_itself() -> None:
    position = asking(skill("a"), skill("b", False))
    plan = what_if(NOBODY, position, AS_OF, None, 0.7, 3)
    now = score(NOBODY, position, AS_OF).value
    assert [s.change.skill_id for s in plan.changes] == ["a", "b"]
    for suggestion in plan.changes:
        alone = score(suggestion.change.effect(NOBODY), position, AS_OF).value
        assert suggestion.gain == pytest.approx(alone - now, abs=1e-9)


def test_sixty_intertwined_skills_and_ten_changes_are_planned_in_time() -> None:
    """Every skill is kin to ten others, and half are listed. Time is bounded by counting, so that every run gives the same plan."""
    names = [f"s{i}" for i in range(60)]
    relations = tuple(Relation)
    asked = [
        skill(name, i % 2 == 0, *(Kin(names[(i * 7 + j * j + 1) % 60], relations[(i + j) % 3]) for j in range(10)))
        for i, name in enumerate(names)
    ]
    asked = [replace(r, kin=tuple(k for k in r.kin if k.skill_id != r.skill_id)) for r in asked]
    person = replace(NOBODY, skills=tuple(listed(name) for name in names[::2]))
    now = score(person, asking(*asked), AS_OF).value
    plans = [what_if(person, asking(*asked), AS_OF, None, now + more, 10) for more in (0.1, 0.3, 0.45, 0.6)]
    for plan, more in zip(plans, (0.1, 0.3, 0.45, 0.6), strict=True):
        assert plan.score >= now + more or not plan.changes
        effects = tuple(s.change for s in plan.changes)
        assert plan.score == score(changed(person, effects), asking(*asked), AS_OF).value


def test_thousands_of_equal_choices_are_planned_without_looking_at_each_set() -> None:
    asked = asking(*(skill(f"s{i}", i % 2 == 0) for i in range(2_000)))
    weight = max(reason.weight for reason in score(NOBODY, asked, AS_OF).reasons if reason.factor == "skill")
    plan = what_if(NOBODY, asked, AS_OF, None, 0.8 * weight * 9.5, 10)
    assert [s.change.skill_id for s in plan.changes] == [f"s{i}" for i in range(0, 20, 2)]
    assert plan.exact
    beyond = what_if(NOBODY, asked, AS_OF, None, 0.8 * weight * 10.5, 10)
    assert (beyond.changes, beyond.reached, beyond.exact) == ((), False, True)
