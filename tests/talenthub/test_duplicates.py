"""Several applications of one person: found, merged, taken apart again."""

import asyncio
from uuid import uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.talenthub.snapshots import Snapshot
from tests.builders import RESUME, a_job_seeker, a_recruiter, an_analysis
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import Team, a_team, an_applicant, an_application, moved, profile_of

KEY, POSITION = "k" * 32, uuid4()
ADA = Snapshot(
    {"headline": "Builds services"},
    names=["Ada Example"],
    emails=["Ada@Example.org"],
    phones=["+49 170 1234567"],
    employers=["Example Works"],
)


def marks(**changes: object) -> set[str]:
    return set(Snapshot(**changes).kept(KEY, POSITION)["marks"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [
        {"emails": ["ada+jobs@example.ORG "]},
        {"phones": ["0170 / 12 34 567"]},
        {"names": ["EXAMPLE, Áda"], "employers": ["example works"]},
    ],
)
def test_one_person_is_known_again(same: dict[str, object]) -> None:
    assert marks(**same) & set(ADA.kept(KEY, POSITION)["marks"])


@pytest.mark.parametrize(
    "other",
    [
        {"emails": ["grace@example.org"]},
        {"phones": ["112"], "emails": ["not an address"]},
        {"names": ["Ada Example"], "employers": ["Sample Systems"]},
        {"names": ["Ada"], "employers": ["Example Works"]},
        {"names": ["Ada Example"]},
        {"profile": {"headline": "Builds services"}},
    ],
)
def test_who_shares_less_is_somebody_else(other: dict[str, object]) -> None:
    assert not marks(**other) & set(ADA.kept(KEY, POSITION)["marks"])


def test_without_a_resume_a_name_counts_with_the_line_about_oneself() -> None:
    line = {"profile": {"headline": "Builds services"}}
    assert marks(names=["Ada Example"], **line) & marks(names=["ada example"], **line)
    assert not marks(names=["Ada Example"]) & marks(names=["Ada Example"])


def test_marks_tell_nothing_and_follow_nobody() -> None:
    kept = ADA.kept(KEY, POSITION)
    assert not any(word in str(kept) for word in ("1234567", "xample", "Ada"))
    assert not set(kept["marks"]) & set(ADA.kept(KEY, uuid4())["marks"])
    assert not set(kept["marks"]) & set(ADA.kept("other key", POSITION)["marks"])


async def twins(system: System, team: Team, count: int = 2) -> list[str]:
    """Applications of one person from several accounts, oldest first."""
    found, name = [], f"Ada {uuid4().hex}"
    for _ in range(count):
        person = await a_job_seeker(system)
        await profile_of(system, person, display_name=name, headline="Builds services")
        found.append((await an_application(system, team, person)).id)
    return found


async def pairs(talenthub: TalentHubServiceStub, team: Team, size: int = 0) -> list[tuple[str, str]]:
    found: list[pb.MergeApplicationsRequest] = []
    token = ""
    while True:
        request = pb.FindDuplicateApplicationsRequest(position_id=team.position.id, page_size=size, page_token=token)
        page = await talenthub.FindDuplicateApplications(request, metadata=team.admin.metadata)
        found, token = [*found, *page.pairs], page.next_page_token
        if not token:
            return [(pair.kept_application_id, pair.merged_application_id) for pair in found]


async def merge(talenthub: TalentHubServiceStub, team: Team, kept: str, merged: str, **fields: str) -> object:
    request = pb.MergeApplicationsRequest(kept_application_id=kept, merged_application_id=merged, **fields)
    return await talenthub.MergeApplications(request, metadata=team.admin.metadata)


async def test_two_accounts_with_one_resume_are_found(system: System, talenthub: TalentHubServiceStub) -> None:
    team, made = await a_team(system), []
    for text in (RESUME, "\n".join(RESUME.splitlines()[:6]), "Grace Other\ngrace@example.net\n\nSkills\nCOBOL"):
        person = await a_job_seeker(system)
        await an_analysis(system, person, text)
        made.append((await an_application(system, team, person)).id)
    assert await pairs(talenthub, team) == [(made[0], made[1])]


async def test_pairs_come_in_pages_and_name_the_oldest(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    first, second, third = await twins(system, team, 3)
    await an_application(system, team)
    assert await pairs(talenthub, team, size=1) == [(first, third), (first, second)]
    await merge(talenthub, team, first, second)
    assert await pairs(talenthub, team) == [(first, third)]


async def test_a_merged_one_is_in_no_list_and_no_count_and_undoing_brings_all_back(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    team = await a_team(system)
    kept, merged = await twins(system, team)
    await moved(system, team, merged, "INTERVIEW", candidate_message="Come in")
    for key, text in ((kept, "first"), (merged, "second")):
        note = pb.CreateNoteRequest(application_id=key, text=text)
        await talenthub.CreateNote(note, metadata=team.admin.metadata)

    async def looks() -> tuple[object, ...]:
        listed = await talenthub.ListApplications(
            pb.ListApplicationsRequest(position_id=team.position.id), metadata=team.admin.metadata
        )
        notes = await talenthub.ListNotes(pb.ListNotesRequest(application_id=kept), metadata=team.admin.metadata)
        moves = await talenthub.ListStageMoves(
            pb.ListStageMovesRequest(application_id=merged), metadata=team.admin.metadata
        )
        count = await talenthub.GetPipelineStats(pb.GetPipelineStatsRequest(), metadata=team.admin.metadata)
        shown = [(a.id, a.stage, a.stage_time.ToNanoseconds(), a.candidate_message) for a in listed.applications]
        return shown, [note.text for note in notes.notes], list(moves.moves), count.talent_pipeline_size

    before = await looks()
    await merge(talenthub, team, kept, merged)
    shown, notes, _, count = await looks()
    assert ([one[0] for one in shown], notes, count) == ([kept], ["second", "first"], 1)  # type: ignore[attr-defined]
    request = pb.GetApplicationRequest(application_id=merged)
    found = await talenthub.GetApplication(request, metadata=team.admin.metadata)
    assert found.merged_into_id == kept
    with refused("WRONG_STATE", resource="application", state="MERGED"):
        await moved(system, team, merged, "OFFER")
    undo = pb.UnmergeApplicationRequest(application_id=merged)
    assert not (await talenthub.UnmergeApplication(undo, metadata=team.admin.metadata)).merged_into_id
    assert await looks() == before
    with refused("WRONG_STATE", resource="application", needed="MERGED"):
        await talenthub.UnmergeApplication(undo, metadata=team.admin.metadata)


async def test_a_chain_of_merges_is_one_application(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    first, second, third = await twins(system, team, 3)
    await talenthub.CreateNote(pb.CreateNoteRequest(application_id=third, text="x"), metadata=team.admin.metadata)
    await merge(talenthub, team, second, third)
    assert await pairs(talenthub, team) == [(first, second)]
    await merge(talenthub, team, first, second)
    request = pb.ListNotesRequest(application_id=first)
    assert len((await talenthub.ListNotes(request, metadata=team.admin.metadata)).notes) == 1
    assert await pairs(talenthub, team) == []


async def test_a_merge_is_undone_within_thirty_days(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    kept, merged = await twins(system, team)
    await merge(talenthub, team, kept, merged)
    undo = pb.UnmergeApplicationRequest(application_id=merged)
    back = "update talenthub.applications set merge_time = merge_time - cast($2::text as interval) where id = $1"
    await system.database.execute(back, merged, "30 days 1 second")
    with refused("WRONG_STATE", state="MERGED"):
        await talenthub.UnmergeApplication(undo, metadata=team.admin.metadata)
    await system.database.execute(back, merged, "-1 minute")
    await talenthub.UnmergeApplication(undo, metadata=team.admin.metadata)


async def test_what_cannot_be_merged_says_why(system: System, talenthub: TalentHubServiceStub) -> None:
    team, other = await a_team(system), await a_team(system)
    first, second, third = await twins(system, team, 3)
    elsewhere = await an_application(system, other)
    with refused("INVALID_ARGUMENT", field="merged_application_id"):
        await merge(talenthub, team, first, first)
    with refused("NOT_FOUND", resource="application", id=elsewhere.id):
        await merge(talenthub, team, first, elsewhere.id)
    key = str(uuid4())
    assert await merge(talenthub, team, first, second, request_id=key) == await merge(
        talenthub, team, first, second, request_id=key
    )
    for kept, merged in ((third, second), (second, third), (first, second)):
        with refused("WRONG_STATE", resource="application", state="MERGED"):
            await merge(talenthub, team, kept, merged)


async def test_a_merged_candidate_still_sees_and_withdraws_the_own_application(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    """Whether two are one person, a member may have got wrong."""
    team = await a_team(system)
    (_, kept), (seeker, merged) = await an_applicant(system, team), await an_applicant(system, team)
    await merge(talenthub, team, kept.id, merged.id)
    (mine,) = (
        await talenthub.ListMyApplications(pb.ListMyApplicationsRequest(), metadata=seeker.metadata)
    ).applications
    assert mine.id == merged.id
    withdraw = pb.WithdrawApplicationRequest(application_id=merged.id)
    await talenthub.WithdrawApplication(withdraw, metadata=seeker.metadata)
    assert await system.count("talenthub.applications", "id = $1 and stage = 'APPLIED'", kept.id) == 1


async def test_duplicates_are_told_to_who_sees_all_applications(
    system: System, talenthub: TalentHubServiceStub
) -> None:
    team = await a_team(system, "interviewer", "viewer")
    await twins(system, team)
    request = pb.FindDuplicateApplicationsRequest(position_id=team.position.id)
    seen = await talenthub.FindDuplicateApplications(request, metadata=team.members["viewer"].metadata)
    assert len(seen.pairs) == 1
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.FindDuplicateApplications(request, metadata=team.members["interviewer"].metadata)
    with refused("NOT_FOUND", resource="position"):
        stranger = await a_recruiter(system)
        await talenthub.FindDuplicateApplications(request, metadata=stranger.metadata)


async def test_undoing_again_finds_it_undone(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system, "viewer")
    kept, merged = await twins(system, team)
    await merge(talenthub, team, kept, merged)
    undo = pb.UnmergeApplicationRequest(application_id=merged, request_id=str(uuid4()))
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.UnmergeApplication(undo, metadata=team.members["viewer"].metadata)
    first, again = [await talenthub.UnmergeApplication(undo, metadata=team.admin.metadata) for _ in range(2)]
    assert again == first
    rows = await system.database.fetch(
        "select reason from talenthub.decisions where subject_id = $1 order by sequence", merged
    )
    assert [row["reason"] for row in rows] == [f"Merged into {kept}", "Merge undone"]


async def test_a_watch_begins_without_merged_ones(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    kept, merged = await twins(system, team)
    await merge(talenthub, team, kept, merged)
    request = pb.WatchApplicationsRequest(position_id=team.position.id)
    events = talenthub.WatchApplications(request, metadata=team.admin.metadata)
    async with asyncio.timeout(60):
        assert (await events.read()).application.id == kept
        assert (await events.read()).snapshot_complete.row_count == 1
    events.cancel()
