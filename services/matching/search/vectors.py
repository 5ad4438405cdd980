"""A document → the tsvector that it is found by."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from services.matching.search.index import Document
from services.matching.search.tokens import tokens
from services.matching.search.understanding import quoted

# PostgreSQL keeps no greater position, and no more of one lexeme.
LAST_POSITION, MOST_POSITIONS = 16_383, 255
# Between two texts, so that no phrase goes from one into the other.
GAP = 10


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Each with its weight, greatest first."""
    yield document.title, "A"
    yield from ((label, "B") for label in document.labels)
    yield from ((alias, "C") for alias in document.aliases)
    yield from ((passage.text, "D") for passage in document.passages)


def words_of(document: Document) -> set[str]:
    return {token.word for text, _ in texts_of(document) for token in tokens(text)}


def tsvector(document: Document, lexemes: Mapping[str, str]) -> str:
    """As PostgreSQL reads it. Words beyond its last position are all found at the last."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 0
    for text, weight in texts_of(document):
        for token in tokens(text):
            position += 1
            if (lexeme := lexemes[token.word]) and len(places[lexeme]) < MOST_POSITIONS:
                places[lexeme].append(f"{min(position, LAST_POSITION)}{weight}")
        position += GAP
    return " ".join(f"{quoted(lexeme)}:{','.join(found)}" for lexeme, found in sorted(places.items()) if found)
