"""What the ontology, and our lists beside it, say of learning: prerequisites, effort, occupations."""

from datetime import date

import pytest

from services.ai.growth import Efforts, Prerequisites, essential_position, find_occupation
from services.ai.growth.listed import rows, skill_id
from services.ai.matching import Proof, SkillFact, score
from services.ai.skills import load
from services.ai.skills.ontology import Ontology
from tests.ai.matching.test_whatif import NOBODY


def named(name: str) -> str:
    found = skill_id(load(), name)
    assert found, name
    return found


def test_every_name_of_our_lists_is_one_of_the_ontology() -> None:
    names = [n for fields in rows("prerequisites") for n in fields] + [n for f in rows("efforts") for n in f[1:]]
    assert [name for name in names if not skill_id(load(), name)] == []
    first = [fields[0] for fields in rows("prerequisites")]
    assert len(first) == len(set(first)), "each has one line"


def test_a_library_needs_its_language_and_nothing_needs_itself() -> None:
    found = Prerequisites(load())
    assert list(found.needs(named("PyTorch"))) == [named("Python"), named("machine learning")]
    assert list(found.needs("no-such-skill")) == []
    seen: dict[str, int] = {}

    def depth(skill: str) -> int:
        assert seen.setdefault(skill, 0) >= 0, f"{skill} needs itself"
        seen[skill] = -1
        most = 1 + max((depth(one) for one in found.needs(skill)), default=0)
        seen[skill] = 0
        return most

    assert max(depth(named(fields[0])) for fields in rows("prerequisites")) >= 4


def test_relations_of_the_ontology_count(related: Ontology) -> None:
    found = Prerequisites(related)
    assert list(found.needs("bake")) == ["knead"], "what only helps is no prerequisite"
    assert list(found.follows("knead")) == ["dough"], "the general before the special"
    assert list(found.needs("knead")) == [], "but it is no step of its own"


@pytest.mark.parametrize(("skill", "hours"), [("bake", 40), ("grain-1", 80), ("grain", 120), ("tech:oven", 40)])
def test_effort_depends_on_the_kind(related: Ontology, skill: str, hours: int) -> None:
    assert Efforts(related).hours(skill) == hours


def test_effort_is_a_round_number_and_lists_win() -> None:
    efforts = Efforts(load())
    assert efforts.hours(named("machine learning")) == 280
    assert (efforts.hours(named("distributed systems")), efforts.hours(named("Apache Kafka"))) == (80, 40)
    assert efforts.hours(named("Python")) > efforts.hours(named("Flask")) > efforts.hours(named("Git"))
    assert {efforts.hours(one) for one in list(load().skills)[::50]} <= {20, 40, 80, 120, 200, 280}
    with pytest.raises(KeyError):
        efforts.hours("no-such-skill")


def test_an_occupation_is_what_its_essential_skills_ask_for(related: Ontology) -> None:
    goal = find_occupation(related, "baker")
    assert goal
    assert (goal.titles, goal.skill_ids) == (("baker", "bread maker", "bake house worker"), ("bake", "knead"))
    position = essential_position(related, goal)
    assert [(one.skill_id, one.must, one.label) for one in position.requirements] == [
        ("bake", True, "bake bread"),
        ("knead", True, "knead dough"),
    ]
    person = NOBODY.__class__(
        (SkillFact("bake", "bake bread", Proof.STATED, (), ()),), (), NOBODY.education_level, None, (), ()
    )
    assert score(person, position, date(2026, 1, 1)).value > score(NOBODY, position, date(2026, 1, 1)).value
    miller = find_occupation(related, "miller")
    assert miller
    assert miller.skill_ids == ()
    assert find_occupation(related, "bake") is None


def test_the_packaged_ontology_knows_titles_of_occupations() -> None:
    one = next(iter(load().titles()))
    goal = find_occupation(load(), one.id)
    assert goal
    assert all(title == title.lower() for title in goal.titles)
