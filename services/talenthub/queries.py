"""Every SELECT of the talenthub service, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Page
from services.talenthub.name_pages import NamePage
from services.talenthub.tables import Member, Organization, Position, UserTalentHub

# Shown to everybody, who may apply then. The state stands in the statement itself, because PostgreSQL must see that the index over open
# positions is enough.
PUBLIC = (
    Position.state == literal_column("'OPEN'"),
    or_(Position.deadline_time.is_(None), Position.deadline_time >= func.now()),
    Organization.state == "ACTIVE",
)


async def find_member(session: ReadSession, organization_id: UUID, account_id: UUID) -> Member | None:
    where = (Member.organization_id == organization_id, Member.account_id == account_id, Member.remove_time.is_(None))
    return (await session.execute(select(Member).where(*where))).scalar_one_or_none()


async def list_memberships(session: ReadSession, account_id: UUID) -> Sequence[Member]:
    """Oldest first: the first is the one that counts where none is named."""
    where = (Member.account_id == account_id, Member.remove_time.is_(None))
    return (await session.execute(select(Member).where(*where).order_by(Member.id))).scalars().all()


async def get_organization(session: ReadSession, organization_id: UUID) -> Organization:
    row = await session.get(Organization, organization_id)
    if row is None:
        raise NotFound("organization", str(organization_id))
    return row


async def find_organization(session: ReadSession, organization_id: UUID) -> Organization | None:
    return await session.get(Organization, organization_id)


async def lock_organization(session: WriteSession, organization_id: UUID) -> Organization:
    row = await session.get(Organization, organization_id, with_for_update=True)
    if row is None:
        raise NotFound("organization", str(organization_id))
    return row


async def find_organization_by_request(session: ReadSession, request_id: UUID) -> Organization | None:
    statement = select(Organization).where(Organization.request_id == request_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def organizations_closed_before(session: ReadSession, moment: datetime) -> Sequence[UUID]:
    statement = select(Organization.id).where(Organization.state == "CLOSED", Organization.close_time < moment)
    return (await session.execute(statement.order_by(Organization.id).limit(100))).scalars().all()


async def list_organizations(session: ReadSession, account_id: UUID, page: NamePage) -> Sequence[Organization]:
    own = select(Member.organization_id).where(Member.account_id == account_id, Member.remove_time.is_(None))
    statement = select(Organization).where(Organization.id.in_(own))
    asked = page.by_name(statement, Organization.display_name, Organization.id)
    return (await session.execute(asked)).scalars().all()


async def find_former_member(session: ReadSession, organization_id: UUID, account_id: UUID) -> Member | None:
    """Who left is found too."""
    where = (Member.organization_id == organization_id, Member.account_id == account_id)
    return (await session.execute(select(Member).where(*where))).scalar_one_or_none()


async def find_member_by_email(session: ReadSession, organization_id: UUID, email: str) -> Member | None:
    """Of those whose address is known: who came by invitation."""
    statement = _members_of(organization_id).join(UserTalentHub, UserTalentHub.id == Member.account_id)
    return (await session.execute(statement.where(UserTalentHub.email == email))).scalar_one_or_none()


async def list_admins(session: ReadSession, organization_id: UUID) -> Sequence[UUID]:
    admins = _members_of(organization_id).where(Member.role == "ADMIN").subquery()
    return (await session.execute(select(admins.c.account_id))).scalars().all()


async def count_members(session: ReadSession, organization_id: UUID) -> int:
    members = _members_of(organization_id).subquery()
    return (await session.execute(select(func.count()).select_from(members))).scalar_one()


async def count_admins(session: ReadSession, organization_id: UUID) -> int:
    admins = _members_of(organization_id).where(Member.role == "ADMIN").subquery()
    return (await session.execute(select(func.count()).select_from(admins))).scalar_one()


async def members_of(session: ReadSession, organization_id: UUID) -> Sequence[Member]:
    return (await session.execute(_members_of(organization_id))).scalars().all()


def _members_of(organization_id: UUID) -> Select[Member]:
    return select(Member).where(Member.organization_id == organization_id, Member.remove_time.is_(None))


async def list_members(session: ReadSession, organization_id: UUID, page: Page) -> Sequence[Member]:
    statement = select(Member).where(Member.organization_id == organization_id, Member.remove_time.is_(None))
    return (await session.execute(page.oldest(statement, Member.id))).scalars().all()


async def get_own_position(
    session: ReadSession, account_id: UUID, position_id: UUID, for_update: bool = False
) -> tuple[Position, Member]:
    """A position with the caller's membership in its organization. Another organization's position and a missing one answer alike."""
    here = Member.organization_id == Position.organization_id
    own = and_(here, Member.account_id == account_id, Member.remove_time.is_(None))
    statement = select(Position, Member).join(Member, own).where(Position.id == position_id)
    row = (await session.execute(statement.with_for_update(of=Position) if for_update else statement)).one_or_none()
    if row is None:
        raise NotFound("position", str(position_id))
    return row[0], row[1]


async def find_position_by_request(session: ReadSession, organization_id: UUID, request_id: UUID) -> Position | None:
    where = (Position.organization_id == organization_id, Position.request_id == request_id)
    return (await session.execute(select(Position).where(*where))).scalar_one_or_none()


async def list_positions(
    session: ReadSession, organization_ids: Collection[UUID], state: str | None, page: Page
) -> Sequence[Position]:
    """Newest first."""
    statement = select(Position).where(Position.organization_id.in_(organization_ids))
    if state:
        statement = statement.where(Position.state == state)
    return (await session.execute(page.newest(statement, Position.id))).scalars().all()


async def positions_of(
    session: ReadSession, organization_id: UUID, states: Collection[str] | None = None
) -> Sequence[Position]:
    """In these states, or in any."""
    statement = select(Position).where(Position.organization_id == organization_id).order_by(Position.id)
    wanted = statement if states is None else statement.where(Position.state.in_(states))
    return (await session.execute(wanted)).scalars().all()


async def list_all_positions(
    session: ReadSession, after: UUID | None, organization_ids: Collection[UUID] | None = None
) -> Sequence[Position]:
    """Of these organizations, or of all."""
    statement = select(Position).order_by(Position.id)
    if organization_ids is not None:
        statement = statement.where(Position.organization_id.in_(organization_ids))
    return (await session.execute(statement.where(Position.id > after) if after else statement)).scalars().all()


async def list_all_members(session: ReadSession, after: UUID | None) -> Sequence[Member]:
    """Those who left too."""
    statement = select(Member).order_by(Member.id)
    return (await session.execute(statement.where(Member.id > after) if after else statement)).scalars().all()


async def members_by_id(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, Member]:
    rows = (await session.execute(select(Member).where(Member.id.in_(ids)))).scalars().all()
    return {row.id: row for row in rows}


async def organization_names(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = (
        await session.execute(select(Organization.id, Organization.display_name).where(Organization.id.in_(ids)))
    ).all()
    return {row[0]: row[1] for row in rows}


async def positions_by_id(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, Position]:
    rows = (await session.execute(select(Position).where(Position.id.in_(ids)))).scalars().all()
    return {row.id: row for row in rows}


async def organizations_of(session: ReadSession, account_id: UUID) -> list[UUID]:
    statement = select(Member.organization_id).where(Member.account_id == account_id, Member.remove_time.is_(None))
    return list((await session.execute(statement)).scalars().all())


async def get_public_position(session: ReadSession, position_id: UUID) -> tuple[Position, str]:
    """A position that takes applications, and its organization's name."""
    statement = (
        select(Position, Organization.display_name)
        .join(Organization, Organization.id == Position.organization_id)
        .where(Position.id == position_id, *PUBLIC)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("position", str(position_id))
    return row[0], row[1]


def public_positions(country_code: str, work_mode: str | None, page: Page) -> Select[Position, str]:
    """Newest first. To be read as EVERYONE: who looks at what is public has no rows of their own to be found."""
    statement = (
        select(Position, Organization.display_name)
        .join(Organization, Organization.id == Position.organization_id)
        .where(*PUBLIC)
    )
    if country_code:
        statement = statement.where(Position.country_code == country_code)
    if work_mode:
        statement = statement.where(Position.work_mode == work_mode)
    return page.newest(statement, Position.id)


async def list_public_positions(
    session: ReadSession, country_code: str, work_mode: str | None, page: Page
) -> Sequence[tuple[Position, str]]:
    rows = (await session.execute(public_positions(country_code, work_mode, page))).all()
    return [(row[0], row[1]) for row in rows]


def _alone(account_id: UUID) -> Select[UUID]:
    """Organizations that only this person belongs to."""
    live = select(Member.organization_id).where(Member.remove_time.is_(None)).group_by(Member.organization_id)
    return live.having(func.bool_and(Member.account_id == account_id))


async def positions_of_alone(session: ReadSession, account_id: UUID) -> Sequence[Position]:
    return (
        (await session.execute(select(Position).where(Position.organization_id.in_(_alone(account_id)))))
        .scalars()
        .all()
    )


async def forget_first_organization(session: WriteSession, organization_id: UUID) -> None:
    gone = UserTalentHub.organization_id == organization_id
    await session.execute(update(UserTalentHub).where(gone).values(organization_id=None))


async def forget_alone(session: WriteSession, account_id: UUID) -> None:
    """Of who was once in an organization that is about to go."""
    gone = UserTalentHub.organization_id.in_(_alone(account_id))
    await session.execute(update(UserTalentHub).where(gone).values(organization_id=None))


async def heirs(session: WriteSession, account_id: UUID) -> Sequence[Member]:
    """Of each organization whose only admin this person is, the one who has been there longest."""
    live = aliased(Member)
    other_admin = exists().where(
        live.organization_id == Member.organization_id,
        live.account_id != account_id,
        live.role == "ADMIN",
        live.remove_time.is_(None),
    )
    theirs = select(live.organization_id).where(live.account_id == account_id, live.role == "ADMIN")
    statement = (
        select(Member)
        .ext(distinct_on(Member.organization_id))
        .where(
            Member.organization_id.in_(theirs),
            Member.account_id != account_id,
            Member.remove_time.is_(None),
            ~other_admin,
        )
        .order_by(Member.organization_id, Member.id)
    )
    return (await session.execute(statement)).scalars().all()
