"""What recruiters changed wins over every reading, whatever the text says later."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.ai.matching import Origin, Requirement, RequirementKind
from services.ai.matching.edits import Edits, edited
from services.ai.spans import Span

SKILLS = ("python", "java", "go", "rust")


def read(skill_id: str, start: int = 0, must: bool = False) -> Requirement:
    span = Span(start, start + len(skill_id), 0, skill_id)
    return Requirement(f"read-{skill_id}", RequirementKind.SKILL, skill_id, must, span, skill_id)


def written(requirement_id: str, skill_id: str, must: bool = True) -> Requirement:
    return Requirement(requirement_id, RequirementKind.SKILL, skill_id, must, None, skill_id, origin=Origin.RECRUITER)


def test_a_change_stays_where_the_text_asks_for_it_and_keeps_its_characters() -> None:
    asked = edited((read("python"), read("java", 9)), {"read-python": written("read-python", "python")})
    assert asked == (replace(written("read-python", "python"), span=Span(0, 6, 0, "python")), read("java", 9))


def test_what_was_removed_stays_removed_when_the_text_is_read_again() -> None:
    edits: Edits = {"read-python": None}
    assert edited((read("python"), read("java")), edits) == (read("java"),)
    assert edited((read("python", 40, must=True),), edits) == ()


def test_what_was_added_comes_last_and_is_asked_for_once_though_the_text_says_it_too() -> None:
    edits: Edits = {"new": written("new", "go")}
    assert edited((read("python"),), edits) == (read("python"), written("new", "go"))
    assert [one.id for one in edited((read("go", 4), read("python")), edits)] == ["read-python", "new"]


def test_a_change_outlives_the_text_it_was_made_on_without_its_characters() -> None:
    assert edited((), {"read-python": written("read-python", "python")}) == (written("read-python", "python"),)


def test_what_was_turned_into_something_else_points_at_no_characters_of_before() -> None:
    (asked,) = edited((read("python"),), {"read-python": written("read-python", "java")})
    assert (asked.skill_id, asked.span) == ("java", None)


readings = st.lists(
    st.builds(read, st.sampled_from(SKILLS), st.integers(0, 99), st.booleans()), unique_by=lambda one: one.id
).map(tuple)
edits_made = st.dictionaries(
    st.sampled_from([*(f"read-{s}" for s in SKILLS), "new-1", "new-2"]), st.none() | st.sampled_from(SKILLS)
).map(lambda made: {key: written(key, skill) if skill else None for key, skill in made.items()})


@given(readings, edits_made)
def test_editing_again_changes_nothing(found: tuple[Requirement, ...], edits: Edits) -> None:
    once = edited(found, edits)
    assert edited(once, edits) == once


@given(readings, edits_made, readings)
def test_every_edit_holds_after_every_reading(
    first: tuple[Requirement, ...], edits: Edits, second: tuple[Requirement, ...]
) -> None:
    for text in (first, second):
        asked = {one.id: one for one in edited(text, edits)}
        for key, edit in edits.items():
            assert (key in asked) == (edit is not None)
            if edit:
                assert replace(asked[key], span=None) == edit
