"""The log of who decided what: each line carries a hash over itself and the one before, so that none can be changed or left out."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text

from services.kit.db import WriteSession
from services.talenthub.tables import Decision


async def record_decision(
    session: WriteSession,
    organization_id: UUID,
    kind: str,
    subject_id: UUID,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> None:
    """Adds a line to an organization's log. One writer at a time: the next line begins where this one ended."""
    lock = text("select pg_advisory_xact_lock(hashtextextended(:key, 2712))")
    await session.execute(lock, {"key": str(organization_id)})
    last = select(Decision.sequence, Decision.hash).where(Decision.organization_id == organization_id)
    row = (await session.execute(last.order_by(Decision.sequence.desc()).limit(1))).one_or_none()
    sequence, before = (row[0] + 1, row[1]) if row else (1, "")
    values = {
        "organization_id": str(organization_id),
        "sequence": sequence,
        "kind": kind,
        "subject_id": str(subject_id),
        "actor_id": str(actor_id),
        "reason": reason,
        "time": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "before": before,
    }
    line = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    session.add(
        Decision(
            organization_id=organization_id,
            sequence=sequence,
            kind=kind,
            subject_id=subject_id,
            actor_id=actor_id,
            reason=reason,
            create_time=now,
            hash=hashlib.sha256(line.encode()).hexdigest(),
        )
    )
    await session.flush()
