"""What positions ask for: every kind, with its words, and whether it must be."""

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.matching import Pay, Place, Requirement, RequirementKind, find_requirements
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
    assert not asked[Kind.DEGREE, "master's degree"].must
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


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("You have 5+ years of experience.", [5]),
        ("Experience of at least three years is required.", [3]),
        ("Minimum 2 yrs experience", [2]),
        ("3-5 years of professional experience", [3]),
        ("two to four years' experience in sales", [2]),
        ("At least 6 months experience as a nurse", [0.5]),
        ("Requirements:\n- 10 years in accounting", [10]),
        ("Mindestens 3 Jahre Berufserfahrung", [3]),
        ("Vous avez au moins 4 ans d'expérience", [4]),
        ("Al menos 2 años de experiencia", [2]),
        ("Nursing: 1 year (Required)", [1]),
        ("You must be 18 years old.", []),
        ("For over 30 years we have been serving patients.", []),
        ("You need experience gained within the last 2 years.", []),
        ("A two year contract with training", []),
        ("No years of experience required.", []),
    ],
)
def test_years_are_read_where_they_count_experience(text: str, years: list[float]) -> None:
    assert [one.years for one in found(text, Kind.YEARS)] == years


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("You have 5+ years of Python and SQL.", ["5 years of Python", "5 years of SQL"]),
        ("You have 5 years of experience with Python, 2 years of Docker.", ["5 years of Python", "2 years of Docker"]),
        ("You have 3 years of experience in Python or Java.", ["3 years of experience"]),
        ("You have 4 years of experience in teams that also knew Docker.", ["4 years of experience"]),
    ],
)
def test_years_are_of_the_skill_right_behind_them(text: str, labels: list[str]) -> None:
    assert [one.label for one in found(text, Kind.YEARS)] == labels


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("Bachelor's or Master's degree in computer science required", [("BACHELOR", True)]),
        ("Bachelor's required, Master's preferred", [("BACHELOR", True), ("MASTER", False)]),
        ("Requirements:\n- PhD in chemistry", [("DOCTORATE", True)]),
        ("Requirements:\n- Degree in nursing", [("BACHELOR", True)]),
        ("You need a Masters degree in statistics.", [("MASTER", True)]),
        ("Requirements:\n- Degree or equivalent experience", [("BACHELOR", False)]),
        ("Essential\n- GCSE Maths", [("SECONDARY", True)]),
        ("Essential\n- NVQ Level 3 in care", [("VOCATIONAL", True)]),
        ("Abgeschlossenes Studium der Informatik erforderlich", [("BACHELOR", True)]),
        ("No degree required.", []),
        ("A high degree of accuracy is required.", []),
        ("You must be a certified Scrum Master.", []),
        ("Requirements:\n- a level of fitness", []),
        ("You work with our Master's students.", []),
    ],
)
def test_of_several_degrees_the_least_will_do(text: str, degrees: list[tuple[str, bool]]) -> None:
    assert [(one.level, one.must) for one in found(text, Kind.DEGREE)] == degrees


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("German C1 required", [("german", "C1", True)]),
        ("You are fluent in English.", [("english", "C1", True)]),
        ("English is a plus.", [("english", "", False)]),
        ("Requirements:\n- German (B2)", [("german", "B2", True)]),
        ("Fluent English and basic French", [("english", "C1", True), ("french", "A2", True)]),
        ("Verhandlungssicheres Deutsch ist zwingend.", [("german", "C1", True)]),
        ("Native Spanish speaker required", [("spanish", "NATIVE", True)]),
        ("GCSE English is required.", []),
        ("Our English customers trust us.", []),
        ("No German needed.", []),
    ],
)
def test_languages_have_english_names_and_levels(text: str, languages: list[tuple[str, str, bool]]) -> None:
    assert [(one.name, one.level, one.must) for one in found(text, Kind.LANGUAGE)] == languages


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A full UK driving licence is essential.", ["driving licence"]),
        ("You must be registered with the HCPC.", ["hcpc registration"]),
        ("Current NMC PIN required", ["nmc registration"]),
        ("Requirements:\n- CPA or ACCA", ["cpa", "acca"]),
        ("CISSP preferred; PMP a plus", ["cissp", "pmp"]),
        ("Active Secret security clearance required", ["security clearance"]),
        ("CDL class A required", ["commercial driving licence"]),
        ("You need an AWS Certified Solutions Architect certificate.", ["aws certified solutions architect"]),
        ("You work with registered nurses.", []),
        ("We pay your NMC registration fees.", []),
        ("No driving licence required.", []),
    ],
)
def test_licences_are_those_of_the_person(text: str, names: list[str]) -> None:
    assert [one.name for one in found(text, Kind.LICENCE)] == names


@pytest.mark.parametrize(
    ("text", "title", "level"),
    [
        ("", "Senior Python Developer", "SENIOR"),
        ("", "Junior Analyst", "ENTRY"),
        ("", "Principal Engineer", "EXPERT"),
        ("", "Staff Nurse", None),
        ("We are seeking a Senior Data Engineer.", "", "SENIOR"),
        ("This is an entry-level position.", "", "ENTRY"),
        ("You present to senior management.", "", None),
    ],
)
def test_seniority_is_of_the_position(text: str, title: str, level: str | None) -> None:
    assert [one.level for one in found(text, Kind.SENIORITY, title)] == ([level] if level else [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Location: Berlin, Germany", Place("Berlin", "", "DE")),
        ("The role is based in Austin, TX.", Place("Austin", "TX", "US")),
        ("Standort: München", Place("München", "", "DE")),
        ("The post is based at the General Hospital, Leeds.", Place("Leeds", "", "GB")),
        ("Located in one of the most beautiful counties.", None),
        ("Founded in Paris, we build tools.", None),
    ],
)
def test_a_place_is_one_we_can_name(text: str, place: Place | None) -> None:
    assert [one.place for one in found(text, Kind.PLACE)] == ([place] if place else [])


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("This is a fully remote position.", "REMOTE"),
        ("Hybrid work, 3 days in the office", "HYBRID"),
        ("You spend two days per week in the office.", "HYBRID"),
        ("Home Office möglich", None),
        ("This is an on-site role.", "ONSITE"),
        ("Remote work is not possible.", "ONSITE"),
        ("You support remote customers and hybrid cloud systems.", None),
        ("We have an on-site nursery.", None),
        ("Experience with remote sensing", None),
    ],
)
def test_a_work_mode_is_of_the_work(text: str, mode: str | None) -> None:
    assert [one.level for one in found(text, Kind.WORK_MODE)] == ([mode] if mode else [])


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("Salary: £24,907 to £30,615", Pay(2_490_700, 3_061_500, "GBP")),
        ("$80K-$133K", Pay(8_000_000, 13_300_000, "USD")),
        ("Pay: £16.46 per hour", Pay(16_46 * 2080, 16_46 * 2080, "GBP")),
        ("60.000 – 75.000 € brutto pro Jahr", Pay(6_000_000, 7_500_000, "EUR")),
        ("Salary 4,000 - 5,000 EUR per month", Pay(4_800_000, 6_000_000, "EUR")),
        ("€450 a day", Pay(450 * 260 * 100, 450 * 260 * 100, "EUR")),
        ("A turnover of £382m", None),
        ("A sign-on bonus of £2,000", None),
        ("We raised $30 million.", None),
    ],
)
def test_pay_is_in_minor_units_a_year(text: str, pay: Pay | None) -> None:
    assert [one.pay for one in found(text, Kind.PAY)] == ([pay] if pay else [])


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
    assert time.process_time() - began < 2


@settings(max_examples=40, deadline=2000)
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
