"""Getting ready for an interview: questions that agree with what recruiters see, and answers that are told what they lack."""

import asyncio
from uuid import UUID, uuid4

import pytest
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import AnswerFeedback, InterviewPreparation
from skillsync.matching.v1 import matching_service_pb2 as matching_pb
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from sqlalchemy import text

from services.kit.db import Database
from services.kit.settings import Settings
from tests.builders import Person, a_job_seeker, a_position, a_recruiter
from tests.careerforge.growing import a_market, insights_left, rescored, scores
from tests.careerforge.profiled import Own
from tests.harness import System, as_service
from tests.matching.ranked import a_candidate, ranking
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")

ASKS = """You must have:
- 5 years of experience with Python
- PostgreSQL and Terraform
- fluent French
Nice to have:
- Apache Kafka
- machine learning"""
PROVED = {"exact", "alias", "narrower", "reached", "held", "stated"}


async def prepared(
    careerforge: CareerForgeServiceStub, person: Person, position_id: str, request_id: str = ""
) -> InterviewPreparation:
    request = pb.CreateInterviewPreparationRequest(position_id=position_id, request_id=request_id)
    return await careerforge.CreateInterviewPreparation(request, metadata=person.metadata)


async def got(careerforge: CareerForgeServiceStub, person: Person, preparation_id: str) -> InterviewPreparation:
    request = pb.GetInterviewPreparationRequest(preparation_id=preparation_id)
    return await careerforge.GetInterviewPreparation(request, metadata=person.metadata)


async def practised(
    careerforge: CareerForgeServiceStub, person: Person, *ids: str, answer: str = "x"
) -> AnswerFeedback:
    request = pb.PracticeAnswerRequest(preparation_id=ids[0], question_id=ids[1], answer=answer)
    return await careerforge.PracticeAnswer(request, metadata=person.metadata)


async def test_questions_are_about_what_recruiters_see_as_not_proved(
    system: System, careerforge: CareerForgeServiceStub, matching: MatchingServiceStub
) -> None:
    person, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter, description=ASKS)
    await ranking(matching, recruiter, position.id, bool)
    made = await prepared(careerforge, person, position.id)
    request = matching_pb.ExplainMatchRequest(position_id=position.id, candidate_id=person.id)
    match = await matching.ExplainMatch(request, metadata=recruiter.metadata)
    factors = ("skill", "years", "degree", "language", "licence", "seniority")
    seen = {r.requirement.start: r.rule for r in match.reasons if r.factor in factors and r.HasField("requirement")}
    asked = {one.requirement.start for one in made.questions}
    assert asked == {start for start, rule in seen.items() if rule not in PROVED}
    assert [(one.label, one.must) for one in made.questions] == [
        ("Terraform", True), ("French C1", True), ("Apache Kafka", False), ("machine learning", False),
    ]  # fmt: skip
    resume = await resume_text(careerforge, person)
    for one in made.questions:
        assert ASKS[one.requirement.start : one.requirement.end] == one.requirement.text
        assert len(one.rubric) == 5
        spans = [*one.own_evidence, *one.outline.situation, *one.outline.action, one.outline.result]
        assert [resume[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert [span.text for span in made.questions[0].outline.situation] == ["Senior Python Developer", "Example Works"]
    assert (made.position_id, made.language_code) == (position.id, "en")
    assert await got(careerforge, person, made.id) == made


async def resume_text(careerforge: CareerForgeServiceStub, person: Person) -> str:
    (resume,) = (await careerforge.ListResumes(pb.ListResumesRequest(), metadata=person.metadata)).resumes
    return (
        await careerforge.GetResumeText(pb.GetResumeTextRequest(resume_id=resume.id), metadata=person.metadata)
    ).text


async def test_the_engine_explains_to_the_person_as_to_recruiters(
    system: System, matching: MatchingServiceStub
) -> None:
    person, recruiter = await a_candidate(system), await a_recruiter(system)
    position = await a_position(system, recruiter, description=ASKS)
    await ranking(matching, recruiter, position.id, bool)
    request = matching_pb.ExplainMatchRequest(position_id=position.id, candidate_id=person.id)
    match = await matching.ExplainMatch(request, metadata=recruiter.metadata)
    own = await matching.ExplainPosition(
        matching_pb.ExplainPositionRequest(position_id=position.id),
        metadata=(*person.metadata, *as_service("careerforge")),
    )
    assert own.score == match.score
    reasons = [one.reason.SerializeToString(deterministic=True) for one in own.requirements]
    assert set(reasons) <= {reason.SerializeToString(deterministic=True) for reason in match.reasons}
    assert len(reasons) == len({one.requirement.id for one in own.requirements})
    assert own.description == ASKS


async def test_an_answer_is_told_what_it_lacks_and_the_last_one_is_kept(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    made = await prepared(careerforge, person, position.id)
    question = made.questions[0]
    good = (
        "When I was a senior developer at Example Works, I built the servers of 12 teams by hand, and wrote the first Terraform"
        " modules with a colleague. As a result a new team was set up in 2 hours. I have not yet used it alone; I would take a course."
    )
    found = await practised(careerforge, person, made.id, question.id, answer=good)
    assert (found.score, list(found.missing)) == (100, [])
    assert await practised(careerforge, person, made.id, question.id, answer=good) == found
    copied = await practised(careerforge, person, made.id, question.id, answer=question.text)
    assert (copied.score, list(copied.met), list(copied.missing)) == (0, [], list(question.rubric))
    kept = (await got(careerforge, person, made.id)).questions
    assert (kept[0].answer, kept[0].feedback) == (question.text, copied)
    assert [one.answer for one in kept[1:]] == ["", "", ""]
    assert not kept[1].HasField("feedback")
    with refused("INVALID_ARGUMENT"):
        await practised(careerforge, person, made.id, question.id, answer="")
    with refused("INVALID_ARGUMENT"):
        await practised(careerforge, person, made.id, question.id, answer="x" * 10_001)


async def test_it_costs_one_credit_and_nothing_when_it_fails_or_nothing_is_asked(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    proved, asked = await a_market(system, "You must have:\n- Python\n- Kubernetes", ASKS)
    assert not (await prepared(careerforge, person, proved.id)).questions
    draft = await a_position(system, await a_recruiter(system), publish=False)
    for position_id in (str(uuid4()), draft.id):
        with refused("NOT_FOUND", resource="position", id=position_id):
            await prepared(careerforge, person, position_id)
    with refused("NOT_FOUND", resource="candidate"):
        await prepared(careerforge, await a_job_seeker(system), asked.id)
    assert await insights_left(system, person) == 3
    for left in (2, 1, 0):
        await prepared(careerforge, person, asked.id)
        assert await insights_left(system, person) == left
    with refused("QUOTA_EXCEEDED", quota="ai_insight", limit="3"):
        await prepared(careerforge, person, asked.id)
    assert await system.count("careerforge.interview_preparations", "user_id = $1", person.id) == 4


async def test_the_same_request_makes_and_costs_one(system: System, careerforge: CareerForgeServiceStub) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    request_id = str(uuid4())
    made = await asyncio.gather(*(prepared(careerforge, person, position.id, request_id) for _ in range(3)))
    made.append(await prepared(careerforge, person, position.id, request_id))
    assert len({one.id for one in made}) == 1
    assert await insights_left(system, person) == 2
    assert await system.count("careerforge.interview_preparations", "user_id = $1", person.id) == 1


async def test_another_persons_preparation_is_not_there(system: System, careerforge: CareerForgeServiceStub) -> None:
    person, stranger = await a_candidate(system), await a_candidate(system)
    (position,) = await a_market(system, ASKS)
    made, other = [await prepared(careerforge, who, position.id) for who in (person, stranger)]
    with refused("NOT_FOUND", resource="interview_preparation", id=made.id):
        await got(careerforge, stranger, made.id)
    with refused("NOT_FOUND", resource="interview_preparation", id=made.id):
        await practised(careerforge, stranger, made.id, made.questions[0].id)
    with refused("NOT_FOUND", resource="interview_question", id=made.questions[0].id):
        await practised(careerforge, stranger, other.id, made.questions[0].id)
    assert await rows_seen(system, person) == await rows_seen(system, stranger) == (1, len(made.questions))
    second = await prepared(careerforge, person, position.id)
    with refused("NOT_FOUND", resource="interview_question", id=made.questions[0].id):
        await practised(careerforge, person, second.id, made.questions[0].id)
    assert await rows_seen(system, await a_job_seeker(system)) == (0, 0)


async def rows_seen(system: System, person: Person) -> tuple[int, int]:
    """By the database itself, whatever the service asks."""
    url = Settings.of("careerforge", system.environment).database_url.get_secret_value()
    async with Database.opened(url, UUID(person.id)) as db:
        made = await db.run(text("select 1 from careerforge.interview_preparations"))
        return len(made), len(await db.run(text("select 1 from careerforge.interview_questions")))


async def test_questions_are_in_the_language_of_the_position(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    person = await a_candidate(system)
    (position,) = await a_market(
        system, "Wir suchen jemanden mit Erfahrung in Terraform und Python, der mit uns die Plattform betreibt."
    )
    made = await prepared(careerforge, person, position.id)
    assert made.language_code == "de"
    assert made.questions[0].text.startswith("Gesucht wird Terraform")


async def test_what_one_wrote_into_the_profile_is_evidence_too(
    system: System, careerforge: CareerForgeServiceStub
) -> None:
    own = Own(system, await a_candidate(system))
    (position,) = await a_market(system, "You must have:\n- Terraform\n- Jenkins")
    known, deed = await scores(system, own.person), "Set up build servers for 3 teams with Jenkins"
    await own.create("Build Engineer", (2021, 1), employer="Example Works", description=deed, current=True)
    await rescored(system, own.person, known)
    made = await prepared(careerforge, own.person, position.id)
    assert [one.label for one in made.questions] == ["Terraform"]
    outline = made.questions[0].outline
    assert [span.text for span in outline.situation] == ["Build Engineer", "Example Works"]
    assert (outline.action[0].text, outline.action[0].start, outline.action[0].end, outline.action[0].page) == (
        deed,
        0,
        0,
        0,
    )
