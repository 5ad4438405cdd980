"""Every SELECT of networking, by name. `find_…` may return None, `get_…` raises NotFound. All but those of one's own are the platform's."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from services.careerforge.networking_grounds import SharedSkill
from services.careerforge.tables import (
    Experience,
    Introduction,
    IntroductionView,
    NetworkingBlock,
    NetworkingSetting,
    ProfileSkill,
    UserCareerForge,
)
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Page

# Of one employer or of one person's skills; beyond that the rarest are looked at.
MOST_ROWS = 2_000
# How long what has expired is still listed.
KEEP_EXPIRED = timedelta(days=90)
SHOWN = UserCareerForge.visibility != "HIDDEN"


async def find_setting(session: ReadSession, user_id: UUID) -> NetworkingSetting | None:
    return await session.get(NetworkingSetting, user_id)


async def list_due(session: ReadSession, limit: int) -> Sequence[UUID]:
    """Who takes part, longest not looked for first."""
    statement = select(NetworkingSetting.user_id).where(NetworkingSetting.enabled)
    ordered = statement.order_by(NetworkingSetting.look_time.asc().nulls_first(), NetworkingSetting.user_id)
    return (await session.execute(ordered.limit(limit))).scalars().all()


async def count_shown(session: ReadSession) -> int:
    return (await session.execute(select(func.count()).select_from(UserCareerForge).where(SHOWN))).scalar_one()


async def shared_skills(session: ReadSession, user_id: UUID, least: int, most: int) -> list[SharedSkill]:
    """Skills that the person names and so many others do, each with another who takes part and has it; rarest first."""
    named = ProfileSkill.evidence != "IMPLIED"
    own = select(ProfileSkill.skill_id, ProfileSkill.label).where(ProfileSkill.user_id == user_id, named).subquery()
    counts = (
        select(ProfileSkill.skill_id, func.count().label("count"))
        .join(UserCareerForge, UserCareerForge.id == ProfileSkill.user_id)
        .where(ProfileSkill.skill_id.in_(select(own.c.skill_id)), named, SHOWN)
        .group_by(ProfileSkill.skill_id)
        .having(func.count().between(least, most))
        .subquery()
    )
    statement = (
        select(ProfileSkill.user_id, own.c.label, ProfileSkill.label, counts.c.count)
        .join(counts, counts.c.skill_id == ProfileSkill.skill_id)
        .join(own, own.c.skill_id == ProfileSkill.skill_id)
        .join(UserCareerForge, UserCareerForge.id == ProfileSkill.user_id)
        .join(NetworkingSetting, NetworkingSetting.user_id == ProfileSkill.user_id)
        .where(ProfileSkill.user_id != user_id, named, *_takes_part())
        .order_by(counts.c.count, ProfileSkill.user_id, ProfileSkill.skill_id)
        .limit(MOST_ROWS)
    )
    return [SharedSkill(*row) for row in (await session.execute(statement)).all()]


async def experiences_of(session: ReadSession, user_id: UUID) -> Sequence[Experience]:
    statement = select(Experience).where(Experience.user_id == user_id).order_by(Experience.id)
    return (await session.execute(statement)).scalars().all()


async def experiences_at(session: ReadSession, beginnings: Collection[str]) -> Sequence[Experience]:
    """Of everybody who is not hidden, with employers whose names begin so."""
    if not beginnings:
        return ()
    # Only letters and digits: nothing in it is a wildcard.
    names = or_(*(func.lower(Experience.employer).like(f"{beginning}%") for beginning in sorted(beginnings)))
    statement = select(Experience).join(UserCareerForge, UserCareerForge.id == Experience.user_id).where(names, SHOWN)
    return (await session.execute(statement.order_by(Experience.id).limit(MOST_ROWS))).scalars().all()


async def taking_part(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, UserCareerForge]:
    """Of these, who may be proposed to anybody."""
    statement = (
        select(UserCareerForge)
        .join(NetworkingSetting, NetworkingSetting.user_id == UserCareerForge.id)
        .where(UserCareerForge.id.in_(ids), *_takes_part())
    )
    return {row.id: row for row in (await session.execute(statement)).scalars().all()}


def _takes_part() -> tuple[ColumnElement[bool], ...]:
    return NetworkingSetting.enabled.is_(True), SHOWN, UserCareerForge.display_name != ""


async def known_to(session: ReadSession, user_id: UUID) -> set[UUID]:
    """Who was proposed to the person before, or blocks them, or is blocked by them."""
    pair, block = Introduction, NetworkingBlock
    statements = (
        select(pair.second_id).where(pair.first_id == user_id),
        select(pair.first_id).where(pair.second_id == user_id),
        select(block.blocked_id).where(block.user_id == user_id),
        select(block.user_id).where(block.blocked_id == user_id),
    )
    return {one for statement in statements for one in (await session.execute(statement)).scalars().all()}


async def is_blocked(session: ReadSession, one: UUID, other: UUID) -> bool:
    block = NetworkingBlock
    either = or_(
        and_(block.user_id == one, block.blocked_id == other), and_(block.user_id == other, block.blocked_id == one)
    )
    return (await session.execute(select(block.id).where(either).limit(1))).first() is not None


async def current_employers(session: ReadSession, user_id: UUID) -> Sequence[str]:
    """What has no end counts as lasting."""
    lasts = or_(Experience.current, and_(Experience.end_month.is_(None), Experience.start_month.is_not(None)))
    return (
        (await session.execute(select(Experience.employer).where(Experience.user_id == user_id, lasts))).scalars().all()
    )


async def count_open(session: ReadSession, user_id: UUID, now: datetime) -> int:
    """Of the person's view: what the other declined counts until it expires, or its absence would tell."""
    view = IntroductionView
    where = (view.user_id == user_id, view.state == "PROPOSED", view.expire_time > now)
    return (await session.execute(select(func.count()).select_from(view).where(*where))).scalar_one()


async def count_since(session: ReadSession, user_id: UUID, since: datetime) -> int:
    """What was proposed, whatever became of it."""
    where = (or_(Introduction.first_id == user_id, Introduction.second_id == user_id), Introduction.create_time > since)
    return (await session.execute(select(func.count()).select_from(Introduction).where(*where))).scalar_one()


async def lock_people(session: WriteSession, one: UUID, other: UUID) -> dict[UUID, NetworkingSetting]:
    """Their profiles and settings, so that nobody leaves meanwhile."""
    people, setting = sorted((one, other)), NetworkingSetting
    profiles = select(UserCareerForge.id).where(UserCareerForge.id.in_(people)).order_by(UserCareerForge.id)
    await session.execute(profiles.with_for_update(read=True, key_share=True))
    statement = select(setting).where(setting.user_id.in_(people)).order_by(setting.user_id).with_for_update()
    fresh = statement.execution_options(populate_existing=True)
    return {row.user_id: row for row in (await session.execute(fresh)).scalars().all()}


async def list_views(
    session: ReadSession, user_id: UUID, state: str | None, now: datetime, page: Page
) -> Sequence[IntroductionView]:
    """Newest first."""
    view: Any = IntroductionView
    statement = select(IntroductionView).where(view.user_id == user_id, view.state != "BLOCKED")
    if state == "EXPIRED":
        statement = statement.where(view.state == "PROPOSED", view.expire_time <= now)
    elif state == "PROPOSED":
        statement = statement.where(view.state == "PROPOSED", view.expire_time > now)
    elif state:
        statement = statement.where(view.state == state)
    return (await session.execute(page.newest(statement, IntroductionView.id))).scalars().all()


async def get_own_view(
    session: ReadSession, user_id: UUID, view_id: UUID, for_update: bool = False
) -> IntroductionView:
    """Another person's and a missing one answer alike."""
    statement = select(IntroductionView).where(IntroductionView.id == view_id, IntroductionView.user_id == user_id)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("introduction", str(view_id))
    return row


async def lock_pair(session: WriteSession, introduction_id: UUID) -> Introduction | None:
    """Both people's answers wait for each other here."""
    statement = select(Introduction).where(Introduction.id == introduction_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def views_of(session: WriteSession, introduction_id: UUID) -> Sequence[IntroductionView]:
    statement = select(IntroductionView).where(IntroductionView.introduction_id == introduction_id)
    return (await session.execute(statement)).scalars().all()


async def names_of(session: ReadSession, views: Sequence[IntroductionView]) -> dict[UUID, str]:
    """Of those whom these views name, as they are called now."""
    ids = [view.other_id for view in views if view.state == "ACCEPTED" and view.other_id]
    person = aliased(UserCareerForge)
    statement = select(person.id, person.display_name).where(person.id.in_(ids))
    return {row[0]: row[1] for row in (await session.execute(statement)).all()} if ids else {}
