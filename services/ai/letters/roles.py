"""Roles of a resume as evidence: what each shows of what is asked for, and which of them say most together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.ai.letters.deed import Deed, Form
from services.ai.letters.deeds import deeds
from services.ai.letters.records import Sources
from services.ai.letters.skills import Shared, Tongue, others_in, shared_in
from services.ai.letters.wording import employer, title
from services.ai.letters.words import words
from services.ai.months import YearMonth
from services.ai.resume import Experience
from services.ai.resume.hints import title_score
from services.ai.spans import Span

# What a line adds that shares words with the position, that has a figure, and that is told in full.
OVERLAP, FIGURE, TOLD = 0.35, 0.6, 0.3
MOST_OVERLAP = 4
# A role whose title shares a word with the position's.
SAME_TRADE = 1.5
# Experience pales by so much a year, down to so much.
FADES, FADED = 0.04, 0.5
MOST_SHARED = 4
TITLE = 1.0
LEAST = 1.0
"""What a role must weigh to be told."""

_WORD = re.compile(r"[^\W\d_]{5,}")
_GENERAL = words(
    "working worked experience including ability skills responsible support provide providing team within"
    " other their these develop "
    "people position service services company business using role ensure ensuring various opportunity"
    " quality years required management "
    "manage manager high level based needs needed environment during daily different effective following"
    " including projects project staff"
)


@dataclass(frozen=True, slots=True)
class Role:
    """`title`, `employer` as a letter may write them; the employer may be empty. `at`: where they and the dates stand; `others`: skills
    that nobody asks for, where the letter cannot repeat what was done."""

    title: str
    employer: str
    start: YearMonth | None
    end: YearMonth | None
    current: bool
    at: tuple[Span, ...]
    shared: tuple[Shared, ...]
    deeds: tuple["Told", ...]
    others: tuple[Shared, ...]
    trade: bool
    order: tuple[int, int]
    """Greater is later."""


@dataclass(frozen=True, slots=True)
class Told:
    """A deed, how much it says for the position, and the words of the position that it answers."""

    deed: Deed
    score: float
    asked: tuple[Span, ...]
    links: bool
    """Whether it names a skill that is asked for, or several words of the position."""


def roles_of(sources: Sources, tongue: Tongue) -> list[Role]:
    """All that a letter may name, latest first."""
    asked = _stems(sources.vacancy.text)
    trade = {stem for stem, _ in _words(sources.vacancy.title)} - {"senio", "junio"}
    found = [role for entry in sources.resume.experiences if (role := _role(sources, tongue, entry, asked, trade))]
    return sorted(found, key=lambda role: role.order, reverse=True)


def strongest(roles: Sequence[Role], most: int) -> list[Role]:
    """Those that show most of what is asked for, each with what no stronger one has shown; strongest first."""
    chosen: list[Role] = []
    left = list(roles)
    while left and len(chosen) < most:
        shown = {shared.requirement for role in chosen for shared in role.shared}
        fresh = [replace(r, shared=tuple(s for s in r.shared if s.requirement not in shown)) for r in left]
        weights = [_weight(role, roles[0].order[0]) for role in fresh]
        best = max(range(len(left)), key=lambda at: weights[at])
        if weights[best] < LEAST or (chosen and not is_linked(fresh[best])):
            break
        chosen.append(replace(fresh[best], shared=_distinct(fresh[best].shared)))
        del left[best]
    return chosen


def is_linked(role: Role) -> bool:
    """Whether more than chance ties it to the position: one role without a tie is told at most."""
    return bool(role.shared or role.trade or any(told.links for told in role.deeds))


def _distinct(shared: Sequence[Shared]) -> tuple[Shared, ...]:
    """The weightiest, each name once, in the order of the position."""
    names: dict[str, Shared] = {}
    for one in sorted(shared, key=lambda s: (-s.weight, not s.exact)):
        if not any(_same(one.name, other) for other in names):
            names[one.name] = one
    kept = list(names.values())[:MOST_SHARED]
    return tuple(one for one in shared if one in kept)


def _same(one: str, other: str) -> bool:
    """Whether one name holds the other: `SQL` beside `SQL Server` would read twice."""
    a, b = one.casefold(), other.casefold()
    return a in b.split() or b in a.split() or a == b


def _weight(role: Role, now: int) -> float:
    years = max(0, now - role.order[0]) / 12
    fresh = max(FADED, 1 - FADES * years)
    best = sum(sorted((told.score for told in role.deeds), reverse=True)[:2])
    return fresh * (sum(s.weight for s in role.shared) + best + (SAME_TRADE if role.trade else 0))


def _role(sources: Sources, tongue: Tongue, entry: Experience, asked: dict[str, Span], trade: set[str]) -> Role | None:
    name = title(entry.title.text) if entry.title else ""
    name = name if tongue.resume != "en" or title_score(name) >= TITLE else ""
    place = employer(entry.employer.text) if entry.employer else ""
    if not name:
        return None
    if place.casefold() == name.casefold():
        place = ""
    months = entry.months
    at = tuple(v.span for v, said in ((entry.title, name), (entry.employer, place)) if v and said)
    dated = months is not None and entry.start is not None
    now = sources.resume.as_of.year * 12 + sources.resume.as_of.month
    shared = tuple(shared_in(sources, tongue, entry))
    told = tuple(_told(entry, tongue, asked, shared))
    last = (now if months.end is None else months.end) if months else 0
    return Role(
        name,
        place,
        entry.start if dated else None,
        entry.end if dated else None,
        entry.current and dated,
        at,
        shared,
        told,
        () if tongue.same else tuple(others_in(sources, tongue, entry, shared)),
        bool(trade & {stem for stem, _ in _words(name)}),
        (last, months.start if months else 0),
    )


def _told(entry: Experience, tongue: Tongue, asked: dict[str, Span], shared: Sequence[Shared]) -> Iterator[Told]:
    """Best first."""
    if not tongue.same:
        return
    found = []
    for deed in deeds(entry.bullets, tongue.resume):
        own = dict.fromkeys(stem for stem, _ in _words(deed.words) if stem in asked)
        skills = [s for s in shared if deed.span.overlaps(s.use)]
        figure = any(c.isdigit() for c in deed.words)
        score = sum(s.weight for s in skills) / 2 + OVERLAP * min(MOST_OVERLAP, len(own))
        score += FIGURE * figure + TOLD * (deed.form in (Form.PAST, Form.OWN)) + TOLD * (60 <= len(deed.words) <= 160)
        where = tuple(s.asked for s in skills if s.asked) or tuple(asked[stem] for stem in list(own)[:2])
        found.append(Told(deed, score if skills or own else score / 2, where, bool(skills) or len(own) > 2))
    yield from sorted(found, key=lambda told: (-told.score, told.deed.span))


def _stems(text: str) -> dict[str, Span]:
    """Stems of the words of a text, each with its first place."""
    found: dict[str, Span] = {}
    for stem, match in _words(text):
        found.setdefault(stem, Span(match.start(), match.end(), 0, match[0]))
    return found


def _words(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word not in _GENERAL:
            yield word[:6] if len(word) > 6 else word[:5], match
