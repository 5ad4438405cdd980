"""What a passed test brings: the skill of the profile is verified, matching hears of it, and it is a milestone."""

from datetime import datetime

from services.careerforge import entries, entry_queries, milestones, queries
from services.careerforge.tables import Assessment, Milestone, ProfileSkill
from services.kit.db import WriteSession

KIND = "skill_mastered"


async def reward(session: WriteSession, row: Assessment, now: datetime) -> None:
    """The profile is locked."""
    await _verify_skill(session, row, now)
    await _add_milestone(session, row, now)
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


async def _add_milestone(session: WriteSession, row: Assessment, now: datetime) -> None:
    """Verified by the platform itself: with all its points."""
    profile = await queries.find_profile(session, row.user_id)
    assert profile
    milestone = Milestone(
        user_id=row.user_id,
        milestone_type=KIND,
        title=f"{row.label}: test passed"[:256],
        description=f"Adaptive test of {row.answered_count} questions",
    )
    milestone.become("ACCEPTED", "a test of this platform was passed", now)
    session.add(milestone)
    await milestones.kept(session, profile, milestone)
