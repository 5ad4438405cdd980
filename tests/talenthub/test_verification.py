"""Domains are verified by DNS, or by their postmaster."""

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.organization_pb2 import Organization, OrganizationVerification
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB

from services.talenthub import domains, verification
from tests.builders import Person, a_person, a_recruiter
from tests.harness import System
from tests.refusals import refused


@pytest.fixture
async def admin(system: System) -> Person:
    return await a_person(system, PLATFORM_TALENTHUB)


async def of_domain(talenthub: TalentHubServiceStub, who: Person, domain: str) -> Organization:
    request = pb.CreateOrganizationRequest(organization=Organization(display_name="ACME", domain=domain))
    return await talenthub.CreateOrganization(request, metadata=who.metadata)


async def start(
    talenthub: TalentHubServiceStub, who: Person, organization: Organization, mail: bool = False
) -> OrganizationVerification:
    request = pb.StartOrganizationVerificationRequest(organization_id=organization.id, mail=mail)
    return await talenthub.StartOrganizationVerification(request, metadata=who.metadata)


async def verify(talenthub: TalentHubServiceStub, who: Person, organization: Organization, code: str = "") -> Any:
    request = pb.VerifyOrganizationRequest(organization_id=organization.id, code=code)
    return await talenthub.VerifyOrganization(request, metadata=who.metadata)


async def mailed_code(system: System, domain: str, count: int = 1) -> str:
    mail = (await system.inbox.mails(f"postmaster@{domain}", count))[-1]
    found = re.search(r"\n([\w-]{32})\s", mail)
    assert found, mail
    return found[1]


async def test_a_record_verifies_the_domain(system: System, talenthub: TalentHubServiceStub, admin: Person) -> None:
    organization = await of_domain(talenthub, admin, "by-record.example")
    ways = await start(talenthub, admin, organization)
    assert (ways.dns_name, ways.mailed_to) == ("_skillsync.by-record.example", "")
    with refused("WRONG_STATE", resource="domain"):
        await verify(talenthub, admin, organization)
    system.zone.records[ways.dns_name] = ["v=spf1 -all", "skillsync-verification=another's"]
    with refused("WRONG_STATE", resource="domain"):
        await verify(talenthub, admin, organization)
    system.zone.records[ways.dns_name].append(ways.dns_value)
    assert (await verify(talenthub, admin, organization)).verified
    assert (await start(talenthub, admin, organization)).dns_value == ways.dns_value


async def test_another_organization_cannot_use_the_record(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    organization = await of_domain(talenthub, admin, "shared.example")
    ways = await start(talenthub, admin, organization)
    system.zone.records[ways.dns_name] = [ways.dns_value]
    other = await a_person(system, PLATFORM_TALENTHUB)
    theirs = await of_domain(talenthub, other, "shared.example")
    with refused("WRONG_STATE", resource="domain"):
        await verify(talenthub, other, theirs)


async def test_without_an_answer_nothing_is_decided(
    system: System, talenthub: TalentHubServiceStub, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domains, "LOOK_SECONDS", 0.3)
    organization = await of_domain(talenthub, admin, "silent.example")
    monkeypatch.setattr(system.zone, "silent", True)
    with refused("DEPENDENCY_UNAVAILABLE", dependency="dns"):
        await verify(talenthub, admin, organization)


async def test_a_code_of_the_postmaster_verifies_the_domain_once(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    organization = await of_domain(talenthub, admin, "by-mail.example")
    with refused("CREDENTIALS_INVALID"):
        await verify(talenthub, admin, organization, "none was mailed")
    assert (await start(talenthub, admin, organization, mail=True)).mailed_to == "postmaster@by-mail.example"
    code = await mailed_code(system, "by-mail.example")
    with refused("CREDENTIALS_INVALID"):
        await verify(talenthub, admin, organization, code[:-1])
    assert (await verify(talenthub, admin, organization, code)).verified
    with refused("CREDENTIALS_INVALID"):
        await verify(talenthub, admin, organization, code)


async def test_guessing_ends_after_ten_attempts(system: System, talenthub: TalentHubServiceStub, admin: Person) -> None:
    organization = await of_domain(talenthub, admin, "guessed.example")
    await start(talenthub, admin, organization, mail=True)
    code = await mailed_code(system, "guessed.example")
    for number in range(verification.MOST_ATTEMPTS):
        with refused("CREDENTIALS_INVALID"):
            await verify(talenthub, admin, organization, f"guess {number}")
    with refused("CREDENTIALS_INVALID"):
        await verify(talenthub, admin, organization, code)


async def test_a_postmaster_is_mailed_once_in_a_while(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    organization = await of_domain(talenthub, admin, "paced.example")
    await start(talenthub, admin, organization, mail=True)
    first = await mailed_code(system, "paced.example")
    await start(talenthub, admin, organization, mail=True)
    assert not await system.count(
        "talenthub.jobs",
        "kind = 'mail_domain_code' and state <> 'done' and payload->>'organization_id' = $1",
        organization.id,
    )
    await system.database.execute(
        "update talenthub.domain_codes set update_time = now() - interval '11 minutes' where organization_id = $1",
        UUID(organization.id),
    )
    await start(talenthub, admin, organization, mail=True)
    assert await mailed_code(system, "paced.example", 2) != first
    with refused("CREDENTIALS_INVALID"):
        await verify(talenthub, admin, organization, first)


async def test_who_asks_several_times_at_once_has_one_mail_sent(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    organization = await of_domain(talenthub, admin, "hasty.example")
    await asyncio.gather(*(start(talenthub, admin, organization, mail=True) for _ in range(6)))
    jobs = ("talenthub.jobs", "kind = 'mail_domain_code' and payload->>'organization_id' = $1", organization.id)
    assert await system.count(*jobs) == 1
    assert await mailed_code(system, "hasty.example")


async def test_another_domain_is_not_verified(system: System, talenthub: TalentHubServiceStub, admin: Person) -> None:
    organization = await of_domain(talenthub, admin, "first.example")
    ways = await start(talenthub, admin, organization)
    system.zone.records[ways.dns_name] = [ways.dns_value]
    assert (await verify(talenthub, admin, organization)).verified
    new = Organization(domain="second.example")
    request = pb.UpdateOrganizationRequest(organization_id=organization.id, organization=new)
    assert not (await talenthub.UpdateOrganization(request, metadata=admin.metadata)).verified


async def test_only_admins_verify_and_only_with_a_domain(
    system: System, talenthub: TalentHubServiceStub, admin: Person
) -> None:
    without = await of_domain(talenthub, admin, "")
    for call in (start, verify):
        with refused("WRONG_STATE", resource="organization"):
            await call(talenthub, admin, without)
        with refused("NOT_FOUND", resource="organization"):
            await call(talenthub, await a_recruiter(system), without)
