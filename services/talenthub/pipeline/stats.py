"""Who may ask for figures of the pipeline, and of which organizations."""

from dataclasses import replace
from uuid import UUID

from services.kit import membership
from services.kit.auth import Caller
from services.kit.db import ReadSession
from services.kit.errors import PreconditionFailed
from services.talenthub import access, queries
from services.talenthub.pipeline import reading
from services.talenthub.pipeline.facts import Scope
from services.talenthub.pipeline.figures import PipelineFigures, SuccessFigures, pipeline_figures, success_figures


async def get_pipeline_stats(
    session: ReadSession, caller: Caller, organization_id: UUID | None, scope: Scope
) -> PipelineFigures:
    """Of one organization, or of all where the caller's role allows it. Raises NotFound, PermissionDenied for who only looks on."""
    if scope.position_id:
        position, member = await queries.get_own_position(session, caller.account(), scope.position_id)
        membership.require(member.role, membership.MANAGE_APPLICATIONS)
        if organization_id is None:
            organization_id = position.organization_id
    mine = await _organizations(session, caller, organization_id)
    return pipeline_figures(await reading.get_facts(session, replace(scope, organization_ids=mine)))


async def get_success_metrics(
    session: ReadSession, caller: Caller, organization_id: UUID | None, scope: Scope
) -> SuccessFigures:
    """Raises PreconditionFailed (ORGANIZATION_REQUIRED) for who belongs to none, or to several and names none."""
    mine = await _organizations(session, caller, organization_id)
    if len(mine) != 1:
        raise PreconditionFailed("ORGANIZATION_REQUIRED", "you belong to none or to several organizations: name one")
    return success_figures(await reading.get_hires(session, replace(scope, organization_ids=mine)))


async def _organizations(session: ReadSession, caller: Caller, organization_id: UUID | None) -> list[UUID]:
    if organization_id:
        member = await access.get_membership(session, caller, organization_id)
        membership.require(member.role, membership.MANAGE_APPLICATIONS)
        return [organization_id]
    members = await queries.list_memberships(session, caller.account())
    allowed = [one for one in members if membership.allows(one.role, membership.MANAGE_APPLICATIONS)]
    if members and not allowed:
        membership.require(members[0].role, membership.MANAGE_APPLICATIONS)
    return [one.organization_id for one in allowed]
