"""Words of a text in the shape in which they are compared."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W_]+(?:[+#]+|\.(?=\w)\w+)*")
# Letters by which a longer word is known: `management` and `managing` are one, `manage` and `manner` are not.
STEM = 5


def words(text: str) -> list[str]:
    """In lower case and without accents: `C++`, `Node.js` and `C#` are words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def folded(text: str) -> str:
    return " ".join(words(text))


def stems(found: Iterable[str]) -> list[str]:
    """Of the words that say something."""
    small = small_words()
    return [word[:STEM] if word.isalpha() else word for word in found if word not in small and len(word) > 1]


@cache
def small_words() -> frozenset[str]:
    """Words of four languages that say nothing of what a text is about."""
    return frozenset(words(Path(__file__).with_name("small_words.txt").read_text("utf-8")))
