"""Invitations: by mail, to one address, answered once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import (
    MEMBER_ROLE_RECRUITER,
    MEMBER_ROLE_VIEWER,
    Invitation,
    MemberRole,
    Organization,
)
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from tests.builders import Person, a_person, a_recruiter
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def admin(system: System) -> Person:
    return await a_recruiter(system)


@pytest.fixture
async def organization(talenthub: TalentHubServiceStub, admin: Person) -> Organization:
    found = await talenthub.ListOrganizations(pb.ListOrganizationsRequest(), metadata=admin.metadata)
    return found.organizations[0]


async def invite(
    talenthub: TalentHubServiceStub,
    who: Person,
    organization: Organization,
    email: str,
    role: MemberRole.ValueType = MEMBER_ROLE_RECRUITER,
    **fields: Any,
) -> Invitation:
    request = pb.CreateInvitationRequest(organization_id=organization.id, email=email, role=role, **fields)
    return await talenthub.CreateInvitation(request, metadata=who.metadata)


async def accept(talenthub: TalentHubServiceStub, who: Person, invitation: Invitation) -> Any:
    request = pb.AcceptInvitationRequest(invitation_id=invitation.id)
    return await talenthub.AcceptInvitation(request, metadata=who.metadata)


async def states(talenthub: TalentHubServiceStub, who: Person, organization: Organization) -> list[Any]:
    request = pb.ListInvitationsRequest(organization_id=organization.id)
    found = await talenthub.ListInvitations(request, metadata=who.metadata)
    return [one.state for one in found.invitations]


async def test_who_is_invited_gets_a_mail_with_a_link_and_joins(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email.upper())
    mails = await system.inbox.mails(guest.email)
    assert any(f"/#/invitation/{invitation.id}" in mail and organization.display_name in mail for mail in mails)
    member = await accept(talenthub, guest, invitation)
    assert (member.organization_id, member.account_id, member.role) == (
        organization.id,
        guest.id,
        MEMBER_ROLE_RECRUITER,
    )
    read = pb.GetOrganizationRequest(organization_id=organization.id)
    assert (await talenthub.GetOrganization(read, metadata=guest.metadata)).id == organization.id
    assert await states(talenthub, admin, organization) == [Invitation.STATE_ACCEPTED]
    with refused("WRONG_STATE", resource="invitation"):
        await talenthub.DeclineInvitation(
            pb.DeclineInvitationRequest(invitation_id=invitation.id), metadata=guest.metadata
        )
    with refused("ALREADY_EXISTS", resource="member"):
        await accept(talenthub, guest, invitation)
    with refused("ALREADY_EXISTS", resource="member"):
        await invite(talenthub, admin, organization, guest.email)


async def test_nobody_else_can_answer(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest, other = await a_person(system, PLATFORM_TALENTHUB), await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email)
    for who in (other, admin):
        with refused("NOT_FOUND", resource="invitation", id=invitation.id):
            await accept(talenthub, who, invitation)
    await system.database.execute('update "user".base_users set email_verify_time = null where id = $1', UUID(guest.id))
    with refused("NOT_FOUND", resource="invitation"):
        await accept(talenthub, guest, invitation)


async def test_one_invitation_is_open_at_a_time(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest, key = await a_person(system, PLATFORM_TALENTHUB), str(uuid4())
    first = await invite(talenthub, admin, organization, guest.email, request_id=key)
    assert (await invite(talenthub, admin, organization, guest.email, request_id=key)).id == first.id
    with refused("ALREADY_EXISTS", resource="invitation"):
        await invite(talenthub, admin, organization, guest.email)
    cancel = pb.CancelInvitationRequest(invitation_id=first.id)
    stranger = await a_recruiter(system)
    with refused("NOT_FOUND", resource="invitation"):
        await talenthub.CancelInvitation(cancel, metadata=stranger.metadata)
    assert (await talenthub.CancelInvitation(cancel, metadata=admin.metadata)).state == Invitation.STATE_CANCELLED
    with refused("WRONG_STATE", resource="invitation"):
        await accept(talenthub, guest, first)
    await invite(talenthub, admin, organization, guest.email)
    assert await states(talenthub, admin, organization) == [Invitation.STATE_PENDING, Invitation.STATE_CANCELLED]


async def test_two_organizations_may_use_the_same_request(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    other, key, guest = await a_recruiter(system), str(uuid4()), await a_person(system, PLATFORM_TALENTHUB)
    theirs = (await talenthub.ListOrganizations(pb.ListOrganizationsRequest(), metadata=other.metadata)).organizations[
        0
    ]
    first = await invite(talenthub, admin, organization, guest.email, request_id=key)
    second = await invite(talenthub, other, theirs, guest.email, request_id=key)
    assert (first.organization_id, second.organization_id) == (organization.id, theirs.id)


async def test_closing_takes_invitations_back(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email)
    close = pb.CloseOrganizationRequest(organization_id=organization.id)
    await talenthub.CloseOrganization(close, metadata=admin.metadata)
    assert await states(talenthub, admin, organization) == [Invitation.STATE_CANCELLED]
    # As it would be if it had slipped through: who is closed takes in nobody.
    await system.database.execute(
        "update talenthub.invitations set state = 'PENDING' where id = $1", UUID(invitation.id)
    )
    with refused("WRONG_STATE", resource="organization"):
        await accept(talenthub, guest, invitation)


@pytest.mark.parametrize("first", ["join", "cancel"])
async def test_of_joining_and_taking_back_at_once_the_second_sees_what_the_first_did(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization, first: str
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email)

    async def cancel() -> Invitation:
        request = pb.CancelInvitationRequest(invitation_id=invitation.id)
        return await talenthub.CancelInvitation(request, metadata=admin.metadata)

    calls = {"join": lambda: accept(talenthub, guest, invitation), "cancel": cancel}
    # Both have read the invitation, and wait for the organization.
    async with asyncio.timeout(60), system.database.transaction():
        lock = "select 1 from talenthub.organizations where id = $1 for update"
        await system.database.execute(lock, UUID(organization.id))
        running = []
        for name in sorted(calls, key=lambda name: name != first):
            running.append(asyncio.create_task(calls[name]()))
            while await system.count("pg_locks", "not granted") < len(running):
                await asyncio.sleep(0.01)
    done, late = await asyncio.gather(*running, return_exceptions=True)
    assert not isinstance(done, Exception)
    with refused("WRONG_STATE", resource="invitation"):
        raise late
    expected = Invitation.STATE_ACCEPTED if first == "join" else Invitation.STATE_CANCELLED
    assert await states(talenthub, admin, organization) == [expected]


async def test_a_name_of_two_lines_does_not_keep_the_mail_from_going_out(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    request = pb.UpdateOrganizationRequest(
        organization_id=organization.id, organization=Organization(display_name="ACME\nBcc: all@example.org")
    )
    await talenthub.UpdateOrganization(request, metadata=admin.metadata)
    guest = f"{uuid4().hex}@example.org"
    await invite(talenthub, admin, organization, guest)
    (mail,) = await system.inbox.mails(guest, 1)
    assert "/#/invitation/" in mail


async def test_an_invitation_ends_after_fourteen_days(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email)
    await system.database.execute(
        "update talenthub.invitations set expire_time = now() - $2::interval where id = $1",
        UUID(invitation.id),
        timedelta(seconds=1),
    )
    assert await states(talenthub, admin, organization) == [Invitation.STATE_EXPIRED]
    with refused("WRONG_STATE", resource="invitation"):
        await accept(talenthub, guest, invitation)
    await invite(talenthub, admin, organization, guest.email)


async def test_only_admins_invite_and_see_addresses(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    await accept(talenthub, guest, await invite(talenthub, admin, organization, guest.email, MEMBER_ROLE_VIEWER))
    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await invite(talenthub, guest, organization, "another@example.org")
    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await states(talenthub, guest, organization)
    cancel = pb.CancelInvitationRequest(
        invitation_id=(await invite(talenthub, admin, organization, "b@example.org")).id
    )
    with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
        await talenthub.CancelInvitation(cancel, metadata=guest.metadata)
    with refused("NOT_FOUND", resource="organization"):
        await states(talenthub, await a_recruiter(system), organization)


async def test_who_left_can_come_back(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    await accept(talenthub, guest, await invite(talenthub, admin, organization, guest.email, MEMBER_ROLE_VIEWER))
    leave = pb.RemoveMemberRequest(organization_id=organization.id, account_id=guest.id)
    await talenthub.RemoveMember(leave, metadata=guest.metadata)
    member = await accept(talenthub, guest, await invite(talenthub, admin, organization, guest.email))
    assert member.role == MEMBER_ROLE_RECRUITER
