"""Which of the languages of letters a text is in."""

import re
from collections import Counter
from functools import lru_cache

from services.ai.letters.records import LANGUAGES

# Frequent words that hardly stand in texts of another of the four languages.
_TELLING = {
    "en": "the and of with for from was were this that by on as an is are to at your you we our which have has",
    "de": "der die und von mit für das dem den bei auf im zur zum eine als ein ich sie ist wir ihre sowie oder nicht werden",
    "fr": "le les des et du pour dans avec une sur aux par au vous nous votre est je chez qui que ou depuis",
    "es": "el los las y del para con una por como al su que es en un se desde o más nuestro sus",
}
CLEARLY = 2
"""Telling words that a sentence has of another language, and none of its own."""
_WORD = re.compile(r"[^\W\d_]+")
_OF: dict[str, list[str]] = {}
for _language in LANGUAGES:
    for _word in _TELLING[_language].split():
        _OF.setdefault(_word, []).append(_language)


@lru_cache(maxsize=64)
def language_of(text: str) -> str:
    """`en` where the text does not tell."""
    counts = _counts(text)
    best = max(counts.values(), default=0)
    return next((name for name in LANGUAGES if counts[name] == best), "en")


def other_language(text: str, language: str) -> str:
    """The language of a sentence that is clearly not in the one it should be; empty when it may be."""
    counts = _counts(text)
    best = max(LANGUAGES, key=lambda name: counts[name])
    return best if counts[best] >= CLEARLY and not counts[language] else ""


def _counts(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        counts.update(_OF.get(word, ()))
    return counts
