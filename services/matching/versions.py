"""What a match was computed from, by a hash of its content: kept as long as it is stored or it is on record that it was shown, so that it
can be computed again."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import WriteSession
from services.matching.tables import FormerInput, Match, ShownRow


def version_of(features: Any, weights: Mapping[str, float] | None = None) -> str:
    """SHA-256 of features and, of a position, weights, as JSON with sorted keys."""
    said = json.dumps([features, dict(weights) if weights else None], sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def named(owner_id: Any, version: Any) -> ColumnElement[bool]:
    """Whether a stored match, or one that was shown, was computed from this version of a person or position."""
    return or_(
        exists().where(Match.candidate_id == owner_id, Match.candidate_version == version),
        exists().where(Match.position_id == owner_id, Match.position_version == version),
        exists().where(ShownRow.candidate_id == owner_id, ShownRow.candidate_version == version),
        exists().where(ShownRow.position_version == version),
    )


async def drop_former(session: WriteSession, owner_id: UUID | None = None) -> None:
    """What no match names any more; of one person or position, or of all."""
    statement = delete(FormerInput).where(~named(FormerInput.owner_id, FormerInput.version))
    await session.execute(statement.where(FormerInput.owner_id == owner_id) if owner_id else statement)


async def forget_former(session: WriteSession, position_id: UUID) -> None:
    """Of a position that is gone, with its organization or before it was published: nobody may ask for its rankings any more."""
    await session.execute(delete(FormerInput).where(FormerInput.owner_id == position_id))


async def keep_former(
    session: WriteSession, owner_id: UUID, version: str, features: Any, weights: Mapping[str, float] | None = None
) -> None:
    """Before they are replaced; nothing where no match that is stored, or was shown, was computed from them."""
    if features is None or not (await session.execute(select(named(owner_id, version)))).scalar_one():
        return
    row = {
        "owner_id": owner_id,
        "version": version,
        "features": features,
        "weights": dict(weights) if weights else None,
    }
    await session.execute(insert(FormerInput).values(row).on_conflict_do_nothing())
