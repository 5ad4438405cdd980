"""Weights of a position: scaled, checked, and what it is ranked by."""

import math

import pytest
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.ai.matching import default_weights
from tests.builders import Person, a_position, a_recruiter
from tests.harness import System
from tests.matching.ranked import a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


async def weights(matching: MatchingServiceStub, recruiter: Person, position_id: str) -> dict[str, float]:
    request = pb.GetWeightsRequest(position_id=position_id)
    return dict((await matching.GetWeights(request, metadata=recruiter.metadata)).weights)


async def update(
    matching: MatchingServiceStub, recruiter: Person, position_id: str, given: dict[str, float]
) -> dict[str, float]:
    request = pb.UpdateWeightsRequest(position_id=position_id, weights=given)
    return dict((await matching.UpdateWeights(request, metadata=recruiter.metadata)).weights)


async def test_they_are_the_learned_ones_until_a_recruiter_sets_others(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    assert await weights(matching, recruiter, position.id) == dict(default_weights())
    set_now = await update(matching, recruiter, position.id, {"skill": 3, "language": 1})
    assert {factor: weight for factor, weight in set_now.items() if weight} == {"skill": 0.75, "language": 0.25}
    assert set_now.keys() == default_weights().keys()
    assert await weights(matching, recruiter, position.id) == set_now


async def test_people_are_ranked_anew_by_them(system: System, matching: MatchingServiceStub) -> None:
    await a_candidate(system)
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    await ranking(matching, recruiter, position.id, lambda found: len(found) == 1)
    await update(matching, recruiter, position.id, {"language": 0.001})

    def is_anew(found: list[Match]) -> bool:
        return all(not reason.weight or reason.factor == "language" for reason in found[0].reasons)

    (match,) = await ranking(matching, recruiter, position.id, is_anew)
    assert math.fsum(reason.weight for reason in match.reasons) == pytest.approx(1)
    assert match.score == pytest.approx(math.fsum(reason.contribution for reason in match.reasons), abs=1e-9)


IMPOSSIBLE = [
    ({"skill": 0.0}, "weights"),
    ({"skill": 1e-300}, "weights"),
    ({"zeal": 1.0}, "weights[zeal]"),
    ({"skill": 1.0, "title": math.nan}, "weights[title]"),
    ({"skill": math.inf}, "weights[skill]"),
    ({"skill": 1e308}, "weights[skill]"),
    ({"skill": -1.0}, "weights[skill]"),
]


async def test_what_cannot_be_weighed_with_is_refused_by_its_factor(
    system: System, matching: MatchingServiceStub
) -> None:
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter, publish=False)
    for given, field in IMPOSSIBLE:
        with refused("INVALID_ARGUMENT") as refusal:
            await update(matching, recruiter, position.id, given)
        assert list(refusal.fields) == [field]
    assert await weights(matching, recruiter, position.id) == dict(default_weights())


async def test_another_organizations_weights_are_not_there(system: System, matching: MatchingServiceStub) -> None:
    position = await a_position(system, await a_recruiter(system))
    stranger = await a_recruiter(system)
    with refused("NOT_FOUND", resource="position"):
        await weights(matching, stranger, position.id)
    with refused("NOT_FOUND", resource="position"):
        await update(matching, stranger, position.id, {"skill": 1})
