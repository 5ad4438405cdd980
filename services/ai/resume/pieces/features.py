"""A short piece of text → numbers of its features.

A word's own features (its letters, shape and lists) do not depend on where it stands, so they are worked out once per word: real resumes
use few words. What a word means as the first, the last or the neighbour of another is added for each piece.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from services.ai.resume.pieces.gazetteer import memberships

BUCKETS = 1 << 16

_TOKEN = re.compile(r"[^\W_]+(?:[.'’+#&/-]*[^\W_]+)*[+#.]*|[^\w\s]|_")
_SHAPES = ((re.compile(r"[A-ZÀ-Þ]"), "X"), (re.compile(r"[a-zß-ÿ]"), "x"), (re.compile(r"\d"), "9"))
_REPEATED = re.compile(r"(.)\1+")
_MAX_CHARACTERS = 200
_MAX_WORDS = 24


def bucket(feature: str) -> int:
    """The number of a feature, the same in every process (`hash` of a string is not)."""
    return crc32(feature.encode()) % BUCKETS


def words_of(text: str) -> list[str]:
    """Words and marks, in order; a piece longer than a resume's line is cut."""
    return _TOKEN.findall(text[:_MAX_CHARACTERS])[:_MAX_WORDS]


def word_features(word: str) -> Iterator[str]:
    """What a word says wherever it stands."""
    lower = word.lower()
    yield f"w:{lower}"
    yield f"s:{_shape(word)}"
    yield from (f"g:{name}" for name in memberships().get(lower, ()))
    if len(lower) > 2:
        framed = f"^{lower[:24]}$"
        yield from (f"c:{framed[i : i + n]}" for n in (3, 4, 5) for i in range(len(framed) - n + 1))


def edge_features(word: str, edge: str) -> Iterator[str]:
    """What a word says as the first or the last of a piece; `edge` is "f" or "l"."""
    lower = word.lower()
    yield f"{edge}:{lower}"
    yield f"{edge}s:{_shape(word)}"
    yield f"{edge}e:{lower[-3:]}"
    yield f"{edge}e:{lower[-4:]}"
    yield from (f"{edge}g:{name}" for name in memberships().get(lower, ()))


def pair_features(one: str, two: str) -> Iterator[str]:
    """What two neighbours say together."""
    first, second = one.lower(), two.lower()
    yield f"b:{first} {second}"
    lists = memberships()
    for left in lists.get(first, (_shape(one),)):
        yield from (f"bg:{left} {right}" for right in lists.get(second, (_shape(two),)))


def whole_features(text: str, words: list[str]) -> Iterator[str]:
    """What the piece says as a whole."""
    count = len(words)
    yield f"n:{min(count, 12)}"
    yield f"k:{min(len(text) // 6, 12)}"
    yield f"t:{text.lower()}"
    yield f"p:{' '.join(_outline(word) for word in words[:8])}"
    if text.isupper():
        yield "upper"
    elif text[:1].islower():
        yield "lower"
    if "@" in text:
        yield "at"
    lists = memberships()
    seen = {name for word in words for name in lists.get(word.lower(), ())}
    yield from (f"has:{name}" for name in seen)
    yield from (f"not:{name}" for name in ("title", "school", "legal", "business", "degree") if name not in seen)


def features(text: str) -> list[int]:
    """Buckets of all features of a piece; the weights of a piece are the sum of theirs."""
    words = words_of(text)
    found = [bucket(f) for word in words for f in word_features(word)]
    found += [bucket(f) for pair in pairwise(words) for f in pair_features(*pair)]
    if words:
        found += [bucket(f) for f in edge_features(words[0], "f")]
        found += [bucket(f) for f in edge_features(words[-1], "l")]
    return found + [bucket(f) for f in whole_features(text, words)]


@lru_cache(maxsize=1 << 15)
def _shape(word: str) -> str:
    """ "GmbH" → "XxX", "B.Sc." → "X.Xx.", "2019" → "9"."""
    for pattern, sign in _SHAPES:
        word = pattern.sub(sign, word)
    return _REPEATED.sub(r"\1", word)[:8]


def _outline(word: str) -> str:
    if word.isdigit():
        return "9"
    if not word[0].isalnum():
        return word
    return "X" if word[0].isupper() else "x"
