"""Every SELECT about what belongs to an application: notes, ratings, interviews, offers. `find_…` may return None."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import aliased

from services.kit.db import ReadSession
from services.kit.errors import NotFound
from services.kit.pages import Page
from services.talenthub.tables import Application, Interview, Member, Note, Offer, Organization, Position, Rating


@contextmanager
def known_as(resource: str, id: UUID) -> Iterator[None]:
    """What belongs to an application that is not there for the caller is not there either, and says so in its own name."""
    try:
        yield
    except NotFound as error:
        raise NotFound(resource, str(id)) from error


async def find_note_by_request(session: ReadSession, application_id: UUID, request_id: UUID) -> Note | None:
    where = (Note.application_id == application_id, Note.request_id == request_id)
    return (await session.execute(select(Note).where(*where))).scalar_one_or_none()


async def list_notes(session: ReadSession, application_ids: Sequence[UUID], page: Page) -> Sequence[Note]:
    """Newest first."""
    statement = select(Note).where(_of(Note.application_id, application_ids))
    return (await session.execute(page.newest(statement, Note.id))).scalars().all()


async def list_ratings(session: ReadSession, application_ids: Sequence[UUID], page: Page) -> Sequence[Rating]:
    """Oldest first."""
    statement = select(Rating).where(_of(Rating.application_id, application_ids))
    return (await session.execute(page.oldest(statement, Rating.id))).scalars().all()


def _of(column: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Equality keeps the order of the index where there is one only, which is nearly always so."""
    return column == ids[0] if len(ids) == 1 else column.in_(ids)  # type: ignore[no-any-return]


async def find_interview_by_request(session: ReadSession, application_id: UUID, request_id: UUID) -> Interview | None:
    where = (Interview.application_id == application_id, Interview.request_id == request_id)
    return (await session.execute(select(Interview).where(*where))).scalar_one_or_none()


async def list_interviews(session: ReadSession, application_id: UUID, page: Page) -> Sequence[Interview]:
    """First first."""
    statement = select(Interview).where(Interview.application_id == application_id)
    if page.last:
        last = aliased(Interview)
        after = tuple_(Interview.start_time, Interview.id) > tuple_(last.start_time, last.id)
        statement = statement.join(last, last.id == page.last).where(after)
    return (
        (await session.execute(statement.order_by(Interview.start_time, Interview.id).limit(page.limit)))
        .scalars()
        .all()
    )


async def find_interview(session: ReadSession, interview_id: UUID) -> Interview | None:
    return await session.get(Interview, interview_id)


async def get_interview_place(session: ReadSession, application_id: UUID) -> tuple[str, UUID, str]:
    """The position's title, and its organization's id and name."""
    statement = (
        select(Position.title, Organization.id, Organization.display_name)
        .join(Organization, Organization.id == Position.organization_id)
        .join(Application, Application.position_id == Position.id)
        .where(Application.id == application_id)
    )
    row = (await session.execute(statement)).one()
    return row[0], row[1], row[2]


async def members_among(session: ReadSession, organization_id: UUID, account_ids: Collection[UUID]) -> set[UUID]:
    statement = select(Member.account_id).where(
        Member.organization_id == organization_id,
        Member.account_id.in_(account_ids),
        Member.remove_time.is_(None),
    )
    return set((await session.execute(statement)).scalars().all())


async def find_offer(session: ReadSession, offer_id: UUID) -> Offer | None:
    return await session.get(Offer, offer_id, populate_existing=True)


async def find_offer_by_request(session: ReadSession, application_id: UUID, request_id: UUID) -> Offer | None:
    where = (Offer.application_id == application_id, Offer.request_id == request_id)
    return (await session.execute(select(Offer).where(*where))).scalar_one_or_none()


async def find_open_offer(session: ReadSession, application_id: UUID, now: datetime) -> Offer | None:
    where = (Offer.application_id == application_id, Offer.state == "OPEN", Offer.expire_time > now)
    return (await session.execute(select(Offer).where(*where))).scalar_one_or_none()


async def open_offers(session: ReadSession, organization_id: UUID) -> Sequence[Offer]:
    """Of an organization's applications."""
    statement = select(Offer).join(Application, Application.id == Offer.application_id)
    statement = statement.join(Position, Position.id == Application.position_id)
    where = (Position.organization_id == organization_id, Offer.state == "OPEN")
    return (await session.execute(statement.where(*where))).scalars().all()


async def list_offers(session: ReadSession, application_id: UUID, page: Page) -> Sequence[Offer]:
    """Newest first."""
    statement = select(Offer).where(Offer.application_id == application_id)
    return (await session.execute(page.newest(statement, Offer.id))).scalars().all()
