"""What members of an organization may do, by their role in it."""

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import MemberRole
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.access_pb2 import PERMISSION_MANAGE_POSITIONS

from services.talenthub.permissions import GRANTS
from tests.builders import DESCRIPTION, a_person, a_position, an_organization
from tests.harness import System
from tests.refusals import refused

ROLES = [name for name in GRANTS if name != "unspecified"]


def test_the_contract_has_these_roles() -> None:
    assert len(ROLES) == len(MemberRole.values()) - 1
    assert {role for role in ROLES if PERMISSION_MANAGE_POSITIONS in GRANTS[role]} == {
        "admin",
        "recruiter",
        "hiring_manager",
    }


@pytest.mark.parametrize("role", ROLES)
async def test_a_member_writes_positions_if_the_role_grants_it(
    system: System, talenthub: TalentHubServiceStub, role: str
) -> None:
    admin, member = await a_person(system, 2), await a_person(system, 2)
    organization = await an_organization(system, admin)
    position = await a_position(system, admin, publish=False)
    await system.database.execute(
        "insert into talenthub.members (id, organization_id, account_id, role) values (gen_random_uuid(), $1, $2, $3)",
        organization.id, member.id, role.upper(),
    )  # fmt: skip
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
