"""Lines in which an instruction may stand; what is not among them needs no closer look. Never wrong, only cautious."""

import re
from collections.abc import Iterator, Sequence

from services.ai.documents.instructions import disguises
from services.ai.documents.instructions.needed import bits_of, may_weigh_enough, possible

# An instruction is recognised in up to so many lines together.
TOGETHER = 3
# Without these `phrases.MARKS` finds nothing.
_SIGN = re.compile(r"[<\[{#]")
_SPEAKER = re.compile(r"\s*(?:assistant|system|human|user)\b", re.IGNORECASE)
# A third of what `disguises` takes for hexadecimal, or for letters set apart: it may go on over three lines.
_CODED = re.compile(r"(?:[0-9a-f]{2}[ :]?){6}|\\x[0-9a-f]{2}", re.IGNORECASE)
_SET_APART = re.compile(r"(?<![^\W_])[^\W_][\W_]{1,3}[^\W_](?![^\W_])")


def may_be_marked(text: str) -> bool:
    return bool(_SIGN.search(text) or _SPEAKER.match(text))


def suspects(lines: Sequence[str]) -> list[int]:
    """For each line the fewest lines, from it on, that may hold an instruction together; more than `TOGETHER` where none do."""
    bits = [_bits(line) for line in lines]
    odd = [disguises.has_digits_in_words(line) for line in lines]
    for number in range(len(lines)):
        here = bits[number]
        if here is not None and any(odd[max(0, number - TOGETHER + 1) : number + TOGETHER]):
            bits[number] = here | bits_of(
                word for form in disguises.without_digits(lines[number]) for word in form.split()
            )
    return [_fewest(bits[number : number + TOGETHER]) for number in range(len(lines))]


def _fewest(bits: list[int | None]) -> int:
    together = 0
    for number, here in enumerate(bits, 1):
        if here is None:
            return number
        together |= here
        if possible(together) or may_weigh_enough(together):
            return number
    return TOGETHER + 1


def _bits(line: str) -> int | None:
    """What the line says, however it is cut or coded; None where only a closer look tells."""
    if may_be_marked(line) or _CODED.search(line) or _is_glued(line) or disguises.is_turned(line):
        return None
    return bits_of(_words(line))


def _is_glued(line: str) -> bool:
    folded = disguises.folded(line)
    return bool(_SET_APART.search(folded) or disguises.LONG_WORD.search(folded))


def _words(line: str) -> Iterator[str]:
    yield from disguises.words(line).split()
    for form in disguises.cut_or_coded(line):
        yield from form.split()
