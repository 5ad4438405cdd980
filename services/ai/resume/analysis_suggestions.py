"""What would make a resume stronger. Each suggestion is a change to the facts, and its gain is what scoring them again brings."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from services.ai.credentials import EducationLevel
from services.ai.months import YearMonth
from services.ai.resume.analysis_impact import impact
from services.ai.resume.analysis_records import Bullet, BulletIssue, Suggestion
from services.ai.resume.analysis_strength import LEAST_LINES, SKILL_POINTS, Facts, best_education, filled, strength
from services.ai.resume.records import Contact, Education, Experience, ParsedResume, SkillEvidence, SkillUse, Value
from services.ai.spans import Span

Change = Callable[[Facts], Facts]

# Stands for what the person would write; it is scored, and never shown.
_NOWHERE = Span(0, 0, 0, "")
_SOMETHING = Value("", _NOWHERE, 1.0)
_LINE = Bullet(_NOWHERE, 100, (_NOWHERE,), ())
# Skills that one suggestion asks to show at work.
SKILLS_AT_ONCE = 5


def suggestions(facts: Facts) -> tuple[Suggestion, ...]:
    """Greatest gain first. What brings no point is not suggested."""
    now = strength(facts)
    found = (replace(suggestion, max_gain=strength(change(facts)) - now) for suggestion, change in _candidates(facts))
    return tuple(sorted((s for s in found if s.max_gain > 0), key=lambda s: -s.max_gain))


def _candidates(facts: Facts) -> Iterator[tuple[Suggestion, Change]]:
    yield from _contact(facts.resume.contact)
    yield from _roles(facts.resume)
    yield from _lines(facts)
    yield from _skills(facts.resume)
    yield from _education(facts.resume)


def _say(topic: str, part: str, text: str, spans: tuple[Span, ...] = ()) -> Suggestion:
    return Suggestion(text, 0, topic, part, spans)


def _in_resume(**fields: object) -> Change:
    return lambda facts: replace(facts, resume=replace(facts.resume, **fields))  # type: ignore[arg-type]


def _contact(contact: Contact) -> Iterator[tuple[Suggestion, Change]]:
    missing: tuple[tuple[str, object, str, object], ...] = (
        ("name", contact.name, "Put your full name at the top.", _SOMETHING),
        ("emails", contact.emails, "Put your e-mail address at the top.", (_SOMETHING,)),
        ("phones", contact.phones, "Put your telephone number at the top.", (_SOMETHING,)),
        ("location", contact.location, "Say where you live: the city is enough.", _SOMETHING),
    )
    for name, found, text, something in missing:
        if not found:
            added = replace(contact, **{name: something})  # type: ignore[arg-type]
            yield _say(f"contact_{name.removesuffix('s')}", "contact", text), _in_resume(contact=added)


def _roles(resume: ParsedResume) -> Iterator[tuple[Suggestion, Change]]:
    if resume.summary is None:
        text = "Open with a summary: two or three sentences on what you do and what you are good at."
        yield _say("summary", "summary", text), _in_resume(summary=_SOMETHING)
    if not resume.experiences:
        added = Experience(_SOMETHING, _SOMETHING, YearMonth(2000), YearMonth(2001), False, (), (), _NOWHERE)
        text = "Add your roles, paid or not, under a heading of their own: title, employer, months with years."
        yield _say("experience", "experience", text), _in_resume(experiences=(added,))
    asked = {
        "title": ("Give each role its title.", {"title": _SOMETHING}),
        "employer": ("Name the employer of each role.", {"employer": _SOMETHING}),
        "dates": (
            "Give each role the months and years of its begin and end.",
            {"start": YearMonth(2000), "end": YearMonth(2001)},
        ),
    }
    for name, (text, fields) in asked.items():
        lacking = tuple(role.span for role in resume.experiences if not filled(role)[name])
        changed = tuple(role if filled(role)[name] else replace(role, **fields) for role in resume.experiences)  # type: ignore[arg-type]
        if lacking:
            yield _say(f"role_{name}", "experience", text, lacking), _in_resume(experiences=changed)


# Topic and words of what to do about each issue.
_ADVICE = {
    BulletIssue.NO_QUANTITY: ("quantity", "Say in these lines how much: a number, a share, an amount or a time."),
    BulletIssue.NO_ACTION_VERB: ("action_verb", "Begin these lines with what you did."),
    BulletIssue.VAGUE: ("vagueness", "Say in these lines what you did, not what you were there for."),
    BulletIssue.FIRST_PERSON: ("first_person", 'Leave out "I" and "my" in these lines.'),
    BulletIssue.TOO_LONG: ("too_long", "Cut these lines to what matters, at most 40 words."),
    BulletIssue.TOO_SHORT: ("too_short", "Say more in these lines: what was done, and what came of it."),
}


def _lines(facts: Facts) -> Iterator[tuple[Suggestion, Change]]:
    for issue, (topic, text) in _ADVICE.items():
        spans = tuple(line.span for role in facts.bullets for line in role if issue in line.issues)
        if spans:
            yield _say(f"bullet_{topic}", "impact", text, spans), _without(issue)
    few = tuple(
        role.span
        for role, lines in zip(facts.resume.experiences, facts.bullets, strict=True)
        if len(lines) < LEAST_LINES
    )
    if few:
        text = "Tell in two lines or more what you did in these roles, and what came of it."
        yield _say("role_lines", "impact", text, few), _with_lines


def _without(issue: BulletIssue) -> Change:
    def better(line: Bullet) -> Bullet:
        issues = tuple(other for other in line.issues if other is not issue)
        return replace(line, issues=issues, impact=impact(issues))

    return lambda facts: replace(facts, bullets=tuple(tuple(map(better, role)) for role in facts.bullets))


def _with_lines(facts: Facts) -> Facts:
    """Good ones, as many as are missing."""
    return replace(facts, bullets=tuple((*role, *(_LINE,) * (LEAST_LINES - len(role))) for role in facts.bullets))


def _skills(resume: ParsedResume) -> Iterator[tuple[Suggestion, Change]]:
    named = [s for s in resume.skills if s.evidence is not SkillEvidence.IMPLIED]
    if (lacking := SKILL_POINTS - len(named)) > 0:
        added = tuple(SkillUse(f"+{i}", "", SkillEvidence.STATED, (), 0.0, None) for i in range(lacking))
        what = f"{lacking} more of the" if named else "the"
        text = f"Name {what} tools and methods that you work with."
        yield _say("skills", "skills", text), _in_resume(skills=resume.skills + added)
    stated = [s for s in named if s.evidence is SkillEvidence.STATED][:SKILLS_AT_ONCE]
    if stated and resume.experiences:
        shown = tuple(replace(s, evidence=SkillEvidence.USED_IN_ROLE) if s in stated else s for s in resume.skills)
        text = "Say in which role you used these skills: so far they are only named."
        spans = tuple(s.spans[0] for s in stated if s.spans)
        yield _say("skills_used", "skills", text, spans), _in_resume(skills=shown)


def _education(resume: ParsedResume) -> Iterator[tuple[Suggestion, Change]]:
    best = best_education(resume)
    if best is None:
        added = Education(_SOMETHING, _SOMETHING, EducationLevel.BACHELOR, _NOWHERE)
        text = "Add your education: degree or certificate, and the school."
        yield _say("education", "education", text), _in_resume(educations=(added,))
        return
    if not best.level:
        changed = tuple(replace(e, level=EducationLevel.BACHELOR) if e is best else e for e in resume.educations)
        yield _say("education_degree", "education", "Name the degree.", (best.span,)), _in_resume(educations=changed)
    if not best.institution:
        changed = tuple(replace(e, institution=_SOMETHING) if e is best else e for e in resume.educations)
        yield _say("education_school", "education", "Name the school.", (best.span,)), _in_resume(educations=changed)
