"""Every SELECT of the entries of a profile, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, case, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from services.careerforge.entry_pages import TextPage
from services.careerforge.tables import (
    Education,
    Experience,
    ProfileImport,
    ProfileLanguage,
    ProfileSkill,
    RemovedEntry,
)
from services.kit.db import ReadSession
from services.kit.errors import NotFound

Row = TypeVar("Row", Experience, Education, ProfileSkill, ProfileLanguage)

# What lasts comes first, what has no dates last.
FAR, LONG_AGO = date(9999, 12, 1), date(1, 1, 1)
# How well a skill is shown, and a language spoken.
_EVIDENCE = {"USED_IN_ROLE": "3", "STATED": "2", "IMPLIED": "1"}
_LEVELS = {"NATIVE": "7", "C2": "6", "C1": "5", "B2": "4", "B1": "3", "A2": "2", "A1": "1"}
MOST_REMOVED = 500


def _day(day: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(day, "YYYYMMDD")


def order_of(table: type[Row]) -> ColumnElement[str]:
    """A text of its own for each row; what comes first in a list has the greatest."""
    # Any: mypy knows columns only of the one table that a type variable stands for.
    t: Any = table
    own = cast(t.id, Text)
    if table is ProfileSkill:
        years = func.lpad(cast(func.round(t.years * 100), Text), 6, "0")
        return func.concat(case(_EVIDENCE, value=t.evidence, else_="0"), years, own)
    if table is ProfileLanguage:
        return func.concat(case(_LEVELS, value=t.level, else_="0"), own)
    ended = func.coalesce(t.end_month, t.start_month, LONG_AGO)
    last: ColumnElement[Any] = case((t.current, FAR), else_=ended) if table is Experience else ended
    return func.concat(_day(last), _day(func.coalesce(t.start_month, LONG_AGO)), own)


async def list_entries(
    session: ReadSession, table: type[Row], user_id: UUID, page: TextPage
) -> Sequence[tuple[Row, str]]:
    """With the text that each is ordered by."""
    statement = page.of(select(table).where(table.user_id == user_id), order_of(table))
    return [(row, key) for row, key in (await session.execute(statement)).all()]


async def all_entries(session: ReadSession, table: type[Row], user_id: UUID) -> Sequence[Row]:
    """In the order of their ids."""
    statement = select(table).where(table.user_id == user_id).order_by(table.id)
    return (await session.execute(statement)).scalars().all()


async def in_order(session: ReadSession, table: type[Row], user_id: UUID) -> Sequence[Row]:
    """As lists show them."""
    statement = select(table).where(table.user_id == user_id).order_by(order_of(table).collate("C").desc())
    return (await session.execute(statement)).scalars().all()


async def entries_by_id(session: ReadSession, table: type[Row], ids: Collection[UUID]) -> dict[UUID, Row]:
    statement = select(table).where(table.id.in_(ids))
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


async def count_entries(session: ReadSession, table: type[Row], user_id: UUID) -> int:
    statement = select(func.count()).select_from(table).where(table.user_id == user_id)
    return (await session.execute(statement)).scalar_one()


async def get_own_entry(session: ReadSession, table: type[Row], name: str, user_id: UUID, entry_id: UUID) -> Row:
    """Another person's and a missing one answer alike."""
    statement = select(table).where(table.id == entry_id, table.user_id == user_id)
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound(name, str(entry_id))
    return row


async def find_by_request(session: ReadSession, table: type[Row], user_id: UUID, request_id: UUID) -> Row | None:
    t: Any = table
    statement = select(table).where(t.user_id == user_id, t.request_id == request_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def find_skill(session: ReadSession, user_id: UUID, skill_id: str) -> ProfileSkill | None:
    statement = select(ProfileSkill).where(ProfileSkill.user_id == user_id, ProfileSkill.skill_id == skill_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def assessed_skills(session: ReadSession, user_id: UUID) -> list[str]:
    """Ids of the skills of the profile of which a test was passed."""
    where = (ProfileSkill.user_id == user_id, ProfileSkill.verified_time.is_not(None))
    return list(
        (await session.execute(select(ProfileSkill.skill_id).where(*where).order_by(ProfileSkill.skill_id))).scalars()
    )


async def find_language(session: ReadSession, user_id: UUID, name: str) -> ProfileLanguage | None:
    statement = select(ProfileLanguage).where(ProfileLanguage.user_id == user_id, ProfileLanguage.name == name)
    return (await session.execute(statement)).scalar_one_or_none()


async def find_import(session: ReadSession, user_id: UUID, request_id: UUID) -> ProfileImport | None:
    where = (ProfileImport.user_id == user_id, ProfileImport.request_id == request_id)
    return (await session.execute(select(ProfileImport).where(*where))).scalar_one_or_none()


async def removed_entries(session: ReadSession, user_id: UUID, kind: str) -> Sequence[RemovedEntry]:
    """The newest 500. For the platform alone: to the person none is there."""
    where = (RemovedEntry.user_id == user_id, RemovedEntry.kind == kind)
    statement = select(RemovedEntry).where(*where).order_by(RemovedEntry.id.desc()).limit(MOST_REMOVED)
    return (await session.execute(statement)).scalars().all()
