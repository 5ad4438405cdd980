"""Skills in texts: whole names, safe with symbols, and everyday words only where they are names."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.skills import SkillLinker, load
from services.ai.skills.build import merge
from services.ai.skills.grammar import Grammar


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


def labels(text: str) -> list[str]:
    return [mention.label for mention in linker().link(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C, C++ and C#", ["C", "C++", "C#"]),
        ("Node.js, not Node", ["Node.js"]),
        ("machine learning", ["machine learning"]),
        ("skills: Go, Rust, R", ["Go", "Rust", "R"]),
        ("We go fast and make less noise", []),
        ("I excel at teamwork", []),
        ("write to python@example.org", []),
        ("pythonic", []),
        ("AWS and K8s", ["Amazon Web Services", "Kubernetes"]),
    ],
)
def test_names_are_found_as_they_are_meant(text: str, found: list[str]) -> None:
    assert labels(text) == found


def test_an_everyday_word_is_a_skill_where_it_is_a_name() -> None:
    assert "Microsoft Excel" in labels("built reports in Excel daily") or "Excel" in labels(
        "built reports in Excel daily"
    )


def test_the_longest_name_wins() -> None:
    assert "deep learning" in labels("deep learning")
    assert len(labels("deep learning")) == 1


@given(st.text(max_size=120))
def test_mentions_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    mentions = linker().link(f"Python {text} C++")
    whole = f"Python {text} C++"
    assert all(whole[m.span.start : m.span.end] == m.span.text for m in mentions)
    assert all(a.span.end <= b.span.start for a, b in pairwise(mentions))


@pytest.mark.parametrize(
    ("text", "word", "noun"), [("I excel at work", "excel", False), ("I use Excel daily", "Excel", True)]
)
def test_grammar_tells_a_name_from_a_verb(text: str, word: str, noun: bool) -> None:
    start = text.index(word)
    assert Grammar().is_noun(text, start, start + len(word)) is noun


def test_of_two_skills_with_one_name_the_first_keeps_it() -> None:
    rows = [("a", "Python", ["py"], True), ("b", "python", [], False), ("c", "Cobra (snake)", ["py"], False)]
    assert list(merge(rows)) == [("a", "Python", ["py"], True), ("c", "Cobra", ["Cobra (snake)"], False)]
