"""Bias audits, the whole way through the door."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.fairness_pb2 import BiasAudit, GroupImpact
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import utc_now
from services.kit.times import timestamp
from tests.builders import Person, a_position, a_recruiter, an_organization
from tests.harness import System
from tests.matching.ranked import until_ranked
from tests.matching.scored import add_candidates, open_matching, set_scores
from tests.refusals import refused


async def applicants(system: System, position_id: str, told: Sequence[tuple[str, str, bool]]) -> list[UUID]:
    """With what they told of themselves, some moved forward; all applied a day ago."""
    ids = [uuid4() for _ in told]
    when = utc_now() - timedelta(days=1)
    both = list(zip(ids, told, strict=True))
    await system.database.executemany(
        "insert into talenthub.applications (id, position_id, candidate_id, stage, stage_time, create_time)"
        " values ($1, $2, $1, $3, $4, $4)",
        [(id, UUID(position_id), "SCREENING" if selected else "APPLIED", when) for id, (_, _, selected) in both],
    )
    await system.database.executemany(
        "insert into talenthub.self_identifications (account_id, sex, race) values ($1, $2, $3)",
        [(id, sex, race) for id, (sex, race, _) in both if sex or race],
    )
    return ids


def figures(audit: BiasAudit) -> dict[str, GroupImpact]:
    return {one.group: one for one in audit.groups}


async def test_an_audit_is_made_of_applications_scores_and_what_people_told(
    system: System, talenthub: TalentHubServiceStub, clean: None
) -> None:
    admin = await a_recruiter(system)
    position = await a_position(system, admin)
    await until_ranked(system, position)
    men, women = [("male", "white", n < 6) for n in range(10)], [("female", "white", n < 3) for n in range(10)]
    ids = await applicants(system, position.id, [*men, *women, ("", "", True), ("", "asian", True)])
    async with open_matching(system) as db:
        await add_candidates(db, ids)
        # Men first: all of them lie above the median, and none of the women.
        await set_scores(db, UUID(position.id), {one: 0.9 - place / 100 for place, one in enumerate(ids)})
    request = pb.RunBiasAuditRequest(organization_id=position.organization_id, request_id=str(uuid4()))
    audit = await talenthub.RunBiasAudit(request, metadata=admin.metadata)
    found = figures(audit)
    assert (audit.unknown_count, found["race=asian"].count, found["race=asian"].excluded) == (1, 0, True)
    assert (found["sex=male"].selection_rate, found["sex=female"].selection_rate) == (0.6, 0.3)
    assert found["sex=female"].impact_ratio == pytest.approx(0.5)
    # 22 scores: their median lies between the eleventh and the twelfth, so all men and one woman are above it.
    assert (found["sex=male"].scoring_rate, found["sex=female"].scoring_rate) == (1, 0.1)
    assert found["sex=female,race=white"].count == 10
    assert "<svg" in audit.html
    assert await talenthub.RunBiasAudit(request, metadata=admin.metadata) == audit
    (listed,) = (await talenthub.ListBiasAudits(
        pb.ListBiasAuditsRequest(organization_id=position.organization_id), metadata=admin.metadata
    )).bias_audits  # fmt: skip
    assert (listed.id, listed.html, listed.groups) == (audit.id, "", audit.groups)
    later = pb.RunBiasAuditRequest(organization_id=position.organization_id, start_time=timestamp(utc_now()))
    assert not (await talenthub.RunBiasAudit(later, metadata=admin.metadata)).groups


async def test_who_was_moved_forward_and_rejected_later_was_selected(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    admin = await a_recruiter(system)
    position = await a_position(system, admin, publish=False)
    ids = await applicants(system, position.id, [("male", "", False)] * 10)
    await system.database.execute("update talenthub.applications set stage = 'REJECTED' where id = any($1)", ids)
    await system.database.execute(
        "insert into talenthub.stage_moves (id, application_id, position_id, from_stage, to_stage, actor_id, create_time)"
        " select gen_random_uuid(), id, position_id, 'APPLIED', 'INTERVIEW', id, now()"
        " from talenthub.applications where id = any($1)", ids[:4],
    )  # fmt: skip
    request = pb.RunBiasAuditRequest(organization_id=position.organization_id)
    found = figures(await talenthub.RunBiasAudit(request, metadata=admin.metadata))
    assert (found["sex=male"].selection_rate, found["sex=male"].scoring_rate) == (0.4, 0)


async def test_the_same_request_at_once_makes_one_audit(system: System, talenthub: TalentHubServiceStub) -> None:
    admin = await a_recruiter(system)
    position = await a_position(system, admin, publish=False)
    request = pb.RunBiasAuditRequest(organization_id=position.organization_id, request_id=str(uuid4()))
    made = await asyncio.gather(*(talenthub.RunBiasAudit(request, metadata=admin.metadata) for _ in range(4)))
    assert len({audit.id for audit in made}) == 1


async def test_only_who_administers_an_organization_audits_it(system: System, talenthub: TalentHubServiceStub) -> None:
    admin, stranger = await a_recruiter(system), await a_recruiter(system)
    organization = (await a_position(system, admin, publish=False)).organization_id
    calls = (
        (talenthub.RunBiasAudit, pb.RunBiasAuditRequest(organization_id=organization)),
        (talenthub.ListBiasAudits, pb.ListBiasAuditsRequest(organization_id=organization)),
    )
    for call, request in calls:
        with refused("NOT_FOUND", resource="organization"):
            await call(request, metadata=stranger.metadata)
    await system.database.execute(
        "update talenthub.members set role = 'RECRUITER' where account_id = $1", UUID(admin.id)
    )
    for call, request in calls:
        with refused("PERMISSION_DENIED", permission="PERMISSION_ADMINISTER_ORGANIZATION"):
            await call(request, metadata=admin.metadata)


async def test_two_audits_never_differ_by_a_few_people_alone(system: System, talenthub: TalentHubServiceStub) -> None:
    """Or who compares them learns what these told of themselves."""
    admin = await a_recruiter(system)
    position = await a_position(system, admin, publish=False)
    ids = await applicants(system, position.id, [("male", "", False)] * 12)

    async def audit(**fields: Timestamp) -> str:
        request = pb.RunBiasAuditRequest(organization_id=position.organization_id, **fields)
        return (await talenthub.RunBiasAudit(request, metadata=admin.metadata)).id

    async def move(some: Sequence[UUID]) -> None:
        await system.database.execute(
            "insert into talenthub.stage_moves (id, application_id, position_id, from_stage, to_stage, actor_id, create_time)"
            " select gen_random_uuid(), id, position_id, 'APPLIED', 'SCREENING', id, now()"
            " from talenthub.applications where id = any($1)", some,
        )  # fmt: skip

    async def come_now() -> None:
        await system.database.execute(
            "update talenthub.applications set create_time = now() where position_id = $1 and not id = any($2)",
            UUID(position.id), [*ids, *gone],
        )  # fmt: skip

    async def long_ago(some: Sequence[UUID]) -> None:
        await system.database.execute(
            "update talenthub.applications set create_time = now() - interval '10 days' where id = any($1)", some
        )

    # Some that count no more, and did not then.
    gone = await applicants(system, position.id, [("female", "", False)] * 5)
    await system.database.execute(
        "update talenthub.applications set merged_into_id = $1, merge_time = now() where id = any($2)", ids[0], gone
    )
    first = await audit()
    listing = pb.ListBiasAuditsRequest(organization_id=position.organization_id)
    (listed,) = (await talenthub.ListBiasAudits(listing, metadata=admin.metadata)).bias_audits
    assert [(one.group, one.count) for one in listed.groups] == [("sex=male", 12)]
    assert await audit() == first
    # One who is moved forward, then four more who are.
    await move(ids[:1])
    assert await audit() == first
    await move(ids[1:5])
    second = await audit()
    assert second != first
    # Those again, who were counted as moved before.
    await move(ids[:5])
    assert await audit() == second
    # Four who come, and a fifth.
    await applicants(system, position.id, [("female", "", False)] * 4)
    await come_now()
    assert await audit() == second
    await applicants(system, position.id, [("female", "", False)])
    await come_now()
    third = await audit()
    assert third != second
    # A beginning that leaves out four, and one that leaves out twelve.
    early = timestamp(utc_now() - timedelta(days=5))
    await long_ago(ids[:4])
    assert await audit(start_time=early) == third
    await long_ago(ids)
    fourth = await audit(start_time=early)
    assert fourth not in (first, second, third)
    # Too near to another one than the last.
    assert await audit() == third


async def test_an_audit_of_another_organization_is_no_answer(system: System, talenthub: TalentHubServiceStub) -> None:
    admin = await a_recruiter(system)
    made = []
    for organization in [(await a_position(system, admin)).organization_id, (await an_organization(system, admin)).id]:
        request = pb.RunBiasAuditRequest(organization_id=organization)
        made.append((await talenthub.RunBiasAudit(request, metadata=admin.metadata)).id)
        listed = pb.ListBiasAuditsRequest(organization_id=organization)
        found = (await talenthub.ListBiasAudits(listed, metadata=admin.metadata)).bias_audits
        assert [one.id for one in found] == made[-1:]


async def test_of_two_audits_at_once_that_differ_by_one_person_one_is_made(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    admin = await a_recruiter(system)
    position = await a_position(system, admin, publish=False)
    ids = await applicants(system, position.id, [("male", "", False)] * 9)
    await system.database.execute(
        "update talenthub.applications set create_time = now() - interval '10 days' where id = $1", ids[0]
    )
    starts = [timestamp(utc_now() - timedelta(days=days)) for days in (20, 5)]
    made = await asyncio.gather(
        *(
            talenthub.RunBiasAudit(
                pb.RunBiasAuditRequest(organization_id=position.organization_id, start_time=start),
                metadata=admin.metadata,
            )
            for start in starts
        )
    )
    assert len({audit.id for audit in made}) == 1


async def test_audits_come_in_pages_newest_first(system: System, talenthub: TalentHubServiceStub) -> None:
    admin: Person = await a_recruiter(system)
    position = await a_position(system, admin, publish=False)
    organization = position.organization_id
    run, made = pb.RunBiasAuditRequest(organization_id=organization), []
    for _ in range(3):
        made.append((await talenthub.RunBiasAudit(run, metadata=admin.metadata)).id)
        ids = await applicants(system, position.id, [("", "", False)] * 5)
        await system.database.execute("update talenthub.applications set create_time = now() where id = any($1)", ids)
    request = pb.ListBiasAuditsRequest(organization_id=organization, page_size=2)
    first = await talenthub.ListBiasAudits(request, metadata=admin.metadata)
    request.page_token = first.next_page_token
    second = await talenthub.ListBiasAudits(request, metadata=admin.metadata)
    assert [one.id for one in (*first.bias_audits, *second.bias_audits)] == made[::-1]
