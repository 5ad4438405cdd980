"""How strong a resume is, what machines cannot read in it, and what would make it better. Deterministic; invents nothing."""

import re
from dataclasses import dataclass

from services.ai.documents import Document
from services.ai.resume.records import ParsedResume, SkillEvidence

STAGES = ((10.0, "EXPERT"), (5.0, "SENIOR"), (2.0, "MID"), (0.0, "ENTRY"))


@dataclass(frozen=True, slots=True)
class Part:
    """Points that one side of the resume brings."""

    name: str
    points: int
    max_points: int
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that applicant tracking systems stumble over."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do, and the points it would bring at most."""

    text: str
    max_gain: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """`strength` is the sum of the parts, 0 to 100. `career_stage` is ENTRY, MID, SENIOR or EXPERT."""

    strength: int
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    suggestions: tuple[Suggestion, ...]
    career_stage: str


def analyse(document: Document, resume: ParsedResume) -> Analysis:
    parts = (_contact(resume), _experience(resume), _impact(resume), _skills(resume), _education(resume))
    advice = tuple(Suggestion(_ADVICE[p.name], p.max_points - p.points) for p in parts if p.points < p.max_points)
    stage = next(name for years, name in STAGES if resume.years_of_experience >= years)
    ordered = tuple(sorted(advice, key=lambda s: -s.max_gain))
    return Analysis(sum(p.points for p in parts), parts, _checks(document, resume), ordered, stage)


_ADVICE = {
    "contact": "Put name, e-mail address, telephone number and place at the top.",
    "experience": "Give each role a title, an employer, and months with years.",
    "impact": "Say in more bullet points what came of the work, in numbers.",
    "skills": "Name skills where you used them, not only in a list.",
    "education": "Add your education with the name of the degree.",
}


def _contact(resume: ParsedResume) -> Part:
    contact = resume.contact
    present = [contact.name, contact.emails, contact.phones, contact.location]
    points = 5 * sum(bool(p) for p in present)
    return Part("contact", points, 20, f"{points // 5} of name, e-mail, telephone and place were found")


def _experience(resume: ParsedResume) -> Part:
    complete = sum(bool(e.title and e.employer and e.months) for e in resume.experiences)
    return Part("experience", min(30, 10 * complete), 30, f"{complete} roles have title, employer and dates")


def _impact(resume: ParsedResume) -> Part:
    bullets = [b for e in resume.experiences for b in e.bullets]
    counted = sum(bool(re.search(r"\d", b.text)) for b in bullets)
    return Part("impact", min(20, 4 * counted), 20, f"{counted} of {len(bullets)} lines on roles have a number in them")


def _skills(resume: ParsedResume) -> Part:
    used = sum(s.evidence is SkillEvidence.USED_IN_ROLE for s in resume.skills)
    points = min(10, len(resume.skills)) + min(10, 2 * used)
    return Part("skills", points, 20, f"{len(resume.skills)} skills, {used} of them shown in dated roles")


def _education(resume: ParsedResume) -> Part:
    named = any(e.level for e in resume.educations)
    points = 10 if named else 5 if resume.educations else 0
    return Part("education", points, 10, "a degree was found" if named else "no degree was found")


def _checks(document: Document, resume: ParsedResume) -> tuple[Check, ...]:
    kinds = {s.text for s in resume.sections}
    dated = sum(bool(e.months) for e in resume.experiences)
    return (
        Check("sections", len(kinds) >= 2, f"{len(kinds)} headings were recognised"),
        Check(
            "dates",
            dated == len(resume.experiences) > 0,
            f"{dated} of {len(resume.experiences)} roles have readable dates",
        ),
        Check(
            "length",
            600 <= len(document.text) <= 12_000,
            f"{len(document.text):,} characters on {document.page_count} pages",
        ),
    )
