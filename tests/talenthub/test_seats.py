"""An organization has as many people as the best plan of its admins has seats."""

import asyncio
from uuid import UUID

import grpc
import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import Organization
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from services.billing.plans import read
from services.kit.channel import open_channel
from services.kit.db import Database
from services.kit.entitlements import Entitled, Entitlements
from services.kit.errors import Unavailable
from services.kit.settings import Settings
from services.stack.ports import choose
from services.talenthub.seats import UNLIMITED, Seats, require
from tests.billing.paying import Payer, eventually
from tests.builders import Person, a_person, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.test_invitations import accept, invite

FREE = read()["free"].seats


@pytest.fixture
async def admin(system: System) -> Person:
    return await a_recruiter(system)


@pytest.fixture
async def organization(talenthub: TalentHubServiceStub, admin: Person) -> Organization:
    found = await talenthub.ListOrganizations(pb.ListOrganizationsRequest(), metadata=admin.metadata)
    return found.organizations[0]


async def test_open_invitations_take_seats_and_a_better_plan_brings_more(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    for number in range(FREE - 1):
        await invite(talenthub, admin, organization, f"guest{number}@example.org")
    with refused("QUOTA_EXCEEDED", quota="seats", limit=str(FREE)):
        await invite(talenthub, admin, organization, "one.more@example.org")
    payer = Payer(system, admin)
    await payer.click(await payer.page())

    async def tried() -> bool:
        """What was kept of the plan before is gone as soon as billing tells of the new one."""
        try:
            await invite(talenthub, admin, organization, "one.more@example.org")
        except grpc.RpcError:
            return False
        return True

    await eventually(tried, bool)


async def test_seats_that_are_gone_meanwhile_cannot_be_taken(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    invitation = await invite(talenthub, admin, organization, guest.email)
    await filled(system, organization, FREE - 1)
    with refused("QUOTA_EXCEEDED", quota="seats"):
        await accept(talenthub, guest, invitation)


async def test_a_plan_with_0_seats_has_no_limit_and_an_organization_that_is_not_there_has_none(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url) as db:
        seats = Seats(db, _Unlimited())
        assert await seats.of(UUID(organization.id)) == UNLIMITED
        assert await seats.of(UUID(int=7)) == 0
    require(10_000_000, UNLIMITED)


class _Unlimited(Entitlements):
    """A billing service where every plan has 0 seats: as many people as there are."""

    def __init__(self) -> None:
        pass

    async def of(self, account_id: UUID) -> Entitled:
        return Entitled("enterprise", 0)


async def test_of_two_who_accept_for_the_last_seat_at_once_one_gets_it(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guests = [await a_person(system, PLATFORM_TALENTHUB) for _ in range(2)]
    invitations = [await invite(talenthub, admin, organization, guest.email) for guest in guests]
    await filled(system, organization, FREE - 2)
    pairs = zip(guests, invitations, strict=True)
    answers = await asyncio.gather(*(accept(talenthub, *pair) for pair in pairs), return_exceptions=True)
    (refusal,) = [one for one in answers if isinstance(one, grpc.RpcError)]
    with refused("QUOTA_EXCEEDED", quota="seats", limit=str(FREE)):
        raise refusal
    assert await members(system, organization) == FREE


async def test_of_two_who_are_invited_to_the_last_seat_at_once_one_is(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    await filled(system, organization, FREE - 2)
    invited = (invite(talenthub, admin, organization, f"{name}@example.org") for name in ("one", "two", "three"))
    answers = await asyncio.gather(*invited, return_exceptions=True)
    refusals = [one for one in answers if isinstance(one, grpc.RpcError)]
    assert len(refusals) == 2
    for refusal in refusals:
        with refused("QUOTA_EXCEEDED", quota="seats"):
            raise refusal


async def test_a_smaller_plan_throws_nobody_out_and_lets_nobody_in(
    system: System, talenthub: TalentHubServiceStub, admin: Person, organization: Organization
) -> None:
    guest = await a_person(system, PLATFORM_TALENTHUB)
    await filled(system, organization, FREE - 2)
    invitation = await invite(talenthub, admin, organization, guest.email)
    await filled(system, organization, 3)
    listed = pb.ListMembersRequest(organization_id=organization.id)
    assert len((await talenthub.ListMembers(listed, metadata=admin.metadata)).members) == FREE + 2
    with refused("QUOTA_EXCEEDED", quota="seats", limit=str(FREE)):
        await accept(talenthub, guest, invitation)
    with refused("QUOTA_EXCEEDED", quota="seats"):
        await invite(talenthub, admin, organization, "one.more@example.org")
    assert await members(system, organization) == FREE + 2


async def filled(system: System, organization: Organization, count: int) -> None:
    """With so many more members, as they were let in under a larger plan."""
    for _ in range(count):
        await system.database.execute(
            "insert into talenthub.members (id, organization_id, account_id, role)"
            " values (gen_random_uuid(), $1, gen_random_uuid(), 'VIEWER')",
            UUID(organization.id),
        )


async def members(system: System, organization: Organization) -> int:
    return await system.count("talenthub.members", "organization_id = $1", UUID(organization.id))


async def test_what_was_known_is_believed_while_billing_is_away(
    system: System, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.of("talenthub", system.environment)
    away = settings.model_copy(update={"mesh_address": f"127.0.0.1:{choose(['mesh'], {}, {})['mesh']}"})
    async with open_channel(settings, "billing") as channel, open_channel(away, "billing") as nobody:
        entitlements = Entitlements(channel)
        assert (await entitlements.of(UUID(admin.id))).seats == FREE
        monkeypatch.setattr(entitlements, "_billing", Entitlements(nobody)._billing)
        monkeypatch.setattr("services.kit.entitlements.FRESH_SECONDS", -1.0)
        assert (await entitlements.of(UUID(admin.id))).plan_tier == "free"
        with pytest.raises(Unavailable):
            await entitlements.of(UUID(int=7))
        monkeypatch.setattr("services.kit.entitlements.STALE_SECONDS", -1.0)
        with pytest.raises(Unavailable):
            await entitlements.of(UUID(admin.id))
