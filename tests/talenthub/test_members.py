"""What members of an organization may do, by their role in it."""

from uuid import UUID

import pytest
from skillsync.matching.v1 import matching_service_pb2 as matching_pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import MemberRole, Organization
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.access_pb2 import PERMISSION_MANAGE_POSITIONS, PERMISSION_READ_MATCHES

from services.kit.membership import GRANTS
from tests.builders import DESCRIPTION, Person, a_person, a_position, an_organization
from tests.harness import System
from tests.refusals import refused

# As an invitation that was accepted would do.
JOIN = """
with new as (insert into talenthub.members (id, organization_id, account_id, role) values (gen_random_uuid(), $1, $2, $3) returning id)
insert into talenthub.changes (kind, resource_id, scope) select 'member', id, $1 from new"""
ROLES = [name for name in GRANTS if name != "unspecified"]


def test_the_contract_has_these_roles() -> None:
    assert len(ROLES) == len(MemberRole.values()) - 1
    assert {role for role in ROLES if PERMISSION_MANAGE_POSITIONS in GRANTS[role]} == {
        "admin",
        "recruiter",
        "hiring_manager",
    }


async def a_member(system: System, role: str, publish: bool = True) -> tuple[Organization, Position, Person]:
    """Of an organization with a position that somebody else made."""
    admin, member = await a_person(system, 2), await a_person(system, 2)
    organization = await an_organization(system, admin)
    position = await a_position(system, admin, publish)
    await system.database.execute(JOIN, UUID(organization.id), UUID(member.id), role.upper())
    return organization, position, member


@pytest.mark.parametrize("role", ROLES)
async def test_a_member_writes_positions_if_the_role_grants_it(
    system: System, talenthub: TalentHubServiceStub, role: str
) -> None:
    organization, position, member = await a_member(system, role, publish=False)
    own = {"metadata": member.metadata}
    assert (await talenthub.GetPosition(pb.GetPositionRequest(position_id=position.id), **own)).id == position.id
    create = pb.CreatePositionRequest(position=Position(title="Engineer", description=DESCRIPTION))
    publish = pb.PublishPositionRequest(position_id=position.id)
    if PERMISSION_MANAGE_POSITIONS in GRANTS[role]:
        assert (await talenthub.CreatePosition(create, **own)).organization_id == organization.id
        await talenthub.PublishPosition(publish, **own)
        return
    for call, request in ((talenthub.CreatePosition, create), (talenthub.PublishPosition, publish)):
        with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_POSITIONS"):
            await call(request, **own)


@pytest.mark.parametrize("role", ROLES)
async def test_a_member_sees_matches_if_the_role_grants_it(
    system: System, matching: MatchingServiceStub, role: str
) -> None:
    _, position, member = await a_member(system, role)
    request = matching_pb.ListMatchesRequest(position_id=position.id)
    if PERMISSION_READ_MATCHES in GRANTS[role]:
        await matching.ListMatches(request, metadata=member.metadata)
        return
    with refused("PERMISSION_DENIED", permission="PERMISSION_READ_MATCHES"):
        await matching.ListMatches(request, metadata=member.metadata)
