"""Feedback: a good answer is told so, and neither copies nor lists nor talk of other things pay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.interviews import Feedback, Question, RubricLine, feedback, questions
from services.ai.skills import load
from tests.ai.interviews.examples import POSITION, asked_of, judged, resume

GOOD = """When I was a senior data engineer at Northwind Freight, our jobs had to move to containers.
I built the pipelines in Docker and wrote the manifests for a first Kubernetes cluster together with the platform team.
As a result nightly loads ran 35% faster.
I have not yet run a cluster on my own; I would take a course and begin with a small service."""


def keys(question: Question, found: Feedback) -> set[str]:
    return {line.key for line in question.rubric if line.text in found.met}


def test_a_good_answer_meets_every_line() -> None:
    found = feedback(asked_of("Kubernetes"), GOOD)
    assert (found.score, found.missing) == (100, ())


@pytest.mark.parametrize(
    ("without", "lost"),
    [
        ("As a result nightly loads ran 35% faster.", "result"),
        ("I have not yet run a cluster on my own; I would take a course and begin with a small service.", "gap"),
    ],
)
def test_what_is_left_out_is_missing(without: str, lost: str) -> None:
    question = asked_of("Kubernetes")
    found = feedback(question, GOOD.replace(without, ""))
    assert {line.key for line in question.rubric if line.text in found.missing} == {lost}
    assert 0 < found.score < 100
    assert not set(found.met) & set(found.missing)


def test_an_answer_about_something_else_is_worth_nothing() -> None:
    off = GOOD.replace("Kubernetes", "planting").replace("Docker", "gardens")
    found = feedback(asked_of("Kubernetes"), off)
    assert found.score == 0
    assert len(found.missing) == 1, "though it is told as an answer should be"


def test_copies_do_not_pay() -> None:
    question = asked_of("Kubernetes")
    rubric = " ".join(f"{line.text}." for line in question.rubric)
    for copy in (
        question.text,
        rubric,
        f"{question.text} {rubric}",
        POSITION,
        f"{question.text}\n" * 20,
        rubric.upper(),
    ):
        assert feedback(question, copy).score == 0, copy
    # Nor does the copy make up for what is not in the answer itself.
    own = "I built pipelines for a Kubernetes cluster with two colleagues there."
    assert feedback(question, f"{question.text}\n{rubric}\n{own}") == feedback(question, own)


def test_lists_and_repetition_do_not_pay() -> None:
    question = asked_of("Kubernetes")
    assert feedback(question, "Kubernetes, Docker, Python, Helm, Istio, Linux, 35%, 2019, built, reduced.").score == 0
    assert feedback(question, "Kubernetes Kubernetes Kubernetes Kubernetes Kubernetes Kubernetes.").score == 0
    assert feedback(question, "kubernetes").score == 0
    once = "I ran a Kubernetes cluster of my own at home."
    assert feedback(question, f"{once}\n" * 10) == feedback(question, once)


@settings(max_examples=100)
@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_the_same_again(answer: str) -> None:
    question = asked_of("Kubernetes")
    found = feedback(question, answer)
    assert found == feedback(question, answer)
    assert 0 <= found.score <= 100
    assert sorted((*found.met, *found.missing)) == sorted(line.text for line in question.rubric)


def test_a_short_name_must_be_the_very_word() -> None:
    question = Question("?", "R", True, None, (RubricLine("names", "names"),), (), None, ("r",), ())
    assert feedback(question, "We are here because our reports were right.").score == 0
    assert feedback(question, "We are here because I wrote our reports in R.").score == 100


ANSWERS = {
    "de": """Als ich bei Hafenlogistik Nord war, habe ich einen Dienst gebaut, der Nachrichten aus Kafka liest.
Dadurch sank die Wartezeit um 40 %. Einen eigenen Cluster habe ich noch nicht betrieben, das würde ich in einem Kurs lernen.""",
    "fr": """Pendant mon projet chez Atelier Lumen, j'ai écrit un service qui lit des messages de Kafka.
Nous avons ainsi réduit l'attente de 40 %. Je n'ai pas encore géré de grappe, je suivrais une formation.""",
    "es": """Cuando trabajaba en el Banco Meridiano, hice un servicio que lee mensajes de Kafka para los informes.
Así reduje la espera un 40 %. Todavía no he llevado un clúster, haría un curso para aprender.""",
}


@pytest.mark.parametrize("language", ANSWERS)
def test_answers_are_understood_in_the_languages_of_questions(language: str) -> None:
    (question,) = questions(judged("You must have:\n- Apache Kafka", "", language), resume(language), language, load())
    assert feedback(question, ANSWERS[language]).missing == ()
    assert feedback(question, ANSWERS[language].replace("Kafka", "pan")).score == 0
