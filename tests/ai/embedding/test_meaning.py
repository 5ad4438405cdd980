"""Vectors of whole texts."""

from functools import cache

import pytest

from services.ai.embedding import DIMENSIONS, MiniLM, cosine

ZERO = (0.0,) * DIMENSIONS


@cache
def encoder() -> MiniLM:
    return MiniLM()


def test_likeness_follows_meaning() -> None:
    developer, engineer, nurse = map(encoder().encode, ("Python developer", "software engineer", "nurse in a hospital"))
    assert cosine(developer, engineer) > cosine(developer, nurse) + 0.2
    assert cosine(ZERO, developer) == 0


def test_all_of_a_long_text_counts() -> None:
    """The model reads 256 word pieces; what stands after them must move the vector too."""
    long = "Python developer with experience in web services. " * 60
    assert cosine(encoder().encode(long), encoder().encode(long + "Registered nurse in a hospital. " * 60)) < 0.97


def test_a_vector_is_of_length_one_and_repeatable() -> None:
    vector = encoder().encode("Python developer")
    assert cosine(vector, vector) == pytest.approx(1)
    assert sum(x * x for x in vector) == pytest.approx(1, abs=1e-3)
    assert MiniLM().encode("Python developer") == vector
    assert encoder().encode(" \n") == ZERO
