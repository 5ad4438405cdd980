"""Questions: on all that is not proved and on nothing that is, in the position's words, with own evidence."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.interviews import Asked, is_unproved, language_for, questions
from services.ai.interviews.proof import PROVED
from services.ai.interviews.wording import KEYS, words
from services.ai.matching import RequirementKind
from services.ai.skills import load
from services.ai.spans import Span
from tests.ai.interviews.examples import POSITION, asked_of, judged, proved, resume
from tests.ai.letters.examples import sources

# All that the engine has, and those of other matters.
RULES = sorted(
    {*PROVED, "narrower", "broader", "related", "implied", "listed", "unproven", "missing", "proportional", "one_below"}
    | {"below", "related_subject", "other_subject", "untold_subject", "unstated_level", "any", "wanted", "near"}
)


def test_what_the_resume_proves_is_not_asked_and_all_else_is() -> None:
    found = questions(judged(), resume(), "en", load())
    assert [one.label for one in found] == [
        "Kubernetes", "French C1", "doctorate in physics", "aws certification", "physics", "Apache Kafka",
    ]  # fmt: skip
    assert [one.must for one in found] == [True] * 4 + [False] * 2
    for one in found:
        assert one.requirement
        assert POSITION[one.requirement.start : one.requirement.end] == one.requirement.text
        assert [line.key for line in one.rubric] == list(KEYS)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(RequirementKind), st.sampled_from(RULES), st.booleans()), max_size=12))
def test_each_unproved_requirement_is_asked_once(rows: list[tuple[RequirementKind, str, bool]]) -> None:
    asked = [Asked(kind, f"thing {n}", must, rule, name=f"n{n}") for n, (kind, rule, must) in enumerate(rows)]
    found = questions([*asked, *asked], resume(), "en", load())
    wanted = [one for one in asked if is_unproved(one)]
    ordered = [one for one in wanted if one.must] + [one for one in wanted if not one.must]
    assert [one.label.lower() for one in found] == [one.label for one in ordered]
    assert not {one.rule for one in wanted} & PROVED
    # What people want is no matter of their resumes.
    assert not {one.kind for one in wanted} & {RequirementKind.PAY, RequirementKind.PLACE, RequirementKind.WORK_MODE}


def test_nothing_is_asked_of_who_proves_everything() -> None:
    assert questions([proved(one) for one in judged()], resume(), "en", load()) == ()


def test_evidence_and_outline_are_own_words() -> None:
    text = sources("en").resume_text
    for one in questions(judged(), resume(), "en", load()):
        outline = one.outline
        assert outline
        spans = [*one.evidence, *outline.situation, *outline.action, outline.task, outline.result]
        assert all(text[span.start : span.end] == span.text for span in spans if span)
    outline = asked_of("Kubernetes").outline
    assert outline
    assert [span.text for span in outline.situation] == ["Senior Data Engineer", "Northwind Freight Ltd"]
    assert outline.result
    assert "35%" in outline.result.text
    assert outline.result not in outline.action


def test_the_nearest_line_comes_first() -> None:
    asked = Asked(RequirementKind.SKILL, "statistical reporting", True, "missing", name="x")
    (one,) = questions([asked], resume(), "en", load())
    assert one.evidence[0].text == "Trained 25 colleagues in reading statistical reports."
    assert one.outline
    assert one.outline.situation[1].text == "Harbour Insurance"
    # What the engine itself found near comes before everything.
    cited = next(b.span for b in resume().experiences[0].bullets)
    (one,) = questions([replace(asked, rule="related", evidence=(cited,))], resume(), "en", load())
    assert one.evidence[0] == cited
    assert "near statistical reporting" in one.text


def test_who_has_no_role_is_asked_all_the_same() -> None:
    bare = replace(resume(), experiences=(), skills=())
    found = questions(judged(), bare, "en", load())
    assert len(found) == 6
    assert {(one.outline, one.evidence) for one in found} == {(None, ())}


def test_a_question_says_how_the_resume_stands_to_it() -> None:
    skill = Asked(RequirementKind.SKILL, "Docker", True, "missing", skill_id="x")
    texts = {
        rule: questions([replace(skill, rule=rule)], resume(), "en", load())[0].text
        for rule in ("missing", "listed", "unproven", "implied", "broader")
    }
    assert texts["listed"] == texts["unproven"] != texts["missing"]
    assert texts["implied"].startswith("Your work suggests Docker")
    assert texts["broader"] == texts["missing"], "nothing near is cited"
    (manner,) = questions([replace(skill, label="communication skills")], resume(), "en", load())
    assert manner.text.startswith("Tell us about a time")


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        ("de", "Wir suchen jemanden, der mit Kafka und der Cloud arbeitet.", "Gesucht wird"),
        ("fr", "Nous cherchons une personne qui travaille avec Kafka dans le nuage.", "Le poste demande"),
        ("es", "Buscamos una persona que trabaje con Kafka en la nube.", "El puesto pide"),
        ("en", "We look for a person who works with Kafka in the cloud.", "The position asks for"),
        ("en", "Kafka", "The position asks for"),
    ],
)
def test_questions_are_in_the_position_s_language(language: str, said: str, asked: str) -> None:
    assert language_for(said) == language
    start = said.index("Kafka")
    one = Asked(RequirementKind.SKILL, "Apache Kafka", True, "missing", Span(start, start + 5, 0, "Kafka"))
    (found,) = questions([one], resume(), language, load())
    assert found.text.startswith(asked)
    assert found.label == ("Apache Kafka" if language == "en" else "Kafka")


def test_every_language_says_the_same() -> None:
    for part in ("questions", "rubric"):
        assert len({tuple(words()[language][part]) for language in ("en", "de", "fr", "es")}) == 1
