"""A short piece of text → numbers of its features.

What a word says by itself (its letters, shape and lists) does not depend on where it stands, so it is worked out once per word: real
resumes use few words. What it says as the first, the last or the neighbour of another is added for each piece.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from services.ai.resume.pieces.gazetteer import memberships

BUCKETS = 1 << 16

_TOKEN = re.compile(r"[^\W_]+(?:[.'’+#&/-]*[^\W_]+)*[+#.]*|[^\w\s]|_")
_SHAPES = ((re.compile(r"[A-ZÀ-Þ]"), "X"), (re.compile(r"[a-zß-ÿ]"), "x"), (re.compile(r"\d"), "9"))
_REPEATED = re.compile(r"(.)\1+")
_MAX_CHARACTERS = 200
_MAX_WORDS = 24
_TELLING = ("title", "school", "legal", "business", "degree")


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `own`, `first` and `last` are numbers of features that it has anywhere, as the first and as the last of a piece."""

    own: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    key: int
    tags: tuple[int, ...]  # the lists that hold it, or its shape
    lists: frozenset[str]
    outline: str


def words_of(text: str) -> list[Word]:
    """Words and marks, in order; a piece longer than a resume's line is cut."""
    return [_word(token) for token in _TOKEN.findall(text[:_MAX_CHARACTERS])[:_MAX_WORDS]]


def features(text: str) -> list[int]:
    """Numbers of all features of a piece, below BUCKETS; the weights of a piece are the sum of theirs."""
    words = words_of(text)
    found = [number for word in words for number in word.own]
    if words:
        found += words[0].first + words[-1].last
    return found + arrangement(text, words)


def arrangement(text: str, words: list[Word]) -> list[int]:
    """Features of neighbours, and of the piece as a whole."""
    found = [_TEXT_LENGTHS[min(len(text) // 6, 12)], _WORD_COUNTS[min(len(words), 12)], _number(f"t:{text.lower()}")]
    found.append(_number("p:" + " ".join([word.outline for word in words[:8]])))
    for one, two in pairwise(words):
        found.append((one.key * 31 + two.key * 17) % BUCKETS)
        found += [(a * 13 + b * 7) % BUCKETS for a in one.tags for b in two.tags]
    if text.isupper():
        found.append(_UPPER)
    elif text[:1].islower():
        found.append(_LOWER)
    if "@" in text:
        found.append(_AT)
    return found + list(_presence(frozenset().union(*[word.lists for word in words])))


@lru_cache(maxsize=1 << 15)
def _word(word: str) -> Word:
    lower, shape = word.lower(), _shape(word)
    lists = memberships().get(lower, ())
    return Word(
        own=tuple(_number(f) for f in _own(lower, shape, lists)),
        first=tuple(_number(f) for f in _edge(lower, shape, lists, "f")),
        last=tuple(_number(f) for f in _edge(lower, shape, lists, "l")),
        key=crc32(lower.encode()),
        tags=tuple(crc32(tag.encode()) for tag in lists or (shape,)),
        lists=frozenset(lists),
        outline=_outline(word),
    )


def _own(lower: str, shape: str, lists: tuple[str, ...]) -> Iterator[str]:
    yield f"w:{lower}"
    yield f"s:{shape}"
    yield from (f"g:{name}" for name in lists)
    if len(lower) > 2:
        framed = f"^{lower[:24]}$"
        yield from (f"c:{framed[i : i + n]}" for n in (3, 4, 5) for i in range(len(framed) - n + 1))


def _edge(lower: str, shape: str, lists: tuple[str, ...], edge: str) -> Iterator[str]:
    yield f"{edge}:{lower}"
    yield f"{edge}s:{shape}"
    yield f"{edge}e:{lower[-3:]}"
    yield f"{edge}e:{lower[-4:]}"
    yield from (f"{edge}g:{name}" for name in lists)


@cache
def _presence(seen: frozenset[str]) -> tuple[int, ...]:
    """Which lists have a word in the piece, and which telling ones have none."""
    there = [_number(f"has:{name}") for name in sorted(seen)]
    return (*there, *(_number(f"not:{name}") for name in _TELLING if name not in seen))


def _number(feature: str) -> int:
    """The same in every process, which `hash` of a string is not."""
    return crc32(feature.encode()) % BUCKETS


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


_TEXT_LENGTHS = [_number(f"k:{length}") for length in range(13)]
_WORD_COUNTS = [_number(f"n:{count}") for count in range(13)]
_UPPER, _LOWER, _AT = _number("upper"), _number("lower"), _number("at")
