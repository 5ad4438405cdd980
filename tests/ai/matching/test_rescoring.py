"""Scores with one skill more are those that the scorer gives, to the last digit."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.matching import CandidateFeatures, PositionFeatures, scaled, score
from services.ai.matching.changes import learning
from services.ai.matching.rescoring import Rescoring, named_fact
from tests.ai.matching.test_whatif import AS_OF, NOBODY, SKILLS, asking, people, positions, skill, used

some_weights = st.sampled_from([None, scaled({"skill": 3, "years": 1}), scaled({"recency": 1})])


@settings(max_examples=300)
@given(people, positions, st.sampled_from(SKILLS), some_weights)
def test_a_promise_is_what_the_scorer_says(person, position, skill_id, weights) -> None:  # type: ignore[no-untyped-def]
    person = without(person, skill_id)
    scorer = Rescoring(person, position, AS_OF, weights)
    assert scorer.base == score(person, position, AS_OF, weights).value
    naming = replace(person, skills=(*person.skills, named_fact(skill_id, "X")))
    assert scorer.named(skill_id, "X") == score(naming, position, AS_OF, weights).value
    learnt = learning(skill_id, "X", AS_OF).effect(person)
    assert scorer.shown(skill_id, "X") == score(learnt, position, AS_OF, weights).value


@settings(max_examples=100)
@given(people, positions, st.sampled_from(SKILLS))
def test_no_skill_lowers_a_score_and_work_brings_at_least_what_a_name_does(
    person: CandidateFeatures, position: PositionFeatures, skill_id: str
) -> None:
    scorer = Rescoring(without(person, skill_id), position, AS_OF)
    assert scorer.base <= scorer.named(skill_id, "X") <= scorer.shown(skill_id, "X")


def test_a_name_that_nothing_bears_out_brings_next_to_nothing() -> None:
    position = asking(skill("a"), skill("b"))
    nobody, somebody = (Rescoring(p, position, AS_OF) for p in (NOBODY, replace(NOBODY, skills=(used("b"),))))
    assert 0 < nobody.named("a", "A") - nobody.base < 0.001
    assert somebody.named("a", "A") - somebody.base > 0.01
    assert nobody.shown("a", "A") - nobody.base > 0.01


def without(person: CandidateFeatures, skill_id: str) -> CandidateFeatures:
    return replace(person, skills=tuple(fact for fact in person.skills if fact.skill_id != skill_id))
