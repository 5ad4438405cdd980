"""A linear-chain CRF on words, endings, shapes and places for soft skills; trained inside the quality command, never kept.

The set's sentences are windows that were cut around one phrase each, so where a word stands tells much, and every sentence has one span.
Systems that read places learn the first from the training part as this one does; the second is built in.
"""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pycrfsuite

from services.ai.skills.spans.words import shape

_TAGS = {"O": 0, "B": 1, "I": 2}
_REACH = 3
_FARTHEST, _LONGEST_SPAN = 20, 7

Span = tuple[int, int]
"""First word, the word after the last."""


class SoftSkillTagger:
    """Trains when made: a few seconds for 3,700 sentences."""

    def __init__(self, examples: Iterable[tuple[Sequence[str], Iterable[Span]]]) -> None:
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True})
        for tokens, marked in examples:
            trainer.append(_features(tokens), _tags(len(tokens), marked))
        with tempfile.TemporaryDirectory() as scratch:
            model = Path(scratch) / "model"
            trainer.train(str(model))
            self._content = model.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._content)

    def span(self, tokens: Sequence[str]) -> Span:
        """The likeliest soft skill among these words, by the chances of each word."""
        self._tagger.set(_features(tokens))
        chances = np.log([[self._tagger.marginal(tag, i) + 1e-6 for tag in _TAGS] for i in range(len(tokens))])
        outside, begins, goes_on = chances.T
        gained = np.concatenate([[0.0], np.cumsum(goes_on - outside)])

        def worth(span: Span) -> float:
            first, after = span
            return float(begins[first] - outside[first] + gained[after] - gained[first + 1])

        reach = range(1, _LONGEST_SPAN + 1)
        return max(((i, i + n) for i in range(len(tokens)) for n in reach if i + n <= len(tokens)), key=worth)


def _tags(length: int, marked: Iterable[Span]) -> list[str]:
    tags = ["O"] * length
    for first, after in marked:
        tags[first:after] = ["B", *["I"] * (after - first - 1)]
    return tags


def _features(tokens: Sequence[str]) -> list[list[str]]:
    lower = ["<s>"] * _REACH + [token.lower() for token in tokens] + ["</s>"] * _REACH
    return [_of_word(lower, i + _REACH, shape(token), len(tokens) - 1) for i, token in enumerate(tokens)]


def _of_word(lower: Sequence[str], i: int, written: int, last: int) -> list[str]:
    near = {f"{d}:{lower[i + d]}" for d in range(-_REACH, _REACH + 1)}
    pairs = {f"p{d}:{lower[i + d]} {lower[i + d + 1]}" for d in range(-2, 2)}
    place = i - _REACH
    start, end, middle = min(place, _FARTHEST), min(last - place, _FARTHEST), 2 * place - last
    places = {f"s:{start}", f"e:{end}", f"se:{start} {end}", f"m:{middle}", f"m:{middle} {lower[i][:6]}"}
    endings = {f"3:{lower[i][-3:]}", f"4:{lower[i][:4]}", f"n3:{lower[i + 1][-3:]}", f"w:{written}"}
    return sorted({*near, *pairs, *endings, *places})
