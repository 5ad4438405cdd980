"""Skills that a text mentions → how each is shown, since when and for how long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.ai.documents import Document
from services.ai.months import Interval, YearMonth, union_years
from services.ai.resume.records import Experience, ParsedResume, SkillEvidence, SkillUse
from services.ai.skills import Mention


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
