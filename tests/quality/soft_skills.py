"""A linear-chain CRF on words, endings and shapes for soft skills; trained inside the quality command, never kept."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from services.ai.skills.spans.decode import spans
from services.ai.skills.spans.words import shape

_TAGS = {"O": 0, "B": 1, "I": 2}
_REACH = 3

Span = tuple[int, int]
"""First word, the word after the last."""


class SoftSkillTagger:
    """Trains when made: about half a minute for 3,700 sentences."""

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

    def spans(self, tokens: Sequence[str]) -> list[Span]:
        """The soft skills among these words."""
        return spans([_TAGS[tag] for tag in self._tagger.tag(_features(tokens))])


def _tags(length: int, marked: Iterable[Span]) -> list[str]:
    tags = ["O"] * length
    for first, after in marked:
        tags[first:after] = ["B", *["I"] * (after - first - 1)]
    return tags


def _features(tokens: Sequence[str]) -> list[list[str]]:
    lower = ["<s>"] * _REACH + [token.lower() for token in tokens] + ["</s>"] * _REACH
    return [_of_word(lower, i + _REACH, shape(token)) for i, token in enumerate(tokens)]


def _of_word(lower: Sequence[str], i: int, written: int) -> list[str]:
    near = {f"{d}:{lower[i + d]}" for d in range(-_REACH, _REACH + 1)}
    pairs = {f"p{d}:{lower[i + d]} {lower[i + d + 1]}" for d in range(-2, 2)}
    return sorted({*near, *pairs, f"3:{lower[i][-3:]}", f"4:{lower[i][:4]}", f"n3:{lower[i + 1][-3:]}", f"w:{written}"})
