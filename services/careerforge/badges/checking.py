"""Which standard a badge follows."""

from datetime import datetime

from services.careerforge.badges import open_badges_2, open_badges_3
from services.careerforge.badges.sources import Source
from services.careerforge.badges.tokens import unsigned
from services.careerforge.badges.verdict import Badge


async def check(token: str, email: str, source: Source, now: datetime) -> Badge:
    """Whether a signed badge holds for who has this address, in small letters. Raises BadgeRefused."""
    if open_badges_3.is_credential(unsigned(token)[1]):
        return await open_badges_3.check(token, email, source, now)
    return await open_badges_2.check(token, email, source, now)
