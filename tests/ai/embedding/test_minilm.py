"""Many texts at once get the vectors that each gets alone, to the last digit."""

import random

import pytest

from services.ai.embedding import DIMENSIONS, MiniLM
from services.ai.embedding.pieces import MOST_WINDOWS, WINDOW_PIECES

WORDS = [
    "nurse",
    "welding",
    "SQL",
    "in",
    "the",
    "budget",
    "dementia",
    "tower-crane",
    "Kraków",
    "C++",
    "a",
    "forecasting",
]


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    return MiniLM()


def texts(count: int, most: int) -> list[str]:
    """From one word to `most`, in no order of length."""
    dice = random.Random(5)
    return [" ".join(dice.choices(WORDS, k=dice.randint(1, most))) for _ in range(count)]


def test_company_changes_no_digit(encoder: MiniLM) -> None:
    some = texts(60, 30) + texts(4, 500)
    assert encoder.encode_all(some) == [encoder.encode(text) for text in some]


def test_the_order_of_texts_changes_no_digit(encoder: MiniLM) -> None:
    some = texts(60, 12)
    assert encoder.encode_all(some[::-1])[::-1] == encoder.encode_all(some)


def test_more_texts_of_one_length_than_go_together_keep_their_digits(encoder: MiniLM) -> None:
    same = [f"{word} {other}" for word in ("baker", "nurse", "cook") for other in ("one", "two", "six", "ten") * 12]
    assert encoder.encode_all(same) == [encoder.encode(text) for text in same]


def test_texts_without_words_get_the_zero_vector_among_others(encoder: MiniLM) -> None:
    empty, baker, blank = encoder.encode_all(["", "baker", "  \n"])
    assert empty == blank == (0.0,) * DIMENSIONS
    assert baker == encoder.encode("baker")


def test_no_texts_give_no_vectors(encoder: MiniLM) -> None:
    assert encoder.encode_all([]) == []


def test_a_text_is_read_in_windows_up_to_the_limit(encoder: MiniLM) -> None:
    full = "weld " * (MOST_WINDOWS * WINDOW_PIECES)
    one, longer = encoder.encode_all([full, full + "bake bread " * 300])
    assert one == longer
    start, changed = encoder.encode_all(["weld " * 300, "weld " * 260 + "bake " * 40])
    assert start != changed
