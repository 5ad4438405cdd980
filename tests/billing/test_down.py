"""Billing is away: what was is read, what costs is refused with a time to try again, and nothing is charged twice when it is back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import Feature
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.resume_pb2 import ResumeAnalysis
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.position_pb2 import Position
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.status import DETAILS_KEY
from tests.billing.conftest import Switch
from tests.billing.paying import eventually
from tests.builders import RESUME, Person, a_job_seeker, a_position, a_recruiter, an_analysis, an_upload
from tests.careerforge.test_resumes import ENCRYPTED
from tests.harness import System


@dataclass
class World:
    """A person with all that costs something, and what each of it costs."""

    system: System
    person: Person
    recruiter: Person
    position: Position
    letter_id: str

    def __post_init__(self) -> None:
        system = self.system
        self.careerforge = CareerForgeServiceStub(system.direct("careerforge"))
        self.matching = MatchingServiceStub(system.direct("matching"))
        self.talenthub = TalentHubServiceStub(system.direct("talenthub"))
        self.billing = BillingServiceStub(system.direct("billing"))

    async def left(self, person: Person | None = None) -> dict[str, int]:
        """Of each feature, once nothing is reserved any more."""
        person = person or self.person
        async with asyncio.timeout(60):
            while await self.system.count("billing.reservations", "user_id = $1 and state = 'RESERVED'", person.id):
                await asyncio.sleep(0.05)
        found = await self.billing.GetEntitlements(billing.GetEntitlementsRequest(), metadata=person.metadata)
        return {Feature.Name(one.feature): one.remaining for one in found.balances}

    async def write_letter(self, metadata: Any) -> str:
        request = careerforge.WriteCoverLetterRequest(position_id=self.position.id)
        answers = [one async for one in self.careerforge.WriteCoverLetter(request, metadata=metadata)]
        return answers[-1].letter.id

    @property
    def metered(self) -> dict[str, tuple[str, Person, Callable[[], Awaitable[Any]]]]:
        """Feature, who pays, and the call."""
        mine, theirs = self.person.metadata, self.recruiter.metadata
        forge, match = self.careerforge, self.matching
        return {
            "AnalyzeResume": (
                "RESUME_ANALYSIS",
                self.person,
                lambda: an_upload(self.system, self.person, RESUME + "\nGo"),
            ),
            "WriteCoverLetter": ("COVER_LETTER", self.person, lambda: self.write_letter(mine)),
            "ExportProfile": (
                "EXPORT",
                self.person,
                lambda: forge.ExportProfile(careerforge.ExportProfileRequest(format="pdf"), metadata=mine),
            ),
            "ExportCoverLetter": (
                "EXPORT",
                self.person,
                lambda: forge.ExportCoverLetter(
                    careerforge.ExportCoverLetterRequest(letter_id=self.letter_id, format="pdf"), metadata=mine
                ),
            ),
            "CreateInterviewPreparation": (
                "AI_INSIGHT",
                self.person,
                lambda: forge.CreateInterviewPreparation(
                    careerforge.CreateInterviewPreparationRequest(position_id=self.position.id), metadata=mine
                ),
            ),
            "ListSkillRecommendations": (
                "AI_INSIGHT",
                self.person,
                lambda: forge.ListSkillRecommendations(careerforge.ListSkillRecommendationsRequest(), metadata=mine),
            ),
            "SearchPositions": (
                "JOB_MATCH_SEARCH",
                self.person,
                lambda: match.SearchPositions(matching.SearchPositionsRequest(query="python"), metadata=mine),
            ),
            "SearchCandidates": (
                "JOB_MATCH_SEARCH",
                self.recruiter,
                lambda: match.SearchCandidates(matching.SearchCandidatesRequest(query="python"), metadata=theirs),
            ),
            "WhatIf": (
                "AI_INSIGHT",
                self.person,
                lambda: match.WhatIf(
                    matching.WhatIfRequest(position_id=self.position.id, target_rank=1, max_changes=3), metadata=mine
                ),
            ),
        }

    @property
    def reads(self) -> dict[str, Callable[[], Awaitable[Any]]]:
        mine, theirs = self.person.metadata, self.recruiter.metadata
        forge, hub, match = self.careerforge, self.talenthub, self.matching
        return {
            "GetProfile": lambda: forge.GetProfile(careerforge.GetProfileRequest(), metadata=mine),
            "ListResumeAnalyses": lambda: forge.ListResumeAnalyses(
                careerforge.ListResumeAnalysesRequest(), metadata=mine
            ),
            "GetCoverLetter": lambda: forge.GetCoverLetter(
                careerforge.GetCoverLetterRequest(letter_id=self.letter_id), metadata=mine
            ),
            "ListPositions": lambda: hub.ListPositions(talenthub.ListPositionsRequest(), metadata=theirs),
            "ListOrganizations": lambda: hub.ListOrganizations(talenthub.ListOrganizationsRequest(), metadata=theirs),
            "ListPositionMatches": lambda: match.ListPositionMatches(
                matching.ListPositionMatchesRequest(), metadata=mine
            ),
        }


@pytest.fixture(scope="module")
async def world(system: System) -> World:
    recruiter, person = await a_recruiter(system), await a_job_seeker(system)
    position = await a_position(system, recruiter)
    assert (await an_analysis(system, person)).state
    found = World(system, person, recruiter, position, "")
    found.letter_id = await found.write_letter(person.metadata)
    return found


async def test_everything_that_costs_is_refused_with_a_time_to_try_again_and_costs_once_when_billing_is_back(
    world: World, billing_switch: Switch
) -> None:
    before = {name: await world.left(person) for name, (_, person, _) in world.metered.items()}
    await billing_switch.off()
    for name, (_, _, call) in world.metered.items():
        with pytest.raises(grpc.RpcError) as refusal:
            await call()
        assert refusal.value.code() is grpc.StatusCode.UNAVAILABLE, name  # type: ignore[attr-defined]
        assert retry_seconds(refusal.value) > 0, name
    for call in world.reads.values():
        await call()
    await billing_switch.back()
    after = {name: await world.left(person) for name, (_, person, _) in world.metered.items()}
    assert after == before
    for name, (feature, person, call) in world.metered.items():
        had = (await world.left(person))[f"FEATURE_{feature}"]
        # Nothing is missing for a position: what was found is worth nothing.
        cost = 0 if name == "ListSkillRecommendations" else 1
        await eventually(lambda: worked(call), bool)  # noqa: B023
        assert (await world.left(person))[f"FEATURE_{feature}"] == had - cost, name


async def test_over_rest_it_is_503_with_retry_after(world: World, billing_switch: Switch) -> None:
    mine = {"headers": world.person.headers}
    await billing_switch.off()
    rest = world.system.rest
    asked: dict[str, Awaitable[httpx.Response]] = {
        "search": rest.get("/v1/positions:search", params={"query": "python"}, **mine),
        "export": rest.get("/v1/profile:export", params={"format": "pdf"}, **mine),
        "letter": rest.post("/v1/letters:write", json={"positionId": world.position.id}, **mine),
        "what if": rest.post(
            f"/v1/positions/{world.position.id}:whatIf", json={"targetRank": 1, "maxChanges": 3}, **mine
        ),
        "upload": rest.post("/resume/analyze", params={"filename": "cv.txt"}, content=RESUME.encode(), **mine),
        "billing itself": rest.get("/v1/entitlements", **mine),
    }
    for name, call in asked.items():
        answer = await call
        assert answer.status_code == 503, f"{name}: {answer.status_code} {answer.text}"
        assert int(answer.headers["retry-after"]) >= 1, name
    for path in ("/v1/profile", "/v1/resumeAnalyses", f"/v1/letters/{world.letter_id}"):
        assert (await rest.get(path, **mine)).status_code == 200, path


@pytest.mark.parametrize(
    ("file", "state", "cost"),
    [(RESUME + "\nBegun", ResumeAnalysis.STATE_SUCCEEDED, 1), (ENCRYPTED, ResumeAnalysis.STATE_FAILED, 0)],
    ids=["succeeds", "fails"],
)
async def test_an_analysis_that_ends_while_billing_is_away_is_settled_when_it_is_back(
    system: System, world: World, billing_switch: Switch, file: str | bytes, state: int, cost: int
) -> None:
    person = await a_job_seeker(system)
    begun = await an_upload(system, person, file)
    async with system.database.transaction():
        # So that it cannot end before billing does.
        held = "select state from careerforge.resume_analyses where id = $1 for update"
        ended = await system.database.fetchval(held, begun.id) in ("SUCCEEDED", "FAILED")
        await billing_switch.off()
    assert not ended
    get = careerforge.GetResumeAnalysisRequest(analysis_id=begun.id)

    async def analysis() -> ResumeAnalysis:
        found: ResumeAnalysis = await world.careerforge.GetResumeAnalysis(get, metadata=person.metadata)
        return found

    await eventually(analysis, lambda found: found.state == state)
    where = "user_id = $1 and state = 'RESERVED'"
    assert await system.count("billing.reservations", where, person.id) == 1
    await billing_switch.back()
    assert (await world.left(person))["FEATURE_RESUME_ANALYSIS"] == 5 - cost


async def worked(call: Callable[[], Awaitable[Any]]) -> bool:
    """What a client does with UNAVAILABLE: again."""
    try:
        await call()
    except grpc.RpcError as failure:
        if failure.code() is grpc.StatusCode.UNAVAILABLE:  # type: ignore[attr-defined]
            return False
        raise
    return True


def retry_seconds(failure: Any) -> float:
    for key, value in failure.trailing_metadata() or ():
        for detail in Status.FromString(value).details if key == DETAILS_KEY else ():
            info = RetryInfo()
            if detail.Unpack(info):
                return float(info.retry_delay.ToMilliseconds()) / 1000
    return 0.0
