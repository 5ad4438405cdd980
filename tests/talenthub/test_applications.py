"""Applying, and who sees an application."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.careerforge.v1.profile_pb2 import Preferences
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import STAGE_APPLIED, STAGE_SCREENING, STAGE_UNSPECIFIED, Application
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.auth import Caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.errors import NotFound
from services.kit.settings import Settings
from services.stack.ports import choose
from services.talenthub import applications
from services.talenthub.app import open_app
from services.talenthub.snapshots import Snapshot
from tests.builders import a_job_seeker, a_recruiter
from tests.harness import System, channel_to
from tests.refusals import refused
from tests.talenthub.teams import Team, a_team, an_applicant, an_application, join, moved, profile_of

ROLES = ("recruiter", "hiring_manager", "interviewer", "viewer")


@pytest.fixture(scope="module")
async def team(system: System) -> Team:
    return await a_team(system, *ROLES)


async def test_an_application_brings_the_profile_as_it_was(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker = await a_job_seeker(system)
    hidden_from = Preferences(blocked_employers=["Example Works"], interests=["trains"])
    profile = await profile_of(system, seeker, display_name="Ada", headline="Builds services", preferences=hidden_from)
    made = await an_application(system, team, seeker, channel="match")
    await profile_of(system, seeker, headline="Something else")
    request = pb.GetApplicationRequest(application_id=made.id)
    for who in (seeker, team.admin):
        found = await talenthub.GetApplication(request, metadata=who.metadata)
        assert (found.profile.display_name, found.profile.headline) == ("Ada", "Builds services")
        assert list(found.profile.preferences.interests) == ["trains"]
        assert not found.profile.preferences.blocked_employers
        assert (found.profile_etag, found.channel, found.stage) == (profile.etag, "match", STAGE_APPLIED)
    assert not made.HasField("profile")


async def test_applying_is_the_first_step_and_its_message_is_for_the_organization(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team, message="I can begin in May")
    steps = pb.ListStageMovesRequest(application_id=made.id)
    (first,) = (await talenthub.ListStageMoves(steps, metadata=team.admin.metadata)).moves
    assert (first.from_stage, first.to_stage, first.actor_id, first.reason) == (
        STAGE_UNSPECIFIED,
        STAGE_APPLIED,
        seeker.id,
        "I can begin in May",
    )


async def test_the_same_request_applies_once_also_at_once(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker = await a_job_seeker(system)
    request = pb.ApplyRequest(position_id=team.position.id, request_id=str(uuid4()))
    made = await asyncio.gather(*(talenthub.Apply(request, metadata=seeker.metadata) for _ in range(6)))
    assert len({application.id for application in made}) == 1
    with refused("ALREADY_EXISTS", resource="application"):
        other = pb.ApplyRequest(position_id=team.position.id, request_id=str(uuid4()))
        await talenthub.Apply(other, metadata=seeker.metadata)


@pytest.mark.parametrize("why", ["paused", "closed", "draft", "late", "missing"])
async def test_only_a_position_that_is_open_and_in_time_takes_applications(
    system: System, talenthub: TalentHubServiceStub, why: str
) -> None:
    over = Timestamp()
    over.FromDatetime(utc_now() - timedelta(seconds=1))
    late = {"deadline_time": over} if why == "late" else {}
    team = await a_team(system, publish=why != "draft", **late)
    metadata, key = {"metadata": team.admin.metadata}, team.position.id
    if why == "paused":
        await talenthub.PausePosition(pb.PausePositionRequest(position_id=key), **metadata)
    if why == "closed":
        await talenthub.ClosePosition(pb.ClosePositionRequest(position_id=key, close_reason=1), **metadata)
    key = str(uuid4()) if why == "missing" else key
    with refused("NOT_FOUND", resource="position", id=key):
        await an_application(system, team, position_id=key)
    assert await system.count("talenthub.applications", "position_id = $1", key) == 0


async def test_without_careerforge_nothing_is_half_written(system: System, team: Team) -> None:
    seeker = await a_job_seeker(system)
    nowhere = choose(("mesh",), {}, {})["mesh"]
    environment = system.environment | {"SKILLSYNC_TALENTHUB_MESH_ADDRESS": f"127.0.0.1:{nowhere}"}
    environment |= {"SKILLSYNC_TALENTHUB_LISTEN": "127.0.0.1:0"}
    async with (
        open_app(Settings.of("talenthub", environment)) as alone,
        channel_to(system.servers.certificates, alone.port, "gateway") as channel,
    ):
        request = pb.ApplyRequest(position_id=team.position.id)
        with refused("DEPENDENCY_UNAVAILABLE", dependency="careerforge"):
            await TalentHubServiceStub(channel).Apply(request, metadata=seeker.metadata)
    assert await system.count("talenthub.applications", "candidate_id = $1", seeker.id) == 0
    assert await system.count("talenthub.stage_moves", "actor_id = $1", seeker.id) == 0
    assert (await an_application(system, team, seeker)).candidate_id == seeker.id


async def test_an_application_is_seen_by_who_applied_and_by_members(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    request = pb.GetApplicationRequest(application_id=made.id)
    for role in ("recruiter", "hiring_manager", "viewer"):
        assert (await talenthub.GetApplication(request, metadata=team.members[role].metadata)).id == made.id
    assert (await talenthub.GetApplication(request, metadata=seeker.metadata)).id == made.id
    for stranger in (await a_job_seeker(system), await a_recruiter(system), team.members["interviewer"]):
        with refused("NOT_FOUND", resource="application", id=made.id):
            await talenthub.GetApplication(request, metadata=stranger.metadata)


async def test_who_applied_sees_it_when_the_position_is_closed_too(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    team = await a_team(system)
    seeker, made = await an_applicant(system, team)
    close = pb.ClosePositionRequest(position_id=team.position.id, close_reason=1)
    await talenthub.ClosePosition(close, metadata=team.admin.metadata)
    request = pb.GetApplicationRequest(application_id=made.id)
    assert (await talenthub.GetApplication(request, metadata=seeker.metadata)).id == made.id
    withdraw = pb.WithdrawApplicationRequest(application_id=made.id)
    assert (await talenthub.WithdrawApplication(withdraw, metadata=seeker.metadata)).id == made.id


async def test_applicants_do_not_see_what_is_said_among_colleagues(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    """Be the applicant a member of the organization, whose role would let them."""
    colleague = await a_job_seeker(system)
    await join(system, team.organization_id, colleague, "ADMIN")
    await an_application(system, team)
    made = await an_application(system, team, colleague)
    await moved(system, team, made.id, "SCREENING", reason="knows the trade", candidate_message="We read it")
    found = await talenthub.GetApplication(
        pb.GetApplicationRequest(application_id=made.id), metadata=colleague.metadata
    )
    assert (found.stage, found.candidate_message) == (STAGE_SCREENING, "We read it")
    assert "knows the trade" not in str(found)
    mine = await talenthub.ListMyApplications(pb.ListMyApplicationsRequest(), metadata=colleague.metadata)
    assert [one.id for one in mine.applications] == [made.id]


async def test_a_stage_is_listed_newest_first_in_pages(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    made = [(await an_application(system, team)).id for _ in range(5)]
    for key in made[:3]:
        await moved(system, team, key, "SCREENING")

    async def listed(**fields: object) -> list[str]:
        found: list[Application] = []
        token = ""
        while not found or token:
            request = pb.ListApplicationsRequest(position_id=team.position.id, page_size=2, page_token=token, **fields)
            answer = await talenthub.ListApplications(request, metadata=team.admin.metadata)
            found, token = [*found, *answer.applications], answer.next_page_token
        return [application.id for application in found]

    assert await listed() == made[::-1]
    assert await listed(stage=STAGE_SCREENING) == made[2::-1]


async def test_a_watcher_sees_applications_and_their_steps(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    first = await an_application(system, team)
    request = pb.WatchApplicationsRequest(position_id=team.position.id)
    events = talenthub.WatchApplications(request, metadata=team.admin.metadata)
    async with asyncio.timeout(60):
        assert (await events.read()).application == first
        assert (await events.read()).snapshot_complete.row_count == 1
        await an_application(system, await a_team(system))
        after = await moved(system, team, first.id, "INTERVIEW")
        event = await events.read()
    assert event.application == after
    events.cancel()
    second = await an_application(system, team)
    request = pb.WatchApplicationsRequest(position_id=team.position.id, resume_token=event.resume_token)
    resumed = talenthub.WatchApplications(request, metadata=team.admin.metadata)
    async with asyncio.timeout(60):
        assert (await resumed.read()).HasField("checkpoint")
        assert (await resumed.read()).application == second
    resumed.cancel()


async def test_applications_are_watched_by_who_sees_them_all(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    request = pb.WatchApplicationsRequest(position_id=team.position.id)
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.WatchApplications(request, metadata=team.members["interviewer"].metadata).read()
    with refused("NOT_FOUND", resource="position"):
        await talenthub.WatchApplications(request, metadata=(await a_recruiter(system)).metadata).read()
    events = talenthub.WatchApplications(request, metadata=team.members["viewer"].metadata)
    token = (await events.read()).resume_token
    events.cancel()
    stolen = pb.WatchApplicationsRequest(position_id=team.position.id, resume_token=token)
    with refused("RESUME_TOKEN_INVALID", field="resume_token"):
        await talenthub.WatchApplications(stolen, metadata=team.admin.metadata).read()


async def test_who_is_removed_hears_of_no_application_any_more(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system, "recruiter", "viewer")
    made = await an_application(system, team)
    request = pb.WatchApplicationsRequest(position_id=team.position.id)
    events = {role: talenthub.WatchApplications(request, metadata=team.members[role].metadata) for role in team.members}
    async with asyncio.timeout(60):
        for stream in events.values():
            assert (await stream.read()).application.id == made.id
            assert (await stream.read()).HasField("snapshot_complete")
        await system.database.execute(
            "update talenthub.members set remove_time = now() where account_id = $1", team.members["recruiter"].id
        )
        await system.database.execute(
            "update talenthub.members set role = 'INTERVIEWER' where account_id = $1", team.members["viewer"].id
        )
        await moved(system, team, made.id, "SCREENING")
        assert (await events["admin"].read()).application.stage == STAGE_SCREENING
        with refused("NOT_FOUND", resource="position"):
            await events["recruiter"].read()
        with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
            await events["viewer"].read()
    events["admin"].cancel()


@pytest.mark.parametrize("why", ["paused", "late"])
async def test_a_position_that_ends_while_the_profile_is_fetched_takes_no_application(
    system: System, talenthub: TalentHubServiceStub, why: str
) -> None:
    team, now = await a_team(system), utc_now()
    if why == "paused":
        pause = pb.PausePositionRequest(position_id=team.position.id)
        await talenthub.PausePosition(pause, metadata=team.admin.metadata)
    else:
        await system.database.execute(
            "update talenthub.positions set deadline_time = $2 where id = $1", UUID(team.position.id), now
        )
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    who, key = Caller(account_id=uuid4()), UUID(team.position.id)
    async with Database.opened(url, EVERYONE) as db:
        with pytest.raises(NotFound):
            async with db.write() as session:
                await applications.apply(session, who, key, "", "direct", Snapshot(), "k" * 32, None, now)
    assert await system.count("talenthub.applications", "position_id = $1", key) == 0
