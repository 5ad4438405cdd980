"""A stream of text → its sentences, each as soon as it is whole."""

import re
from collections.abc import Iterator

# A full stop after these ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:[A-Za-zÄÖÜ]|Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Jr|Inc|Ltd|Co|Corp|No|Nr|vs|etc|e\.g|i\.e|approx|z\. ?B"
    r"|d\. ?h|u\. ?a|bzw|ca|usw|inkl|ggf|Str|Abs"
    r"|M|Mme|Mlle|p\. ?ej|Ud|Uds|Srta|Dipl|Ing|evtl|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Okt|Nov|Dec|Dez|U\.S"
    r"|U\.K|Ph\.D|B\.Sc|M\.Sc|B\.A|M\.A))\.$"
)
_END = re.compile(r"[.!?…]+[\"”’»)]*(?=\s)|\n\s*\n|\n")
_DAY = re.compile(r"(?<!\d)\d{1,2}\.$")
MOST = 2000
"""Characters of a sentence; what is longer is cut, since the contract holds no more."""


class Splitter:
    """Gives each sentence without blanks at its edges, and whether a paragraph ends with it. Nothing of the text is lost."""

    def __init__(self) -> None:
        self._waiting = ""

    def feed(self, chunk: str) -> Iterator[tuple[str, bool]]:
        """Those that are whole now."""
        self._waiting += chunk
        while (cut := _cut(self._waiting)) is not None:
            whole, rest = self._waiting[:cut], self._waiting[cut:]
            yield from _whole(whole, rest)
            self._waiting = rest.lstrip(" \t") if rest.strip() or "\n" not in rest else rest

    def close(self) -> Iterator[tuple[str, bool]]:
        """The text has ended: the rest."""
        yield from _whole(self._waiting, "\n\n")
        self._waiting = ""


def sentences_of(text: str) -> list[str]:
    """Of a text that is whole already."""
    splitter = Splitter()
    return [sentence for sentence, _ in (*splitter.feed(text), *splitter.close())]


def _cut(text: str) -> int | None:
    """Where the first sentence ends, once what follows tells that it does."""
    start = len(text) - len(text.lstrip())
    for match in _END.finditer(text, start):
        before = text[start : match.end()]
        if match[0].strip() == "." and (_SHORT.search(before) or _DAY.search(before)):
            continue
        following = text[match.end() :].lstrip(" \t")
        if following or "\n" in match[0]:
            return match.end()
    return MOST if len(text) > MOST else None


def _whole(text: str, following: str) -> Iterator[tuple[str, bool]]:
    said = " ".join(text.split())
    if said:
        ends = text.rstrip(" \t").endswith("\n") or following.lstrip(" \t").startswith("\n")
        yield said, ends
