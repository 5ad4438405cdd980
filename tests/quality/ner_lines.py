"""Lines of resumes whose texts came without any: where they were, by wide blanks, or by what must have stood on a line of its own."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.ai.resume.hints import employer_score, title_score

_BLANKS = re.compile(r"[ \t]{2,}")
_SPELT_BYTES = re.compile(r"(?:\\x[0-9a-f]{2})+")
_MARKS = re.compile(r"[.,;:|•()]")
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_PERIOD = re.compile(rf"\b(?:{_MONTH} )?(?:19|20)\d\d to (?:(?:{_MONTH} )?(?:19|20)\d\d|Present)\b")
_HEADING = re.compile(
    r"\b(?:Work Experience|Education|Personal Details|Skills|IT Skills|Languages|Certifications and Licenses|Online Profile|"
    r"Additional Information|Projects|Awards|Publications)\b(?= |$)"
)
_WORD = re.compile(r"\S+")
# A text with fewer marks than one in so many letters has lost them.
LETTERS_A_MARK, LETTERS_A_LINE = 1000, 500
# Words of a title, and of an employer with the place behind it.
MOST_TITLE, MOST_EMPLOYER = 6, 6
# What another word says for being of the title, when it has a capital.
WORD_OF_TITLE = 0.4
_SMALL = frozenset(("and", "of", "for", "in", "cum"))


def with_lines(text: str) -> str:
    """The text with line feeds where lines ended; the words stay the same."""
    if text.count("\n") > len(text) / LETTERS_A_LINE:
        return text
    if len(_MARKS.findall(text)) < len(text) / LETTERS_A_MARK:
        return _of_bare_words(text)
    return _BLANKS.sub("\n", _SPELT_BYTES.sub("  ", text))


def _of_bare_words(text: str) -> str:
    """Headings, and what stands before each period: title and employer, with two blanks before the place."""
    breaks = {place for match in _HEADING.finditer(text) for place in match.span()}
    after = 0
    for period in _PERIOD.finditer(text):
        breaks |= set(_of_job(text, max([after, *(b for b in breaks if b < period.start())]), period.start()))
        breaks |= set(period.span())
        after = period.end()
    cuts = [0, *sorted(breaks), len(text)]
    return "\n".join(text[a:b].strip(" ") for a, b in pairwise(cuts))


def _of_job(text: str, begin: int, end: int) -> Iterator[int]:
    """Where title, employer and place begin."""
    place = next((m.start() for m in reversed(list(re.finditer(r"  ", text[:end]))) if m.start() > begin), end)
    if len(text[place:end].split()) > MOST_EMPLOYER:
        place = end
    words = list(_WORD.finditer(text, begin, place))[-MOST_TITLE - MOST_EMPLOYER :]
    best = max(_namings(words), default=None)
    if best:
        _, title, employer = best
        yield from (words[title].start(), words[employer].start(), place)


def _namings(words: list[re.Match[str]]) -> Iterator[tuple[float, int, int]]:
    for employer in range(1, len(words)):
        name = " ".join(word[0] for word in words[employer:])
        for title in range(max(0, employer - MOST_TITLE), employer):
            called = " ".join(word[0] for word in words[title:employer])
            if (
                len(words) - employer <= MOST_EMPLOYER
                and called[:1].isupper()
                and name[:1].isupper()
                and _is_titled(called)
            ):
                yield title_score(called) + employer_score(name) + WORD_OF_TITLE * (employer - title), title, employer


def _is_titled(text: str) -> bool:
    return all(word[:1].isupper() or word[:1].isdigit() or word in _SMALL for word in text.split())
