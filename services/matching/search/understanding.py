"""A query with what the lexicon knows of its words → what PostgreSQL is asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.matching.search.index import MOST_FOUND, Query
from services.matching.search.lexicon import Entry
from services.matching.search.parsing import Asked, Term, any_word, parse, terms

# Terms that a score is made of. Of many words the rarest say nearly all.
MOST_WEIGHED = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """`matches`: a tsquery for what is found, empty for everything. `weights`: tsqueries for parts of it, and how much each counts.
    `lexemes`: what to highlight.
    """

    matches: str = ""
    weights: tuple[tuple[str, float], ...] = ()
    lexemes: frozenset[str] = frozenset()


def asked_of(query: Query) -> Asked:
    return any_word(query.text) if query.any_word else parse(query.text)


def words_of(asked: Asked) -> set[str]:
    return {word for way in asked for term in way for word in term.words}


def understand(query: Query, asked: Asked, entries: Mapping[str, Entry]) -> Wanted:
    """Words that say nothing are left out."""
    found = [term for term in terms(asked) if _written(term, entries)]
    weights = sorted(
        ((_written(term, entries), _weight(term, entries)) for term in found), key=lambda one: (-one[1], one[0])
    )
    matches = _rarest(found, entries) if query.any_word else _ways(asked, entries)
    lexemes = {
        lexeme for term in found for word in term.words for lexeme in (entries[word].lexeme, *entries[word].meant)
    }
    return Wanted(matches, tuple(weights[:MOST_WEIGHED]), frozenset(lexemes - {""}))


def _ways(asked: Asked, entries: Mapping[str, Entry]) -> str:
    written = ([_written(term, entries) for term in way] for way in asked)
    return " | ".join(f"({' & '.join(filter(None, way))})" for way in written if any(way))


def _rarest(found: Collection[Term], entries: Mapping[str, Entry]) -> str:
    """Any of the words that stand in few texts, as many as can be looked at together, and at least one."""
    chosen: list[str] = []
    room = MOST_FOUND
    for term in sorted(found, key=lambda term: (entries[term.words[0]].count, term.words)):
        room -= entries[term.words[0]].count
        if chosen and room < 0:
            break
        chosen.append(_written(term, entries))
    return " | ".join(chosen)


def _weight(term: Term, entries: Mapping[str, Entry]) -> float:
    """That of its rarest word."""
    return max(entries[word].weight for word in term.words)


def _written(term: Term, entries: Mapping[str, Entry]) -> str:
    """Its tsquery; empty when all of its words say nothing."""
    found = [entries[word] for word in term.words]
    if len(found) == 1:
        choices = [quoted(lexeme) for lexeme in (found[0].lexeme, *found[0].meant) if lexeme]
        text = f"({' | '.join(choices)})" if choices else ""
    else:
        text = _phrase([entry.lexeme for entry in found])
    return f"!{text}" if text and term.excluded else text


def _phrase(lexemes: list[str]) -> str:
    """Words that say nothing still take their place between the others."""
    text, gap = "", 0
    for lexeme in lexemes:
        gap += 1
        if lexeme:
            text += f" <{gap}> {quoted(lexeme)}" if text else quoted(lexeme)
            gap = 0
    return f"({text})" if text else ""


def quoted(lexeme: str) -> str:
    """As tsvector and tsquery are written."""
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
