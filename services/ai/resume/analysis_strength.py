"""The strength of a resume: parts of a hundred points, each with why."""

from dataclasses import dataclass

from services.ai.resume.analysis_records import Bullet, Part
from services.ai.resume.records import Education, Experience, ParsedResume, SkillEvidence

# Points of what a contact should have.
CONTACT_POINTS = {"name": 5, "email": 5, "phone": 3, "location": 2}
SUMMARY_POINTS = 5
ROLE_POINTS, COMPLETE_ROLES_POINTS = 10, 20
LINES_POINTS, IMPACT_POINTS = 5, 15
# A role is told by this many lines.
LEAST_LINES = 2
SKILL_POINTS, USED_SKILL_POINTS = 10, 10
POINTS_PER_USED_SKILL = 2
EDUCATION_POINTS = {"entry": 4, "degree": 4, "institution": 2}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the points rest on. `bullets` has an entry for each experience of the resume."""

    resume: ParsedResume
    bullets: tuple[tuple[Bullet, ...], ...]


def strength(facts: Facts) -> int:
    """0 to 100."""
    return sum(part.points for part in parts(facts))


def parts(facts: Facts) -> tuple[Part, ...]:
    """Their greatest points add up to 100."""
    return (
        _contact(facts.resume),
        _summary(facts.resume),
        _experience(facts.resume),
        _impact(facts),
        _skills(facts.resume),
        _education(facts.resume),
    )


def _contact(resume: ParsedResume) -> Part:
    contact = resume.contact
    found = {"name": contact.name, "email": contact.emails, "phone": contact.phones, "location": contact.location}
    points = sum(CONTACT_POINTS[name] for name, value in found.items() if value)
    missing = ", ".join(name for name, value in found.items() if not value)
    why = f"not found: {missing}" if missing else "name, e-mail address, telephone number and place were found"
    return Part("contact", points, sum(CONTACT_POINTS.values()), why)


def _summary(resume: ParsedResume) -> Part:
    why = "a summary opens it" if resume.summary else "no summary was found"
    return Part("summary", SUMMARY_POINTS if resume.summary else 0, SUMMARY_POINTS, why)


def filled(role: Experience) -> dict[str, bool]:
    """What a role should have, and whether it has it."""
    return {"title": bool(role.title), "employer": bool(role.employer), "dates": bool(role.months)}


def _experience(resume: ParsedResume) -> Part:
    roles = [filled(role) for role in resume.experiences]
    have, want = sum(sum(role.values()) for role in roles), sum(map(len, roles))
    complete = sum(all(role.values()) for role in roles)
    points = ROLE_POINTS + COMPLETE_ROLES_POINTS * have // want if want else 0
    why = f"{complete} of {len(roles)} roles have title, employer and dates" if roles else "no role was found"
    return Part("experience", points, ROLE_POINTS + COMPLETE_ROLES_POINTS, why)


def _impact(facts: Facts) -> Part:
    """How much of what was done, and what came of it, the lines on roles say."""
    lines = [bullet for role in facts.bullets for bullet in role]
    told = sum(len(role) >= LEAST_LINES for role in facts.bullets)
    points = LINES_POINTS * told // len(facts.bullets) if facts.bullets else 0
    points += IMPACT_POINTS * sum(line.impact for line in lines) // (100 * len(lines)) if lines else 0
    counted = sum(bool(line.quantities) for line in lines)
    why = f"{counted} of {len(lines)} lines on roles say how much, {told} of {len(facts.bullets)} roles have lines"
    return Part("impact", points, LINES_POINTS + IMPACT_POINTS, why)


def _skills(resume: ParsedResume) -> Part:
    stated = [s for s in resume.skills if s.evidence is not SkillEvidence.IMPLIED]
    used = sum(s.evidence is SkillEvidence.USED_IN_ROLE for s in stated)
    points = min(SKILL_POINTS, len(stated)) + min(USED_SKILL_POINTS, POINTS_PER_USED_SKILL * used)
    why = f"{len(stated)} skills are named, {used} of them in dated roles"
    return Part("skills", points, SKILL_POINTS + USED_SKILL_POINTS, why)


def _education(resume: ParsedResume) -> Part:
    points = max(map(_education_points, resume.educations), default=0)
    why = "no course of study was found"
    if resume.educations:
        why = (
            "degree and school were found"
            if points == sum(EDUCATION_POINTS.values())
            else "degree or school is missing"
        )
    return Part("education", points, sum(EDUCATION_POINTS.values()), why)


def _education_points(entry: Education) -> int:
    return (
        EDUCATION_POINTS["entry"]
        + EDUCATION_POINTS["degree"] * bool(entry.level)
        + EDUCATION_POINTS["institution"] * bool(entry.institution)
    )


def best_education(resume: ParsedResume) -> Education | None:
    """The one that the points are of; the first of equals."""
    return max(resume.educations, key=_education_points, default=None)
