"""English verbs in the forms that resumes have them in."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.ai.letters.words import words


@dataclass(frozen=True, slots=True)
class Verbs:
    """English verbs by form, each to its base."""

    base: frozenset[str]
    past: frozenset[str]
    gerund: frozenset[str]
    third: dict[str, str]


@cache
def verbs() -> Verbs:
    """Read once."""
    lines = Path(__file__).with_name("verbs.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    past = {row[1] if len(row) > 1 else _past(row[0]) for row in rows}
    return Verbs(
        frozenset(row[0] for row in rows),
        frozenset(past | {"written", "learnt", "programmed", "modeled", "modelled", "cancelled", "travelled"}),
        frozenset(gerund(row[0]) for row in rows),
        {_third(row[0]): row[0] for row in rows},
    )


_DOUBLED = words("plan ship cut set run program map begin refer submit transfer win")


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if verb in _DOUBLED else verb + "ed"


def gerund(verb: str) -> str:
    """`manage` → `managing`."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + verb[-1] + "ing" if verb in _DOUBLED else verb + "ing"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


@cache
def beginnings() -> frozenset[str]:
    """What a line on what was done may begin with."""
    known = verbs()
    return known.base | known.past | known.gerund | frozenset(known.third) | {"responsible"}
