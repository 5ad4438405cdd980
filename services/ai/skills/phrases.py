"""Many names at once in a text: a trie of hashed tokens in sorted arrays, walked for all positions together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.ai.skills.packed import Array, Packed, lists
from services.ai.skills.tokens import DETERMINERS, MASK, MULTIPLIER, Tokens, form_hash, verb_hash, words_of

_MULTIPLIER = np.uint64(MULTIPLIER)


@dataclass(frozen=True, slots=True)
class Found:
    """A name may stand from one token to another, both included. `names`: numbers of those that look alike, best first."""

    first: int
    last: int
    names: list[int]


def compiled(names: Sequence[tuple[str, bool]]) -> dict[str, Array]:
    """The trie of names; `True` beside one whose first word is a verb, to be found in any of its forms."""
    at: dict[int, list[int]] = {}
    for number, (name, verb) in enumerate(names):
        beginnings = _beginnings(_hashes(name, verb))
        for beginning in beginnings:
            at.setdefault(beginning, [])
        if beginnings:
            at[beginnings[-1]].append(number)
    keys = sorted(at)
    return {"phrases.keys": np.array(keys, np.uint64), **lists("phrases.names", [at[key] for key in keys])}


def _hashes(name: str, verb: bool) -> list[int]:
    words = words_of(name)
    if not verb:
        return [form_hash(word) for word in words]
    content = [word for word in words if word.lower() not in DETERMINERS]
    return [verb_hash(content[0]), *(form_hash(word) for word in content[1:])]


def _beginnings(hashes: Sequence[int]) -> list[int]:
    value, found = 0, []
    for one in hashes:
        value = ((value * MULTIPLIER) & MASK) ^ one
        found.append(value)
    return found


class Phrases:
    """The compiled trie. Finding costs one binary search for each token, and more only where a name goes on."""

    def __init__(self, packed: Packed) -> None:
        self._keys = packed.array("phrases.keys")
        self._names = packed.lists("phrases.names")

    def find(self, tokens: Tokens) -> Iterator[Found]:
        """Every name at every place, longer and shorter ones."""
        places = np.arange(len(tokens.hashes))
        yield from self._walk(tokens.hashes, tokens.hashes, places)
        if len(tokens.content):
            yield from self._walk(tokens.verbs[tokens.content], tokens.hashes[tokens.content], tokens.content)

    def _walk(self, values: Array, hashes: Array, places: Array) -> Iterator[Found]:
        """`values`: of names that begin at each place; `hashes`: of the tokens that may follow; `places`: the tokens' numbers."""
        starts, depth = np.arange(len(values)), 0
        while len(starts):
            at = np.minimum(np.searchsorted(self._keys, values), len(self._keys) - 1)
            hit = self._keys[at] == values
            starts, at, values = starts[hit], at[hit], values[hit]
            for start, key in zip(starts.tolist(), at.tolist(), strict=True):
                if names := self._names[key]:
                    yield Found(int(places[start]), int(places[start + depth]), names)
            depth += 1
            going_on = starts + depth < len(hashes)
            starts, values = starts[going_on], values[going_on]
            values = (values * _MULTIPLIER) ^ hashes[starts + depth]
