"""The history of positions: what each was after every change, by whom, and what differed from before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.pages import Numbers
from services.talenthub import position_queries, queries
from services.talenthub.tables import Position, PositionVersion

# What may change, by the contract's name, with its columns.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "description": ("description",),
    "location": ("city", "region", "country_code"),
    "work_mode": ("work_mode",),
    "seniority": ("seniority",),
    "pay": ("pay",),
    "headcount": ("headcount",),
    "deadline_time": ("deadline_time",),
    "state": ("state",),
    "close_reason": ("close_reason",),
    "publish_time": ("publish_time",),
    "team": ("team",),
}
COLUMNS = tuple(column for columns in FIELDS.values() for column in columns)
TIMES = ("deadline_time", "publish_time", "create_time")
# What the first version differs from: a position of which nothing is known.
NOTHING: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
    "work_mode": "UNSPECIFIED",
    "seniority": "UNSPECIFIED",
    "pay": None,
    "headcount": 0,
    "deadline_time": None,
    "state": "UNSPECIFIED",
    "close_reason": "UNSPECIFIED",
    "publish_time": None,
}


async def record(
    session: WriteSession, position: Position, actor_id: UUID, request_id: UUID | None, now: datetime
) -> None:
    """Keeps the position as it now is. To be called once after each change, in its transaction."""
    kept = snapshot(position)
    before = await position_queries.find_last_version(session, position.id) if position.version > 1 else None
    session.add(
        PositionVersion(
            position_id=position.id,
            number=position.version,
            position=kept,
            changed_fields=changed_fields(before.position if before else NOTHING, kept),
            actor_id=actor_id,
            request_id=request_id,
            create_time=now,
        )
    )


def snapshot(position: Position) -> dict[str, Any]:
    """All columns that the contract shows, as JSON."""
    values = {column: getattr(position, column) for column in (*COLUMNS, "create_time")}
    values |= {name: values[name].isoformat() for name in TIMES if values[name] is not None}
    return values | {"organization_id": str(position.organization_id)}


def restored(version: PositionVersion) -> Position:
    """The position as it was: in no session, and not to be added to one."""
    values = dict(version.position)
    values |= {name: datetime.fromisoformat(values[name]) for name in TIMES if values[name] is not None}
    values["organization_id"] = UUID(values["organization_id"])
    return Position(id=version.position_id, version=version.number, **values)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the contract's fields, in its order."""
    return [name for name, columns in FIELDS.items() if any(before.get(column) != after[column] for column in columns)]


async def list_versions(
    session: ReadSession, caller: Caller, position_id: UUID, page: Numbers
) -> Sequence[PositionVersion]:
    """Newest first."""
    await queries.get_own_position(session, caller.account(), position_id)
    return await position_queries.list_versions(session, position_id, page)
