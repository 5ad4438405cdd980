"""Where in texts the words of a query stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from services.ai.spans import Span
from services.matching.search.tokens import Token, tokens

MOST = 10
# Letters that a word and its lexeme share: only such words are looked up.
SHARED = 2


def marked(passages: Iterable[Span], is_wanted: Callable[[str], bool]) -> tuple[Span, ...]:
    """The first words that are wanted, as spans of what the passages are spans of."""
    found = (within(passage, token) for passage in passages for token in tokens(passage.text) if is_wanted(token.word))
    return tuple(islice(found, MOST))


def may_be(texts: Iterable[str], lexemes: Sequence[str]) -> Iterator[str]:
    """Words that may have one of these lexemes, judged by how they begin."""
    begins = {lexeme[:SHARED] for lexeme in lexemes}
    for text in texts:
        for token in tokens(text):
            if token.word[:SHARED] in begins:
                yield token.word


def within(passage: Span, token: Token) -> Span:
    """A word of a passage, as a span of what the passage is one of."""
    start = passage.start + token.start
    return Span(start, start + token.end - token.start, passage.page, passage.text[token.start : token.end])
