"""Words and decoding of skill spans, and the model that ships."""

from itertools import pairwise

import numpy as np
import pytest

from services.ai.skills.spans import FoundSpan, SpanFinder
from services.ai.skills.spans.decode import best_tags, spans
from services.ai.skills.spans.words import PLACEHOLDER, SHAPES, shape, words


@pytest.fixture(scope="module")
def finder() -> SpanFinder:
    return SpanFinder()


def test_a_field_of_knowledge_is_found_where_it_stands(finder: SpanFinder) -> None:
    sentence = "You have solid experience with Java and Python ."
    found = finder.find_spans([sentence])[0]
    assert {sentence[span.start : span.end] for span in found if span.kind == "knowledge"} >= {"Java", "Python"}


def test_something_done_is_a_skill(finder: SpanFinder) -> None:
    sentence = "You will develop new features and communicate with our customers ."
    assert any(span.kind == "skill" for span in finder.find_spans([sentence])[0])


def test_what_says_no_skill_has_no_span(finder: SpanFinder) -> None:
    assert finder.find_spans(["<ORGANIZATION> , Copenhagen , Denmark"]) == [[]]


def test_confidence_is_a_chance(finder: SpanFinder) -> None:
    found = finder.find_spans(["Knowledge of SQL , Docker and Kubernetes ; strong communication skills"])[0]
    assert found
    assert all(isinstance(span, FoundSpan) and 0 <= span.confidence <= 1 for span in found)


def test_spans_come_in_order_of_the_text(finder: SpanFinder) -> None:
    found = finder.find_spans(["Docker , Kubernetes , Terraform , and you work independently"])[0]
    assert [span.start for span in found] == sorted(span.start for span in found)


@pytest.mark.parametrize("sentence", ["", "  ", "…", "\u200b", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🎻 نص"])
def test_strange_sentences_are_read_without_harm(finder: SpanFinder, sentence: str) -> None:
    assert len(finder.find_spans([sentence])) == 1


def test_words_past_the_limit_are_outside(finder: SpanFinder) -> None:
    tokens = ["Java"] * 500
    assert all(after <= 126 for spans_of_kind in finder.tagged(tokens).values() for _, after, _ in spans_of_kind)


def test_company_of_other_sentences_changes_no_byte(finder: SpanFinder) -> None:
    sentences = ["Java developer wanted", "You lead a team of eight ."]
    assert finder.find_spans(sentences) == [finder.find_spans([sentence])[0] for sentence in sentences]


def test_inside_never_follows_outside() -> None:
    scores = np.log(np.array([[0.1, 0.1, 0.8], [0.6, 0.1, 0.3], [0.1, 0.2, 0.7]], np.float32))
    tags = best_tags(scores)
    assert tags[0] != 2
    assert all(not (after == 2 and before == 0) for before, after in pairwise(tags))


def test_the_best_sequence_weighs_the_whole() -> None:
    # Word for word "outside, inside": not allowed, and begin-inside costs less than giving the second word up.
    scores = np.log(np.array([[0.55, 0.40, 0.05], [0.04, 0.01, 0.95]], np.float32))
    assert best_tags(scores) == [1, 2]


def test_no_words_no_tags() -> None:
    assert best_tags(np.zeros((0, 3), np.float32)) == []


@pytest.mark.parametrize(
    ("tags", "expected"),
    [([1, 2, 0, 1], [(0, 2), (3, 4)]), ([1, 1, 2], [(0, 1), (1, 3)]), ([0, 2, 2], [(1, 3)]), ([], [])],
)
def test_tags_become_spans(tags: list[int], expected: list[tuple[int, int]]) -> None:
    assert spans(tags) == expected


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("C++, C# and Node.js.", ["C++", ",", "C#", "and", "Node.js", "."]),
        ("CI/CD (e.g. Jenkins)", ["CI/CD", "(", "e.g", ".", "Jenkins", ")"]),
        ("at <ORGANIZATION>", ["at", "<ORGANIZATION>"]),
    ],
)
def test_symbols_stay_with_their_word(sentence: str, parts: list[str]) -> None:
    assert [sentence[start:end] for start, end in words(sentence)] == parts


def test_shapes_tell_how_a_word_is_written() -> None:
    written = [shape(word) for word in ("<NAME>", ",", "2x", "10", "SQL", "R", "Java", "JavaScript", "code", "e-Mail")]
    assert written[0] == PLACEHOLDER
    assert len(set(written)) == len(written)
    assert max(written) < SHAPES
