"""Paths: nothing before what it needs, the same in every process, and the most for an hour first."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.growth import MOST_STEPS, Worth, chosen, ordered

NAMES = [f"s{n}" for n in range(12)]
relations = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), max_size=12)
worths = st.fixed_dictionaries(
    {name: st.builds(Worth, st.floats(0, 1), st.sampled_from([20, 40, 80, 120])) for name in NAMES}
)


def of(needs: Mapping[str, list[str]]):  # type: ignore[no-untyped-def]
    return lambda skill: needs.get(skill, [])


@settings(max_examples=200)
@given(relations, worths, st.sets(st.sampled_from(NAMES)), st.randoms())
def test_every_skill_comes_once_and_after_what_it_names(needs, worth, skills, random) -> None:  # type: ignore[no-untyped-def]
    steps = ordered(skills, of(needs), worth)
    assert sorted(step.skill_id for step in steps) == sorted(skills)
    places = {step.skill_id: place for place, step in enumerate(steps)}
    for step in steps:
        assert set(step.prerequisites) <= set(needs.get(step.skill_id, ()))
        assert all(places[one] < places[step.skill_id] for one in step.prerequisites)
    again = list(skills)
    random.shuffle(again)
    assert ordered(again, of(needs), worth) == steps


@settings(max_examples=200)
@given(relations, st.lists(st.sampled_from(NAMES), unique=True), st.sets(st.sampled_from(NAMES)))
def test_all_that_is_needed_and_not_had_is_there(needs, wanted, had) -> None:  # type: ignore[no-untyped-def]
    found = chosen(wanted, of(needs), had)
    assert not had.intersection(found)
    assert set(wanted) - had <= set(found)
    for skill in found:
        assert set(needs.get(skill, ())) - had <= set(found)


def test_only_a_circle_loses_a_relation() -> None:
    needs = {"a": ["b"], "b": ["c"], "d": ["a"]}
    worth = {name: Worth(0.1, 40) for name in "abcd"}
    steps = {step.skill_id: step.prerequisites for step in ordered("abcd", of(needs), worth)}
    assert steps == {"c": (), "b": ("c",), "a": ("b",), "d": ("a",)}
    round_ = {step.skill_id: step.prerequisites for step in ordered("abc", of(needs | {"c": ["a"]}), worth)}
    assert sum(map(len, round_.values())) == 2


def test_what_leads_to_much_comes_before_what_brings_a_little() -> None:
    worth = {"base": Worth(0, 40), "top": Worth(0.9, 40), "small": Worth(0.1, 40), "quick": Worth(0.3, 20)}
    steps = ordered(worth, of({"top": ["base"]}), worth)
    assert [step.skill_id for step in steps] == ["quick", "base", "top", "small"]
    # Alone it brings nothing, and comes last.
    without = ordered(["base", "small", "quick"], of({}), worth)
    assert [step.skill_id for step in without] == ["quick", "small", "base"]


def test_a_long_list_ends_with_whole_chains() -> None:
    needs = {f"w{n}": [f"w{n}-base"] for n in range(100)}
    found = chosen(list(needs), of(needs), ())
    assert len(found) == MOST_STEPS
    assert all(f"{skill}-base" in found for skill in found if "-" not in skill)


def test_what_is_had_needs_nothing_more() -> None:
    assert chosen(["top"], of({"top": ["middle"], "middle": ["base"]}), {"middle"}) == ["top"]
