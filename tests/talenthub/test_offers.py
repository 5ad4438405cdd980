"""Offers, and what becomes of them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import STAGE_HIRED, STAGE_OFFER, Application, Offer
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import utc_now
from tests.builders import Person, a_job_seeker, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.teams import Team, a_team, an_applicant, moved

LATER = Timestamp(seconds=int((utc_now() + timedelta(days=7)).timestamp()))


@pytest.fixture(scope="module")
async def team(system: System) -> Team:
    return await a_team(system, "viewer")


async def an_offer(system: System, team: Team, application_id: str, **fields: object) -> Offer:
    request = pb.CreateOfferRequest(
        **({"application_id": application_id, "terms": "60,000 EUR", "expire_time": LATER} | fields)  # type: ignore[arg-type]
    )
    return await TalentHubServiceStub(system.direct("talenthub")).CreateOffer(request, metadata=team.admin.metadata)


async def answered(system: System, who: Person, offer: Offer, accept: bool, **fields: str) -> Offer:
    request = pb.AnswerOfferRequest(offer_id=offer.id, accept=accept, **fields)
    return await TalentHubServiceStub(system.direct("talenthub")).AnswerOffer(request, metadata=who.metadata)


async def seen(system: System, who: Person, application_id: str) -> tuple[Application, list[Offer]]:
    stub = TalentHubServiceStub(system.direct("talenthub"))
    got = await stub.GetApplication(pb.GetApplicationRequest(application_id=application_id), metadata=who.metadata)
    offers = await stub.ListOffers(pb.ListOffersRequest(application_id=application_id), metadata=who.metadata)
    return got, list(offers.offers)


async def is_over(system: System, offer: Offer) -> None:
    """Its time has passed."""
    await system.database.execute(
        "update talenthub.offers set expire_time = now() - interval '1 second' where id = $1", offer.id
    )


async def test_an_offer_taken_hires_by_the_candidates_own_hand(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    application, offers = await seen(system, seeker, made.id)
    assert (application.stage, offers) == (STAGE_OFFER, [offer])
    assert (await answered(system, seeker, offer, True)).state == Offer.STATE_ACCEPTED
    assert (await seen(system, team.members["viewer"], made.id))[0].stage == STAGE_HIRED
    moves = await talenthub.ListStageMoves(
        pb.ListStageMovesRequest(application_id=made.id), metadata=team.admin.metadata
    )
    assert [(m.to_stage, m.actor_id) for m in moves.moves[1:]] == [
        (STAGE_OFFER, team.admin.id),
        (STAGE_HIRED, seeker.id),
    ]
    rows = await system.database.fetch(
        "select kind, actor_id from talenthub.decisions where subject_id = $1 order by sequence", made.id
    )
    assert [(row["kind"], str(row["actor_id"])) for row in rows] == [("offered", team.admin.id), ("hired", seeker.id)]


async def test_after_declining_members_decide_how_to_go_on(system: System, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    first = await an_offer(system, team, made.id)
    assert (await answered(system, seeker, first, False)).state == Offer.STATE_DECLINED
    assert (await seen(system, seeker, made.id))[0].stage == STAGE_OFFER
    second = await an_offer(system, team, made.id, terms="65,000 EUR")
    assert [offer.id for offer in (await seen(system, seeker, made.id))[1]] == [second.id, first.id]


async def test_one_offer_is_open_at_a_time_also_at_once(system: System, team: Team) -> None:
    _, made = await an_applicant(system, team)
    answers = await asyncio.gather(*(an_offer(system, team, made.id) for _ in range(5)), return_exceptions=True)
    codes = [answer.code() for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert codes == [grpc.StatusCode.FAILED_PRECONDITION] * 4
    with refused("WRONG_STATE", resource="offer", state="OPEN"):
        await an_offer(system, team, made.id)


async def test_the_same_request_makes_one_offer(system: System, team: Team) -> None:
    (_, made), key = await an_applicant(system, team), str(uuid4())
    offers = await asyncio.gather(*(an_offer(system, team, made.id, request_id=key) for _ in range(4)))
    assert len({offer.id for offer in offers}) == 1


async def test_two_applicants_may_have_offers_of_the_same_request(system: System, team: Team) -> None:
    key, made = str(uuid4()), [(await an_applicant(system, team))[1] for _ in range(2)]
    offers = [await an_offer(system, team, one.id, request_id=key) for one in made]
    assert [offer.application_id for offer in offers] == [one.id for one in made]


async def test_an_offer_that_is_over_cannot_be_taken(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    seeker, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    await is_over(system, offer)
    assert (await seen(system, seeker, made.id))[1][0].state == Offer.STATE_EXPIRED
    with refused("WRONG_STATE", resource="offer", state="EXPIRED", needed="OPEN"):
        await answered(system, seeker, offer, True)
    assert (await seen(system, seeker, made.id))[0].stage == STAGE_OFFER
    assert (await an_offer(system, team, made.id)).state == Offer.STATE_OPEN


async def test_an_offer_taken_back_cannot_be_taken(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    request = pb.WithdrawOfferRequest(offer_id=offer.id, request_id=str(uuid4()))
    for _ in range(2):
        back = await talenthub.WithdrawOffer(request, metadata=team.admin.metadata)
        assert back.state == Offer.STATE_WITHDRAWN
    with refused("WRONG_STATE", resource="offer", state="WITHDRAWN"):
        await answered(system, seeker, offer, True)
    with refused("WRONG_STATE", resource="offer", state="WITHDRAWN"):
        await talenthub.WithdrawOffer(pb.WithdrawOfferRequest(offer_id=offer.id), metadata=team.admin.metadata)


async def test_taking_and_taking_back_at_once_has_one_winner(
    system: System, talenthub: TalentHubServiceStub, team: Team
) -> None:
    for _ in range(4):
        seeker, made = await an_applicant(system, team)
        offer = await an_offer(system, team, made.id)
        withdraw = pb.WithdrawOfferRequest(offer_id=offer.id)
        answers = await asyncio.gather(
            answered(system, seeker, offer, True),
            talenthub.WithdrawOffer(withdraw, metadata=team.admin.metadata),
            return_exceptions=True,
        )
        (won,) = [answer for answer in answers if isinstance(answer, Offer)]
        stage = (await seen(system, seeker, made.id))[0].stage
        assert (stage == STAGE_HIRED) == (won.state == Offer.STATE_ACCEPTED)


async def test_the_same_answer_counts_once(system: System, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    offer, key = await an_offer(system, team, made.id), str(uuid4())
    answers = await asyncio.gather(*(answered(system, seeker, offer, True, request_id=key) for _ in range(4)))
    assert {answer.state for answer in answers} == {Offer.STATE_ACCEPTED}
    assert await system.count("talenthub.stage_moves", "application_id = $1 and to_stage = 'HIRED'", made.id) == 1


@pytest.mark.parametrize("stage", ["REJECTED", "INTERVIEW"])
async def test_an_offer_ends_when_members_take_another_way(system: System, team: Team, stage: str) -> None:
    seeker, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    await moved(system, team, made.id, stage)
    with refused("WRONG_STATE", resource="offer", state="WITHDRAWN"):
        await answered(system, seeker, offer, True)


async def test_nobody_takes_an_open_offer_for_the_candidate(system: System, team: Team) -> None:
    _, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    with refused("WRONG_STATE", resource="offer", state="OPEN"):
        await moved(system, team, made.id, "HIRED")
    await is_over(system, offer)
    assert (await moved(system, team, made.id, "HIRED")).stage == STAGE_HIRED


async def test_withdrawing_declines(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    seeker, made = await an_applicant(system, team)
    await an_offer(system, team, made.id)
    withdraw = pb.WithdrawApplicationRequest(application_id=made.id)
    await talenthub.WithdrawApplication(withdraw, metadata=seeker.metadata)
    assert (await seen(system, seeker, made.id))[1][0].state == Offer.STATE_DECLINED


async def test_an_offer_is_made_to_who_is_still_there_and_for_a_time_to_come(system: System, team: Team) -> None:
    _, made = await an_applicant(system, team)
    for over in (Timestamp(seconds=1), Timestamp(seconds=2**60)):
        with refused("INVALID_ARGUMENT", field="expire_time"):
            await an_offer(system, team, made.id, expire_time=over)
    await moved(system, team, made.id, "REJECTED")
    with refused("WRONG_STATE", resource="application", state="REJECTED"):
        await an_offer(system, team, made.id)


async def test_others_do_not_find_an_offer(system: System, talenthub: TalentHubServiceStub, team: Team) -> None:
    _, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    stranger, seeker = await a_recruiter(system), await a_job_seeker(system)
    for key in (offer.id, str(uuid4())):
        with refused("NOT_FOUND", resource="offer", id=key):
            await answered(system, seeker, Offer(id=key), True)
        with refused("NOT_FOUND", resource="offer", id=key):
            await talenthub.WithdrawOffer(pb.WithdrawOfferRequest(offer_id=key), metadata=stranger.metadata)
    with refused("PERMISSION_DENIED"):
        await answered(system, team.admin, offer, True)
    viewer = team.members["viewer"]
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
        await talenthub.WithdrawOffer(pb.WithdrawOfferRequest(offer_id=offer.id), metadata=viewer.metadata)


async def test_a_closed_organization_has_no_open_offer(system: System, talenthub: TalentHubServiceStub) -> None:
    team = await a_team(system)
    seeker, made = await an_applicant(system, team)
    offer = await an_offer(system, team, made.id)
    close = pb.CloseOrganizationRequest(organization_id=team.organization_id)
    await talenthub.CloseOrganization(close, metadata=team.admin.metadata)
    with refused("WRONG_STATE"):
        await talenthub.AnswerOffer(pb.AnswerOfferRequest(offer_id=offer.id, accept=True), metadata=seeker.metadata)
    listed = await talenthub.ListOffers(pb.ListOffersRequest(application_id=made.id), metadata=seeker.metadata)
    assert [one.state for one in listed.offers] == [Offer.STATE_WITHDRAWN]
