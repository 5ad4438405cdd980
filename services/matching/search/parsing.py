"""What people type into a search box → what they ask for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.matching.search.tokens import tokens

_PART = re.compile(r'(?P<not>(?<!\S)-(?=\S))?(?:"(?P<phrase>[^"]*)"?|(?P<bare>[^\s"]+))')
# A search that says more is not looked at further.
MOST_TERMS = 32


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that must follow each other. `excluded`: what must not be there."""

    words: tuple[str, ...]
    excluded: bool = False


Asked = tuple[tuple[Term, ...], ...]
"""Any of these, all terms of it."""


def parse(text: str) -> Asked:
    """As web search engines do: all words, "in this order", this or that, -without. Empty where there are no words."""
    ways: list[list[Term]] = [[]]
    for part in list(_PART.finditer(text))[: 2 * MOST_TERMS]:
        if (part["bare"] or "").casefold() == "or" and not part["not"]:
            ways.append([])
        elif term := _term(part):
            ways[-1].append(term)
    return tuple(tuple(way[:MOST_TERMS]) for way in ways if way)


def any_word(text: str) -> Asked:
    """Any of the words, each once."""
    words = dict.fromkeys(token.word for token in tokens(text))
    return tuple((Term((word,)),) for word in words)


def terms(asked: Asked) -> Iterator[Term]:
    """Those that are looked for, each once."""
    yield from dict.fromkeys(term for way in asked for term in way if not term.excluded)


def _term(part: re.Match[str]) -> Term | None:
    """Words that only a sign parts, like `front-end`, follow each other too."""
    words = tuple(token.word for token in tokens(part["phrase"] or part["bare"] or ""))
    return Term(words, bool(part["not"])) if words else None
