"""Whether an ambiguous name is meant as a skill where it stands: "Excel" in "reports in Excel", not in "Excel at sales"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.skills import cues
from services.ai.skills.candidates import Candidate
from services.ai.skills.names import How

# How often each kind of evidence was right on lines that were written to mislead, and on resumes read by eye.
NAMED, FOLLOWED, LISTED, PRECEDED, CAPITAL, PHRASE, ALIAS = 0.97, 0.95, 0.94, 0.9, 0.85, 0.9, 0.75

_MOST_GAP = 75
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_LAST_WORD = re.compile(r"[\w'’-]+\s*$")
_NAME = re.compile(r"\s+[A-Z][a-z]+")


class Context:
    """What surrounds the candidates of one text."""

    def __init__(self, text: str, candidates: Sequence[Candidate]) -> None:
        self._text = text
        self._chain = _chains(text, candidates)

    def confidence(self, candidate: Candidate) -> float:
        """That the skill is meant, 0 to 1; 0 when nothing shows it."""
        if cues.PERSON.search(self._before(candidate)) or cues.PLACE_AFTER.match(self._after(candidate)):
            return 0.0
        if not candidate.ambiguous:
            return (
                ALIAS
                if candidate.how & How.ALIAS
                else NAMED
                if candidate.how & How.OWN or candidate.technology
                else PHRASE
            )
        if self._is_something_else(candidate):
            return 0.0
        if candidate.how & How.AS_WRITTEN and candidate.technology:
            return self._of_name(candidate)
        return self._of_word(candidate)

    def _is_something_else(self, candidate: Candidate) -> bool:
        before, after = self._before(candidate), self._after(candidate)
        if candidate.name.lower() in cues.SEASONS and (cues.YEAR.match(after) or _is_season_list(before, after)):
            return True
        if len(candidate.name) == 1:
            return bool(
                cues.LETTER_BEFORE.search(before)
                or (cues.LETTER_AFTER.match(after) and not cues.FOLLOWING.match(after))
            )
        return False

    def _of_name(self, candidate: Candidate) -> float:
        before, after = self._before(candidate), self._after(candidate)
        capital = candidate.name != candidate.name.lower() and self._text[candidate.start].isupper()
        if self._in_list(candidate):
            return LISTED
        if not capital or _hyphened(before, after) or after[:1] == "’" or after[:1] == "'":
            return 0.0
        if cues.FOLLOWING.match(after) and not _titled(before, after):
            return FOLLOWED
        if cues.EVERYDAY_AFTER.match(after) or _titled(before, after):
            return 0.0
        if len(candidate.name) <= 2:
            return PRECEDED if cues.PRECEDING_SHORT.search(before) else 0.0
        if cues.PRECEDING.search(before) and not _name_follows(after):
            return PRECEDED
        return CAPITAL if _in_sentence(before) and not _name_follows(after) else 0.0

    def _of_word(self, candidate: Candidate) -> float:
        before, after = self._before(candidate), self._after(candidate)
        if self._in_list(candidate):
            return LISTED
        if _hyphened(before, after):
            return 0.0
        return PRECEDED if cues.SKILLED_BEFORE.search(before) or cues.SKILLED_AFTER.match(after) else 0.0

    def _in_list(self, candidate: Candidate) -> bool:
        """Whether it is an item of a list that holds a skill beyond doubt, that is headed as one, or of several such names."""
        chain = self._chain[candidate.start]
        if not _is_item(self._text, candidate):
            return False
        if chain.sure_technologies or (chain.sure and not candidate.technology):
            return True
        capital = self._text[candidate.start].isupper()
        if capital and candidate.how & How.OWN and chain.sure and chain.size > 2:
            return True
        if cues.HEADING.match(self._before(chain.first)):
            return True
        return capital and candidate.technology and chain.names > 1 and chain.long_names > 0

    def is_among_skills(self, candidate: Candidate) -> bool:
        """Whether it stands in a list with other technologies that are no companies."""
        return self._chain[candidate.start].products > 0

    def _before(self, candidate: Candidate) -> str:
        """On the same line."""
        return self._text[max(self._text.rfind("\n", 0, candidate.start) + 1, candidate.start - 120) : candidate.start]

    def _after(self, candidate: Candidate) -> str:
        return self._text[candidate.end : candidate.end + 60].split("\n", 1)[0]


@dataclass(slots=True)
class Chain:
    """A list: names that only marks and "and" part from each other. Counts of those in it that are beyond doubt, that are technologies
    as well, that are names with a capital, those of more than a letter, and that are technologies and no companies.
    """

    first: Candidate
    size: int = 0
    sure: int = 0
    sure_technologies: int = 0
    names: int = 0
    long_names: int = 0
    products: int = 0

    def add(self, candidate: Candidate, text: str) -> None:
        """One more item."""
        self.size += 1
        self.sure += not candidate.ambiguous
        self.sure_technologies += candidate.technology and not candidate.ambiguous
        name = candidate.technology and text[candidate.start].isupper()
        self.names += name
        self.long_names += name and len(candidate.name) > 1
        self.products += candidate.technology and not candidate.how & How.EMPLOYER


def _chains(text: str, candidates: Sequence[Candidate]) -> dict[int, Chain]:
    """For each candidate, by its start, the list it stands in."""
    chains: dict[int, Chain] = {}
    for before, candidate in zip([None, *candidates], candidates, strict=False):
        goes_on = before is not None and is_gap(text[before.end : candidate.start])
        chain = chains[before.start] if before and goes_on else Chain(candidate)
        chain.add(candidate, text)
        chains[candidate.start] = chain
    return chains


def is_gap(between: str) -> bool:
    """Whether this may part two items of one list."""
    if not 0 < len(between) <= _MOST_GAP or between.count("\n") > 1:
        return False
    return bool(cues.GAP.fullmatch(between)) and bool(cues.MARK.search(between))


def _is_item(text: str, candidate: Candidate) -> bool:
    """Whether nothing but marks, levels and versions shares its place in the list."""
    left = cues.ITEM_LEFT.search(text[max(0, candidate.start - 40) : candidate.start])
    after = text[candidate.end : candidate.end + 40]
    return bool(left and (cues.ITEM_RIGHT.match(after) or cues.FOLLOWING.match(after)))


def _hyphened(before: str, after: str) -> bool:
    return before[-1:] in ("-", "–") or (
        after[:1] in ("-", "–") and after[1:2].isalnum() and not cues.COMPOUND.match(after)
    )


def _titled(before: str, after: str) -> bool:
    """Whether all words around have capitals, so that one more says nothing."""
    words = _LONG_WORD.findall(before + " " + after)
    return len(words) >= 3 and all(word[0].isupper() for word in words)


def _in_sentence(before: str) -> bool:
    """Whether the word before begins with a small letter: then the capital was chosen on purpose."""
    word = _LAST_WORD.search(before)
    return word is not None and word.group()[0].islower()


def _name_follows(after: str) -> bool:
    return bool(_NAME.match(after)) and not cues.FOLLOWING.match(after)


def _is_season_list(before: str, after: str) -> bool:
    return bool(cues.SEASON_NEAR.search(before[-16:] + " " + after[:16]))
