"""Splits ESCO concepts whose label, other labels and description a table holds run together, without marks between.

"economics financial data financials The study of how …" → "economics". Where the label ends is chosen by a linear model over how words
repeat and go together; its weights were fitted on 3,029 concepts whose labels are known, where in cross-validation it found 0.86 of the
labels exactly. It also says how sure it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.ai.skills.tokens import DETERMINERS

_SENTENCE = re.compile(r"(?<=\s)[A-Z][\w'’-]*(?=[\s,])")
_WORD = re.compile(r"[\w'’+#-]+")
_ARTICLES = frozenset({"The", "A", "An"})
_LINKS = frozenset(
    [
        "of",
        "for",
        "in",
        "and",
        "to",
        "on",
        "with",
        "from",
        "by",
        "as",
        "or",
        "at",
        "into",
        "about",
        "through",
        "between",
        "under",
        "within",
        "over",
    ]
)
LONGEST_LABEL = 10

# Fitted; in the order of `_features`.
WEIGHTS = (
    0.0, -0.27, 0.62, 1.21, -0.39, -1.03, 0.6, -0.03, -0.55, 1.04, -0.06, -1.21, 0.29, 1.26, 0.55, 0.29,
    -0.42, -0.75, 0.28, 0.91, 0.11, -0.76, 0.28, 0.84, 0.89, -0.18, -0.27, -3.25, 0.9, 0.98, 0.8,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """`certainty`: 0 to 1, that the label is whole and nothing else."""

    label: str
    description: str
    certainty: float


class Splitter:
    """Knows which words go together and which begin and end names, from concepts whose names are known and from all descriptions.

    A text that begins with one of the `sure` names is the concept of that name.
    """

    def __init__(self, names: Iterable[str], texts: Iterable[str], sure: Iterable[str] = ()) -> None:
        self._sure = frozenset(name.lower() for name in sure)
        self._starts: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()
        self._anywhere: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._names = {name.lower() for name in names}
        for name in self._names:
            if words := name.split():
                self._starts[words[0]] += 1
                self._ends[words[-1]] += 1
                self._count(name)
        for text in texts:
            self._count(text[_description(text) :].lower())

    def _count(self, text: str) -> None:
        words = _WORD.findall(text)
        self._anywhere.update(words)
        self._pairs.update(pairwise(words))

    def split(self, text: str) -> Split:
        """The parts of one run-together text."""
        middle = _description(text)
        words, description = text[:middle].split(), text[middle:].strip()
        lengths = [k for k in range(1, min(len(words), LONGEST_LABEL) + 1) if _may_end(words, k)]
        if surely := [k for k in lengths if " ".join(words[:k]).lower() in self._sure]:
            return Split(" ".join(words[: surely[-1]]), description, 1.0)
        if not lengths:
            return Split(" ".join(words) or text, description, 0.0)
        scores = [self._score(words, k, description.lower()) for k in lengths]
        best = max(range(len(lengths)), key=lambda i: scores[i])
        certainty = 1 / math.fsum(math.exp(score - scores[best]) for score in scores)
        return Split(" ".join(words[: lengths[best]]), description, certainty)

    def _score(self, words: Sequence[str], k: int, description: str) -> float:
        pairs = zip(WEIGHTS, self._features(words, k, description), strict=True)
        return math.fsum(weight * float(value) for weight, value in pairs)

    def _features(self, words: Sequence[str], k: int, description: str) -> list[float]:
        """Of the first `k` words as the label and the others as more names."""
        lower = [word.lower() for word in words]
        plain = [word.removesuffix("s") for word in lower]
        label, rest, phrase = plain[:k], plain[k:], " ".join(lower[:k])
        more = bool(rest)
        following = f" {' '.join(rest)} "
        within = [min(2.0, self._together(lower[j], lower[j + 1])) for j in range(k - 1)]
        return [
            not more,
            max(0, len(words) - 3) if not more else 0,
            more and rest[0] == label[0],
            more and lower[k] in DETERMINERS,
            more and rest[0] in label,
            min(3.0, self._together(lower[k - 1], lower[k])) if more else 0,
            words[k - 1].endswith(")"),
            more and words[k][0].isupper() != words[0][0].isupper(),
            label[-1] in rest,
            more and rest[-1] == label[-1],
            k > 1 and phrase in description,
            k == 1 and phrase in description,
            phrase in self._names,
            *(k == length for length in (1, 2, 3, 4)),
            max(0, k - 4),
            sum(within) / len(within) if within else 0,
            k > 1 and f" {' '.join(label)} " in following,
            sum(word in rest for word in label) / k,
            more and rest[0] in rest[1:],
            _log_share(self._starts[lower[k]], self._anywhere[lower[k]]) if more else 0,
            _log_share(self._ends[lower[k - 1]], self._anywhere[lower[k - 1]]),
            len(rest) > 1 and rest[1] in _LINKS,
            k > 1 and any(word in _LINKS for word in label),
            f" of {' '.join(label)}" in following,
            len(set(label)) < k,
            more and lower[k] == lower[k - 1],
            more and rest[0][:4] == label[0][:4],
            more and any(rest[0][:5] == word[:5] for word in label),
        ]

    def _together(self, one: str, other: str) -> float:
        return math.log(1 + self._pairs[one, other])


def _description(text: str) -> int:
    """Where the description begins: the first capital that is followed by lower case, as sentences are and names are not."""
    for match in _SENTENCE.finditer(text):
        after = text[match.end() : match.end() + 2].lstrip()
        if match.group() in _ARTICLES or (after[:1].islower() and match.end() - match.start() > 1):
            return match.start()
    return len(text)


def _may_end(words: Sequence[str], k: int) -> bool:
    last = words[k - 1].lower().removesuffix("s")
    if (
        last in _LINKS
        or last in {"a", "an", "the"}
        or (k < len(words) and words[k].lower().removesuffix("s") in _LINKS)
    ):
        return False
    phrase = " ".join(words[:k])
    return phrase.count("(") == phrase.count(")")


def _log_share(part: int, whole: int) -> float:
    return math.log((part + 0.5) / (whole + 5))
