"""Lists that people write into fields for prose."""

import re
from collections.abc import Iterator

from services.careerforge.exchange.draft import Draft
from services.careerforge.exchange.profile import ITEM
from services.careerforge.exchange.texts import from_html

_SEPARATOR = re.compile(r"\s*[,;/|•·\n]\s*|\s+-\s+")
MOST_SKILL_WORDS, MOST_SKILL_CHARACTERS = 4, 40
MOST_TITLE = 256


def skills_of(draft: Draft, text: str, place: str) -> None:
    """Short pieces between commas and lines are skills; sentences are not, and are a finding."""
    prose = False
    for line in from_html(text).split("\n"):
        told = line.removeprefix(ITEM).strip().rstrip(".")
        # "Databases: PostgreSQL, Redis": what a group is called is no skill of it.
        label, colon, rest = told.partition(":")
        pieces = [piece.strip(" .") for piece in _SEPARATOR.split(rest if colon and len(label.split()) <= 4 else told)]
        if all(len(piece.split()) <= MOST_SKILL_WORDS and len(piece) <= MOST_SKILL_CHARACTERS for piece in pieces):
            for piece in pieces:
                draft.add_skill(piece, place)
        else:
            prose = True
    if prose:
        draft.findings.add(place, "has sentences, which name no skills one by one: left out; add the skills by hand")


def titles_of(text: str) -> Iterator[str]:
    """Items of a list, or else lines, each the title of something."""
    lines = [line.strip() for line in from_html(text).split("\n") if line.strip()]
    items = [line for line in lines if line.startswith(ITEM)]
    for line in items or lines:
        yield line.removeprefix(ITEM).strip()
