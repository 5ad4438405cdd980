"""Text that talks to machines ("ignore all previous instructions"), kept out of what is parsed, whether people see it or not."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.ai.documents.document import Concealed, Concealment, Document, Line
from services.ai.documents.instructions import cues, phrases
from services.ai.documents.instructions.disguises import glued, plain_forms, words
from services.ai.documents.instructions.needed import bits_of, may_weigh_enough, possible
from services.ai.documents.instructions.phrase import Phrase, Places
from services.ai.documents.instructions.suspects import TOGETHER, may_be_marked, suspects

_SENTENCE = re.compile(r"[.!?]+[\"”’)\]]*\s+|\t")
_ENDED = re.compile(r"[.!?:][\"”’)\]]*\s*$")
# An instruction that goes on over lines is followed for so many.
MOST_LINES = 6
# What belongs to an instruction stands at most so many lines away from it.
NEAR = 2
Range = tuple[int, int]


def is_instruction(text: str) -> bool:
    """Whether this line or sentence gives an order to a machine that reads it."""
    if may_be_marked(text) and phrases.MARKS.search(text):
        return True
    if any(_is_strong(form) for form in (words(text), *plain_forms(text))):
        return True
    together = glued(text)
    return bool(together and phrases.GLUED.search(together))


def _is_strong(form: str) -> bool:
    bits = bits_of(form.split())
    return (_weighs_enough(form, bits) or _holds_one(form, possible(bits))) and bool(phrases.HINT.search(form))


def _weighs_enough(form: str, bits: int) -> bool:
    return len(form) <= cues.MOST_LETTERS and may_weigh_enough(bits) and cues.weight(form) >= cues.ENOUGH


def _holds_one(form: str, some: list[Phrase]) -> bool:
    where = Places(form)
    return any(where.holds(phrase) for phrase in some)


def _is_weak(text: str) -> bool:
    where = Places(words(text))
    return any(where.holds(phrase) for phrase in phrases.WEAK)


def separate(document: Document) -> Document:
    """Moves instructions from the text to `concealed`: whole sentences; lines that hold nothing else go altogether.

    The document itself where there are none.
    """
    removed = _instructions(document)
    return _without(document, removed) if removed else document


def standing_alone(document: Document) -> tuple[Concealed, ...]:
    """Of the instructions those parts that are whole lines or whole cells, each with its box."""
    return tuple(part for start, end in _instructions(document) for part in _alone(document, start, end))


def _alone(document: Document, start: int, end: int) -> Iterator[Concealed]:
    text = document.text
    for line in document.lines:
        first, last = max(start, line.start), min(end, line.end)
        if first >= last or not line.page:
            continue
        begins = first == line.start or "\t" in text[first - 1 : first + 1]
        if begins and (last == line.end or "\t" in text[last - 1 : last + 1]):
            yield Concealed(text[first:last].strip(), Concealment.INSTRUCTION, line.page, line.part(first, last))


def _instructions(document: Document) -> list[Range]:
    text, lines = document.text, document.lines
    suspected = suspects([text[line.start : line.end] for line in lines])
    removed: list[Range] = []
    index = 0
    while index < len(lines):
        last = _last_line(text, lines, index, suspected[index])
        if last is not None:
            removed += _ranges(text, lines, index, last)
        index = index + 1 if last is None else last + 1
    return _merged(removed)


def _last_line(text: str, lines: tuple[Line, ...], first: int, fewest: int) -> int | None:
    """The last line of an instruction that begins in line `first` and has at least so many; None when none does."""
    if fewest > TOGETHER:
        return None
    for last in range(first, min(first + TOGETHER, len(lines))):
        if last > first and not _goes_on(text, lines[last - 1], lines[last]):
            return None
        if last - first + 1 < fewest:
            continue
        if is_instruction(_text(text, lines[first : last + 1])) and not (
            last > first and is_instruction(_text(text, lines[first + 1 : last + 1]))
        ):
            return _followed(text, lines, first, last)
    return None


def _followed(text: str, lines: tuple[Line, ...], first: int, last: int) -> int:
    """Further lines until the sentence ends."""
    while last + 1 < min(len(lines), first + MOST_LINES):
        here, after = lines[last], lines[last + 1]
        continues = _goes_on(text, here, after) and not _ENDED.search(text[here.start : here.end])
        if not continues or not text[after.start : after.start + 1].islower():
            break
        last += 1
    return last


def _goes_on(text: str, line: Line, after: Line) -> bool:
    """Whether a sentence may run from one line into the next."""
    return line.page == after.page and line.block == after.block and not after.bullet and not after.heading


def _text(text: str, lines: tuple[Line, ...]) -> str:
    return " ".join(text[line.start : line.end] for line in lines)


def _ranges(text: str, lines: tuple[Line, ...], first: int, last: int) -> list[Range]:
    """What is removed of lines `first` to `last`, and of the lines beside them."""
    if first == last:
        found = _of_line(text, lines[first])
    else:
        found = [(line.start, line.end + 1) for line in lines[first + 1 : last + 1]]
        found += _tail(text, lines[first])
    for index in [*range(max(0, first - NEAR), first), *range(last + 1, min(len(lines), last + 1 + NEAR))]:
        line = lines[index]
        if (
            line.page == lines[first].page
            and line.block == lines[first].block
            and _is_told(text[line.start : line.end])
        ):
            found.append((line.start, line.end + 1))
    return found


def _is_told(text: str) -> bool:
    """A sentence beside an instruction that belongs to it: it speaks of the candidate, or gives an order."""
    where = Places(words(text))
    return any(where.holds(phrase) for phrase in phrases.WEAK[1:3]) or is_instruction(text)


def _of_line(text: str, line: Line) -> list[Range]:
    """The sentences of a line that are instructions, and what follows them in their spirit; all of it where none is one alone."""
    sentences = _sentences(text, line)
    strong = [is_instruction(text[start:end]) for start, end in sentences]
    if not any(strong):
        return [(line.start, line.end + 1)]
    kept = [
        not here and not (any(strong[max(0, n - NEAR) : n + 1 + NEAR]) and _is_weak(text[start:end]))
        for n, (here, (start, end)) in enumerate(zip(strong, sentences, strict=True))
    ]
    if not any(
        stays and any(c.isalnum() for c in text[start:end]) for stays, (start, end) in zip(kept, sentences, strict=True)
    ):
        return [(line.start, line.end + 1)]
    return [_trimmed(text, line, sentence) for stays, sentence in zip(kept, sentences, strict=True) if not stays]


def _tail(text: str, line: Line) -> list[Range]:
    """The last sentence of a line, which goes on in the next."""
    start, end = _sentences(text, line)[-1]
    return [(line.start, line.end + 1)] if start == line.start else [_trimmed(text, line, (start, end))]


def _trimmed(text: str, line: Line, sentence: Range) -> Range:
    """With the blanks before it where it ends its line."""
    start, end = sentence
    while end == line.end and start > line.start and text[start - 1].isspace():
        start -= 1
    return start, end


def _sentences(text: str, line: Line) -> list[Range]:
    ends = [match.end() for match in _SENTENCE.finditer(text, line.start, line.end)]
    starts = [line.start, *(end for end in ends if end < line.end)]
    return list(zip(starts, [*starts[1:], line.end], strict=True))


def _merged(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where characters are after `removed` is gone."""

    removed: list[Range]

    def place(self, old: int) -> int:
        index = bisect_right(self.removed, (old, -1))
        gone = sum(end - start for start, end in self.removed[:index])
        return old - gone + (max(0, self.removed[index - 1][1] - old) if index else 0)

    def keeps(self, old: int) -> bool:
        index = bisect_right(self.removed, (old + 1, -1))
        return not (index and self.removed[index - 1][0] <= old < self.removed[index - 1][1])


def _without(document: Document, removed: list[Range]) -> Document:
    cut = _Cut(removed)
    lines = []
    for line in document.lines:
        start, end = cut.place(line.start), cut.place(line.end)
        if end > start:
            lines.append(replace(line, start=start, end=end, edges=_edges(line, cut)))
    pieces, position = [], 0
    for start, end in removed:
        pieces.append(document.text[position:start])
        position = end
    pieces.append(document.text[position:])
    links = tuple(
        (cut.place(a), cut.place(b), uri) for a, b, uri in document.links if a == b or cut.place(a) < cut.place(b)
    )
    return replace(
        document,
        text="".join(pieces),
        lines=tuple(lines),
        links=links,
        concealed=document.concealed + tuple(_told(document, start, end) for start, end in removed),
    )


def _edges(line: Line, cut: _Cut) -> tuple[float, ...]:
    if len(line.edges) != line.end - line.start + 1:
        return ()
    kept = [place for place in range(line.start, line.end) if cut.keeps(place)]
    if not kept:
        return ()
    return (*(line.edges[place - line.start] for place in kept), line.edges[kept[-1] + 1 - line.start])


def _told(document: Document, start: int, end: int) -> Concealed:
    text = " ".join(document.text[start:end].split())
    page, box = next(document.boxes(start, end), (0, (0.0, 0.0, 0.0, 0.0)))
    return Concealed(text, Concealment.INSTRUCTION, page, box)
