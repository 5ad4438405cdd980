"""What a language model writes, whichever it is: this package knows no network."""

from collections.abc import Iterator

from services.ai.letters.records import Sentence
from services.ai.letters.splitting import Splitter


class Dictation:
    """An answer that arrives in pieces → its sentences, each as soon as it is whole.

    To be checked like everything else; without spans of their own, since a model's word for them is worth nothing.
    """

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._paragraph = 0

    def feed(self, piece: str) -> Iterator[Sentence]:
        """Those that are whole now."""
        yield from self._numbered(self._splitter.feed(_printable(piece)))

    def close(self) -> Iterator[Sentence]:
        """The answer has ended: the rest."""
        yield from self._numbered(self._splitter.close())

    def _numbered(self, found: Iterator[tuple[str, bool]]) -> Iterator[Sentence]:
        for text, ends in found:
            yield Sentence(text, self._paragraph)
            self._paragraph += ends


def _printable(text: str) -> str:
    """Without what cannot be stored or seen."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
