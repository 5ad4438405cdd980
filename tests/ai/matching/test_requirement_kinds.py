"""Each kind of requirement: how it is written, and what only looks like it."""

import pytest

from services.ai.matching import Pay, Place, RequirementKind
from services.ai.matching.requirements.licences import known_licences
from tests.ai.matching.test_requirements import found

Kind = RequirementKind


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
    ("text", "subjects"),
    [
        ("Bachelor's or Master's degree in computer science required", "computer science"),
        (
            "You need a degree in Computer Science, Mathematics or a related field.",
            "computer science, mathematics or a related field",
        ),
        ("Requirements:\n- BSc in Nursing or equivalent, MSc in Physics liked", "nursing"),
        ("Requirements:\n- Engineering degree", "engineering"),
        ("Requirements:\n- Bachelor of Science in Chemistry with 3 years of experience in law", "chemistry"),
        ("Requirements:\n- Masters required in the following fields:\n  Physics, Statistics", "physics, statistics"),
        (
            "Requirements:\n- Computer Science or math related field (Masters preferred)",
            "computer science, math or a related field",
        ),
        ("Masters required, Ph.D. preferred in following fields:\nMajors: Physics, Chemistry", "physics, chemistry"),
        ("Essential\n- GCSE Maths", ""),
        ("Requirements:\n- Degree or equivalent experience in sales", ""),
        ("Requirements:\n- MBA", ""),
        ("Abgeschlossenes Studium der Informatik erforderlich", "informatik"),
    ],
)
def test_a_degree_is_asked_for_in_the_subjects_that_the_text_names(text: str, subjects: str) -> None:
    (one,) = found(text, Kind.DEGREE)[:1]
    assert one.name == subjects
    assert one.label.endswith(f" in {subjects}" if subjects else one.label)


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
        (
            "Anforderungen:\n- Verhandlungssicheres Deutsch und gutes Englisch (B2)",
            [("german", "C1", True), ("english", "B2", True)],
        ),
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


def test_a_resume_s_own_words_for_a_licence_have_the_name_that_is_asked_for() -> None:
    assert known_licences("Driver's License, class B") == {"driving licence"}
    assert known_licences("Registered with the NMC; RN") == {"nmc registration", "registered nurse"}
    assert known_licences("Gardener") == frozenset()


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
        ("Home Office möglich", "HYBRID"),
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


GERMAN = """Über uns
Wir sind ein Unternehmen mit 300 Mitarbeitern.

Deine Aufgaben
- Betrieb unserer Kubernetes-Cluster

Dein Profil
- Abgeschlossenes Studium der Informatik
- Mindestens 3 Jahre Berufserfahrung mit Python
- Wünschenswert: Erfahrung mit Terraform

Wir bieten
- 60.000 – 75.000 € brutto pro Jahr
- Java-Schulungen
"""
FRENCH = """Vos missions
- Développer des services avec Kubernetes

Profil recherché
- Bac +3 en informatique
- Au moins 3 ans d'expérience en Python
- La connaissance de Terraform serait un plus

Nous offrons
- Rémunération : 60 000 € à 75 000 € par an
- Formations Java
"""
SPANISH = """Funciones
- Operar clústeres de Kubernetes

Requisitos
- Grado en Ingeniería Informática
- Al menos 3 años de experiencia con Python
- Se valorará experiencia con Terraform

Ofrecemos
- Salario: 60.000 - 75.000 € brutos al año
- Cursos de Java
"""


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH], ids=["German", "French", "Spanish"])
def test_other_languages_ask_in_their_own_words(text: str) -> None:
    assert {(one.label.partition(" in ")[0], one.must) for one in found(text)} >= {
        ("Python", True),
        ("3 years of Python", True),
        ("bachelor's degree", True),
        ("Terraform", False),
        ("Kubernetes", False),
        ("EUR 60000–75000 a year", True),
    }
    assert "Java" not in [one.label for one in found(text)]
