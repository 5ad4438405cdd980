"""The encoder's graph computes what the model's authors' code does; in eight bits nearly that."""

from functools import cache

import numpy as np
import pytest

from services.ai.embedding import DIMENSIONS, MiniLM
from services.ai.embedding.graph import open_session, stock_weights
from services.ai.embedding.transformer import Transformer

# The first numbers that sentence-transformers gives, and of how many windows.
REFERENCE = [
    ("Python developer in Berlin", (-0.01545, -0.02245, -0.02869, 0.03831, -0.0227, -0.06432, -0.02758, 0.05031)),
    (
        "Looked after twelve residents with dementia, their medication and their families. " * 40,
        (0.00769, 0.00873, 0.0027, -0.04433, -0.09383, 0.04976, -0.05643, 0.02662),
    ),
]
IDS = np.array([[101, 5454, 2003, 1037, 4937, 102]])


@cache
def full() -> Transformer:
    return Transformer()


@pytest.mark.parametrize(("text", "numbers"), REFERENCE)
def test_a_vector_is_the_one_of_the_reference(text: str, numbers: tuple[float, ...]) -> None:
    assert MiniLM().encode(text)[: len(numbers)] == pytest.approx(numbers, abs=2e-5)


def test_in_eight_bits_a_text_lies_near_where_it_lies_in_full_precision() -> None:
    texts = [text for text, _ in REFERENCE] + ["Balanced the till and banked the takings.", "x"]
    exact, coarse = full().means(texts), Transformer(eight_bits=True).means(texts)
    nearness = (exact * coarse).sum(1)
    assert nearness.min() > 0.97
    assert nearness.max() < 0.99999


def test_what_is_added_goes_onto_the_input_vectors() -> None:
    session = open_session(stock_weights(), added=True)
    nothing = np.zeros((*IDS.shape, DIMENSIONS), np.float32)
    assert np.allclose(session.run(None, {"ids": IDS, "added": nothing})[0], full().vectors(IDS), atol=1e-5)
    hint = nothing.copy()
    hint[0, 3, :9] = 0.5
    assert not np.allclose(session.run(None, {"ids": IDS, "added": hint})[0], full().vectors(IDS), atol=1e-2)


def test_texts_that_go_together_get_the_vectors_that_each_gets_alone() -> None:
    together = full().means(["bake bread", "weld pipes", "manage a team of cooks", "bake bread"])
    assert np.allclose(together[1], full().means(["weld pipes"])[0], atol=1e-5)
    assert np.allclose(together[0], together[3], atol=1e-6)
    assert full().means([]).shape == (0, DIMENSIONS)
