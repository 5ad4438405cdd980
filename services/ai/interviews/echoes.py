"""Sentences of an answer that count: neither copied from the question, the rubric or the position, nor mere lists of names."""

from collections.abc import Iterable, Iterator, Sequence

from services.ai.interviews.folding import small_words, words
from services.ai.letters.splitting import sentences_of

# So many words in a row are no coincidence.
RUN = 4
# A sentence with less of its own is an echo.
LEAST_OWN = 0.5
# So few words tell nothing.
LEAST_WORDS = 5
# Of a person's sentences so many words, or more, are of everyday language; of a list of names hardly any.
LEAST_SMALL = 0.15


def counted(answer: str, sources: Iterable[str]) -> list[str]:
    """In order."""
    runs = {run for source in sources for run in _runs(words(source))}
    return list(_counted(answer, runs))


def _counted(answer: str, runs: set[tuple[str, ...]]) -> Iterator[str]:
    for sentence in sentences_of(answer):
        found = words(sentence)
        if len(found) >= LEAST_WORDS and _own(found, runs) >= LEAST_OWN * len(found) and _is_sentence(found):
            yield sentence


def _runs(found: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def _own(found: Sequence[str], runs: set[tuple[str, ...]]) -> int:
    """Words that are in no run of the sources."""
    copied = [False] * len(found)
    for i in range(len(found) - RUN + 1):
        if tuple(found[i : i + RUN]) in runs:
            copied[i : i + RUN] = [True] * RUN
    return copied.count(False)


def _is_sentence(found: Sequence[str]) -> bool:
    """Names one after another have no small words between them, and a word again and again is no sentence."""
    small = small_words()
    return sum(word in small for word in found) >= LEAST_SMALL * len(found) and len(set(found)) > len(found) / 2
