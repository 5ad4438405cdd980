"""All requirements of a text, each once."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.requirements import modes, places, seniority, wanted_skills
from services.ai.matching.requirements.ambiguous import beside
from services.ai.matching.requirements.clauses import Clause, find_clauses
from services.ai.matching.requirements.degrees import find_degrees
from services.ai.matching.requirements.licences import find_licences
from services.ai.matching.requirements.making import Here, here
from services.ai.matching.requirements.pay import find_pay
from services.ai.matching.requirements.spoken import find_spoken
from services.ai.matching.requirements.years import find_years
from services.ai.skills import SkillLinker
from services.ai.skills.linker import Mention

MOST_REQUIREMENTS = 200
# Of these a position has one: the first that is found.
_SINGLE = frozenset([RequirementKind.PAY, RequirementKind.PLACE, RequirementKind.WORK_MODE, RequirementKind.SENIORITY])


def find_requirements(text: str, linker: SkillLinker, title: str = "") -> tuple[Requirement, ...]:
    """In order of the text, each once, at most 200; what is asked for twice keeps its stronger mention.

    What only the title says comes first, without a span. An empty text asks for nothing. Time is linear in the length of the text.
    """
    mentions = linker.link(text) if text.strip() else ()
    kept: dict[str, Requirement] = {}
    single: set[RequirementKind] = set()
    for found in _all(text, mentions, linker):
        if found.kind in _SINGLE and found.kind in single and found.id not in kept:
            continue
        single.add(found.kind)
        _keep(kept, found)
    if RequirementKind.PLACE not in single and (house := _house(text)):
        _keep(kept, house)
        single.add(RequirementKind.PLACE)
    for found in _of_title(title, linker):
        if found.kind not in _SINGLE or found.kind not in single:
            kept[found.id] = replace(kept[found.id], must=True) if found.id in kept else found
    ordered = sorted(kept.values(), key=lambda r: (r.span.start, r.span.end) if r.span else (-1, 0))
    return tuple(ordered[:MOST_REQUIREMENTS])


def _house(text: str) -> Requirement | None:
    """The first place that only the name of a hospital or a site tells."""
    found = (house for clause in find_clauses(text) for house in places.find_houses(here(text, clause)))
    return next(found, None)


def _keep(kept: dict[str, Requirement], found: Requirement) -> None:
    """The stronger mention of what is asked for twice; of two equal ones the first."""
    known = kept.get(found.id)
    if known is None or (found.must and not known.must):
        kept[found.id] = found


def _of_title(title: str, linker: SkillLinker) -> Iterator[Requirement]:
    if not title.strip():
        return
    yield from wanted_skills.of_title(linker.link(title))
    singles: Iterable[Requirement | None] = (seniority.of_title(title), places.of_title(title), modes.of_title(title))
    yield from (found for found in singles if found is not None)


def _all(text: str, mentions: Sequence[Mention], linker: SkillLinker) -> Iterator[Requirement]:
    starts = [mention.span.start for mention in mentions]
    clauses = [(clause, _inside(clause, mentions, starts)) for clause in find_clauses(text)]
    more = beside(text, clauses, linker)
    begins = sorted(more)
    for clause, inside in clauses:
        added = [more[at] for at in begins[bisect_left(begins, clause.start) : bisect_left(begins, clause.end)]]
        yield from _in_clause(here(text, clause), sorted([*inside, *added], key=lambda m: m.span) if added else inside)


def _inside(clause: Clause, mentions: Sequence[Mention], starts: Sequence[int]) -> list[Mention]:
    found = mentions[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
    return [mention for mention in found if mention.span.end <= clause.end]


def _in_clause(at: Here, mentions: Sequence[Mention]) -> Iterator[Requirement]:
    spoken = list(find_spoken(at))
    licences = list(find_licences(at))
    taken = [r.span for r in (*spoken, *licences) if r.span]
    free = [m for m in mentions if not any(m.span.overlaps(span) for span in taken)]
    yield from wanted_skills.find_skills(at, free)
    yield from find_years(at, free)
    yield from find_degrees(at)
    yield from spoken
    yield from licences
    yield from seniority.find_seniority(at)
    yield from places.find_places(at)
    yield from modes.find_modes(at)
    yield from find_pay(at)
