"""What questions and rubrics say, in four languages: `wording.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from services.ai.interviews.records import Asked, RubricLine
from services.ai.matching import RequirementKind
from services.ai.skills.manners import is_manner

# A good answer in the order in which it is told.
KEYS = ("names", "situation", "action", "result", "gap")
# Longer pieces of a position's text are no names of anything.
LONGEST_NAME = 80

Words = Mapping[str, Any]
_OF_SKILLS = {"listed": "listed", "unproven": "listed", "broader": "near", "related": "near", "implied": "implied"}


@cache
def words() -> Words:
    """By language, `questions` or `rubric`, and name; and `terms`. Read once."""
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text("utf-8"))


def question_text(asked: Asked, language: str) -> str:
    near = asked.evidence[0].text if asked.evidence else ""
    text: str = words()[language]["questions"][_question(asked, near)]
    return text.format(label=spoken(asked, language), near=near)


def _question(asked: Asked, near: str) -> str:
    kind: str = asked.kind.value.lower()
    if asked.kind is not RequirementKind.SKILL:
        return kind
    if is_manner(asked.label):
        return "manner"
    how = _OF_SKILLS.get(asked.rule, "missing")
    return f"skill_{'missing' if how == 'near' and not near else how}"


def rubric(asked: Asked, language: str) -> tuple[RubricLine, ...]:
    lines, label = words()[language]["rubric"], spoken(asked, language)
    return tuple(RubricLine(key, lines[key].format(label=label)) for key in KEYS)


def spoken(asked: Asked, language: str) -> str:
    """As the position calls it where labels, which are English, would not fit."""
    said = " ".join(asked.span.text.split()) if asked.span else ""
    if language != "en" and said and len(said) <= LONGEST_NAME:
        return said
    return asked.label[:1].upper() + asked.label[1:] if asked.kind is RequirementKind.LANGUAGE else asked.label


def usual_terms(asked: Asked) -> Sequence[str]:
    """Of years of work as a whole, of levels and of degrees."""
    if asked.kind is RequirementKind.YEARS and asked.skill_id:
        return ()
    found: str = words()["terms"].get(asked.kind.value.lower(), "")
    return found.split()
