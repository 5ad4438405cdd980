"""What a text must have in it for any pattern of `phrases` or `cues` to be found: quick to see, and never wrong.

Of each pattern those strings are worked out one of which every match holds (as RE2's FilteredRE2 does). Forms of a text in
`disguises.words` are words parted by blanks, so the strings are parts of words, with a blank where a word begins or ends.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any

import ahocorasick

from services.ai.documents.instructions import cues, phrases
from services.ai.documents.instructions.phrase import Phrase, Where
from services.ai.documents.instructions.syntax import tree_of

# Sets of strings larger than this are not multiplied out; strings of so few letters and blanks say too little.
MOST_STRINGS, FEWEST_LETTERS = 200, 1
COMMON = frozenset(
    (
        "a",
        "all",
        "an",
        "and",
        "any",
        "are",
        "as",
        "by",
        "for",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
    )
)
# Where a word begins or ends.
EDGE = "\0"
Strings = frozenset[str]
NOTHING: Strings = frozenset({""})


def strings_of(pattern: str, opens: bool = False) -> list[Strings]:
    """Sets of strings: a match has at least one of each set. `opens` says that it begins where a word does."""
    found: list[Strings] = []
    _concatenation(tree_of(pattern), found, frozenset({EDGE}) if opens else NOTHING)
    return found


def _concatenation(nodes: list[Any], found: list[Strings], so_far: Strings = NOTHING, after: Strings = NOTHING) -> None:
    for place, node in enumerate(nodes):
        exact = _exact(*node)
        if exact is not None and len(so_far) * len(exact) <= MOST_STRINGS:
            if len(exact) > 1 and _ends_word(so_far):
                _add(so_far, found)
            so_far = _products([so_far, exact])
            continue
        rest = nodes[place + 1 :]
        if exact is None:
            found += _of(node, _edge(_ends_word(so_far)), _edge(_opens_word(rest)) if rest else after)
        _add(so_far, found)
        so_far = exact or NOTHING
    _add(_products([so_far, after]), found)


def _edge(holds: bool) -> Strings:
    return frozenset({EDGE}) if holds else NOTHING


def _ends_word(strings: Strings) -> bool:
    return all(string.endswith((EDGE, " ")) for string in strings)


def _opens_word(nodes: list[Any]) -> bool:
    """Whether whatever they match begins where a word begins or ends."""
    if not nodes:
        return False
    kind, of = nodes[0]
    name = str(kind)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _opens_word(list(of[2])) and (of[0] > 0 or _opens_word(nodes[1:]))
    if name == "BRANCH":
        return all(_opens_word(list(branch)) for branch in of[1])
    if name in ("SUBPATTERN", "ASSERT"):
        return _opens_word(list(of[-1]))
    return name == "AT" or (name == "LITERAL" and chr(of) == " ")


def _exact(kind: Any, of: Any) -> Strings | None:
    """All that the node matches, where that is little."""
    name = str(kind)
    if name == "LITERAL":
        return frozenset({chr(of)})
    if name == "AT":
        return frozenset({EDGE})
    if name == "IN":
        return frozenset(chr(item) for _, item in of) if all(str(one) == "LITERAL" for one, _ in of) else None
    if name == "SUBPATTERN":
        return _all_exact(of[-1])
    if name == "BRANCH":
        parts = [_all_exact(branch) for branch in of[1]]
        return _limited(frozenset().union(*(p for p in parts if p))) if all(p is not None for p in parts) else None
    if name in ("MAX_REPEAT", "MIN_REPEAT") and of[1] == 1:
        inner = _all_exact(of[2])
        return inner if inner is None or of[0] else _limited(inner | NOTHING)
    return NOTHING if name == "ASSERT_NOT" else None


def _all_exact(nodes: Any) -> Strings | None:
    strings = NOTHING
    for node in nodes:
        exact = _exact(*node)
        if exact is None or len(strings) * len(exact) > MOST_STRINGS:
            return None
        strings = _products([strings, exact])
    return strings


def _limited(strings: Strings) -> Strings | None:
    return strings if len(strings) <= MOST_STRINGS else None


def _products(parts: list[Strings]) -> Strings:
    return frozenset(map("".join, product(*parts)))


def _of(node: Any, before: Strings, after: Strings) -> list[Strings]:
    """What a node that is not exact must have between the two."""
    kind, of = node
    name = str(kind)
    found: list[Strings] = []
    if name == "SUBPATTERN":
        _concatenation(list(of[-1]), found, before, after)
    elif name in ("MAX_REPEAT", "MIN_REPEAT") and of[0]:
        _concatenation(list(of[2]), found)
    elif name == "BRANCH":
        parts: list[list[Strings]] = []
        for branch in of[1]:
            parts.append([])
            _concatenation(list(branch), parts[-1], before, after)
        if all(parts):
            found.append(frozenset().union(*(max(part, key=_worth) for part in parts)))
    return found


def _add(strings: Strings, found: list[Strings]) -> None:
    parts = frozenset(map(_rarest, strings))
    if parts not in found and all(len(part) > FEWEST_LETTERS and part.strip() for part in parts):
        found.append(parts)


def _rarest(string: str) -> str:
    """Of a string's words, or parts of words, the longest that is not in every other line."""
    words = string.replace(EDGE, " ").split(" ")
    last = len(words) - 1
    return max((" " * (n > 0) + word + " " * (n < last) for n, word in enumerate(words)), key=_telling)


def _telling(word: str) -> tuple[bool, int]:
    letters = word.strip()
    return bool(letters) and letters not in COMMON, len(letters)


def _worth(strings: Strings) -> tuple[bool, int, int]:
    return (*min(map(_telling, strings)), -len(strings))


class _Needs:
    """Sets of strings are numbered; a word has the bits of the sets of which it holds a string."""

    def __init__(self, strong: Iterable[Phrase], weighed: Iterable[tuple[float, re.Pattern[str]]]) -> None:
        self.numbers: dict[Strings, int] = {}
        # By the bit that tells most: of most texts, none is looked at any further.
        self.strong: dict[int, list[tuple[Phrase, int]]] = {}
        self.keyless: list[Phrase] = []
        for phrase in strong:
            if sets := strings_of(phrase.pattern.pattern, phrase.where is not Where.ANYWHERE):
                key = self._bits([max(sets, key=_worth)])
                self.strong.setdefault(key, []).append((phrase, self._bits(sets)))
            else:
                self.keyless.append(phrase)
        self.keys = sum(self.strong)
        self.weighed = [(weight, self._bits(strings_of(pattern.pattern))) for weight, pattern in weighed]
        bits: dict[str, int] = {}
        for strings, number in self.numbers.items():
            for string in strings:
                bits[string] = bits.get(string, 0) | 1 << number
        self.automaton = ahocorasick.Automaton()
        for string, mask in bits.items():
            self.automaton.add_word(string, mask)
        self.automaton.make_automaton()

    def _bits(self, sets: list[Strings]) -> int:
        bits = 0
        for strings in sets:
            bits |= 1 << self.numbers.setdefault(strings, len(self.numbers))
        return bits


_NEEDS = _Needs(phrases.STRONG, cues.CUES)


@lru_cache(maxsize=1 << 14)
def _bits_of(word: str) -> int:
    bits = 0
    for _, mask in _NEEDS.automaton.iter(f" {word} "):
        bits |= mask
    return bits


def bits_of(words: Iterable[str]) -> int:
    """What these words of a form have; texts together have what one of them has."""
    bits = 0
    for word in words:
        bits |= _bits_of(word)
    return bits


def possible(bits: int) -> list[Phrase]:
    """The strong phrases that a text with these may hold."""
    found = list(_NEEDS.keyless)
    keys = bits & _NEEDS.keys
    while keys:
        key = keys & -keys
        found += [phrase for phrase, need in _NEEDS.strong[key] if bits & need == need]
        keys ^= key
    return found


def may_weigh_enough(bits: int) -> bool:
    """Whether a text with these may hold enough cues."""
    return sum(weight for weight, need in _NEEDS.weighed if bits & need == need) >= cues.ENOUGH
