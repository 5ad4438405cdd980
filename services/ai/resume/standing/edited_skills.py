"""Skills of an edited profile, each as the roles that are left, and what the person wrote, show it."""

from collections import defaultdict
from collections.abc import Sequence

from services.ai.months import YearMonth, union_years
from services.ai.resume.records import Experience, ParsedResume, SkillEvidence, SkillUse
from services.ai.resume.skill_uses import MOST_SPANS
from services.ai.resume.standing.entries import Entries
from services.ai.resume.standing.spans import written
from services.ai.skills import Mention
from services.ai.spans import Span

Texts = tuple[Mention, ...]
"""Skills that one role's words, written by the person, mention."""


def skills_of(
    resume: ParsedResume,
    roles: Sequence[Experience],
    dropped: Sequence[Span],
    texts: Sequence[Texts],
    entries: Entries,
    unchanged: bool,
) -> tuple[SkillUse, ...]:
    """`dropped`: roles of the resume that are removed or told otherwise; what only they show is gone."""
    found = list(resume.skills)
    if not unchanged:
        mentioned: dict[str, list[Mention]] = defaultdict(list)
        for mention in (mention for text in texts for mention in text):
            mentioned[mention.skill_id].append(mention)
        known = {skill.skill_id: skill for skill in resume.skills}
        ids = (one for one in dict.fromkeys((*known, *mentioned)) if one not in entries.removed)
        uses = (_use(known.get(one), mentioned[one], roles, dropped, resume, one) for one in ids)
        found = [use for use in uses if use]
    shown = {skill.skill_id for skill in found}
    # By hand: it is named, whatever years are said.
    listed = (
        SkillUse(skill_id, label, SkillEvidence.STATED, (written(label),), 0.0, None)
        for skill_id, label in entries.listed
        if skill_id not in shown
    )
    return (*found, *listed)


def _use(
    known: SkillUse | None,
    mentions: Sequence[Mention],
    roles: Sequence[Experience],
    dropped: Sequence[Span],
    resume: ParsedResume,
    skill_id: str,
) -> SkillUse | None:
    """None where nothing shows it any more."""
    left = [s for s in known.spans if not any(gone.overlaps(s) for gone in dropped)] if known else []
    showing = [role for role in roles if skill_id in role.skill_ids]
    if not left and not mentions and not showing:
        return None
    dated = [(months, role.end) for role in showing if (months := role.months)]
    now = YearMonth(resume.as_of.year, resume.as_of.month)
    still = bool(left) or any(role.span.text for role in showing)
    implied = all(m.implied for m in mentions) and (not (known and still) or known.evidence is SkillEvidence.IMPLIED)
    evidence = SkillEvidence.USED_IN_ROLE if dated else SkillEvidence.STATED
    sure = [m.confidence for m in mentions] + ([known.confidence] if known else [])
    label = known.label if known else mentions[0].label
    return SkillUse(
        skill_id=skill_id,
        label=label,
        evidence=SkillEvidence.IMPLIED if implied else evidence,
        spans=(*left, *(m.span for m in mentions))[:MOST_SPANS],
        years=round(union_years([months for months, _ in dated], resume.as_of), 2),
        last_used=max((end or now for _, end in dated), default=None),
        confidence=max(sure),
    )
