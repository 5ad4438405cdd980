"""A position's text → requirements, each with the characters that say so."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from services.ai.credentials import find_degrees, find_languages
from services.ai.matching.features import Requirement, RequirementKind
from services.ai.skills import SkillLinker
from services.ai.spans import Span, span_of

_NAMESPACE = UUID("5b1f1d1e-6c43-5a0e-9d53-6d0f5f7f2a10")
_NICE = re.compile(
    r"\b(nice to have|preferred|preferably|bonus|a plus|desirable|desired|optional|advantage|ideally|welcome|would be great)\b",
    re.I,
)
_MUST = re.compile(
    r"\b(must|required?|requirements?|need(?:ed|s)?|essential|mandatory|qualifications?|you (?:have|bring)|what you bring|minimum)\b",
    re.I,
)
_YEARS = re.compile(r"\b(\d{1,2})\s*\+?\s*(?:(?:-|–|to)\s*\d{1,2}\s*)?\+?\s*(?:years?|yrs)\b", re.I)
_SPOKEN = re.compile(r"\b(fluent|fluency|proficien\w+|languages?|spoken|speak\w*|native|[abc][12])\b", re.I)
# A line this short that ends in a colon, or says nothing but its cue, is a heading: its cue holds until the next one.
HEADING_LENGTH = 60


def find_requirements(text: str, linker: SkillLinker, title: str = "") -> tuple[Requirement, ...]:
    """In order of the text, each once; what is asked for twice keeps its stronger mention."""
    kept: dict[str, Requirement] = {}
    must_here = False
    for start, end in _lines(text):
        line = text[start:end]
        cue = _cue(line)
        if cue is not None and _is_heading(line):
            must_here = cue
            continue
        if _is_heading(line):
            must_here = False
        must = must_here if cue is None else cue
        for found in _in_line(text, start, end, must, linker):
            if found.id not in kept or (found.must and not kept[found.id].must):
                kept[found.id] = found
    return tuple(sorted(kept.values(), key=lambda r: r.span.start if r.span else 0))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines and sentences: "X is a plus." says nothing of its neighbours."""
    for match in re.finditer(r"[^\n]+?(?:[.;!?](?=\s+[A-Z])|(?=\n)|$)", text):
        if match[0].strip():
            yield match.start(), match.end()


def _cue(line: str) -> bool | None:
    """True: asked for; False: nice to have; None: does not say."""
    if _NICE.search(line):
        return False
    return True if _MUST.search(line) else None


def _is_heading(line: str) -> bool:
    bare = line.strip()
    return len(bare) < HEADING_LENGTH and bare.endswith(":")


def _in_line(text: str, start: int, end: int, must: bool, linker: SkillLinker) -> Iterator[Requirement]:
    line = text[start:end]
    for mention in linker.link(line):
        span = span_of(text, start + mention.span.start, start + mention.span.end)
        yield _requirement(RequirementKind.SKILL, mention.label, must, span, skill_id=mention.skill_id)
    if years := _YEARS.search(line):
        span = span_of(text, start + years.start(), start + years.end())
        yield _requirement(RequirementKind.YEARS, f"{years[1]} years of experience", must, span, years=float(years[1]))
    if degrees := find_degrees(line):
        lowest = degrees[-1]
        span = span_of(text, start + lowest.start, start + lowest.end)
        yield _requirement(
            RequirementKind.DEGREE, f"{lowest.level.name.lower()} degree", must, span, level=lowest.level.name
        )
    if _SPOKEN.search(line):
        for language in find_languages(text, start, end):
            span = span_of(text, language.start, language.end)
            yield _requirement(RequirementKind.LANGUAGE, span.text.lower(), must, span, name=span.text.lower())


def _requirement(kind: RequirementKind, label: str, must: bool, span: Span, **more: Any) -> Requirement:
    """`more` are the fields of its kind."""
    key = more.get("skill_id") or label
    return Requirement(str(uuid5(_NAMESPACE, f"{kind.value}/{key}")), kind, label, must, span, **more)
