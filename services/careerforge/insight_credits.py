"""An `ai_insight` credit for work that may come to nothing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from skillsync.billing.v1.plan_pb2 import FEATURE_AI_INSIGHT

from services.kit.credits import Credits

T = TypeVar("T")


class _Free(Exception):
    """What was made is worth nothing, or was paid before."""


async def charged(credits: Credits, account_id: UUID, object: str, work: Callable[[], Awaitable[tuple[T, bool]]]) -> T:
    """What the work makes of `object`. Its credit is reserved before, and spent only where the work says that it is owed.

    A failure costs nothing. Raises QuotaExceeded before the work when none is left.
    """
    try:
        async with credits.spent(account_id, FEATURE_AI_INSIGHT, object):
            made, owed = await work()
            if not owed:
                raise _Free
    except _Free:
        pass
    return made
