"""Organizations and their members: who may do what, and that somebody always can let others in."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import STAGE_APPLIED, STAGE_INTERVIEW
from skillsync.talenthub.v1.organization_pb2 import (
    MEMBER_ROLE_ADMIN,
    MEMBER_ROLE_RECRUITER,
    MEMBER_ROLE_VIEWER,
    Member,
    Organization,
    StageSetting,
)
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from services.talenthub import closing
from tests.builders import Person, a_person, a_position, a_recruiter
from tests.harness import System
from tests.refusals import refused

JOIN = "insert into talenthub.members (id, organization_id, account_id, role) values (gen_random_uuid(), $1, $2, $3)"


@pytest.fixture
async def admin(system: System) -> Person:
    return await a_person(system, PLATFORM_TALENTHUB)


@pytest.fixture
async def organization(talenthub: TalentHubServiceStub, admin: Person) -> Organization:
    return await make(talenthub, admin, display_name="ACME", domain="acme.example")


async def make(talenthub: TalentHubServiceStub, who: Person, request_id: str = "", **fields: Any) -> Organization:
    request = pb.CreateOrganizationRequest(organization=Organization(**fields), request_id=request_id)
    return await talenthub.CreateOrganization(request, metadata=who.metadata)


async def joined(system: System, organization: Organization, role: str) -> Person:
    person = await a_person(system, PLATFORM_TALENTHUB)
    await system.database.execute(JOIN, UUID(organization.id), UUID(person.id), role)
    return person


async def members(talenthub: TalentHubServiceStub, who: Person, organization: Organization) -> dict[str, Member]:
    request = pb.ListMembersRequest(organization_id=organization.id)
    return {one.account_id: one for one in (await talenthub.ListMembers(request, metadata=who.metadata)).members}


async def test_the_same_request_makes_one_organization(talenthub: TalentHubServiceStub, admin: Person) -> None:
    key = str(uuid4())
    made = await asyncio.gather(*(make(talenthub, admin, key, display_name="ACME") for _ in range(5)))
    assert len({one.id for one in made}) == 1


async def test_a_request_of_somebody_else_makes_another_organization(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    key, other = str(uuid4()), await a_person(system, PLATFORM_TALENTHUB)
    mine, theirs = [await make(talenthub, who, key, display_name="ACME") for who in (admin, other)]
    assert mine.id != theirs.id
    assert (await make(talenthub, admin, key, display_name="ACME")).id == mine.id


async def test_own_organizations_are_listed_by_name_in_pages(talenthub: TalentHubServiceStub, admin: Person) -> None:
    for name in ("b", "c", "a", "a"):
        await make(talenthub, admin, display_name=name)
    found: list[str] = []
    request = pb.ListOrganizationsRequest(page_size=3)
    while not found or request.page_token:
        page = await talenthub.ListOrganizations(request, metadata=admin.metadata)
        found += [one.display_name for one in page.organizations]
        request.page_token = page.next_page_token
    assert found == ["a", "a", "b", "c"]


async def test_an_organization_is_shown_to_its_members_alone(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    """Also where it has an open position, which everybody sees with its name."""
    position = await a_position(system, await a_recruiter(system))
    with refused("NOT_FOUND", resource="organization", id=position.organization_id):
        request = pb.GetOrganizationRequest(organization_id=position.organization_id)
        await talenthub.GetOrganization(request, metadata=admin.metadata)
    with refused("NOT_FOUND", resource="organization", id=position.organization_id):
        listed = pb.ListPositionsRequest(organization_id=position.organization_id)
        await talenthub.ListPositions(listed, metadata=admin.metadata)


async def test_a_request_that_comes_again_finds_what_it_did(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    other, key = await joined(system, organization, "VIEWER"), str(uuid4())
    etag = (await members(talenthub, admin, organization))[other.id].etag
    new = Organization(display_name="ACME 2", etag=organization.etag)
    for call, request in (
        (
            talenthub.UpdateOrganization,
            pb.UpdateOrganizationRequest(organization_id=organization.id, organization=new, request_id=key),
        ),
        (
            talenthub.UpdateMember,
            pb.UpdateMemberRequest(
                organization_id=organization.id,
                account_id=other.id,
                role=MEMBER_ROLE_RECRUITER,
                etag=etag,
                request_id=key,
            ),
        ),
        (talenthub.CloseOrganization, pb.CloseOrganizationRequest(organization_id=organization.id, request_id=key)),
    ):
        first, again = [await call(request, metadata=admin.metadata) for _ in range(2)]
        assert again == first


async def test_an_organization_that_was_changed_is_not_closed_unseen(
    talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    with refused("ETAG_MISMATCH", resource="organization"):
        request = pb.CloseOrganizationRequest(organization_id=organization.id, etag="v7")
        await talenthub.CloseOrganization(request, metadata=admin.metadata)


async def test_only_admins_close_and_hand_over(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    recruiter, stranger = await joined(system, organization, "RECRUITER"), await a_recruiter(system)
    close = pb.CloseOrganizationRequest(organization_id=organization.id)
    transfer = pb.TransferOrganizationRequest(organization_id=organization.id, account_id=recruiter.id)
    for call, request in ((talenthub.CloseOrganization, close), (talenthub.TransferOrganization, transfer)):
        with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
            await call(request, metadata=recruiter.metadata)
        with refused("NOT_FOUND", resource="organization"):
            await call(request, metadata=stranger.metadata)


async def test_an_admin_changes_it_and_nobody_else_does(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    stages = [StageSetting(stage=STAGE_INTERVIEW, display_name="Talk"), StageSetting(stage=STAGE_APPLIED)]
    focus = ["Nursing", "Data engineering"]
    new = Organization(
        display_name="ACME 2", hiring_capacity=7, recruitment_focus=focus, stages=stages, etag=organization.etag
    )
    request = pb.UpdateOrganizationRequest(organization_id=organization.id, organization=new)
    changed = await talenthub.UpdateOrganization(request, metadata=admin.metadata)
    assert (changed.display_name, changed.hiring_capacity, list(changed.stages)) == ("ACME 2", 7, stages)
    read = pb.GetOrganizationRequest(organization_id=organization.id)
    assert list((await talenthub.GetOrganization(read, metadata=admin.metadata)).recruitment_focus) == focus
    assert changed.domain == "acme.example"
    with refused("ETAG_MISMATCH"):
        await talenthub.UpdateOrganization(request, metadata=admin.metadata)
    recruiter = await joined(system, organization, "RECRUITER")
    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await talenthub.UpdateOrganization(request, metadata=recruiter.metadata)
    stranger = await a_recruiter(system)
    with refused("NOT_FOUND", resource="organization", id=organization.id):
        await talenthub.UpdateOrganization(request, metadata=stranger.metadata)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "https://acme.example/jobs"}, "organization.domain"),
        ({"domain": "acme"}, "organization.domain"),
        ({"stages": [StageSetting(stage=STAGE_APPLIED)] * 2}, "organization.stages"),
        ({"hiring_capacity": -1}, "organization.hiring_capacity"),
        ({"recruitment_focus": [""]}, "organization.recruitment_focus[0]"),
    ],
)
async def test_what_does_not_fit_is_named(
    talenthub: TalentHubServiceStub, admin: Person, changes: dict[str, Any], field: str
) -> None:
    with refused("INVALID_ARGUMENT", field=field):
        await make(talenthub, admin, **({"display_name": "ACME"} | changes))


async def test_a_domain_is_kept_as_dns_writes_it(talenthub: TalentHubServiceStub, admin: Person) -> None:
    made = await make(talenthub, admin, display_name="Bücher", domain="BÜCHER.example.")
    assert made.domain == "xn--bcher-kva.example"


async def test_watchers_of_positions_are_told_the_new_name(
    system: System, talenthub: TalentHubServiceStub, clean: None
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    new = Organization(display_name="Another Name")
    request = pb.UpdateOrganizationRequest(organization_id=position.organization_id, organization=new)
    await talenthub.UpdateOrganization(request, metadata=recruiter.metadata)
    async with asyncio.timeout(60):
        while not await system.count("matching.positions", "organization_name = 'Another Name'"):
            await asyncio.sleep(0.05)


async def test_roles_change_but_the_last_admin_stays(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    other = await joined(system, organization, "VIEWER")

    async def set_role(who: Person, whose: Person, role: Any, etag: str = "") -> Member:
        request = pb.UpdateMemberRequest(organization_id=organization.id, account_id=whose.id, role=role, etag=etag)
        return await talenthub.UpdateMember(request, metadata=who.metadata)

    with refused("WRONG_STATE", resource="organization"):
        await set_role(admin, admin, MEMBER_ROLE_VIEWER)
    with refused("PERMISSION_DENIED"):
        await set_role(other, other, MEMBER_ROLE_ADMIN)
    seen = (await members(talenthub, admin, organization))[other.id].etag
    assert (await set_role(admin, other, MEMBER_ROLE_ADMIN, seen)).role == MEMBER_ROLE_ADMIN
    with refused("ETAG_MISMATCH"):
        await set_role(admin, other, MEMBER_ROLE_RECRUITER, seen)
    assert (await set_role(other, admin, MEMBER_ROLE_RECRUITER)).role == MEMBER_ROLE_RECRUITER
    with refused("NOT_FOUND", resource="member"):
        await set_role(other, await a_recruiter(system), MEMBER_ROLE_VIEWER)


async def test_of_two_admins_who_leave_at_once_one_stays(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    other = await joined(system, organization, "ADMIN")

    async def leave(who: Person) -> bool:
        request = pb.RemoveMemberRequest(organization_id=organization.id, account_id=who.id)
        try:
            await talenthub.RemoveMember(request, metadata=who.metadata)
        except Exception:
            return False
        return True

    left = await asyncio.gather(leave(admin), leave(other))
    assert sorted(left) == [False, True]
    stays = other if left[0] else admin
    assert list(await members(talenthub, stays, organization)) == [stays.id]


async def test_who_is_removed_sees_nothing_any_more(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    other, third = await joined(system, organization, "RECRUITER"), await joined(system, organization, "VIEWER")

    async def remove(who: Person, whose: Person) -> None:
        request = pb.RemoveMemberRequest(organization_id=organization.id, account_id=whose.id)
        await talenthub.RemoveMember(request, metadata=who.metadata)

    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await remove(other, third)
    await remove(admin, other)
    with refused("NOT_FOUND", resource="organization"):
        await members(talenthub, other, organization)
    await remove(third, third)
    assert list(await members(talenthub, admin, organization)) == [admin.id]


async def test_it_is_handed_over_once(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    heir = await joined(system, organization, "RECRUITER")
    request = pb.TransferOrganizationRequest(organization_id=organization.id, account_id=heir.id)
    for _ in range(2):
        assert (await talenthub.TransferOrganization(request, metadata=admin.metadata)).id == organization.id
    roles = {key: one.role for key, one in (await members(talenthub, heir, organization)).items()}
    assert roles == {admin.id: MEMBER_ROLE_RECRUITER, heir.id: MEMBER_ROLE_ADMIN}
    back = pb.TransferOrganizationRequest(organization_id=organization.id, account_id=admin.id)
    with refused("PERMISSION_DENIED"):
        await talenthub.TransferOrganization(back, metadata=admin.metadata)
    # To nobody who is there, and to oneself.
    with refused("NOT_FOUND", resource="member"):
        nobody = pb.TransferOrganizationRequest(organization_id=organization.id, account_id=str(uuid4()))
        await talenthub.TransferOrganization(nobody, metadata=heir.metadata)
    await talenthub.TransferOrganization(request, metadata=heir.metadata)
    assert (await members(talenthub, heir, organization))[heir.id].role == MEMBER_ROLE_ADMIN


async def test_a_closed_organization_has_no_open_positions_and_makes_none(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    recruiter = await a_recruiter(system)
    opened = await a_position(system, recruiter)
    draft = await a_position(system, recruiter, publish=False)
    request = pb.CloseOrganizationRequest(organization_id=opened.organization_id)
    closed = await talenthub.CloseOrganization(request, metadata=recruiter.metadata)
    assert closed.state == Organization.STATE_CLOSED

    async def state(position: Position) -> tuple[Any, Any]:
        read = pb.GetPositionRequest(position_id=position.id)
        found = await talenthub.GetPosition(read, metadata=recruiter.metadata)
        return found.state, found.close_reason

    assert await state(opened) == (Position.STATE_CLOSED, Position.CLOSE_REASON_CANCELLED)
    assert (await state(draft))[0] == Position.STATE_DRAFT
    for call, again in (
        (talenthub.CloseOrganization, request),
        (
            talenthub.TransferOrganization,
            pb.TransferOrganizationRequest(organization_id=closed.id, account_id=recruiter.id),
        ),
        (
            talenthub.CreateInvitation,
            pb.CreateInvitationRequest(organization_id=closed.id, email="a@example.org", role=MEMBER_ROLE_VIEWER),
        ),
        (
            talenthub.UpdateOrganization,
            pb.UpdateOrganizationRequest(
                organization_id=closed.id,
                organization=Organization(display_name="x"),
                update_mask=FieldMask(paths=["display_name"]),
            ),
        ),
    ):
        with refused("WRONG_STATE", resource="organization"):
            await call(again, metadata=recruiter.metadata)
    with refused("WRONG_STATE", resource="organization"):
        await a_position(system, recruiter)


async def test_ninety_days_after_closing_it_is_gone_and_watchers_know(
    system: System, talenthub: TalentHubServiceStub, clean: None
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    async with asyncio.timeout(60):
        while not await system.count("matching.positions", "id = $1", UUID(position.id)):
            await asyncio.sleep(0.05)
    request = pb.CloseOrganizationRequest(organization_id=position.organization_id)
    await talenthub.CloseOrganization(request, metadata=recruiter.metadata)
    settings = Settings.of("talenthub", system.environment)
    async with Database.opened(settings.database_url.get_secret_value(), EVERYONE) as db:
        for days, left in ((89, 1), (91, 0)):
            async with db.write() as session:
                await closing.forget_closed(session, utc_now() + timedelta(days=days))
            assert await system.count("talenthub.organizations", "id = $1", UUID(position.organization_id)) == left
    async with asyncio.timeout(60):
        while await system.count("matching.positions", "id = $1", UUID(position.id)):
            await asyncio.sleep(0.05)
