"""What recruiters did with matches, kept for learning."""

from uuid import UUID, uuid5

from sqlalchemy import select

from services.kit.auth import Caller
from services.kit.db import WriteSession, lock_request
from services.kit.errors import InvalidArgument
from services.matching import queries
from services.matching.tables import Feedback

REJECTED = "REJECTED"


async def record_feedback(
    session: WriteSession,
    caller: Caller,
    position_id: UUID,
    candidate_id: UUID,
    kind: str,
    reason: str,
    request_id: UUID | None,
) -> None:
    """With the rank and the score that were judged. The same `request_id` of the same person again: nothing."""
    reason = reason.strip()
    if kind == REJECTED and not reason:
        raise InvalidArgument("reason", "is required for FEEDBACK_KIND_REJECTED; say why, in a few words")
    # Another person's request may have the same id; it is not theirs to know.
    key = uuid5(caller.account(), f"{position_id}/{candidate_id}/{request_id}") if request_id else None
    if key:
        await lock_request(session, key)
        if (await session.execute(select(Feedback.id).where(Feedback.request_id == key))).first():
            return
    found = await queries.get_match(session, position_id, candidate_id)
    row = Feedback(
        position_id=position_id,
        candidate_id=candidate_id,
        actor_id=caller.account(),
        kind=kind,
        reason=reason,
        rank=found.rank,
        score=found.row.score,
        engine_version=found.row.engine_version,
        request_id=key,
    )
    session.add(row)
    await session.flush()
