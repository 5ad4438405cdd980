"""Text → words as they are compared: without case, accents and signs."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Names that would lose what tells them apart.
_NAMES = {"c++": "cplusplus", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}
_WORD = re.compile(r"(?<!\w)(?:c\+\+|[cf]\#)|\.net(?!\w)|[^\W_]+", re.IGNORECASE)
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A word, and which characters of the text it was."""

    word: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """In order."""
    for found in _WORD.finditer(text):
        written = found[0]
        # Nearly all words are such, and a text has thousands.
        simple = len(written) <= LONGEST and written.isascii() and written.isalnum()
        if word := written.lower() if simple else plain(written):
            yield Token(word, found.start(), found.end())


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """Letters and digits alone, at most 100; may be empty."""
    if name := _NAMES.get(word.casefold()):
        return name
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart.casefold() if c.isalnum())[:LONGEST]
