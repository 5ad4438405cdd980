"""Finds the words of a sentence that say a skill or a field of knowledge, named in the ontology or not.

all-MiniLM-L6-v2 with an adapter of ours and a linear layer a kind, trained by `spans.train` on SkillSpan's (MIT) and the green jobs'
(CC BY 4.0) training sentences.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.ai.embedding.transformer import MOST_PIECES, Transformer
from services.ai.skills.spans.decode import Scores, best_tags, spans
from services.ai.skills.spans.words import PLACEHOLDER, shape, words

_MODEL = Path(__file__).parent / "model.npz"
# Pieces of one word past these say nothing more of it.
_MOST_PIECES_OF_A_WORD = 8
KINDS = ("skill", "knowledge")
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """Characters of the sentence, end exclusive; `kind`: skill (something done) or knowledge (something known); confidence 0 to 1."""

    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Head:
    kinds: tuple[str, ...]
    weight: Scores
    bias: Scores
    shapes: Scores


class SpanFinder:
    """Loads when first used, from any thread; about 8 ms a sentence of 12 words on one thread."""

    def __init__(self, model: Path = _MODEL) -> None:
        self._model = model
        self._transformer = Transformer(model, added=True)
        self._loading = threading.Lock()
        self._loaded: _Head | None = None

    def find_spans(self, sentences: Sequence[str]) -> list[list[FoundSpan]]:
        """For each sentence its spans in order of the text; spans of different kinds may overlap."""
        return [self._found(sentence) for sentence in sentences]

    def tagged(self, tokens: Sequence[str]) -> dict[str, list[tuple[int, int, float]]]:
        """Of words already parted, for each kind the model knows: first word, the word after the last, confidence."""
        scores = self._scores(tokens)
        return {kind: _confident(scores[:, i]) for i, kind in enumerate(self._head().kinds)}

    def _found(self, sentence: str) -> list[FoundSpan]:
        places = list(words(sentence))
        tagged = self.tagged([sentence[start:end] for start, end in places])
        found = (
            FoundSpan(places[first][0], places[after - 1][1], kind, sure)
            for kind in KINDS
            for first, after, sure in tagged[kind]
        )
        return sorted(found, key=lambda span: (span.start, -span.end, span.kind))

    def _scores(self, tokens: Sequence[str]) -> Scores:
        """(words, kinds, 3) log probabilities; words past the encoder's limit are outside."""
        head = self._head()
        ids, shapes, first = encoded(tokens, self._transformer.tokenizer)
        scores = np.full((len(tokens), len(head.kinds), 3), -np.inf, np.float32)
        scores[..., 0] = 0
        if first:
            vectors = self._transformer.vectors(ids[None], head.shapes[shapes][None])[0][first]
            raw = (vectors @ head.weight.T + head.bias).reshape(len(first), -1, 3)
            raw = raw - raw.max(-1, keepdims=True)
            scores[: len(first)] = raw - np.log(np.exp(raw).sum(-1, keepdims=True))
        return scores

    def _head(self) -> _Head:
        with self._loading:
            if self._loaded is None:
                self._loaded = _open(np.load(self._model))
            return self._loaded


def _open(arrays: Mapping[str, npt.NDArray[Any]]) -> _Head:
    weight, bias, shapes = (arrays[name].astype(np.float32) for name in ("heads_weight", "heads_bias", "shapes"))
    return _Head(tuple(arrays["kinds"].tolist()), weight, bias, shapes)


def encoded(tokens: Sequence[str], tokenizer: Any) -> tuple[npt.NDArray[np.int64], list[int], list[int]]:
    """Ids and shapes of the pieces with the encoder's marks around them, and the place of each word's first piece."""
    ids, shapes, first = [tokenizer.token_to_id("[CLS]")], [0], []
    for token in tokens:
        written = shape(token)
        text = token.strip("<>") if written == PLACEHOLDER else token
        pieces = tokenizer.encode(text, add_special_tokens=False).ids[:_MOST_PIECES_OF_A_WORD]
        pieces = pieces or [tokenizer.token_to_id("[UNK]")]
        if len(ids) + len(pieces) > MOST_PIECES - 1:
            break
        first.append(len(ids))
        ids += pieces
        shapes += [written] * len(pieces)
    return np.array([*ids, tokenizer.token_to_id("[SEP]")]), [*shapes, 0], first


def _confident(scores: Scores) -> list[tuple[int, int, float]]:
    """Spans of the best sequence; sure as the mean chance that each of their words is in a span."""
    inside = 1 - np.exp(scores[:, 0].astype(np.float64))
    return [(a, b, round(float(inside[a:b].mean()), DECIMALS)) for a, b in spans(best_tags(scores))]
