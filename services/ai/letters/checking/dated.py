"""Dates and numbers of a sentence against those of the resume."""

import re
from collections.abc import Iterator

from services.ai.letters.checking.dates import find_lone_months, find_moments
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import Index
from services.ai.letters.checking.number_words import VAGUE
from services.ai.letters.checking.numbers import Number, Unit, find_numbers
from services.ai.letters.checking.text import folded
from services.ai.letters.records import Fault, Objection
from services.ai.months import YearMonth

NEAR = 90
"""Characters around a number of the resume within which what it counts is named."""


def object_to(draft: Draft, index: Index) -> Iterator[Objection]:
    """Each date and number without a source."""
    taken = []
    for moment in find_moments(draft.own):
        taken.append((moment.start, moment.end))
        if not _is_dated(moment.when, draft, index):
            yield Objection(Fault.DATE, draft.own[moment.start : moment.end])
    for month in find_lone_months(draft.own):
        if not index.resume.names(month):
            yield Objection(Fault.DATE, month)
    for number in find_numbers(draft.own, draft.language):
        if any(a <= number.start < b for a, b in taken) or _is_within_name(number, draft, index):
            continue
        if not _is_stated(number, draft, index):
            yield Objection(Fault.NUMBER, f"{draft.own[number.start : number.end]} {number.after}".strip())


def _is_dated(when: YearMonth, draft: Draft, index: Index) -> bool:
    known = index.dates | (index.position_dates if draft.of_position else frozenset())
    if when in known:
        return True
    return not when.month and any(date.year == when.year for date in known)


def _is_within_name(number: Number, draft: Draft, index: Index) -> bool:
    """`Windows 10`, `ISO 9001`: in the resume with the word before it."""
    before = re.search(r"([^\W\d_][\w.+#/]*)[\s-]$", draft.own[: number.start])
    glued = number.start > 0 and draft.own[number.start - 1].isalpha()
    if glued or (number.end < len(draft.own) and re.match(r"[A-Za-z]{2,}", draft.own[number.end :])):
        word = re.search(r"[\w+#.-]*$", draft.own[: number.start])
        rest = re.match(r"[\w+#.-]*", draft.own[number.start :])
        return index.resume.names((word[0] if word else "") + (rest[0] if rest else ""))
    if before and before[1][0].isupper():
        return index.resume.names(f"{before[1]} {draft.own[number.start : number.end]}")
    return False


def _is_stated(number: Number, draft: Draft, index: Index) -> bool:
    if draft.of_position and number.value in index.position_numbers:
        return True
    if number.value in VAGUE:
        return index.resume.names(draft.own[number.start : number.end])
    if number.unit is Unit.TIME and _is_worked_out(number, draft, index):
        return True
    return any(_is_same(number, other, draft, index) for other in index.numbers if other.value == number.value)


def _is_worked_out(number: Number, draft: Draft, index: Index) -> bool:
    """Full years of all dated work are what the resume's dates add up to; of less than all they would have to be proven."""
    years = re.match(
        r"\+?\s?(?:\w+\s)?(?:years?|yrs?|jahr\w*|ans?\b|années?|años?)",
        draft.own[number.end :].lstrip(" -"),
        re.IGNORECASE,
    )
    whole = int(index.sources.resume.years_of_experience)
    return (
        bool(years)
        and whole >= 1
        and number.value == str(whole)
        and not re.search(r"(?i)\b(?:with|mit|avec|con|in|en)\s+[A-Z]", draft.own[number.end :])
    )


def _is_same(number: Number, other: Number, draft: Draft, index: Index) -> bool:
    """Of one unit; and in the resume's own language it must count the same."""
    if number.unit is not other.unit:
        return False
    if draft.language != index.language or not number.after:
        return True
    text = index.sources.resume_text
    near = folded(text[max(0, other.start - NEAR) : other.end + NEAR])
    return number.after[:4] in near or index.resume.names(draft.own[number.start : number.end + 1 + len(number.after)])
