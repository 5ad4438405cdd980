"""Words and marks of a text, in the form in which names are compared: case, plurals and spellings put aside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from services.ai.skills.packed import Array

# A version is a token of its own where it is written on: `Python3`.
_TOKEN = re.compile(r"[^\W\d_]{4,}(?=\d{1,2}(?!\w))|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_|\n+")
HYPHENS = frozenset("-‐‑–")
# Longer lines than this are prose that was wrapped: a name may go on in the next. Shorter ones are entries of their own.
WRAPPED = 40
DETERMINERS = frozenset(
    ["a", "an", "the", "our", "their", "its", "his", "her", "my", "all", "any", "some", "these", "this"]
)
_BRITISH = (
    (re.compile(r"is(e|ed|es|ing|ation|er)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|ing|er)$"), r"yz\1"),
    (re.compile(r"our(|ed|ing|al)$"), r"or\1"),
    (re.compile(r"ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"^(centr|theatr|fibr|lit|met)re$"), r"\1er"),
    (re.compile(r"^programme$"), "program"),
    (re.compile(r"ae(?=[dst])"), "e"),
)
_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_IRREGULAR = {
    "led": "lead", "built": "build", "wrote": "write", "written": "write", "taught": "teach", "ran": "run", "held": "hold",
    "kept": "keep", "made": "make", "sold": "sell", "bought": "buy", "oversaw": "oversee", "drove": "drive", "gave": "give",
    "spoke": "speak", "dealt": "deal", "sought": "seek", "met": "meet", "drew": "draw", "brought": "bring", "found": "find",
    "took": "take", "undertook": "undertake", "laid": "lay", "fed": "feed", "dug": "dig", "chose": "choose",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: where each stands, and a hash of its form for comparing.

    `hashes` and `verbs` (the form without its ending, as of a verb) are arrays of uint64; `content` numbers the tokens that are no
    determiners, for phrases that go on over "the" and "our".
    """

    starts: list[int]
    ends: list[int]
    hashes: Array
    verbs: Array
    content: Array


def tokens_of(text: str) -> Tokens:
    """Every word and mark. Hyphens between words and line ends within prose are no tokens, so that names go on over them."""
    starts, ends, words = [], [], []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if _joins(text, start, end):
            continue
        starts.append(start)
        ends.append(end)
        words.append(match.group())
    content = [i for i, word in enumerate(words) if word.lower() not in DETERMINERS]
    return Tokens(
        starts, ends, _array(map(form_hash, words)), _array(map(verb_hash, words)), np.array(content, np.int64)
    )


def words_of(name: str) -> list[str]:
    """The tokens of a name."""
    return [m.group() for m in _TOKEN.finditer(name) if not _joins(name, *m.span())]


def _array(numbers: Iterator[int]) -> Array:
    return np.fromiter(numbers, np.uint64)


def _joins(text: str, start: int, end: int) -> bool:
    mark = text[start]
    if mark in HYPHENS:
        return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
    if mark == "\n":
        return (
            end - start == 1
            and start - (text.rfind("\n", 0, start) + 1) >= WRAPPED
            and text[start - 1 : start] not in ".:;"
        )
    return False


@lru_cache(maxsize=1 << 16)
def form_hash(word: str) -> int:
    """Of the word's form: "Analysed" and "analyzed", "systems" and "system's" are alike."""
    return _hash(form(word))


@lru_cache(maxsize=1 << 16)
def verb_hash(word: str) -> int:
    """Of the word's stem as a verb: "managed", "managing" and "manage" are alike."""
    return _hash("\0" + verb_stem(word))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def form(word: str) -> str:
    """Lower case, singular, American spelling; roughly, for comparing only."""
    plain = word.casefold().replace("’", "'").removesuffix("'s")
    if len(plain) > 4:
        for pattern, by in _BRITISH:
            plain = pattern.sub(by, plain)
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        ending, by = next((e for e in _PLURALS if plain.endswith(e[0]) and len(plain) > 4), ("s", ""))
        plain = plain.removesuffix(ending) + by
    return plain


def verb_stem(word: str) -> str:
    """The stem that a verb's forms share; roughly, for comparing only."""
    plain = form(_IRREGULAR.get(word.casefold(), word))
    for ending in ("ing", "ed", "e"):
        if len(plain) > len(ending) + 2 and plain.endswith(ending):
            plain = plain[: -len(ending)]
            break
    if len(plain) > 3 and plain[-1] == plain[-2] and plain[-1] not in "sl":
        plain = plain[:-1]
    return plain[:-1] + "i" if plain.endswith("y") else plain


MULTIPLIER = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
