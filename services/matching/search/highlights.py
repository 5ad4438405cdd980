"""Where in texts the words of a query stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from services.ai.spans import Span, span_of
from services.matching.search.index import Hit
from services.matching.search.tokens import Token, tokens

MOST = 10
# Characters of a snippet on either side of the first highlight.
AROUND = 100
# Letters that a word and its lexeme share: only such words are looked up.
SHARED = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A word of a passage that a highlight may be."""

    passage: Span
    token: Token

    @property
    def span(self) -> Span:
        return within(self.passage, self.token.start, self.token.end)


def places(passages: Iterable[Span], lexemes: Iterable[str]) -> list[Place]:
    """Words that may have one of these lexemes, judged by how they begin."""
    begins = {lexeme[:SHARED] for lexeme in lexemes}
    return [
        Place(passage, token) for passage in passages for token in tokens(passage.text) if token.word[:SHARED] in begins
    ]


def marked(found: Iterable[Place], is_wanted: Callable[[str], bool]) -> Sequence[Place]:
    """The first that are wanted."""
    return tuple(islice((place for place in found if is_wanted(place.token.word)), MOST))


def hit_of(id: UUID, title: str, score: float, found: Sequence[Place], in_title: Sequence[Place]) -> Hit:
    spans, title_spans = (tuple(place.span for place in some) for some in (found, in_title))
    return Hit(id, title, score, spans, title_spans, snippet_of(found))


def snippet_of(highlights: Sequence[Place]) -> Span | None:
    """A piece of the first one's passage, around it and in whole words; None without one."""
    if not highlights:
        return None
    passage, first = highlights[0].passage, highlights[0].token
    start, end = max(first.start - AROUND, 0), min(first.end + AROUND, len(passage.text))
    if start:
        start = passage.text.find(" ", start, first.start) + 1 or start
    if end < len(passage.text):
        end = max(passage.text.rfind(" ", first.end, end), first.end)
    piece = span_of(passage.text, start, end)
    return within(passage, piece.start, piece.end)


def within(passage: Span, start: int, end: int) -> Span:
    """Characters of a passage, as a span of what the passage is one of. What a person wrote by hand is nowhere, and so are its words."""
    text = passage.text[start:end]
    if passage.start == passage.end:
        return replace(passage, text=text)
    return Span(passage.start + start, passage.start + end, passage.page, text)
