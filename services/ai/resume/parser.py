"""A document and its skill mentions → ParsedResume. Rules only; what is not sure is left out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.ai.credentials import EducationLevel, find_degree, find_languages
from services.ai.documents import Document, Line
from services.ai.months import Interval, YearMonth, union_years
from services.ai.resume.contact import find_contact
from services.ai.resume.dates import Period, find_periods
from services.ai.resume.records import (
    Education,
    Experience,
    Language,
    ParsedResume,
    SkillEvidence,
    SkillUse,
    Value,
)
from services.ai.resume.sections import Section, find_sections
from services.ai.skills import Mention

ENGINE_VERSION = "resume-1"

_BULLET = re.compile(r"^[•●▪◦*·–-]\s*")
_TITLE = re.compile(
    r"\b(engineer|developer|manager|director|analyst|scientist|intern|designer|consultant|architect|lead|head|officer|assistant|specialist"
    r"|nurse|teacher|professor|researcher|administrator|technician|founder|cto|ceo|cfo|programmer|coordinator|associate|accountant|clerk"
    r"|representative|supervisor|executive|advisor|writer|editor|chef|driver|sales|entwickler|ingenieur|leiter|berater|développeur|ingeniero)\b",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"[^,•|–\t]*\b(university|college|institute|school|academy|universit\w+|hochschule|école|universidad)\b[^,•|–\t]*",
    re.IGNORECASE,
)


def parse(document: Document, as_of: date) -> ParsedResume:
    """Everything but skills, as of a day: "until now" ends there."""
    sections = find_sections(document)
    experiences = tuple(e for s in sections if s.kind == "experience" for e in _experiences(document, s))
    intervals = [e.months for e in experiences if e.months]
    return ParsedResume(
        contact=find_contact(document),
        summary=next((_whole(document, s) for s in sections if s.kind == "summary"), None),
        experiences=experiences,
        educations=tuple(e for s in sections if s.kind == "education" for e in _educations(document, s)),
        skills=(),
        languages=tuple(value for s in sections if s.kind == "languages" for value in _languages(document, s)),
        certifications=tuple(v for s in sections if s.kind == "certifications" for v in _line_values(document, s)),
        sections=tuple(s.heading for s in sections if s.heading),
        years_of_experience=round(union_years(intervals, as_of), 2),
        as_of=as_of,
    )


def with_skills(resume: ParsedResume, document: Document, mentions: Sequence[Mention]) -> ParsedResume:
    """The resume with the skills that its text mentions, each in the roles that show it. Nobody's name or address is a skill."""
    contact = resume.contact
    said = [v.span for v in (contact.name, *contact.emails, *contact.links, contact.location) if v]
    mentions = [m for m in mentions if not any(span.overlaps(m.span) for span in said)]
    experiences = tuple(
        replace(e, skill_ids=tuple(dict.fromkeys(m.skill_id for m in mentions if _inside(m, e))))
        for e in resume.experiences
    )
    return replace(resume, experiences=experiences, skills=_skills(mentions, experiences, document, resume.as_of))


def _inside(mention: Mention, experience: Experience) -> bool:
    return experience.span.start <= mention.span.start < experience.span.end


def _lines(document: Document, section: Section) -> list[Line]:
    """Lines of a section; the first may begin in the middle, after a heading in the margin."""
    inside = [
        line
        for line in document.lines
        if section.start <= line.start < section.end or line.start < section.start < line.end
    ]
    return [line for line in inside if document.text[max(line.start, section.start) : line.end].strip()]


def _experiences(document: Document, section: Section) -> Iterator[Experience]:
    """Each period begins an entry; its heading lines are those just above that are no bullets of the entry before."""
    lines = _lines(document, section)
    dated = [(i, p) for i, line in enumerate(lines) if (p := _period(document, line))]
    starts = [_entry_start(document, lines, i, dated[k - 1][0] if k else -1) for k, (i, _) in enumerate(dated)]
    for k, (i, period) in enumerate(dated):
        stop = starts[k + 1] if k + 1 < len(dated) else len(lines)
        yield _experience(document, section, lines[starts[k] : stop], lines[i], period)


def _period(document: Document, line: Line) -> Period | None:
    return next(find_periods(document.text[line.start : line.end]), None)


def _entry_start(document: Document, lines: list[Line], dated: int, before: int) -> int:
    """From the dated line up to two lines higher, but not into the bullets of the entry before."""
    first = dated
    if not _is_bullet(document, lines[dated]) and _TITLE.search(_head(document, lines[dated])) and before < dated - 1:
        return dated - 1 if _is_heading(document, lines[dated - 1]) else dated
    while first > before + 1 and dated - first < 2 and _is_heading(document, lines[first - 1]):
        first -= 1
    return first


def _is_heading(document: Document, line: Line) -> bool:
    text = document.text[line.start : line.end]
    return not _BULLET.match(text) and len(text) < 90 and not text.rstrip().endswith(".") and text[:1].isupper()


def _is_bullet(document: Document, line: Line) -> bool:
    return bool(_BULLET.match(document.text[line.start : line.end]))


def _head(document: Document, line: Line) -> str:
    """The line without its period."""
    text = document.text[line.start : line.end]
    for period in reversed(list(find_periods(text))):
        text = text[: period.position] + text[period.stop :]
    return text.strip(" ,|–-()")


def _experience(document: Document, section: Section, lines: list[Line], dated: Line, period: Period) -> Experience:
    start, end = max(lines[0].start, section.start), lines[-1].end
    heads = [line for line in lines[:3] if not _is_bullet(document, line) and line.start <= dated.start]
    title, employer = _title_and_employer(document, section, heads)
    bullets = tuple(_value(document, line.start, line.end, 0.8) for line in lines if line not in heads)
    return Experience(
        title, employer, period.start, period.end, period.end is None, bullets, (), document.span(start, end)
    )


def _title_and_employer(document: Document, section: Section, heads: list[Line]) -> tuple[Value | None, Value | None]:
    """The part of the heading with a word for a job is the title; the first other part is the employer."""
    title: Value | None = None
    employer: Value | None = None
    for line in heads:
        for start, end in _parts(document.text, max(line.start, section.start), line.end):
            value = _value(document, start, end, 0.75)
            if title is None and _TITLE.search(value.text):
                title = value
            elif employer is None and value.text[:1].isupper():
                employer = value
    return title, employer


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of a heading between commas, bars and dashes, periods left out."""
    covered = [(start + p.position, start + p.stop) for p in find_periods(text[start:end])]
    for match in re.finditer(r"[^,|•–—\t]+", text[start:end]):
        a, b = start + match.start(), start + match.end()
        piece = text[a:b]
        if (
            piece.strip()
            and not any(a < stop and b > begin for begin, stop in covered)
            and not re.search(r"\d{4}", piece)
        ):
            yield a, b


def _educations(document: Document, section: Section) -> Iterator[Education]:
    """Each line with a degree or a school that does not belong to the entry before begins an entry."""
    lines = _lines(document, section)
    level, school, degree, first = EducationLevel.UNKNOWN, None, None, None
    for line in lines:
        start = max(line.start, section.start)
        text = document.text[start : line.end]
        found = find_degree(text)
        named = _SCHOOL.search(text) if not _BULLET.match(text) else None
        if first is not None and ((found and degree) or (named and school)) and not _BULLET.match(text):
            yield Education(school, degree, level, document.span(first, start))
            level, school, degree, first = EducationLevel.UNKNOWN, None, None, None
        if (found and not _BULLET.match(text)) or named:
            first = start if first is None else first
        if found and degree is None and not _BULLET.match(text):
            level, degree = found.level, _value(document, start + found.start, start + found.end, 0.8)
        if named and school is None:
            # "PhD Princeton University": the degree is not part of the name.
            begin = (
                found.end
                if found and named.start() <= found.start < named.end() and found.start == 0
                else named.start()
            )
            school = _value(document, start + begin, start + named.end(), 0.8)
    if first is not None:
        yield Education(school, degree, level, document.span(first, lines[-1].end))


def _skills(
    mentions: Sequence[Mention], experiences: Sequence[Experience], document: Document, as_of: date
) -> tuple[SkillUse, ...]:
    """One for each skill; spans within dated roles come first."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.skill_id].append(mention)
    return tuple(_skill(found, experiences, document, as_of) for found in grouped.values())


def _skill(found: list[Mention], experiences: Sequence[Experience], document: Document, as_of: date) -> SkillUse:
    roles = [e for e in experiences if found[0].skill_id in e.skill_ids and e.months]
    spans = [document.span(m.span.start, m.span.end) for m in found]
    spans.sort(key=lambda s: not any(role.span.overlaps(s) for role in roles))
    intervals: list[Interval] = [months for role in roles if (months := role.months)]
    ends = [role.end or YearMonth(as_of.year, as_of.month) for role in roles]
    evidence = SkillEvidence.USED_IN_ROLE if roles else SkillEvidence.STATED
    years = round(union_years(intervals, as_of), 2)
    return SkillUse(found[0].skill_id, found[0].label, evidence, tuple(spans[:5]), years, max(ends) if ends else None)


def _languages(document: Document, section: Section) -> Iterator[Language]:
    for found in find_languages(document.text, section.start, section.end):
        yield Language(_value(document, found.start, found.end, 0.9), found.level)


def _line_values(document: Document, section: Section) -> Iterator[Value]:
    for line in _lines(document, section):
        yield _value(document, max(line.start, section.start), line.end, 0.6)


def _whole(document: Document, section: Section) -> Value:
    return _value(document, section.start, section.end, 0.8)


def _value(document: Document, start: int, end: int, confidence: float) -> Value:
    span = document.span(start, end)
    return Value(_BULLET.sub("", " ".join(span.text.split())), span, confidence)
