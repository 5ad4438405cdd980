"""Skills in texts: whole names, safe with symbols, everyday words only where they are names, nothing that is denied."""

import time
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.skills import SkillLinker, load
from services.ai.spans import span_of
from tests.quality.symbols import f1, outcome, read


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


def labels(text: str) -> list[str]:
    return [mention.label for mention in linker().link(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C, C++ and C#", ["C", "C++", "C#"]),
        ("C/C++", ["C", "C++"]),
        ("Node.js, no other node", ["Node.js"]),
        ("JavaScript", ["JavaScript"]),
        ("ASP.NET and .NET 6", ["ASP.NET", ".NET"]),
        ("machine-learning", ["machine learning"]),
        ("skills: Go, Rust, R", ["Go", "Rust", "R"]),
        ("AWS and K8s", ["Amazon Web Services", "Kubernetes"]),
        ("CI/CD, TCP/IP, PL/SQL, T-SQL", ["CI/CD", "TCP/IP", "PL/SQL", "T-SQL"]),
        ("python3, Java8", ["Python", "Java"]),
        ("write to python@example.org", []),
        ("see github.com/python/go", []),
        ("pythonic", []),
        ("R&D", []),
        ("C++", ["C++"]),
        ("A, C+ and B grades", []),
        ("Python, C+", ["Python"]),
    ],
)
def test_names_are_found_whole_and_with_their_marks(text: str, found: list[str]) -> None:
    assert labels(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We go fast and make less noise", []),
        ("I excel at teamwork", []),
        ("Excel at what you do", []),
        ("Spring 2019", []),
        ("built reports in Excel daily", ["Microsoft Excel"]),
        ("reports with Excel macros", ["Microsoft Excel"]),
        ("Swift response to complaints", []),
        ("apps in Swift", ["Swift"]),
        ("Reported to C-level managers", []),
        ("vitamin C, R. Smith", []),
        ("React to change", []),
        ("Python, Spring 2019", ["Python"]),
        ("Python, vitamin C", ["Python"]),
        ("Developed React components", ["React"]),
    ],
)
def test_an_everyday_word_is_a_skill_only_where_it_is_a_name(text: str, found: list[str]) -> None:
    assert labels(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No experience with Java", []),
        ("Willing to learn Rust", []),
        ("Not familiar with Docker or Kubernetes", []),
        ("Never used MATLAB; fluent in Python", ["Python"]),
        ("No experience with Java but ten years of Python", ["Python"]),
        ("Java is not required", []),
        ("not only Java", ["Java"]),
    ],
)
def test_a_denied_skill_is_none(text: str, found: list[str]) -> None:
    assert labels(text) == found


@pytest.mark.parametrize("text", ["Worked at Salesforce", "Salesforce, San Francisco, CA", "Salesforce  2015 - 2018"])
def test_an_employer_is_no_skill(text: str) -> None:
    assert labels(text) == []
    assert labels("Configured Salesforce for sales") == ["Salesforce"]


def test_a_verb_may_stand_in_any_form() -> None:
    found = {m.skill_id for text in ("managed a team", "managing teams") for m in linker().link(text)}
    assert len(found) == 1


def test_a_name_goes_on_over_a_line_that_was_wrapped_but_not_over_entries() -> None:
    wrapped = "Wrote several models of customers' habits with machine\nlearning"
    assert labels(wrapped) == ["machine learning"]
    assert "machine learning" not in labels("Machine\nLearning")


def test_the_longest_name_wins() -> None:
    assert labels("deep learning") == ["deep learning"]


def test_excluded_text_holds_no_skill() -> None:
    text = "Python Miller, knows Python"
    assert [m.span.start for m in linker().link(text, [span_of(text, 0, 13)])] == [21]


def test_evidence_that_is_weaker_gives_less_confidence() -> None:
    named, guessed = linker().link("Python")[0], linker().link("we moved our Snowflake instance")[0]
    assert 0.5 < guessed.confidence < named.confidence < 1


@given(st.text(max_size=120))
def test_mentions_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    whole = f"Python {text} C++"
    mentions = linker().link(whole)
    assert all(whole[m.span.start : m.span.end] == m.span.text for m in mentions)
    assert all(a.span.end <= b.span.start for a, b in pairwise(mentions))


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "c++", "/a", "a@", "node.js", "www."])
def test_a_hundred_kilobytes_without_a_blank_take_no_time(unit: str) -> None:
    """A pattern that goes wild takes minutes."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    linker().link(text[:100])
    began = time.process_time()
    linker().link(text)
    assert time.process_time() - began < 10


def test_long_lists_and_denials_take_no_time_to_speak_of() -> None:
    linker().link("no " + "C++ or " * 5000 + "x" + ",a" * 5000)


def test_on_lines_written_to_mislead_skills_are_found_and_nothing_else() -> None:
    outcomes = [outcome(line, linker(), load()) for line in read()]
    right, wrong, missed = (sum(len(getattr(o, name)) for o in outcomes) for name in ("right", "wrong", "missed"))
    assert f1(right, wrong, missed) >= 0.97
    assert sum(o.within_words for o in outcomes) == 0
