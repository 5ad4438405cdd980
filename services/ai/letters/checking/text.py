"""Texts in a form in which names can be compared: small letters, single blanks, no marks but those of names like C++ and C#."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MARKS = re.compile(r"[^\w+#]+|_")
_WORD = re.compile(r"[^\W\d_]{4,}")


PREFIX = 5


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """`Node.js, Inc.` → ` node js inc `; begins and ends with a blank, so that `in` finds whole words."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ß", "ss")
    return f" {_MARKS.sub(' ', plain).strip()} "


@dataclass(frozen=True, slots=True)
class Folded:
    """A source's text: whole, and the stems of its words."""

    whole: str
    stems: frozenset[str]

    @staticmethod
    def of(*texts: str) -> "Folded":
        """Several texts; no name goes from one into the next."""
        whole = " | ".join(folded(text) for text in texts if text.strip())
        return Folded(whole, frozenset(stem(word) for word in _WORD.findall(whole)))

    def names(self, name: str) -> bool:
        """Whether it holds the name as whole words."""
        key = folded(name)
        return key.strip() != "" and key in self.whole

    def knows(self, word: str) -> bool:
        """Whether it has a word of the same stem."""
        return stem(word.casefold().replace("ß", "ss")) in self.stems or folded(word) in self.whole

    def begins(self, word: str) -> bool:
        """Whether a word of it begins with the same five letters: `Gestiono` where it has `Gestión`."""
        return len(word) >= PREFIX and f" {folded(word).strip()[:PREFIX]}" in self.whole


def stem(word: str) -> str:
    """Of a word in small letters: without its ending, as far as five letters stay."""
    return word[:5] if len(word) <= 7 else word[:6]
