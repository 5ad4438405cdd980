"""What stands beside an employer, a school or a title must belong to it: dates, skills and figures of that part of the resume."""

import re
from collections.abc import Iterator, Sequence

from services.ai.letters.checking.dates import find_moments
from services.ai.letters.checking.draft import Draft
from services.ai.letters.checking.index import LEAST_NAME, Entry, Index
from services.ai.letters.checking.numbers import Unit, find_numbers
from services.ai.letters.checking.skilled import Named
from services.ai.letters.checking.text import Folded, folded
from services.ai.letters.records import Fault, Objection

_NOW = re.compile(
    r"\b(?:currently|at present|presently|nowadays|derzeit|aktuell|momentan|gegenwärtig|actuellement|actualmente"
    r"|hoy en día|have been working|am working)\b",
    re.IGNORECASE,
)

_AT = re.compile(
    r"\b(?:at|for|with|by|joined|as|an?|bei|für|als|chez|pour|comme|en|para|como)\s[„«“\"]?\s?$", re.IGNORECASE
)


def object_to(draft: Draft, index: Index, mentions: Sequence[Named]) -> Iterator[Objection]:
    """Only of sentences that name such a part; with several named, what belongs to any of them passes."""
    entries = _entries(folded(_without_longer(draft.own, mentions, index)), index.entries)
    if not entries:
        return
    yield from _dates(draft, entries, index)
    jobs = [entry for entry in entries if entry.job]
    if not jobs:
        return
    if _NOW.search(draft.own) and not any(entry.current for entry in jobs):
        yield Objection(Fault.ASSIGNMENT, "now")
    for one in mentions:
        if not any(_has_skill(entry, one) for entry in entries):
            yield Objection(Fault.ASSIGNMENT, one.words)
    for number in find_numbers(draft.own, draft.language):
        if number.unit in (Unit.PERCENT, Unit.MONEY, Unit.PLAIN) and not any(
            _has_number(entry, number.value) for entry in entries
        ):
            yield Objection(Fault.ASSIGNMENT, draft.own[number.start : number.end])


def _without_longer(text: str, mentions: Sequence[Named], index: Index) -> str:
    """Without skills that are called like employers: who knows Microsoft Office or Oracle need not have worked there."""
    known = {name for entry in index.entries for name in (*entry.organisations, *entry.titles)}
    for one in mentions:
        if folded(one.words) not in known or not _AT.search(text[: one.start]):
            text = text[: one.start] + "-" * (one.end - one.start) + text[one.end :]
    return text


def _entries(text: str, entries: Sequence[Entry]) -> list[Entry]:
    """Parts whose employer or school the sentence names, with the title it names if there is one; else those of a title alone."""
    titled = [
        (e, max((len(title) for title in e.titles if _as_role(title, text)), default=0)) for e in entries if e.job
    ]
    longest = max((length for _, length in titled), default=0)
    by_title = [e for e, length in titled if length and length == longest]
    # `Teradata Consultant` is a title, whoever else it was that worked at Teradata.
    rest = text
    for title in (title for e in by_title for title in e.titles):
        rest = rest.replace(title, " | ")
    named = [e for e in entries if any(_short(name) in rest for name in e.organisations)]
    if named:
        both = [e for e in named if any(title in text for title in e.titles)]
        return [*both, *(e for e in named if not e.job)] if both else named
    return by_title


def _as_role(title: str, text: str) -> bool:
    """Whether the text has it as somebody's role: a title may be words of what was done."""
    return (
        title in text
        and re.search(
            rf"(?: as| as an?| as the| am an?| was an?| that of| als| als ein\w*| comme| como){re.escape(title)}", text
        )
        is not None
    )


def _short(name: str) -> str:
    """Without what companies are by law: `acme ltd` is `acme`."""
    short = re.sub(
        r"(?: (?:inc|ltd|llc|gmbh|ag|se|co|kg|corp|corporation|limited|plc|sa|sarl|sl|pvt|company))+ $", " ", name
    )
    return short if len(short.strip()) >= LEAST_NAME else name


def _dates(draft: Draft, entries: Sequence[Entry], index: Index) -> Iterator[Objection]:
    known = {date for entry in entries for date in entry.dates}
    years = {date.year for date in known}
    for moment in find_moments(draft.own):
        fits = moment.when in known or (not moment.when.month and moment.when.year in years)
        if not fits and known:
            yield Objection(Fault.ASSIGNMENT, draft.own[moment.start : moment.end])


def _has_skill(entry: Entry, one: Named) -> bool:
    if any(skill_id in entry.skill_ids for skill_id in one.skill_ids) or entry.text.names(one.words):
        return True
    return not one.skill_ids


def _has_number(entry: Entry, value: str) -> bool:
    return (
        any(
            number.value == value
            for language in ("en", "de", "fr", "es")
            for number in find_numbers(entry.raw, language)
        )
        or value in Folded.of(entry.raw).whole.split()
    )
