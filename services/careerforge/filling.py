"""A resume that was read fills the profile: its entries become rows. What a person wrote, or removed, is not touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import update

from services.ai import codec
from services.ai.languages import english_name
from services.ai.resume import ParsedResume, SkillUse
from services.ai.resume.standing.entries import Entries, role_of, spoken_of, study_of
from services.ai.resume.standing.likeness import Key, role_key, study_key
from services.ai.resume.standing.reconciling import Known, Standing, reconcile, worded
from services.careerforge import entries, entry_queries
from services.careerforge.details import details_of
from services.careerforge.entries import EDUCATION, EXPERIENCE, LANGUAGE, SKILL, Kind
from services.careerforge.entry_rows import (
    key_of_row,
    role_columns,
    role_of_row,
    spoken_of_row,
    study_columns,
    study_of_row,
    wordings_of,
)
from services.careerforge.tables import (
    Education,
    Experience,
    ProfileLanguage,
    ProfileSkill,
    RemovedEntry,
    UserCareerForge,
)
from services.kit.db import ReadSession, WriteSession

Row = TypeVar("Row", Experience, Education, ProfileLanguage)


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """What a resume has of one kind: how each is known again, and the columns of its row."""

    kind: Kind[Row]
    keys: tuple[Key, ...]
    columns: tuple[Mapping[str, Any], ...]


async def fill(session: WriteSession, user_id: UUID, resume: ParsedResume) -> None:
    """Rows for what is in the resume and for nothing else that came from one. The profile is locked."""
    roles = tuple(role_columns(role_of(e, place)) for place, e in enumerate(resume.experiences))
    await _fill(session, user_id, Found(EXPERIENCE, tuple(map(role_key, resume.experiences)), roles))
    studies = tuple(study_columns(study_of(e, place)) for place, e in enumerate(resume.educations))
    await _fill(session, user_id, Found(EDUCATION, tuple(map(study_key, resume.educations)), studies))
    spoken = tuple(spoken_of(one, place) for place, one in enumerate(resume.languages))
    names = [english_name(one.language)[:60] for one in spoken]
    columns = tuple(
        {"name": name, "language": one.language, "level": one.level, "place": one.place}
        for name, one in zip(names, spoken, strict=True)
    )
    await _fill(session, user_id, Found(LANGUAGE, tuple(Key(name, "") for name in names), columns))


async def _fill(session: WriteSession, user_id: UUID, found: Found[Row]) -> None:
    rows, removed, known = await known_entries(session, user_id, found.kind)
    plan = reconcile(known, found.keys)
    for row, place in zip(rows, plan.places, strict=False):
        await _put(session, found, row, place)
    for entry, place in zip(removed, plan.places[len(rows) :], strict=True):
        if place is not None and found.kind.table is not ProfileLanguage:
            entry.wordings = _stored(worded(wordings_of(entry.wordings), found.keys[place]))
    for number in plan.gone:
        await _drop(session, found.kind, rows[number])
    # Past the most that a person may have, what is read is left out; and so is what says nothing.
    room = max(0, found.kind.most - len(rows) + len(plan.gone))
    for place in [place for place in plan.new if found.keys[place] != Key("", "")][:room]:
        await _add(session, user_id, found, place)


async def known_entries(
    session: ReadSession, user_id: UUID, kind: Kind[Row]
) -> tuple[Sequence[Row], Sequence[RemovedEntry], list[Known]]:
    """Those of the profile, those that were removed, and both as they are known again, in this order."""
    rows = await entry_queries.all_entries(session, kind.table, user_id)
    removed = await entry_queries.removed_entries(session, user_id, kind.name)
    known = [Known(Standing(row.origin), _wordings(row)) for row in rows]
    known += [Known(Standing.REMOVED, _removed_wordings(kind, one.wordings)) for one in removed]
    return rows, removed, known


def _wordings(row: Experience | Education | ProfileLanguage) -> tuple[Key, ...]:
    if isinstance(row, ProfileLanguage):
        return (Key(row.name, ""),)
    return tuple(dict.fromkeys((*wordings_of(row.wordings), key_of_row(row))))


def _removed_wordings(kind: Kind[Any], stored: Sequence[Any]) -> tuple[Key, ...]:
    return tuple(Key(name, "") for name in stored) if kind.table is ProfileLanguage else wordings_of(stored)


def _stored(wordings: Sequence[Key]) -> list[Any]:
    return [codec.to_json(key) for key in wordings]


async def _put(session: WriteSession, found: Found[Row], row: Row, place: int | None) -> None:
    """An entry of the resume is as it says now; of one that a person wrote only its place there is."""
    if place is None:
        if row.origin == "PERSON" and row.place is not None:
            await _set_hidden(session, row, {"place": None})
        return
    hidden: dict[str, Any] = {"place": place}
    if not isinstance(row, ProfileLanguage):
        hidden["wordings"] = _stored(worded(wordings_of(row.wordings), found.keys[place]))
    shown = found.columns[place] if row.origin == "RESUME" else {}
    await _set_hidden(session, row, {name: value for name, value in hidden.items() if getattr(row, name) != value})
    if any(getattr(row, name) != value for name, value in shown.items()):
        for name, value in shown.items():
            setattr(row, name, value)
        await entries.tell(session, found.kind.name, row.user_id, row.id)


async def _set_hidden(
    session: WriteSession, row: Experience | Education | ProfileLanguage, values: dict[str, Any]
) -> None:
    """The person sees none of it, so it is no other version of the entry."""
    if values:
        table = type(row)
        await session.execute(update(table).where(table.id == row.id).values(values))


async def _add(session: WriteSession, user_id: UUID, found: Found[Row], place: int) -> None:
    row = found.kind.table(user_id=user_id, origin="RESUME", **found.columns[place])
    if not isinstance(row, ProfileLanguage):
        row.wordings = _stored([found.keys[place]])
    session.add(row)
    await session.flush()
    await entries.tell(session, found.kind.name, user_id, row.id)


async def _drop(session: WriteSession, kind: Kind[Row], row: Row) -> None:
    await session.delete(row)
    await session.flush()
    await entries.tell(session, kind.name, row.user_id, row.id)


async def forget(session: WriteSession, user_id: UUID) -> None:
    """What came from a resume that is gone; what the person wrote stays, and is of no resume any more."""
    await _forget(session, user_id, EXPERIENCE)
    await _forget(session, user_id, EDUCATION)
    await _forget(session, user_id, LANGUAGE)


async def _forget(session: WriteSession, user_id: UUID, kind: Kind[Row]) -> None:
    for row in await entry_queries.all_entries(session, kind.table, user_id):
        if row.origin == "RESUME":
            await _drop(session, kind, row)
        elif row.place is not None:
            await _set_hidden(session, row, {"place": None})


async def fill_skills(session: WriteSession, user_id: UUID, skills: Sequence[SkillUse]) -> None:
    """Skills as the edited profile shows them. Of one that was set by hand only the evidence is worked out."""
    rows = {row.skill_id: row for row in await entry_queries.all_entries(session, ProfileSkill, user_id)}
    shown = {skill.skill_id: skill for skill in skills}
    for skill_id, row in rows.items():
        if skill_id not in shown and row.origin == "RESUME" and not row.verified_time:
            await session.delete(row)
            await entries.tell(session, SKILL.name, user_id, row.id)
    room = SKILL.most - sum(row.origin == "PERSON" or skill_id in shown for skill_id, row in rows.items())
    for skill_id, skill in shown.items():
        known = rows.get(skill_id)
        if known is None:
            room -= 1
            if room < 0:
                continue
            known = ProfileSkill(user_id=user_id, skill_id=skill_id, origin="RESUME")
            session.add(known)
        await _show(session, known, skill)


async def _show(session: WriteSession, row: ProfileSkill, skill: SkillUse) -> None:
    values: dict[str, Any] = {"evidence": skill.evidence.value}
    if row.origin == "RESUME":
        values |= {"label": skill.label, "years": skill.years}
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        await session.flush()
        await entries.tell(session, SKILL.name, row.user_id, row.id)


async def entries_of(session: ReadSession, profile: UserCareerForge) -> Entries:
    """Of the profile as it is now. For the platform: the person sees nothing of what was removed."""
    user_id = profile.id
    skills = await entry_queries.all_entries(session, ProfileSkill, user_id)
    by_hand = {row.skill_id: row.label for row in skills if row.origin == "PERSON" or row.verified_time}
    removed = await entry_queries.removed_entries(session, user_id, SKILL.name)
    return Entries(
        roles=tuple(map(role_of_row, await entry_queries.all_entries(session, Experience, user_id))),
        studies=tuple(map(study_of_row, await entry_queries.all_entries(session, Education, user_id))),
        spoken=tuple(map(spoken_of_row, await entry_queries.all_entries(session, ProfileLanguage, user_id))),
        listed=tuple(by_hand.items()),
        removed=frozenset(skill for one in removed for skill in one.wordings) - by_hand.keys(),
        certificates=tuple(one.name for one in details_of(profile).certifications),
    )
