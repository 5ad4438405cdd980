"""Skills that sentences show without naming them, and the encoder that finds them."""

import hashlib
import subprocess
import sys
from functools import cache

import pytest

from services.ai.embedding import DIMENSIONS, MiniLM, cosine
from services.ai.skills import ConceptRanker, SkillLinker, find_implied, load
from services.ai.skills.implied import THRESHOLD
from services.ai.spans import Span, span_of

SHOWS = "Called existing and prospect customers."
NAMES = "Programmed everything in Python."
LONG_TEXT = "Served guests at the bar and counted the till. " * 60


@cache
def encoder() -> MiniLM:
    return MiniLM()


@cache
def ranker() -> ConceptRanker:
    return ConceptRanker.over(load())


def implied(*lines: str) -> list[tuple[str, str]]:
    text = "\n".join(lines)
    starts = [text.index(line) for line in lines]
    spans = [span_of(text, start, start + len(line)) for start, line in zip(starts, lines, strict=True)]
    mentions = find_implied(spans, SkillLinker(load()).link(text), load(), ranker())
    assert all(
        m.implied and m.confidence >= THRESHOLD and text[m.span.start : m.span.end] == m.span.text for m in mentions
    )
    return [(m.label, m.span.text) for m in mentions]


def test_a_sentence_shows_a_skill_that_it_does_not_name() -> None:
    assert implied(SHOWS) == [("prospect new customers", SHOWS)]


def test_a_sentence_that_names_a_skill_implies_no_other() -> None:
    assert implied(NAMES) == []


@pytest.mark.parametrize("text", ["", "   ", "Yes.", "The weather was fine on most days of that year.", "word " * 80])
def test_what_shows_nothing_implies_nothing(text: str) -> None:
    assert find_implied([Span(0, len(text), 0, text)], (), load(), ranker()) == ()


def test_a_skill_that_is_stated_elsewhere_is_not_implied() -> None:
    stated = SkillLinker(load()).link("prospect new customers")
    assert stated
    assert find_implied([Span(100, 139, 0, SHOWS)], stated, load(), ranker()) == ()


def test_each_skill_is_implied_once() -> None:
    assert len(implied(SHOWS, SHOWS.upper())) <= 1


def test_a_skill_of_one_word_is_not_implied() -> None:
    (((skill_id, confidence),),) = ranker().rank(["Striving for academic success of everybody"], 1)
    assert (load().skills[skill_id].label, confidence > THRESHOLD) == ("academic", True)
    assert implied("Striving for academic success of everybody") == []


def test_a_ranked_list_falls_and_holds_chances() -> None:
    (ranked,) = ranker().rank([SHOWS], 8)
    assert len({skill_id for skill_id, _ in ranked}) == 8
    assert all(0 < value < 1 for _, value in ranked)
    assert [value for _, value in ranked] == sorted((value for _, value in ranked), reverse=True)
    assert ranker().rank([], 3) == []
    assert ranker().rank([" "], 3) == [[]]


def test_vectors_have_length_one_and_long_text_is_read_to_its_end() -> None:
    vector = encoder().encode(LONG_TEXT)
    assert len(vector) == DIMENSIONS
    assert cosine(vector, vector) == pytest.approx(1)
    assert sum(x * x for x in vector) == pytest.approx(1, abs=1e-3)
    assert encoder().encode(LONG_TEXT + "Flew helicopters over the Arctic.") != vector
    assert encoder().encode(" \n") == (0.0,) * DIMENSIONS


def test_likeness_of_meaning_is_likeness_of_vectors() -> None:
    nurse, carer, pilot = (
        encoder().encode(t) for t in ("cared for patients on a ward", "looked after the sick", "flew an aeroplane")
    )
    assert cosine(nurse, carer) > cosine(nurse, pilot)


def test_another_process_finds_the_same_vector_without_torch() -> None:
    program = (
        "import hashlib, sys; from services.ai.embedding import MiniLM;"
        "print(hashlib.sha256(repr(MiniLM().encode('Python developer in Berlin')).encode()).hexdigest(), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    mine = hashlib.sha256(repr(encoder().encode("Python developer in Berlin")).encode()).hexdigest()
    assert done.stdout.split() == [mine, "False"]
