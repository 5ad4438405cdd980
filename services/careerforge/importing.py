"""A profile read from a file fills the caller's: what is new is added, what is there gets what it lacks, and nothing is overwritten.

What came in by an import is the person's own, as if written by hand. What the person removed stays removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.languages import english_name
from services.ai.resume.standing.entries import Role, Study, level_of
from services.ai.resume.standing.likeness import key_of_role, key_of_study
from services.ai.resume.standing.reconciling import reconcile
from services.ai.skills import load
from services.ai.skills.ontology import Skill
from services.careerforge import entries, entry_queries, portfolio_queries, previews, profiles
from services.careerforge.details import details_of
from services.careerforge.entries import EDUCATION, EXPERIENCE, LANGUAGE, SKILL, Dated, Kind
from services.careerforge.entry_rows import role_columns, study_columns
from services.careerforge.exchange import Finding, Import, Profile
from services.careerforge.exchange.findings import MOST_FINDINGS
from services.careerforge.exchange.profile import Skill as NamedSkill
from services.careerforge.filling import Found, known_entries
from services.careerforge.portfolio import MOST_ITEMS
from services.careerforge.profiles import update_profile
from services.careerforge.tables import (
    Education,
    Experience,
    Portfolio,
    ProfileImport,
    ProfileLanguage,
    ProfileSkill,
    UserCareerForge,
)
from services.kit.auth import Caller
from services.kit.db import WriteSession

REMOVED = "was removed from the profile before, and stays removed; add it by hand if it belongs there"
FULL = "finds no room: the profile has as many as it may; remove one, or leave this out"
UNKNOWN_SKILL = "is not in the skill ontology; kept for exports, and not used in matching"


@dataclass(slots=True)
class Brought:
    """What an import brings, counted as it goes."""

    findings: list[Finding]
    added: int = 0
    filled: int = 0

    def left_out(self, what: str, why: str) -> None:
        self.findings.append(Finding(what, why))


async def import_profile(
    session: WriteSession, caller: Caller, found: Import, request_id: UUID | None
) -> tuple[UserCareerForge, ProfileImport]:
    """All of it or nothing. The same `request_id` again: what it brought before."""
    row = await profiles.ensure_profile(session, caller)
    if request_id and (known := await entry_queries.find_import(session, row.id, request_id)):
        return row, known
    brought, profile = Brought(list(found.findings)), found.profile
    await _roles(session, row.id, profile, brought)
    await _studies(session, row.id, profile, brought)
    unknown = await _skills(session, row.id, profile, brought)
    await _languages(session, row.id, profile, brought)
    await _projects(session, row.id, profile, brought)
    values = _empty_filled(row, profile) | {"details": _details(row, replace(profile, skills=unknown))}
    row = await update_profile(session, caller, values, etag="")
    await entries.refresh_later(session, row.id)
    kept = ProfileImport(
        user_id=row.id,
        request_id=request_id,
        format=found.format,
        added_count=brought.added,
        filled_count=brought.filled,
        findings=codec.to_json(tuple(brought.findings[:MOST_FINDINGS])),
    )
    session.add(kept)
    await session.flush()
    return row, kept


async def _roles(session: WriteSession, user_id: UUID, profile: Profile, brought: Brought) -> None:
    keys = [key_of_role(e.title, e.employer, e.start, e.end, e.description) for e in profile.experiences]
    columns = [
        role_columns(Role(e.title, e.employer, e.location, e.start, e.end, e.current, e.description))
        for e in profile.experiences
    ]
    await _entries(session, user_id, Found(EXPERIENCE, tuple(keys), tuple(columns)), brought)


async def _studies(session: WriteSession, user_id: UUID, profile: Profile, brought: Brought) -> None:
    levels = [int(level_of(e.degree, e.field)) for e in profile.educations]
    keys = [
        key_of_study(e.institution, e.degree, e.field, level, e.start, e.end)
        for e, level in zip(profile.educations, levels, strict=True)
    ]
    columns = [study_columns(Study(e.institution, e.degree, e.field, e.start, e.end)) for e in profile.educations]
    await _entries(session, user_id, Found(EDUCATION, tuple(keys), tuple(columns)), brought)


async def _entries(session: WriteSession, user_id: UUID, found: Found[Dated], brought: Brought) -> None:
    rows, _, known = await known_entries(session, user_id, found.kind)
    plan = reconcile(known, found.keys)
    for row, place in zip(rows, plan.places, strict=False):
        if place is not None and (lacking := _lacking(row, found.columns[place])):
            await _fill(session, found.kind, row, lacking)
            brought.filled += 1
    for place in plan.places[len(rows) :]:
        if place is not None:
            brought.left_out(_name(found.columns[place]), REMOVED)
    room = max(0, found.kind.most - len(rows))
    for place in plan.new[room:]:
        brought.left_out(_name(found.columns[place]), FULL)
    for place in plan.new[:room]:
        row = found.kind.table(user_id=user_id, **found.columns[place])
        await _add(session, found.kind, row)
        brought.added += 1


def _name(columns: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (columns.get("title") or columns.get("institution"), columns.get("employer"))))


def _lacking(row: Experience | Education, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says and the entry does not. Dates go together, so that none contradicts another."""
    undated = not (row.start_month or row.end_month or getattr(row, "current", False))
    dates = ("start_month", "start_year_only", "end_month", "end_year_only", "current")
    return {
        name: value
        for name, value in columns.items()
        if value and name != "place" and (undated if name in dates else not getattr(row, name))
    }


async def _fill(
    session: WriteSession, kind: Kind[Any], row: Experience | Education | ProfileLanguage, values: Mapping[str, Any]
) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.origin = "PERSON"
    await session.flush()
    await entries.tell(session, kind.name, row.user_id, row.id)


async def _add(
    session: WriteSession, kind: Kind[Any], row: Experience | Education | ProfileSkill | ProfileLanguage
) -> None:
    row.origin = "PERSON"
    session.add(row)
    await session.flush()
    await entries.tell(session, kind.name, row.user_id, row.id)


async def _skills(session: WriteSession, user_id: UUID, profile: Profile, brought: Brought) -> tuple[NamedSkill, ...]:
    """Returns those that the ontology does not know."""
    rows = {row.skill_id: row for row in await entry_queries.all_entries(session, ProfileSkill, user_id)}
    removed = {one.wordings[0] for one in await entry_queries.removed_entries(session, user_id, SKILL.name)}
    unknown = []
    for skill in profile.skills:
        known = _skill(skill.skill_id, skill.name)
        if known is None:
            unknown.append(skill)
            brought.left_out(skill.name, UNKNOWN_SKILL)
        elif known.id in removed:
            brought.left_out(skill.name, REMOVED)
        elif known.id not in rows and len(rows) >= SKILL.most:
            brought.left_out(skill.name, FULL)
        elif known.id not in rows:
            row = ProfileSkill(
                user_id=user_id, skill_id=known.id, label=known.label, evidence="STATED", years=skill.years
            )
            rows[known.id] = row
            await _add(session, SKILL, row)
            brought.added += 1
    return tuple(unknown)


def _skill(skill_id: str, name: str) -> Skill | None:
    """By id, by name, or by name without what stands in brackets, as in "Python (Programming Language)"."""
    ontology = load()
    if skill_id in ontology.skills:
        return ontology.skills[skill_id]
    return ontology.find(name) or ontology.find(name.partition("(")[0].strip())


async def _languages(session: WriteSession, user_id: UUID, profile: Profile, brought: Brought) -> None:
    rows = {row.name: row for row in await entry_queries.all_entries(session, ProfileLanguage, user_id)}
    removed = {one.wordings[0] for one in await entry_queries.removed_entries(session, user_id, LANGUAGE.name)}
    for spoken in profile.languages:
        name = english_name(spoken.name)[:60]
        row = rows.get(name)
        if name in removed:
            brought.left_out(spoken.name, REMOVED)
        elif row is not None:
            if spoken.level and not row.level:
                await _fill(session, LANGUAGE, row, {"level": spoken.level})
                brought.filled += 1
        elif len(rows) >= LANGUAGE.most:
            brought.left_out(spoken.name, FULL)
        elif name:
            rows[name] = ProfileLanguage(user_id=user_id, name=name, language=spoken.name[:60], level=spoken.level)
            await _add(session, LANGUAGE, rows[name])
            brought.added += 1


async def _projects(session: WriteSession, user_id: UUID, profile: Profile, brought: Brought) -> None:
    """Into the portfolio, for the person alone, unless one of that title is there."""
    titles = {one.project_title.casefold() for one in await portfolio_queries.all_items(session, user_id)}
    for project in profile.projects:
        if project.title.casefold() in titles:
            continue
        if len(titles) >= MOST_ITEMS:
            brought.left_out(project.title, FULL)
            continue
        titles.add(project.title.casefold())
        row = Portfolio(
            user_id=user_id,
            project_title=project.title,
            description=project.description,
            technologies=list(project.technologies),
            project_url=project.project_url,
            github_url=project.github_url,
        )
        session.add(row)
        await session.flush()
        await previews.fetch_later(session, row)
        brought.added += 1


def _empty_filled(row: UserCareerForge, profile: Profile) -> dict[str, Any]:
    told = {"display_name": profile.name, "headline": profile.headline}
    return {name: value for name, value in told.items() if value and not getattr(row, name)}


def _details(row: UserCareerForge, profile: Profile) -> Any:
    """What the profile has no entries for; what an earlier import said stays where this one says nothing."""
    names = ("summary", "emails", "phones", "links", "location", "skills", "certifications", "publications", "awards")
    before = details_of(row)
    said = {name: getattr(profile, name) or getattr(before, name) for name in names if name != "location"}
    location = profile.location if str(profile.location) else before.location
    return codec.to_json(Profile(location=location, **said))
