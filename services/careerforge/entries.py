"""What a person writes into the profile. Each change wins over every later reading of a resume, and what is removed stays removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import insert, update

from services.ai import codec
from services.ai.languages import english_name
from services.ai.skills import load
from services.careerforge import assessment_queries, entry_queries, profiles, tables
from services.careerforge.entry_pages import TextPage
from services.careerforge.entry_rows import key_of_row, wordings_of
from services.careerforge.tables import (
    Education,
    Experience,
    ProfileLanguage,
    ProfileSkill,
    RemovedEntry,
    UserCareerForge,
)
from services.kit import changes, jobs
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, uuid7
from services.kit.errors import InvalidArgument, NotFound
from services.kit.masks import check_etag

REFRESH_JOB = "refresh_profile"

Row = TypeVar("Row", Experience, Education, ProfileSkill, ProfileLanguage)
Dated = TypeVar("Dated", Experience, Education)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """`name` is that of its changes and errors, `most` how many a person may have."""

    table: type[Row]
    name: str
    most: int

    def require_room(self, count: int) -> None:
        """For one more."""
        if count >= self.most:
            raise InvalidArgument(
                self.name,
                f"there are {self.most} in the profile, and no more fit; remove one first",
                limit=str(self.most),
            )


EXPERIENCE = Kind(Experience, "experience", 200)
EDUCATION = Kind(Education, "education", 100)
SKILL = Kind(ProfileSkill, "skill", 500)
LANGUAGE = Kind(ProfileLanguage, "language", 50)
KINDS = (EXPERIENCE, EDUCATION, SKILL, LANGUAGE)


async def list_entries(
    session: ReadSession, caller: Caller, kind: Kind[Row], page: TextPage
) -> Sequence[tuple[Row, str]]:
    return await entry_queries.list_entries(session, kind.table, caller.account(), page)


async def create(
    session: WriteSession, caller: Caller, kind: Kind[Dated], values: Mapping[str, Any], request_id: UUID | None
) -> Dated:
    """The same `request_id` again: the entry it made before."""
    profile = await profiles.ensure_profile(session, caller)
    if request_id and (known := await entry_queries.find_by_request(session, kind.table, profile.id, request_id)):
        return known
    kind.require_room(await entry_queries.count_entries(session, kind.table, profile.id))
    row = kind.table(user_id=profile.id, origin="PERSON", request_id=request_id, **values)
    _check(kind, row)
    session.add(row)
    return await _changed(session, kind, row)


async def change(
    session: WriteSession, caller: Caller, kind: Kind[Dated], entry_id: UUID, values: Mapping[str, Any], etag: str
) -> Dated:
    """Nothing happens to an entry that is so already."""
    profile = await profiles.ensure_profile(session, caller)
    row = await entry_queries.get_own_entry(session, kind.table, kind.name, profile.id, entry_id)
    check_etag(kind.name, etag, row.version)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.origin = "PERSON"
    _check(kind, row)
    return await _changed(session, kind, row)


async def remove(session: WriteSession, caller: Caller, kind: Kind[Dated], entry_id: UUID) -> None:
    profile = await profiles.ensure_profile(session, caller)
    row: Dated = await entry_queries.get_own_entry(session, kind.table, kind.name, profile.id, entry_id)
    wordings = dict.fromkeys((*wordings_of(row.wordings), key_of_row(row)))
    await _removed(session, kind, row, codec.to_json(tuple(wordings)))


async def set_skill(session: WriteSession, caller: Caller, skill_id: str, years: float, etag: str) -> ProfileSkill:
    """Raises NotFound for what the ontology does not have."""
    profile = await profiles.ensure_profile(session, caller)
    try:
        label = load().skills[skill_id].label
    except KeyError:
        raise NotFound("skill", skill_id) from None
    row = await entry_queries.find_skill(session, profile.id, skill_id)
    if row is None:
        SKILL.require_room(await entry_queries.count_entries(session, ProfileSkill, profile.id))
        # A test that was passed before the person removed the skill still counts.
        passed = await assessment_queries.find_passed_time(session, profile.id, skill_id)
        row = ProfileSkill(user_id=profile.id, skill_id=skill_id, evidence="STATED", verified_time=passed)
        session.add(row)
    else:
        check_etag("skill", etag, row.version)
    row.label, row.years, row.origin = label, years, "PERSON"
    return await _changed(session, SKILL, row)


async def remove_skill(session: WriteSession, caller: Caller, skill_id: str) -> None:
    profile = await profiles.ensure_profile(session, caller)
    row = await entry_queries.find_skill(session, profile.id, skill_id)
    if row is None:
        raise NotFound("skill", skill_id)
    await _removed(session, SKILL, row, [skill_id])


async def set_language(session: WriteSession, caller: Caller, language: str, level: str, etag: str) -> ProfileLanguage:
    """By any of its names."""
    profile = await profiles.ensure_profile(session, caller)
    name = language_name(language)
    row = await entry_queries.find_language(session, profile.id, name)
    if row is None:
        LANGUAGE.require_room(await entry_queries.count_entries(session, ProfileLanguage, profile.id))
        row = ProfileLanguage(user_id=profile.id, name=name)
        session.add(row)
    else:
        check_etag("language", etag, row.version)
    row.language, row.level, row.origin = " ".join(language.split()), level, "PERSON"
    return await _changed(session, LANGUAGE, row)


async def remove_language(session: WriteSession, caller: Caller, language: str) -> None:
    profile = await profiles.ensure_profile(session, caller)
    row = await entry_queries.find_language(session, profile.id, language_name(language))
    if row is None:
        raise NotFound("language", language)
    await _removed(session, LANGUAGE, row, [row.name])


def language_name(language: str) -> str:
    """Raises InvalidArgument for blanks."""
    name = english_name(language)[:60]
    if not name:
        raise InvalidArgument("language", "is empty; name one, e.g. German")
    return name


async def refresh_later(session: WriteSession, user_id: UUID, fill: bool = False) -> None:
    """What is told to matching, and the strength, are worked out by a worker: the models are there."""
    counted = update(UserCareerForge).where(UserCareerForge.id == user_id)
    number = UserCareerForge.entry_number + 1
    await session.execute(counted.values(entry_number=number).execution_options(synchronize_session=False))
    await jobs.enqueue(session, tables.jobs, REFRESH_JOB, {"user_id": str(user_id), "fill": fill})


async def tell(session: WriteSession, name: str, user_id: UUID, entry_id: UUID) -> None:
    """Who watches the profile."""
    await changes.record(session, tables.changes, name, entry_id, user_id)


async def _changed(session: WriteSession, kind: Kind[Row], row: Row) -> Row:
    await session.flush()
    await session.refresh(row)
    await tell(session, kind.name, row.user_id, row.id)
    await refresh_later(session, row.user_id)
    return row


async def _removed(session: WriteSession, kind: Kind[Row], row: Row, wordings: list[Any]) -> None:
    # Without RETURNING: to the person no such row is there to be read.
    values = {"id": uuid7(), "user_id": row.user_id, "kind": kind.name, "wordings": wordings}
    await session.execute(insert(RemovedEntry.__table__).values(values))  # type: ignore[arg-type]
    await session.delete(row)
    await session.flush()
    await tell(session, kind.name, row.user_id, row.id)
    await refresh_later(session, row.user_id)


def _check(kind: Kind[Dated], row: Experience | Education) -> None:
    """Raises InvalidArgument for what cannot stand in a profile."""
    name = row.title if isinstance(row, Experience) else row.institution
    # Until a row is kept, what was not said is None.
    if not (name or "").strip():
        field = "title" if isinstance(row, Experience) else "institution"
        raise InvalidArgument(f"{kind.name}.{field}", "is empty; 1 to 300 characters are needed")
    if isinstance(row, Experience) and row.current and row.end_month:
        raise InvalidArgument(f"{kind.name}.end", "is set, but `current` says that it lasts; leave one of them out")
    if row.start_month and row.end_month and _ends_before(row):
        raise InvalidArgument(f"{kind.name}.end", "is before `start`; exchange them")


def _ends_before(row: Experience | Education) -> bool:
    assert row.start_month
    assert row.end_month
    if row.start_year_only or row.end_year_only:
        return row.end_month.year < row.start_month.year
    return row.end_month < row.start_month
