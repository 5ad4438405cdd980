"""The caller's profile as documents show it: the entries as edited, and beside them what the resume and imports say."""

from collections.abc import Sequence
from uuid import UUID

from services.ai.resume import ParsedResume, Value
from services.careerforge import entry_queries, portfolio_queries, profiles
from services.careerforge.details import details_of
from services.careerforge.entry_rows import months_of
from services.careerforge.exchange.limits import PROJECT_TITLE
from services.careerforge.exchange.profile import (
    ITEM,
    Award,
    Certification,
    Education,
    Experience,
    Language,
    Location,
    Profile,
    Project,
    Publication,
    Skill,
)
from services.careerforge.insights import said
from services.careerforge.tables import Education as EducationRow
from services.careerforge.tables import Experience as ExperienceRow
from services.careerforge.tables import Portfolio, ProfileLanguage, ProfileSkill
from services.kit.auth import Caller
from services.kit.db import ReadSession


async def get_exported(session: ReadSession, caller: Caller, private: bool) -> Profile:
    """`private`: with the projects that are for the person alone."""
    row = await profiles.get_profile(session, caller)
    projects = [
        one for one in await portfolio_queries.all_items(session, row.id) if private or one.visibility != "private"
    ]
    resume, details = said(row), details_of(row)
    return Profile(
        name=row.display_name or _text(resume.contact.name),
        headline=row.headline,
        summary=details.summary or _text(resume.summary),
        emails=details.emails or _texts(resume.contact.emails),
        phones=details.phones or _texts(resume.contact.phones),
        links=details.links or tuple(map(_address, _texts(resume.contact.links))),
        location=details.location if str(details.location) else Location(city=_text(resume.contact.location)),
        experiences=await _experiences(session, row.id),
        educations=await _educations(session, row.id),
        skills=(*await _skills(session, row.id), *details.skills),
        languages=await _languages(session, row.id),
        certifications=details.certifications or tuple(map(Certification, _texts(resume.certifications))),
        projects=(*map(_project, projects), *_others(resume, projects)),
        publications=details.publications or tuple(map(Publication, _texts(resume.publications))),
        awards=details.awards or tuple(map(Award, _texts(resume.awards))),
    )


def _text(value: Value | None) -> str:
    return " ".join(value.text.split()) if value else ""


def _texts(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, values)))


def _address(link: str) -> str:
    """Resumes leave the scheme out."""
    return link if "://" in link else f"https://{link}"


async def _experiences(session: ReadSession, user_id: UUID) -> tuple[Experience, ...]:
    rows = await entry_queries.in_order(session, ExperienceRow, user_id)
    return tuple(
        Experience(row.title, row.employer, row.location, start, None if row.current else end, row.current, _items(row))
        for row in rows
        for start, end in [months_of(row)]
    )


def _items(row: ExperienceRow) -> str:
    """Lines of a resume's role are items of a list; what a person wrote is as written."""
    if row.place is None or ITEM in row.description:
        return row.description
    return "\n".join(f"{ITEM}{line}" for line in row.description.split("\n") if line)


async def _educations(session: ReadSession, user_id: UUID) -> tuple[Education, ...]:
    rows = await entry_queries.in_order(session, EducationRow, user_id)
    return tuple(Education(row.institution, row.degree, row.field, *months_of(row)) for row in rows)


async def _skills(session: ReadSession, user_id: UUID) -> tuple[Skill, ...]:
    """What a resume only implies is nothing that a person says of themselves."""
    rows = await entry_queries.in_order(session, ProfileSkill, user_id)
    return tuple(Skill(row.label, row.skill_id, row.years) for row in rows if row.evidence != "IMPLIED")


async def _languages(session: ReadSession, user_id: UUID) -> tuple[Language, ...]:
    rows = await entry_queries.in_order(session, ProfileLanguage, user_id)
    return tuple(Language(row.language, row.level) for row in rows)


def _project(row: Portfolio) -> Project:
    return Project(row.project_title, row.description, tuple(row.technologies), row.project_url, row.github_url)


def _others(resume: ParsedResume, projects: Sequence[Portfolio]) -> list[Project]:
    """Projects of the resume that the portfolio does not show."""
    shown = {one.project_title.casefold() for one in projects}
    found = [Project(text[:PROJECT_TITLE].strip()) for text in _texts(resume.projects)]
    return [one for one in found if one.title.casefold() not in shown]
