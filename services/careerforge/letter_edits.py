"""Sentences of letters as they are kept, and what becomes of them when a person writes others in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from services.ai.letters import Sentence
from services.ai.spans import Span
from services.kit.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a letter. `edited`: the person's own, which rests on nothing."""

    text: str
    paragraph: int = 0
    resume_spans: tuple[Span, ...] = ()
    position_spans: tuple[Span, ...] = ()
    edited: bool = False


def told(sentence: Sentence) -> Told:
    return Told(sentence.text, sentence.paragraph, sentence.resume_spans, sentence.position_spans)


def edited(
    lines: Sequence[str], paragraphs: Sequence[int], now: Sequence[Told], known: Sequence[Told]
) -> tuple[Told, ...]:
    """`now` are the sentences that are replaced, `known` those of other versions. Without `paragraphs` each is in that of the one it
    replaces. Raises InvalidArgument.
    """
    numbers = _checked(paragraphs, len(lines)) if paragraphs else _paragraphs(lines, now)
    before = {one.text: one for one in (*known, *now)}
    return tuple(
        replace(before.get(line, Told(line, edited=True)), paragraph=number)
        for line, number in zip(lines, numbers, strict=True)
    )


def tidied(texts: Sequence[str]) -> list[str]:
    """Each on one line. Raises InvalidArgument for one that is blank."""
    lines = [" ".join(text.split()) for text in texts]
    if "" in lines:
        raise InvalidArgument(f"sentences[{lines.index('')}]", "is blank; leave it out")
    return lines


def _checked(paragraphs: Sequence[int], count: int) -> Sequence[int]:
    if len(paragraphs) != count:
        raise InvalidArgument("paragraphs", f"has {len(paragraphs)} numbers for {count} sentences; give one for each")
    if any(one > following for one, following in pairwise(paragraphs)):
        raise InvalidArgument("paragraphs", "falls; the sentences of a paragraph stand together")
    return paragraphs


def _paragraphs(lines: Sequence[str], now: Sequence[Told]) -> Iterator[int]:
    matcher = SequenceMatcher(None, [one.text for one in now], lines, autojunk=False)
    found: list[int] = []
    for kind, first, last, begin, end in matcher.get_opcodes():
        # What comes in between belongs to what stands before it.
        replaced = now[first:last] if kind in ("equal", "replace") else now[max(0, first - 1) : first] or now[:1]
        found += [replaced[min(at, len(replaced) - 1)].paragraph for at in range(end - begin)]
    # A paragraph that a sentence was moved over ends there.
    return accumulate(found, max)
