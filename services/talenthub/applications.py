"""Applications and the pipeline that they move through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit import changes
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import Conflict
from services.kit.pages import Page
from services.talenthub import access, queries, tables
from services.talenthub.tables import Application

KIND = "application"
ACTIVE = ("APPLIED", "SCREENING", "INTERVIEW", "OFFER")


@dataclass(frozen=True, slots=True)
class PipelineStats:
    """`counts` has the number of applications in each stage now."""

    counts: Mapping[str, int]
    open_positions: int

    @property
    def active(self) -> int:
        return sum(self.counts.get(stage, 0) for stage in ACTIVE)


async def apply(session: WriteSession, caller: Caller, position_id: UUID, message: str, now: datetime) -> Application:
    """Raises NotFound unless the position is open, Conflict when the person has applied."""
    position, _ = await queries.get_public_position(session, position_id)
    if await queries.find_application(session, position_id, caller.account()):
        raise Conflict("application", "you have applied to this position")
    row = Application(
        position_id=position_id,
        candidate_id=caller.account(),
        stage="APPLIED",
        stage_time=now,
        candidate_message=message,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await changes.record(session, tables.changes, KIND, row.id, position.id)
    return row


async def list_applications(
    session: ReadSession, caller: Caller, position_id: UUID, stage: str | None, page: Page
) -> Sequence[Application]:
    await queries.get_own_position(session, caller.account(), position_id)
    return await queries.list_applications(session, position_id, stage, page)


async def list_my_applications(session: ReadSession, caller: Caller, page: Page) -> Sequence[Application]:
    return await queries.list_own_applications(session, caller.account(), page)


async def pipeline_stats(
    session: ReadSession, caller: Caller, organization_id: UUID | None, position_id: UUID | None
) -> PipelineStats:
    """Of one organization or of all the caller's; of one position if named."""
    if organization_id:
        await access.get_membership(session, caller, organization_id)
        mine = [organization_id]
    else:
        mine = await queries.organizations_of(session, caller.account())
    if position_id:
        await queries.get_own_position(session, caller.account(), position_id)
    counts = await queries.count_by_stage(session, mine, position_id)
    return PipelineStats(counts, await queries.count_open_positions(session, mine, position_id))
