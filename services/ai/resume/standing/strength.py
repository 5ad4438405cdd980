"""The strength of a profile: parts of a hundred points, each with why.

Whatever is added never lowers it: of roles and lines the best count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from services.ai.credentials import EducationLevel
from services.ai.months import YearMonth
from services.ai.resume.analysis_impact import review
from services.ai.resume.analysis_records import Bullet, Part, Suggestion
from services.ai.resume.analysis_strength import (
    EDUCATION_POINTS,
    LEAST_LINES,
    POINTS_PER_USED_SKILL,
    SKILL_POINTS,
    USED_SKILL_POINTS,
    best_education,
    filled,
)
from services.ai.resume.analysis_words import Words
from services.ai.resume.records import Education, Experience, Language, ParsedResume, SkillEvidence, SkillUse
from services.ai.resume.standing.spans import NOWHERE, written_value

NAME_POINTS, WORDS_POINTS = 5, 5
# The best roles count, each in full with title, employer, dates and lines.
ROLE_POINTS = (18, 7, 5)
ROLE_SHARES = {"title": 30, "employer": 25, "dates": 30, "lines": 15}
IMPACT_POINTS, IMPACT_LINES = 20, 6
# Of the first language, and of a second.
LANGUAGE_POINTS = (3, 2)
WISH_POINTS = {"pay": 2, "locations": 2, "work_modes": 1}

_SOMETHING = written_value("x")
_LINE = Bullet(NOWHERE, 100, (NOWHERE,), ())
_SKILLS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """`resume`: as edited. `named`: whether the profile has a name; `headline` likewise. `wishes`: names of preferences that are stated.
    `lines`: of each role of the resume, reviewed.
    """

    resume: ParsedResume
    named: bool
    headline: bool
    wishes: frozenset[str]
    lines: tuple[tuple[Bullet, ...], ...]


Change = Callable[[ProfileFacts], ProfileFacts]


def facts_of(resume: ParsedResume, display_name: str, headline: str, wishes: frozenset[str]) -> ProfileFacts:
    # Each line's language is its own: else one more line could change what the others are worth.
    lines = tuple(tuple(review(b, Words.of(b.span.text)) for b in role.bullets) for role in resume.experiences)
    return ProfileFacts(resume, bool(display_name or resume.contact.name), bool(headline), wishes, lines)


def strength_of(facts: ProfileFacts) -> int:
    """0 to 100."""
    return sum(part.points for part in parts_of(facts))


def parts_of(facts: ProfileFacts) -> tuple[Part, ...]:
    """Their greatest points add up to 100; the greatest part first."""
    found = (
        _experience(facts),
        _impact(facts),
        _skills(facts),
        _education(facts),
        _about(facts),
        _languages(facts),
        _wishes(facts),
    )
    return tuple(sorted(found, key=lambda part: -part.max_points))


def suggestions_of(facts: ProfileFacts) -> tuple[Suggestion, ...]:
    """Greatest gain first; the gain is what scoring the profile again brings, and what brings nothing is not suggested."""
    now = strength_of(facts)
    found = (replace(said, max_gain=strength_of(change(facts)) - now) for said, change in _candidates(facts))
    return tuple(sorted((s for s in found if s.max_gain > 0), key=lambda s: -s.max_gain))


def _about(facts: ProfileFacts) -> Part:
    told = facts.headline or facts.resume.summary is not None
    points = NAME_POINTS * facts.named + WORDS_POINTS * told
    missing = ", ".join(name for name, there in (("name", facts.named), ("headline", told)) if not there)
    return Part(
        "about",
        points,
        NAME_POINTS + WORDS_POINTS,
        f"missing: {missing}" if missing else "name and words on oneself are there",
    )


def _whole(role: Experience, lines: tuple[Bullet, ...]) -> int:
    """How complete a role is, 0 to 100."""
    has = filled(role) | {"lines": len(lines) >= LEAST_LINES}
    return sum(share for name, share in ROLE_SHARES.items() if has[name])


def _experience(facts: ProfileFacts) -> Part:
    wholes = [_whole(role, lines) for role, lines in zip(facts.resume.experiences, facts.lines, strict=True)]
    best = sorted(wholes, reverse=True)[: len(ROLE_POINTS)]
    points = sum(most * whole for most, whole in zip(ROLE_POINTS, best, strict=False)) // 100
    complete = sum(whole == 100 for whole in wholes)
    why = f"{complete} of {len(wholes)} roles have title, employer, dates and lines; the best {len(ROLE_POINTS)} count"
    return Part("experience", points, sum(ROLE_POINTS), why if wholes else "no role is there")


def _impact(facts: ProfileFacts) -> Part:
    lines = [line for role in facts.lines for line in role]
    best = sorted((line.impact for line in lines), reverse=True)[:IMPACT_LINES]
    points = IMPACT_POINTS * sum(best) // (100 * IMPACT_LINES)
    counted = sum(bool(line.quantities) for line in lines)
    return Part(
        "impact",
        points,
        IMPACT_POINTS,
        f"{counted} of {len(lines)} lines on roles say how much; the best {IMPACT_LINES} count",
    )


def _skills(facts: ProfileFacts) -> Part:
    named = [s for s in facts.resume.skills if s.evidence is not SkillEvidence.IMPLIED]
    used = sum(s.evidence is SkillEvidence.USED_IN_ROLE for s in named)
    points = min(SKILL_POINTS, len(named)) + min(USED_SKILL_POINTS, POINTS_PER_USED_SKILL * used)
    return Part(
        "skills",
        points,
        SKILL_POINTS + USED_SKILL_POINTS,
        f"{len(named)} skills are named, {used} of them in dated roles",
    )


def _education(facts: ProfileFacts) -> Part:
    best = best_education(facts.resume)
    whole = sum(EDUCATION_POINTS.values())
    if best is None:
        return Part("education", 0, whole, "no course of study is there")
    points = EDUCATION_POINTS["entry"] + EDUCATION_POINTS["degree"] * bool(best.level)
    points += EDUCATION_POINTS["institution"] * bool(best.institution)
    return Part(
        "education", points, whole, "degree and school are there" if points == whole else "degree or school is missing"
    )


def _languages(facts: ProfileFacts) -> Part:
    count = len(facts.resume.languages)
    return Part("languages", sum(LANGUAGE_POINTS[:count]), sum(LANGUAGE_POINTS), f"{count} languages are there")


def _wishes(facts: ProfileFacts) -> Part:
    points = sum(value for name, value in WISH_POINTS.items() if name in facts.wishes)
    missing = ", ".join(name.replace("_", " ") for name in WISH_POINTS if name not in facts.wishes)
    return Part(
        "preferences",
        points,
        sum(WISH_POINTS.values()),
        f"not said: {missing}" if missing else "pay, places and modes are said",
    )


def _say(topic: str, part: str, text: str) -> Suggestion:
    return Suggestion(text, 0, topic, part)


def _in_resume(**fields: object) -> Change:
    return lambda facts: replace(facts, resume=replace(facts.resume, **fields))  # type: ignore[arg-type]


def _candidates(facts: ProfileFacts) -> Iterator[tuple[Suggestion, Change]]:
    yield _say("name", "about", "Say what you are called."), lambda facts: replace(facts, named=True)
    yield _say("headline", "about", "Say in one line what you do."), lambda facts: replace(facts, headline=True)
    yield from _roles(facts)
    yield from _lines(facts)
    yield from _more_skills(facts.resume)
    yield from _more_education(facts.resume)
    language = Language(_SOMETHING, "")
    text = "Add the languages that you speak, with how well."
    yield _say("languages", "languages", text), _in_resume(languages=(*facts.resume.languages, language, language))
    texts = {
        "pay": "Say what pay you want.",
        "locations": "Say where you want to work.",
        "work_modes": "Say whether at the employer's place, partly there, or anywhere.",
    }
    for wish, text in texts.items():
        yield _say(wish, "preferences", text), _wishing(wish)


def _wishing(wish: str) -> Change:
    return lambda facts: replace(facts, wishes=facts.wishes | {wish})


_FILLING: Mapping[str, tuple[str, dict[str, object]]] = {
    "title": ("Give each role its title.", {"title": _SOMETHING}),
    "employer": ("Name the employer of each role.", {"employer": _SOMETHING}),
    "dates": ("Give each role the months of its begin and end.", {"start": YearMonth(2000), "end": YearMonth(2001)}),
}


def _roles(facts: ProfileFacts) -> Iterator[tuple[Suggestion, Change]]:
    roles = facts.resume.experiences
    made = Experience(_SOMETHING, _SOMETHING, YearMonth(2000), YearMonth(2001), False, (), (), NOWHERE)
    text = (
        "Add another role, paid or not: title, employer, months, and what you did."
        if roles
        else "Add your roles, paid or not."
    )
    yield (
        _say("experience", "experience", text),
        lambda facts: replace(
            facts,
            resume=replace(facts.resume, experiences=(*facts.resume.experiences, made)),
            lines=(*facts.lines, (_LINE,) * LEAST_LINES),
        ),
    )
    for name, (text, fields) in _FILLING.items():
        changed = tuple(role if filled(role)[name] else replace(role, **fields) for role in roles)  # type: ignore[arg-type]
        yield _say(f"role_{name}", "experience", text), _in_resume(experiences=changed)


def _lines(facts: ProfileFacts) -> Iterator[tuple[Suggestion, Change]]:
    if facts.lines:
        text = "Tell in two lines or more what you did in each role, and what came of it."
        yield (
            _say("role_lines", "experience", text),
            lambda facts: replace(
                facts, lines=tuple((*role, *(_LINE,) * (LEAST_LINES - len(role))) for role in facts.lines)
            ),
        )
        text = "Say in your lines on roles what you did, and how much: a number, a share, an amount or a time."
        yield (
            _say("bullet_quantity", "impact", text),
            lambda facts: replace(facts, lines=tuple(tuple(_LINE for _ in role) for role in facts.lines)),
        )


def _more_skills(resume: ParsedResume) -> Iterator[tuple[Suggestion, Change]]:
    named = [s for s in resume.skills if s.evidence is not SkillEvidence.IMPLIED]
    if (lacking := SKILL_POINTS - len(named)) > 0:
        added = tuple(SkillUse(f"+{i}", "", SkillEvidence.STATED, (), 0.0, None) for i in range(lacking))
        text = (
            f"Name {lacking} more of the tools and methods that you work with."
            if named
            else "Name the tools and methods that you work with."
        )
        yield _say("skills", "skills", text), _in_resume(skills=(*resume.skills, *added))
    stated = [s for s in named if s.evidence is SkillEvidence.STATED][:_SKILLS_AT_ONCE]
    if stated and resume.experiences:
        shown = tuple(replace(s, evidence=SkillEvidence.USED_IN_ROLE) if s in stated else s for s in resume.skills)
        text = "Say in which role you used these skills: " + ", ".join(s.label for s in stated) + "."
        yield _say("skills_used", "skills", text), _in_resume(skills=shown)


def _more_education(resume: ParsedResume) -> Iterator[tuple[Suggestion, Change]]:
    best = best_education(resume)
    whole = Education(_SOMETHING, _SOMETHING, EducationLevel.BACHELOR, NOWHERE)
    text = "Add your education: degree or certificate, and the school."
    if best is not None:
        text = "Name degree and school of your highest education."
    yield _say("education", "education", text), _in_resume(educations=(*resume.educations, whole))
