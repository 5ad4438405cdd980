"""Words of a sentence and how each is written: the encoder reads lower case only, and capitals tell a product's name."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"<[A-Z_]+>|[^\W_]+(?:[+#]+|(?:[.'’&/-][^\W_]+)*)|[^\w\s]|_")

SHAPES = 11
PLACEHOLDER = 1
(_MARK, _MIXED_DIGITS, _NUMBER, _CAPITALS, _ONE_CAPITAL, _CAPITALISED, _CAMEL, _LOWER, _OTHER) = range(2, SHAPES)


def words(sentence: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word and each mark, in characters."""
    return (match.span() for match in _WORD.finditer(sentence))


def shape(word: str) -> int:
    """1 to 10; 0 is left for the encoder's own marks."""
    if word.startswith("<") and word.endswith(">"):
        return PLACEHOLDER
    if not any(c.isalnum() for c in word):
        return _MARK
    if any(c.isdigit() for c in word):
        return _MIXED_DIGITS if any(c.isalpha() for c in word) else _NUMBER
    if word.isupper():
        return _CAPITALS if len(word) > 1 else _ONE_CAPITAL
    if word[0].isupper():
        return _CAPITALISED if word[1:].islower() else _CAMEL
    return _LOWER if word.islower() else _OTHER
