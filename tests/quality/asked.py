"""What postings ask for, as we labelled it: are the requirements that are found the ones that stand there?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.ai.matching import Requirement, find_requirements
from services.ai.skills import SkillLinker

EITHER = "either"


@dataclass(frozen=True, slots=True)
class Found:
    """Requirements of one posting: what is true of each kind was found or not, what was found is true or not."""

    hit: Counter[str]
    asked: Counter[str]
    said: Counter[str]
    right: Counter[str]
    same_need: int
    both: int


def compared(label: Mapping[str, Any], text: str, title: str, linker: SkillLinker) -> Found:
    """A requirement is right when it shares a character with a mention of one of its kind. What only duties name is neither."""
    found = [one for one in find_requirements(text, linker, title) if one.span]
    hit, asked, said, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    same, both = 0, 0
    for truth in label["asked"]:
        matching = list(_matching(truth, found))
        if truth["need"] == EITHER:
            continue
        asked[truth["kind"]] += 1
        hit[truth["kind"]] += bool(matching)
        if matching:
            both += 1
            same += any(one.must for one in matching) == (truth["need"] == "must")
    for one in found:
        judged = [truth for truth in label["asked"] if list(_matching(truth, [one]))]
        needs = {truth["need"] for truth in judged}
        if needs == {EITHER}:
            continue
        said[one.kind.value] += 1
        right[one.kind.value] += bool(needs)
    return Found(hit, asked, said, right, same, both)


def _matching(truth: Mapping[str, Any], found: Sequence[Requirement]) -> Iterator[Requirement]:
    for one in found:
        span = one.span
        if (
            span
            and one.kind.value == truth["kind"]
            and any(span.start < end and start < span.end for start, end in truth["spans"])
        ):
            yield one
