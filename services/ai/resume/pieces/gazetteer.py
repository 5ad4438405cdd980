"""Closed lists of words and which of them a word is in."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("gazetteer.toml")


@cache
def memberships() -> dict[str, tuple[str, ...]]:
    """Lower-case word → the lists that hold it."""
    found: dict[str, list[str]] = {}
    for name, words in tomllib.loads(_FILE.read_text("utf-8")).items():
        for word in dict.fromkeys(words.split()):
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}
