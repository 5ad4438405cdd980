"""What people edit in their profiles reaches rankings by itself."""

import asyncio

from skillsync.careerforge.v1.profile_pb2 import Profile
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from tests.builders import RESUME, Person, a_position, a_recruiter
from tests.careerforge.profiled import Own
from tests.careerforge.test_entries import skill_named
from tests.harness import System
from tests.matching.ranked import a_candidate, ranking

ASKS = """You must have:
- PostgreSQL
- Kubernetes
- Python"""


def of(matches: list[Match], person: Person) -> Match | None:
    return next((one for one in matches if one.candidate_id == person.id), None)


async def test_removing_lowers_a_score_and_a_name_by_hand_beats_no_dated_work(
    system: System, clean: None, matching: MatchingServiceStub
) -> None:
    recruiter, person = await a_recruiter(system), await a_candidate(system)
    listing = await a_candidate(system, RESUME.replace("PostgreSQL", "filing").replace("Python and ", ""))
    position = await a_position(system, recruiter, description=ASKS)
    own, other = Own(system, person), Own(system, listing)

    async def score(who: Person, than: float | None = None) -> float:
        """Once it is another one."""
        found = await ranking(
            matching, recruiter, position.id, lambda ms: (m := of(ms, who)) and (than is None or m.score != than)
        )
        match = of(found, who)
        assert match
        return match.score

    whole = await score(person)
    without = await score(listing)
    await other.set_skill(skill_named("PostgreSQL"), 30)
    listed = await score(listing, without)
    assert without < listed < whole
    await own.remove_skill(skill_named("PostgreSQL"))
    removed = await score(person, whole)
    assert removed < whole
    await own.set_skill(skill_named("PostgreSQL"), 40)
    again = await score(person, removed)
    assert removed < again <= whole
    await own.remove((await own.experiences())[0].id)
    less = await score(person, again)
    assert less < again


async def test_who_hides_leaves_rankings_and_comes_back(
    system: System, clean: None, matching: MatchingServiceStub
) -> None:
    recruiter, person = await a_recruiter(system), await a_candidate(system)
    position = await a_position(system, recruiter)
    own = Own(system, person)
    before = of(await ranking(matching, recruiter, position.id, lambda ms: of(ms, person)), person)
    await own.change(Profile(visibility=Profile.VISIBILITY_HIDDEN))
    await ranking(matching, recruiter, position.id, lambda ms: not of(ms, person))
    await asyncio.sleep(0.3)
    assert not of(await ranking(matching, recruiter, position.id, lambda ms: True), person)
    for visibility in (Profile.VISIBILITY_PUBLIC, Profile.VISIBILITY_ANONYMOUS):
        await own.change(Profile(visibility=visibility, display_name="Ada Example", headline="I am Ada Example"))
        after = of(await ranking(matching, recruiter, position.id, lambda ms: of(ms, person)), person)
        assert after
        assert before
        assert after.score == before.score
        # Recruiters see the work; who it is they are told by an application.
        assert "Ada" not in str(after)
