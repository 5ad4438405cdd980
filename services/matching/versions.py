"""What a stored match was computed from, by a hash of its content: kept as long as a match names it, so that it can be computed again."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import WriteSession
from services.matching.tables import FormerInput, Match


def version_of(features: Any, weights: Mapping[str, float] | None = None) -> str:
    """SHA-256 of features and, of a position, weights, as JSON with sorted keys."""
    said = json.dumps([features, dict(weights) if weights else None], sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


async def keep_former(
    session: WriteSession, owner_id: UUID, version: str, features: Any, weights: Mapping[str, float] | None = None
) -> None:
    """Before they are replaced; nothing where no match was computed from them."""
    named = (Match.candidate_id == owner_id) & (Match.candidate_version == version)
    named |= (Match.position_id == owner_id) & (Match.position_version == version)
    if features is None or not (await session.execute(select(exists().where(named)))).scalar_one():
        return
    row = {
        "owner_id": owner_id,
        "version": version,
        "features": features,
        "weights": dict(weights) if weights else None,
    }
    await session.execute(insert(FormerInput).values(row).on_conflict_do_nothing())
