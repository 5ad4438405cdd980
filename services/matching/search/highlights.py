"""Where in texts the words of a query stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from services.ai.spans import Span, span_of
from services.matching.search.tokens import Token, tokens

MOST = 10
# Characters of a snippet on either side of the first highlight.
AROUND = 100
# Letters that a word and its lexeme share: only such words are looked up.
SHARED = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A word that a highlight may be."""

    word: str
    span: Span


def places(passages: Iterable[Span], lexemes: Iterable[str]) -> list[Place]:
    """Words that may have one of these lexemes, judged by how they begin, as spans of what the passages are spans of."""
    begins = {lexeme[:SHARED] for lexeme in lexemes}
    return [
        Place(token.word, within(passage, token))
        for passage in passages
        for token in tokens(passage.text)
        if token.word[:SHARED] in begins
    ]


def marked(found: Iterable[Place], is_wanted: Callable[[str], bool]) -> tuple[Span, ...]:
    """The first that are wanted."""
    return tuple(islice((place.span for place in found if is_wanted(place.word)), MOST))


def snippet_of(passages: Iterable[Span], highlights: Sequence[Span]) -> Span | None:
    """A piece of the passage with the first highlight, around it and in whole words; None without one."""
    if not highlights:
        return None
    first = highlights[0]
    passage = next(p for p in passages if p.start <= first.start and first.end <= p.end)
    start, end = (
        max(first.start - passage.start - AROUND, 0),
        min(first.end - passage.start + AROUND, len(passage.text)),
    )
    if start:
        start = passage.text.find(" ", start, first.start - passage.start) + 1 or start
    if end < len(passage.text):
        end = max(passage.text.rfind(" ", first.end - passage.start, end), first.end - passage.start)
    piece = span_of(passage.text, start, end, passage.page)
    return Span(passage.start + piece.start, passage.start + piece.end, piece.page, piece.text)


def within(passage: Span, token: Token) -> Span:
    """A word of a passage, as a span of what the passage is one of."""
    start = passage.start + token.start
    return Span(start, start + token.end - token.start, passage.page, passage.text[token.start : token.end])
