"""What a passed test brings: the skill of the profile is verified, matching hears of it, and it is a milestone."""

from datetime import datetime

from services.careerforge import achievements, entries, entry_queries, profiles, queries
from services.careerforge.tables import Assessment, Milestone, ProfileSkill
from services.kit.db import WriteSession

KIND = "skill_mastered"


async def reward(session: WriteSession, row: Assessment, now: datetime) -> None:
    """The profile is locked."""
    await _verify_skill(session, row, now)
    await _add_milestone(session, row)
    await entries.refresh_later(session, row.user_id)


async def _verify_skill(session: WriteSession, row: Assessment, now: datetime) -> None:
    """Whether the profile has it by now or not; a full one gets it too."""
    skill = await entry_queries.find_skill(session, row.user_id, row.skill_id)
    if skill is None:
        skill = ProfileSkill(user_id=row.user_id, skill_id=row.skill_id, label=row.label, evidence="STATED")
        session.add(skill)
    skill.verified_time = now
    await session.flush()
    await entries.tell(session, entries.SKILL.name, row.user_id, skill.id)


async def _add_milestone(session: WriteSession, row: Assessment) -> None:
    """Verified by the platform itself: with all its points."""
    session.add(
        Milestone(
            user_id=row.user_id,
            milestone_type=KIND,
            title=f"{row.label}: test passed"[:256],
            description=f"Adaptive test of {row.answered_count} questions",
            achievement_points=achievements.POINTS[KIND],
            verified=True,
        )
    )
    await session.flush()
    profile = await queries.find_profile(session, row.user_id)
    assert profile
    milestones = await queries.list_all_milestones(session, row.user_id)
    profile.achievement_score = sum(one.achievement_points for one in milestones)
    await session.flush()
    await entries.tell(session, profiles.PROFILE, row.user_id, row.user_id)
