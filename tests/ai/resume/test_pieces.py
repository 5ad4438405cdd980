"""What short pieces of text are taken for, without their surroundings."""

import subprocess
import sys
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.resume.pieces import CLASSES, Piece, classify, classify_all
from services.ai.resume.pieces.features import BUCKETS, features
from services.ai.resume.pieces.model import WEIGHTS

CLEAR = {
    "title": (
        "Software Engineer",
        "SENIOR PRODUCT MANAGER",
        "Registered Nurse",
        "Head of Marketing",
        "Research Assistant",
        "CEO",
        "Leiter Vertrieb",
        "Werkstudentin",
        "Développeuse web",
        "Jefe de ventas",
        "Software Engineer, Payments",
    ),
    "employer": (
        "Google",
        "Google Inc.",
        "Stanford Health Care",
        "Müller Maschinenbau GmbH",
        "Nexora Labs",
        "Infosys Limited",
        "Smith & Jones LLP",
        "Self-employed",
    ),
    "place": (
        "Paris, France",
        "Berlin",
        "Austin, TX",
        "80331 München",
        "San Francisco, CA 94103",
        "Remote",
        "New Delhi, India",
    ),
    "school": (
        "Stanford University",
        "University of Leeds",
        "MIT",
        "Technische Universität Dresden",
        "École Polytechnique",
        "Universidad de Granada",
        "Lincoln High School",
        "Anna University",
    ),
    "degree": (
        "BSc Computer Science",
        "Bachelor of Arts",
        "MBA",
        "PhD in Physics",
        "Abitur",
        "B.Tech",
        "Licenciatura en Derecho",
    ),
    "field_of_study": ("Computer Science", "Mechanical Engineering", "Maschinenbau", "Economics"),
    "person": ("Ann Berg", "Dr. Hans Weber", "RAHUL SHARMA", "María José García López"),
    "skill": ("Python", "JavaScript", "Microsoft Excel", "Docker, Kubernetes", "Public Speaking", "C++"),
    "heading": ("Work Experience", "EDUCATION", "Berufserfahrung", "Compétences", "Idiomas"),
    "other": (
        "2015 - 2019",
        "jane@acme.com",
        "+1 555 010-9999",
        "https://www.acme.com",
        "Reduced the cost of deployments by automating the release process",
        "GPA: 3.9/4.0",
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CLEAR.items() for text in texts])
def test_a_clear_piece_is_what_it_says(kind: str, text: str) -> None:
    assert classify(text).best == kind, classify(text)


def test_the_same_name_is_a_school_or_an_employer_by_its_other_words() -> None:
    assert classify("Stanford University").school > 0.9 > classify("Stanford Health Care").school


def test_a_name_that_may_be_anything_is_not_called_sure() -> None:
    assert max(astuple(classify("Tavoro"))) < 0.8


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_text_has_probabilities_that_sum_to_one(text: str) -> None:
    values = astuple(classify(text))
    assert sum(values) == pytest.approx(1)
    assert all(0 <= value <= 1 for value in values)


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_features_are_numbers_of_weights(text: str) -> None:
    assert all(0 <= number < BUCKETS for number in features(text))


@settings(max_examples=40)
@given(st.text(alphabet="abcXYZ .,-", min_size=1, max_size=40))
def test_white_space_around_a_piece_says_nothing(text: str) -> None:
    assert classify(f" {text}\t") == classify(text)


def test_blank_text_is_nothing() -> None:
    assert classify(" \t ") == Piece(*[0.0] * (len(CLASSES) - 1), 1.0)


def test_many_pieces_are_classified_like_each_one() -> None:
    assert classify_all(["Google", "Berlin"]) == [classify("Google"), classify("Berlin")]


def test_another_process_says_the_same() -> None:
    program = "from services.ai.resume.pieces import classify; print(repr(classify('Acme Robotics Ltd')))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == repr(classify("Acme Robotics Ltd"))


def test_classifying_loads_no_training_libraries() -> None:
    program = "import sys; from services.ai.resume.pieces import classify; classify('x'); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not [name for name in ("sklearn", "scipy", "torch", "faker") if f"'{name}'" in loaded]


def test_the_weights_are_small_enough_for_the_package() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000
