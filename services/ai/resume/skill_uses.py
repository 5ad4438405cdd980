"""Skills that a text mentions → how each is shown, since when and for how long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.ai.documents import Document
from services.ai.months import Interval, YearMonth, union_years
from services.ai.resume.records import Experience, ParsedResume, SkillEvidence, SkillUse
from services.ai.skills import Mention
from services.ai.spans import Span

# Where a skill is shown, as far as anybody wants to see. All that a score rests on should be cited.
MOST_SPANS = 20


def with_skills(resume: ParsedResume, document: Document, mentions: Sequence[Mention]) -> ParsedResume:
    """The resume with the skills that its text mentions, each in the roles that show it. `names_in` are no skills."""
    said = names_in(resume)
    mentions = [m for m in mentions if m.implied or not any(span.overlaps(m.span) for span in said)]
    experiences = tuple(
        replace(e, skill_ids=tuple(dict.fromkeys(m.skill_id for m in mentions if _inside(m, e))))
        for e in resume.experiences
    )
    return replace(resume, experiences=experiences, skills=_skills(mentions, experiences, document, resume.as_of))


def names_in(resume: ParsedResume) -> list[Span]:
    """Where the text names the person, their addresses, and who they worked for: Oracle the employer is no skill."""
    contact = resume.contact
    values = (
        contact.name,
        *contact.emails,
        *contact.links,
        contact.location,
        *(e.employer for e in resume.experiences),
    )
    return [value.span for value in values if value]


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
    years, last = round(union_years(intervals, as_of), 2), max(ends) if ends else None
    sure = max(m.confidence for m in found)
    return SkillUse(
        found[0].skill_id, found[0].label, _evidence(found, bool(roles)), tuple(spans[:MOST_SPANS]), years, last, sure
    )


def _evidence(found: list[Mention], used: bool) -> SkillEvidence:
    if all(mention.implied for mention in found):
        return SkillEvidence.IMPLIED
    return SkillEvidence.USED_IN_ROLE if used else SkillEvidence.STATED
