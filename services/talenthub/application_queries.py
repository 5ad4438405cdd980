"""Every SELECT about applications, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, exists, literal, or_, select, text
from sqlalchemy.orm import undefer

from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Page
from services.talenthub.tables import (
    Application,
    Interview,
    Member,
    Organization,
    Position,
    StageMove,
)

INTERVIEWER = "INTERVIEWER"


@dataclass(frozen=True, slots=True)
class Placed:
    """An application in its organization. `role`: of the member who asks; empty for the candidate."""

    application: Application
    organization_id: UUID
    stages: Sequence[Mapping[str, str]]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two applications that look like one person's."""

    kept_id: UUID
    merged_id: UUID


_WITH_MERGED = text("""
    with recursive found (id) as (
      select cast(:id as uuid)
      union all
      select application.id from talenthub.applications as application join found on application.merged_into_id = found.id)
    select id from found""").columns(id=Uuid)
_DUPLICATES = text("""
    with recursive stands (id, id_for) as (
      select id, id from talenthub.applications where position_id = :position_id and merged_into_id is null
      union all
      select application.id, stands.id_for
      from talenthub.applications as application join stands on application.merged_into_id = stands.id),
    marked as (
      select stands.id_for as id, mark
      from stands
        join talenthub.applications as application on application.id = stands.id,
        jsonb_array_elements_text(application.profile -> 'marks') as mark)
    select newer.id as merged, (array_agg(older.id order by older.id))[1] as kept
    from marked as newer join marked as older on older.mark = newer.mark and older.id < newer.id
    where cast(:last as uuid) is null or newer.id < :last
    group by newer.id order by newer.id desc limit :limit""").columns(merged=Uuid, kept=Uuid)


def _member(account_id: UUID) -> ColumnElement[bool]:
    here = Member.organization_id == Position.organization_id
    return and_(here, Member.account_id == account_id, Member.remove_time.is_(None))


def _talk_with(account_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        Interview.application_id == Application.id,
        literal(account_id) == any_(Interview.interviewer_ids),
    )


def _assigned(account_id: UUID) -> ColumnElement[bool]:
    """Members see all applications, interviewers those that they hold a talk with, or were to."""
    return or_(Member.role != INTERVIEWER, _talk_with(account_id))


async def find_application(session: ReadSession, position_id: UUID, candidate_id: UUID) -> Application | None:
    where = (Application.position_id == position_id, Application.candidate_id == candidate_id)
    return (await session.execute(select(Application).where(*where))).scalar_one_or_none()


async def lock_open_position(session: WriteSession, position_id: UUID) -> Position | None:
    """An open position, which stays open until the transaction's end."""
    statement = select(Position).where(Position.id == position_id, Position.state == "OPEN")
    return (await session.execute(statement.with_for_update(read=True))).scalar_one_or_none()


async def get_visible_application(
    session: ReadSession, account_id: UUID, application_id: UUID
) -> tuple[Application, str]:
    """With its profile; to who applied and to members. Returns the member's role too, empty for the candidate."""
    own = Application.candidate_id == account_id
    statement = (
        select(Application, Member.role)
        .outerjoin(Position, Position.id == Application.position_id)
        .outerjoin(Member, _member(account_id))
        .where(Application.id == application_id, or_(own, and_(Member.id.is_not(None), _assigned(account_id))))
        .options(undefer(Application.profile))
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("application", str(application_id))
    return row[0], "" if row[0].candidate_id == account_id else row[1]


def _placed(account_id: UUID, ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    return (
        select(Application, Position.organization_id, Organization.stages, Member.role)
        .join(Position, Position.id == Application.position_id)
        .join(Organization, Organization.id == Position.organization_id)
        .join(Member, _member(account_id))
        .where(Application.id.in_(ids))
        .order_by(Application.id)
    )


async def get_placed(session: ReadSession, account_id: UUID, application_id: UUID) -> Placed:
    """An application to a position of a member's organization."""
    statement = _placed(account_id, [application_id]).where(_assigned(account_id))
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("application", str(application_id))
    return Placed(*row)


async def lock_placed(session: WriteSession, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, Placed]:
    """Those of a member's organizations, locked in order of their ids, so that two who lock several do not wait for each other."""
    rows = await session.execute(_placed(account_id, ids).with_for_update(of=Application))
    return {row[0].id: Placed(*row) for row in rows.all()}


async def lock_own(session: WriteSession, candidate_id: UUID, application_id: UUID) -> Placed:
    """The candidate's own application."""
    statement = (
        select(Application, Position.organization_id, Organization.stages)
        .join(Position, Position.id == Application.position_id)
        .join(Organization, Organization.id == Position.organization_id)
        .where(Application.id == application_id, Application.candidate_id == candidate_id)
    )
    row = (await session.execute(statement.with_for_update(of=Application))).one_or_none()
    if row is None:
        raise NotFound("application", str(application_id))
    return Placed(*row)


async def list_applications(
    session: ReadSession, position_id: UUID, stage: str | None, page: Page, interviewer_id: UUID | None = None
) -> Sequence[Application]:
    """Newest first, without merged ones. With `interviewer_id` those that this member holds a talk with."""
    statement = select(Application).where(Application.position_id == position_id, Application.merged_into_id.is_(None))
    if stage:
        statement = statement.where(Application.stage == stage)
    if interviewer_id:
        statement = statement.where(_talk_with(interviewer_id))
    return (await session.execute(page.newest(statement, Application.id))).scalars().all()


async def list_own_applications(session: ReadSession, candidate_id: UUID, page: Page) -> Sequence[Application]:
    """Newest first. Merged ones too: each account sees what it sent."""
    statement = select(Application).where(Application.candidate_id == candidate_id)
    return (await session.execute(page.newest(statement, Application.id))).scalars().all()


async def list_all_applications(session: ReadSession, position_id: UUID, after: UUID | None) -> Sequence[Application]:
    """Oldest first, without merged ones."""
    statement = select(Application).where(Application.position_id == position_id, Application.merged_into_id.is_(None))
    if after:
        statement = statement.where(Application.id > after)
    return (await session.execute(statement.order_by(Application.id))).scalars().all()


async def applications_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Application]:
    rows = (await session.execute(select(Application).where(Application.id.in_(ids)))).scalars().all()
    return {row.id: row for row in rows}


async def list_moves(session: ReadSession, application_id: UUID, page: Page) -> Sequence[StageMove]:
    statement = select(StageMove).where(StageMove.application_id == application_id)
    return (await session.execute(page.oldest(statement, StageMove.id))).scalars().all()


async def moves_made(
    session: ReadSession, application_ids: Collection[UUID], request_ids: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Which of these requests moved which of these applications before."""
    statement = select(StageMove.application_id, StageMove.request_id).where(
        StageMove.application_id.in_(application_ids), StageMove.request_id.in_(request_ids)
    )
    return {(row[0], row[1]) for row in (await session.execute(statement)).all() if row[1]}


async def with_merged(session: ReadSession, application_id: UUID) -> Sequence[UUID]:
    """An application and those merged into it, or into one of these."""
    return (await session.execute(_WITH_MERGED, {"id": application_id})).scalars().all()


async def list_duplicates(session: ReadSession, position_id: UUID, page: Page) -> Sequence[Pair]:
    """Applications that share a mark with an older one, newest first. Merged ones count as what they were merged into."""
    values = {"position_id": position_id, "last": page.last, "limit": page.limit}
    return [Pair(row.kept, row.merged) for row in (await session.execute(_DUPLICATES, values)).all()]
