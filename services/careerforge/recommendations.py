"""Skills worth learning: what matching promises, with what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from services.ai.growth import Efforts
from services.ai.skills import load
from services.careerforge import entry_queries
from services.careerforge.matches import Gain, Matches
from services.kit.db import EVERYONE, Database

SKILL = "skill"


@dataclass(frozen=True, slots=True)
class Recommendation:
    gain: Gain
    effort_hours: int


async def recommend(
    db: Database, matches: Matches, account_id: UUID, position_id: UUID | None
) -> Sequence[Recommendation]:
    """Greatest gain first; only what helps. Raises NotFound for a position that is not open, and for who is no candidate."""
    found = await matches.gains(position_id=position_id, excluded=await removed_skills(db, account_id))
    return [Recommendation(gain, efforts().hours(gain.skill_id)) for gain in found.gains if gain.promises]


async def removed_skills(db: Database, account_id: UUID) -> Sequence[str]:
    """What the person took out of the profile: it is not put before them again, and if they brought it back, old work would show it."""
    # To the person what is removed is not there.
    async with db.read(EVERYONE) as session:
        rows = await entry_queries.removed_entries(session, account_id, SKILL)
    return list(dict.fromkeys(one for row in rows for one in row.wordings if isinstance(one, str)))


@cache
def efforts() -> Efforts:
    return Efforts(load())
