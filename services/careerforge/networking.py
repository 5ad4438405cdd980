"""Whether a person takes part in networking."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, update

from services.careerforge import networking_queries as queries
from services.careerforge.tables import Introduction, IntroductionView, NetworkingSetting, UserCareerForge
from services.kit.auth import Caller
from services.kit.db import WriteSession, insert_missing


async def set_networking(session: WriteSession, caller: Caller, enabled: bool, now: datetime) -> None:
    """As the platform: leaving touches what others are part of. Their view of it stays as it is, so it does not tell that somebody left."""
    user_id = caller.account()
    # Not locked: who proposes holds settings, and then waits for profiles.
    await insert_missing(session, UserCareerForge, id=user_id, base_user_id=user_id)
    await insert_missing(session, NetworkingSetting, user_id=user_id)
    setting = await session.get_one(NetworkingSetting, user_id, with_for_update=True)
    if setting.enabled == enabled:
        return
    setting.enabled, setting.enable_time = enabled, now if enabled else None
    await session.flush()
    if not enabled:
        await _end_what_is_open(session, user_id)


async def _end_what_is_open(session: WriteSession, user_id: UUID) -> None:
    mine = or_(Introduction.first_id == user_id, Introduction.second_id == user_id)
    agreed = Introduction.first_agreed & Introduction.second_agreed
    await session.execute(update(Introduction).where(mine, ~agreed).values(closed=True))
    view = IntroductionView
    await session.execute(delete(view).where(view.user_id == user_id, view.state == "PROPOSED"))


def obstacle(profile: UserCareerForge | None) -> str:
    """Why nobody is proposed to somebody who takes part; empty when somebody may be."""
    if profile is None or not profile.display_name:
        return "The profile has no name that could be told once both agree."
    if profile.visibility == "HIDDEN":
        return "The profile is hidden."
    return ""


async def forget_old(session: WriteSession, now: datetime) -> None:
    """Views of what expired, a while after. For housekeeping."""
    view = IntroductionView
    await session.execute(delete(view).where(view.state != "ACCEPTED", view.expire_time < now - queries.KEEP_EXPIRED))
