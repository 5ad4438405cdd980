"""What positions ask for: every kind, with its words, and whether it must be."""

import time
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.matching import Requirement, RequirementKind, find_requirements, with_kin
from services.ai.matching.features import Origin
from services.ai.matching.requirements import MOST_REQUIREMENTS
from services.ai.skills import SkillLinker, load
from tests.builders import DESCRIPTION

Kind = RequirementKind


@cache
def linker() -> SkillLinker:
    return SkillLinker(load())


def found(text: str, kind: Kind | None = None, title: str = "") -> list[Requirement]:
    return [one for one in find_requirements(text, linker(), title) if kind in (None, one.kind)]


def told(text: str, kind: Kind, title: str = "") -> list[tuple[str, bool]]:
    return [(one.label, one.must) for one in found(text, kind, title)]


def test_each_requirement_stands_in_the_text_and_knows_whether_it_must_be() -> None:
    asked = {(r.kind, r.label): r for r in found(DESCRIPTION)}
    assert asked[Kind.SKILL, "Python"].must
    assert not asked[Kind.SKILL, "Kubernetes"].must
    assert asked[Kind.YEARS, "5 years of Python"].years == 5
    assert asked[Kind.YEARS, "5 years of Python"].skill_id == asked[Kind.SKILL, "Python"].skill_id
    assert not asked[Kind.DEGREE, "master's degree in computer science"].must
    assert asked[Kind.LANGUAGE, "english C1"].must
    assert all(r.span and DESCRIPTION[r.span.start : r.span.end] == r.span.text for r in asked.values())


@pytest.mark.parametrize(
    ("text", "must"),
    [
        ("Python is required.", True),
        ("Python is a plus.", False),
        ("Nice to have:\n- Python", False),
        ("Requirements:\n- Python", True),
        ("Requirements\n\nPython", True),
        ("Essential\n\n- Python\n\nDesirable\n\n- Java", True),
        ("Essential\n\n- Java\n\nDesirable\n\n- Python", False),
        ("What you'll need\n• Java\nBonus points\n• Python", False),
        ("You must know Java. Python would be great.", False),
        ("Java is required, Python is a plus.", False),
        ("Java is a plus, Python is required.", True),
        ("Experience with Java (Python preferred).", False),
        ("Strong Java skills, ideally with Python", False),
        ("BONUS: Experience with Python", False),
        ("We are looking for an engineer with experience in Python.", True),
        ("Responsibilities:\n- Write services in Python", False),
        ("Requirements:\n- Python or Java", False),
        ("Requirements:\n- Languages such as Python", False),
        ("Required: Python\nPreferred: Java", True),
        ("Anforderungen:\n- Python", True),
        ("Python von Vorteil.", False),
        ("Profil recherché :\n- Python", True),
        ("Python serait un plus.", False),
        ("Requisitos:\n- Python", True),
        ("Se valorará Python.", False),
    ],
)
def test_cues_reach_as_far_as_their_sentence_or_heading(text: str, must: bool) -> None:
    python = next(one for one in found(text) if one.label == "Python")
    assert python.must is must


@pytest.mark.parametrize(
    "text",
    [
        "Requirements:\n- Java\n\nWhat we offer:\n- Python trainings",
        "About us\nOur Python team builds platforms.",
        "Our Python team is distributed.",
        "We offer Python courses and dental insurance.",
        "Python is not required.",
        "No Python needed.",
        "Benefits\n- Python conferences",
        "We do not discriminate on the basis of race, color, religion or Python.",
    ],
)
def test_what_is_offered_denied_or_said_of_the_company_is_not_asked_for(text: str) -> None:
    assert "Python" not in [one.label for one in found(text)]


def test_what_is_asked_twice_counts_once_with_its_stronger_mention() -> None:
    assert told("Python is a plus.\nYou must know Python.", Kind.SKILL) == [("Python", True)]


def test_what_only_the_title_says_has_no_span() -> None:
    asked = found("We write services.", title="Senior Python Developer (Berlin, remote)")
    assert {(one.kind, one.label) for one in asked if one.origin is Origin.POSITION} >= {
        (Kind.SKILL, "Python"),
        (Kind.SENIORITY, "senior level"),
        (Kind.WORK_MODE, "remote"),
    }
    assert all(one.span is None for one in asked if one.origin is Origin.POSITION)


def test_ids_follow_what_is_asked_for_and_not_where_it_stands() -> None:
    one, other = found(DESCRIPTION), found("Hello!\n\n" + DESCRIPTION)
    assert [r.id for r in one] == [r.id for r in other]
    assert len({r.id for r in one}) == len(one)


def test_empty_texts_ask_for_nothing() -> None:
    assert find_requirements("", linker()) == find_requirements(" \n\t", linker()) == ()


def test_no_more_than_two_hundred_are_given() -> None:
    skills = list(load().skills.values())
    names = [skill.label for skill in skills if skill.technology][:600]
    text = "Requirements:\n" + "\n".join(f"- {name}" for name in names)
    assert len(find_requirements(text, linker())) == MOST_REQUIREMENTS


@pytest.mark.parametrize(
    "unit",
    ["- Python\n", "5 years of ", "£20,000 - ", "must (plus) ", "Certified Aaa ", "a. ", "x", "based in Aaa ", "経験"],
)
def test_a_hundred_kilobytes_of_anything_take_no_time(unit: str) -> None:
    """A pattern that goes wild takes minutes."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    find_requirements(text[:100], linker())
    began = time.process_time()
    find_requirements(text, linker())
    assert time.process_time() - began < 10


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [
                "Requirements:",
                "\n",
                "- ",
                "Python",
                " or ",
                "5 years",
                "degree",
                "(",
                ")",
                "£",
                "20,000",
                "fluent ",
                "German",
                " plus",
                "must ",
                ", ",
                ". ",
                "remote",
                "Location: ",
                "Berlin",
                "no ",
                "é",
                "\x00",
            ]
        ),
        max_size=80,
    ).map("".join)
    | st.text(max_size=300)
)
def test_spans_are_of_the_text_and_ids_are_unique_whatever_it_is(text: str) -> None:
    asked = find_requirements(text, linker(), text[:40])
    assert all(r.span is None or text[r.span.start : r.span.end] == r.span.text for r in asked)
    assert len({r.id for r in asked}) == len(asked)
    spans = [r.span.start for r in asked if r.span]
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("You must be a team player.", "work in teams"),
        ("Requirements\n- Excellent organisational skills", "organisational skills"),
        ("Requirements\n- able to work under pressure and to tight deadlines", "cope with stress"),
        ("Requirements\n- able to work under pressure and to tight deadlines", "time management"),
        ("Essential\n- Communicate effectively at all levels", "communication skills"),
    ],
)
def test_manners_are_asked_for_in_many_words_and_known_as_such(text: str, label: str) -> None:
    asked = {one.label: one for one in found(text, Kind.SKILL)}
    assert with_kin(asked[label], load()).manner
    (python,) = found("Python", Kind.SKILL, "Python Developer")[:1]
    assert not with_kin(replace(asked[label], skill_id=python.skill_id), load()).manner
