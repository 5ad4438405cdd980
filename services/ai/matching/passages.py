"""The pieces of a position that say what is done and asked: what the passages of a resume are compared with."""

import re
from collections.abc import Iterator

from services.ai.matching.requirements.clauses import find_clauses
from services.ai.matching.requirements.sections import Section
from services.ai.spans import Span, span_of

MOST_PASSAGES = 24
MOST_LETTERS = 300
FEWEST_WORDS = 4
_LEAD = re.compile(r"^[\s•·▪●◦‣*–—-]+")
_TELLS_TERMS = re.compile(
    r"[£€$]\s?\d|\[(?:email|phone)\]|@|https?:|www\.|\b(?:salary|pension|holiday|leave|full[- ]time|part[- ]time"
    r"|hours per week|permanent|closing date|interview)\b",
    re.IGNORECASE,
)


def position_passages(text: str) -> tuple[Span, ...]:
    """At most 24 sentences and points, in order of the text: duties and requirements before what no heading says anything of.

    What is about the organization, its offer or how to apply is left out; so are pay, hours and addresses. Time is linear in the text.
    """
    ranked = sorted(_pieces(text), key=lambda piece: piece[0])
    chosen: dict[str, Span] = {}
    for _, span in ranked:
        if len(chosen) == MOST_PASSAGES:
            break
        chosen.setdefault(" ".join(span.text.lower().split()), span)
    return tuple(sorted(chosen.values()))


def _pieces(text: str) -> Iterator[tuple[int, Span]]:
    """Each with its rank: the fewer, the more it tells."""
    for start, end, section, asks in _sentences(text):
        lead = _LEAD.match(text[start:end])
        span = span_of(text, start + (lead.end() if lead else 0), min(end, start + MOST_LETTERS))
        if len(span.text.split()) >= FEWEST_WORDS and not _TELLS_TERMS.search(span.text):
            yield (0 if section in (Section.DUTIES, Section.MUST, Section.NICE) or asks else 1), span


def _sentences(text: str) -> Iterator[tuple[int, int, Section, bool]]:
    """Clauses that touch are one sentence; of the section of the first."""
    start: int | None = None
    end, section, asks = 0, Section.OPEN, False
    for clause in find_clauses(text):
        if start is not None and clause.start == end and clause.section is section:
            end = clause.end
            continue
        if start is not None:
            yield start, end, section, asks
        start = None
        if clause.section is not Section.ASIDE:
            start, end, section, asks = clause.start, clause.end, clause.section, clause.asks
    if start is not None:
        yield start, end, section, asks
