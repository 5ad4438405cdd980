"""Profile → JSON Resume, valid against schema 1.0.0; read back it is the same profile."""

import json
from collections.abc import Sequence
from typing import Any

from services.ai.months import YearMonth
from services.careerforge.exchange.profile import ITEM, Certification, Experience, Profile, Project, Skill

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
VERSION = "v1.0.0"
Json = dict[str, Any]


def export_json(profile: Profile) -> bytes:
    """UTF-8; fields in the order of the schema, empty ones left out but for `basics`, which makes it a resume."""
    resume = {
        "$schema": SCHEMA,
        "basics": _basics(profile),
        "work": [_work(one) for one in profile.experiences],
        "education": [
            _said(
                institution=one.institution,
                area=one.field,
                studyType=one.degree,
                startDate=_date(one.start),
                endDate=_date(one.end),
            )
            for one in profile.educations
        ],
        "awards": [_said(title=a.title, date=_date(a.date), awarder=a.awarder) for a in profile.awards],
        "certificates": [_certificate(one) for one in profile.certifications],
        "publications": [
            _said(name=p.title, publisher=p.publisher, releaseDate=_date(p.date), url=p.url)
            for p in profile.publications
        ],
        "skills": [_skill(one) for one in profile.skills],
        "languages": [_said(language=one.name, fluency=one.level) for one in profile.languages],
        "projects": [_project(one) for one in profile.projects],
        "meta": {"version": VERSION},
    }
    told: Json = {"basics": {}} | _said(**resume)
    return (
        json.dumps({name: told[name] for name in resume if name in told}, ensure_ascii=False, indent=2).encode() + b"\n"
    )


def _said(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value not in ("", [], {}, None)}


def _date(month: YearMonth | None) -> str:
    return str(month) if month else ""


def _basics(profile: Profile) -> Json:
    place = profile.location
    return _said(
        name=profile.name,
        label=profile.headline,
        email=next(iter(profile.emails), ""),
        phone=next(iter(profile.phones), ""),
        emails=_beyond_first(profile.emails),
        phones=_beyond_first(profile.phones),
        url=next(iter(profile.links), ""),
        summary=profile.summary,
        location=_said(city=place.city, countryCode=place.country_code, region=place.region),
        profiles=[{"url": link} for link in profile.links[1:]],
    )


def _beyond_first(values: Sequence[str]) -> list[str]:
    return list(values[1:])


def _work(one: Experience) -> Json:
    summary, highlights = parted(one.description)
    fields = _said(
        name=one.employer,
        location=one.location,
        position=one.title,
        startDate=_date(one.start),
        endDate=_date(one.end),
        summary=summary,
        highlights=highlights,
    )
    # A role without an end is one that lasts, unless it says otherwise.
    if one.end is None and one.current != bool(one.start):
        fields["current"] = one.current
    return fields


def parted(text: str) -> tuple[str, list[str]]:
    """Prose and the items that end it; a list with prose after it stays prose."""
    lines = text.split("\n")
    first = len(lines)
    while first and lines[first - 1].startswith(ITEM) and lines[first - 1].removeprefix(ITEM).strip():
        first -= 1
    return "\n".join(lines[:first]), [line.removeprefix(ITEM) for line in lines[first:]]


def _certificate(one: Certification) -> Json:
    """The schema wants a whole day."""
    whole = f"{one.date}-01" if one.date and one.date.month else ""
    year = one.date.year if one.date and not one.date.month else None
    return _said(name=one.name, date=whole, year=year, url=one.url, issuer=one.issuer)


def _skill(one: Skill) -> Json:
    return _said(name=one.name, skillId=one.skill_id, years=one.years or None)


def _project(one: Project) -> Json:
    description, highlights = parted(one.description)
    fields = _said(
        name=one.title,
        description=description,
        highlights=highlights,
        keywords=list(one.technologies),
        startDate=_date(one.start),
        endDate=_date(one.end),
        url=one.project_url,
    )
    # Said even when empty: an address at GitHub is otherwise taken for that of the code.
    if one.project_url or one.github_url:
        fields["repository"] = one.github_url
    return fields
