"""Skills that are asked for: what the ontology knows, in a clause that speaks of the person or the work."""

import itertools
import re
from collections.abc import Iterator, Sequence

from services.ai.matching.features import Origin, Requirement, RequirementKind
from services.ai.matching.requirements import cues
from services.ai.matching.requirements.making import Here, identity
from services.ai.matching.requirements.sections import Section
from services.ai.skills.linker import Mention

_OR = re.compile(
    r"[\s)\"”]*,?\s*(?:and/or|or|oder|ou|o)\s+(?:(?:a|an|any|other|similar|equivalent)\s+)*[\s(\"“]*",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"[\s)\"”]*(?:,|/)\s*(?:[\w+#. -]{1,24},\s*)?(?:(?:and|or|und|oder|et|ou|y|o)\s+)?[\s(\"“]*", re.IGNORECASE
)
_OF_DEGREE = re.compile(
    r"(?:degree\)?,? (?:or [\w ]{1,30})?in\b|(?:bachelor\S*|master['’]?s|ph\.?d\S*|diploma|(?-i:\bB\.?S\.?c?"
    r"|\bM\.?S\.?c?)|studium|diplôme|grado"
    r"|discipline|majors?)\)?,? (?:or [\w ]{1,30})?(?:in|of|der|des|en|with (?:a )?(?:focus|major|emphasis"
    r"|concentration))\b)[^.;:]*$",
    re.IGNORECASE,
)
# `(Kafka, RabbitMQ)` behind what they are examples of; ", etc.", "or other" behind them.
_IN_BRACKETS = re.compile(r"\w\s*\((?:e\.g\.?,?\s*)?[^()]*$")
_OR_MORE = re.compile(r"(?:[\s,/]+[\w+#.]{1,15}){0,2}[\s,/]*(?:etc|usw|(?:or|oder)\s+\w)", re.IGNORECASE)
_EXAMPLES_NEAR = 60


def is_subject(here: Here, start: int) -> bool:
    """`a degree in physics`: what was studied."""
    return _OF_DEGREE.search(here.text[max(here.clause.start, start - 200) : start]) is not None


def find_skills(here: Here, mentions: Sequence[Mention]) -> Iterator[Requirement]:
    """Each skill of a clause. Of several that will do, and of examples, none must be there."""
    clause = here.clause
    if clause.section is Section.ASIDE:
        return
    any_of = _alternatives(here, mentions)
    for index, mention in enumerate(mentions):
        start, end = mention.span.start, mention.span.end
        if here.denied(start, end):
            continue
        must = clause.wanted and index not in any_of and not is_subject(here, start)
        yield here.make(RequirementKind.SKILL, mention.label, start, end, skill_id=mention.skill_id, must=must)


def of_title(mentions: Sequence[Mention]) -> Iterator[Requirement]:
    """`Python Developer` asks for Python."""
    for mention in mentions:
        fields = {"skill_id": mention.skill_id}
        found = identity(RequirementKind.SKILL, mention.label, fields)
        yield Requirement(
            found, RequirementKind.SKILL, mention.label, True, None, skill_id=mention.skill_id, origin=Origin.POSITION
        )


def _alternatives(here: Here, mentions: Sequence[Mention]) -> set[int]:
    """Numbers of mentions that stand in a list with "or", or behind "such as"."""
    found: set[int] = set()
    text = here.text
    chain = [0]
    for index in range(1, len(mentions) + 1):
        gap = text[mentions[index - 1].span.end : mentions[index].span.start] if index < len(mentions) else "."
        if index < len(mentions) and ")" not in gap and (_OR.fullmatch(gap) or _LIST.fullmatch(gap)):
            chain.append(index)
            continue
        found.update(chain if _one_will_do(here, mentions, chain) else _pairs(here, mentions, chain))
        chain = [index]
    return found


def _pairs(here: Here, mentions: Sequence[Mention], chain: Sequence[int]) -> Iterator[int]:
    """`R/Python`: one of the two."""
    for one, other in itertools.pairwise(chain):
        if here.text[mentions[one].span.end : mentions[other].span.start] == "/":
            yield from (one, other)


def _one_will_do(here: Here, mentions: Sequence[Mention], chain: Sequence[int]) -> bool:
    text, first, last = here.text, mentions[chain[0]].span.start, mentions[chain[-1]].span.end
    before = text[max(here.clause.start, first - _EXAMPLES_NEAR) : first]
    example = cues.EXAMPLES.search(before)
    if example and not re.search(r"[.;:]", before[example.end() :].rstrip(" :")):
        return True
    if _IN_BRACKETS.search(before) and len(chain) > 1 and not cues.MUST.search(before[-20:]):
        return True
    gaps = [text[mentions[a].span.end : mentions[b].span.start] for a, b in itertools.pairwise(chain)]
    return (
        any(_OR.fullmatch(gap) or re.search(r"\b(?:or|oder|ou)\b", gap) for gap in gaps)
        or _OR_MORE.match(text, last) is not None
    )
