"""A parsed resume and the entries of a profile → the resume as it would be if it said what the profile says.

What nobody changed keeps its spans. What a person wrote has spans that are no places of the resume: page, start and end are 0, and the text
is as written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from services.ai.documents import Document
from services.ai.languages import english_name
from services.ai.months import union_years
from services.ai.resume.portrait import portrait
from services.ai.resume.records import Contact, Education, Experience, Language, ParsedResume, Value
from services.ai.resume.standing.edited_skills import Texts, skills_of
from services.ai.resume.standing.entries import Entries, Role, Spoken, Study, level_of, role_of, spoken_of, study_of
from services.ai.resume.standing.spans import NOWHERE, written, written_value
from services.ai.skills import Mention
from services.ai.spans import Span, span_of

T = TypeVar("T", Study, Spoken)

Link = Callable[[str, Sequence[Span]], Sequence[Mention]]
"""Skills that a text names, or that lines of it imply; these are spans of the text, none where it has no dates."""


def as_edited(resume: ParsedResume, entries: Entries, link: Link) -> ParsedResume:
    """The very resume where the entries are as they stand in it. `link` is called for roles whose title or description a person wrote."""
    found = [_role(resume, role, link) for role in entries.roles]
    kept = {role.place for role, (_, texts) in zip(entries.roles, found, strict=True) if texts is None}
    roles = _latest_first(
        [(role.place, experience) for role, (experience, _) in zip(entries.roles, found, strict=True)]
    )
    shown = tuple(_without(experience, entries.removed) for experience in roles)
    dropped = [e.span for place, e in enumerate(resume.experiences) if place not in kept]
    texts = [texts for _, texts in found if texts]
    months = [experience.months for experience in shown if experience.months]
    same = not dropped and not texts and not entries.removed and shown == resume.experiences
    return replace(
        resume,
        experiences=shown,
        educations=tuple(_study(resume, study) for study in _placed(entries.studies)),
        languages=tuple(_spoken(resume, spoken) for spoken in _placed(entries.spoken)),
        certifications=(*resume.certifications, *_certificates(resume, entries)),
        skills=skills_of(resume, shown, dropped, texts, entries, unchanged=same),
        years_of_experience=resume.years_of_experience if same else round(union_years(months, resume.as_of), 2),
    )


def portrait_of(resume: ParsedResume) -> str:
    """What the vector of an edited profile is made of: what it says, since the text of the resume says more."""
    name = resume.contact.name
    contact = Contact(replace(name, span=NOWHERE) if name else None, (), (), (), None)
    said = (
        *(v.text for e in resume.experiences for v in (e.title, *e.bullets) if v),
        *(v.text for e in resume.educations for v in (e.degree, e.field) if v),
        *(skill.label for skill in resume.skills),
    )
    return portrait(Document("\n".join(said), (), 0), replace(resume, contact=contact))


def _without(experience: Experience, removed: frozenset[str]) -> Experience:
    if not removed.intersection(experience.skill_ids):
        return experience
    return replace(experience, skill_ids=tuple(one for one in experience.skill_ids if one not in removed))


def _role(resume: ParsedResume, role: Role, link: Link) -> tuple[Experience, Texts | None]:
    """With what was linked anew; None where the words are those of the resume."""
    base = resume.experiences[role.place] if role.place is not None else None
    stood = role_of(base, role.place or 0) if base else Role("")
    if base and role == stood:
        return base, None
    title = _value(role.title, stood.title, base.title if base else None)
    same_words = base is not None and (role.title, role.description) == (stood.title, stood.description)
    bullets = base.bullets if base and role.description == stood.description else tuple(_lines(role.description))
    made = Experience(
        title=title,
        employer=_value(role.employer, stood.employer, base.employer if base else None),
        start=role.start,
        end=role.end,
        current=role.current,
        bullets=bullets,
        skill_ids=base.skill_ids if base and same_words else (),
        span=base.span if base and same_words else NOWHERE,
        location=_value(role.location, stood.location, base.location if base else None),
    )
    if same_words:
        return made, None
    mentions = _linked(role, dated=made.months is not None, link=link)
    return replace(made, skill_ids=tuple(dict.fromkeys(m.skill_id for m in mentions))), tuple(mentions)


def _linked(role: Role, dated: bool, link: Link) -> list[Mention]:
    text = f"{role.title}\n{role.description}"
    lines, at = [], len(role.title) + 1
    for line in role.description.split("\n"):
        lines.append(span_of(text, at, at + len(line)))
        at += len(line) + 1
    found = link(text, [line for line in lines if line.text] if dated else [])
    return [replace(mention, span=written(mention.span.text)) for mention in found]


def _lines(description: str) -> Iterator[Value]:
    for line in description.split("\n"):
        if tidy := line.strip().lstrip("•·▪●◦‣*–—- \t"):
            yield written_value(tidy)


def _value(text: str, stood: str, base: Value | None) -> Value | None:
    if base is not None and text == stood:
        return base
    return written_value(text) if text else None


def _certificates(resume: ParsedResume, entries: Entries) -> Iterator[Value]:
    """Those that the resume does not name."""
    named = " ".join(value.text for value in resume.certifications).casefold()
    others = {name.casefold(): name for name in entries.certificates}
    yield from (written_value(name) for key, name in others.items() if key not in named)


def _study(resume: ParsedResume, study: Study) -> Education:
    base = resume.educations[study.place] if study.place is not None else None
    stood = study_of(base, study.place or 0) if base else Study("")
    if base and study == stood:
        return base
    same_degree = base is not None and (study.degree, study.field) == (stood.degree, stood.field)
    return Education(
        institution=_value(study.institution, stood.institution, base.institution if base else None),
        degree=_value(study.degree, stood.degree, base.degree if base else None),
        level=base.level if base and same_degree else level_of(study.degree, study.field),
        span=NOWHERE,
        field=_value(study.field, stood.field, base.field if base else None),
        start=study.start,
        end=study.end,
    )


def _spoken(resume: ParsedResume, spoken: Spoken) -> Language:
    base = resume.languages[spoken.place] if spoken.place is not None else None
    stood = spoken_of(base, spoken.place or 0) if base else Spoken("")
    if base and spoken == stood:
        return base
    same = base is not None and english_name(spoken.language) == english_name(stood.language)
    name = base.name if base and same else written_value(spoken.language)
    return Language(name, spoken.level)


def _placed(entries: tuple[T, ...]) -> list[T]:
    """Those of the resume in its order, then the others."""
    return sorted(entries, key=lambda entry: (entry.place is None, entry.place or 0))


def _latest_first(found: list[tuple[int | None, Experience]]) -> list[Experience]:
    """Roles of the resume in its order; each other one before the first that is older."""
    ordered = [experience for _, experience in sorted((f for f in found if f[0] is not None), key=lambda f: f[0] or 0)]
    for place, experience in found:
        if place is None:
            older = (i for i, one in enumerate(ordered) if _recency(one) < _recency(experience))
            ordered.insert(next(older, len(ordered)), experience)
    return ordered


def _recency(experience: Experience) -> tuple[int, int]:
    months = experience.months
    if months is None:
        return 0, 0
    return months.end if months.end is not None else 10**6, months.start
