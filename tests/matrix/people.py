"""Everybody who may call, and what is theirs: one person or service of each kind with objects, and a stranger with others."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from google.protobuf.timestamp_pb2 import Timestamp
from skillsync.careerforge.v1 import careerforge_service_pb2 as careerforge
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.profile_pb2 import Education, Experience
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.position_pb2 import Position, PositionTemplate
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from gateway.contract import SERVICES
from services.ai import codec
from services.ai.interviews import Question, RubricLine
from tests.builders import (
    DESCRIPTION,
    Person,
    a_job_seeker,
    a_person,
    a_position,
    a_recruiter,
    an_analysis,
    an_expired_token,
    an_organization,
    with_role,
)
from tests.careerforge.shown import Showing
from tests.harness import System, as_service

PYTHON = "ccd0a1d9-afda-43d9-b901-96344886e14d"
Metadata = tuple[tuple[str, str], ...]

OBJECTS = ("own", "foreign", "missing")
# Fields that name objects which no method makes yet, or which are no objects of somebody: all three kinds are missing ones then.
WITHOUT_OBJECT = frozenset({
    "dispute_id", "erasure_id", "invitation_id", "kept_application_id", "merged_application_id", "operation_id",
    "occupation_id", "record_id", "requirement_id", "skill_id", "upload_id",
})  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """`roles` and `service` are what the contract knows of who calls; `own` their objects by field name."""

    name: str
    metadata: Metadata = ()
    roles: frozenset[str] = frozenset()
    service: str = ""
    token_is_good: bool = True
    own: Mapping[str, str] = field(default_factory=dict)
    # In the organization that is theirs, if they are a member of it.
    member_role: str = ""


@dataclass(frozen=True)
class Cast:
    callers: tuple[Caller, ...]
    foreign: Mapping[str, str]

    def value(self, caller: Caller, name: str, kind: str) -> str:
        """An id for a request's field."""
        if kind == "missing" or name in WITHOUT_OBJECT:
            return str(uuid4())
        return (self.foreign if kind == "foreign" else caller.own)[name]


async def the_cast(system: System) -> Cast:
    seeker, foreign = await with_objects(system)
    owner = await a_person(system, 2)
    organization = await an_organization(system, owner)
    position = await a_position(system, owner, publish=False)
    template = await a_template(system, owner)
    hiring = {"organization_id": organization.id, "position_id": position.id, "template_id": template}
    recruiter, viewer = [await a_member(system, organization.id, role) for role in ("RECRUITER", "VIEWER")]
    support, ops = [await with_role(system, await a_job_seeker(system), role) for role in ("support", "ops")]
    objects = (await own_objects(system, seeker)) | hiring

    async def person(name: str, who: Person, *roles: str, member: str = "") -> Caller:
        own = objects | {"account_id": who.id, "candidate_id": who.id, "session_id": await session_of(system, who)}
        return Caller(name, who.metadata, frozenset(roles), own=own, member_role=member)

    expired = (("authorization", f"Bearer {await an_expired_token(system, seeker)}"),)
    return Cast(
        (
            Caller("anonymous", own=objects),
            Caller("expired", expired, token_is_good=False, own=objects),
            await person("job seeker", seeker, "job_seeker"),
            await person("recruiter", recruiter, "recruiter", member="recruiter"),
            await person("organization admin", owner, "recruiter", member="admin"),
            await person("organization viewer", viewer, "recruiter", member="viewer"),
            await person("support", support, "job_seeker", "support"),
            await person("ops", ops, "job_seeker", "ops"),
            *(Caller(f"service {name}", as_service(name), service=name, own=objects) for name in SERVICES),
        ),
        foreign,
    )


async def with_objects(system: System) -> tuple[Person, dict[str, str]]:
    """A job seeker, and everything that belongs to others."""
    seeker, other, recruiter = await a_job_seeker(system), await a_job_seeker(system), await a_recruiter(system)
    position = await a_position(system, recruiter, publish=False)
    return seeker, (await own_objects(system, other)) | {
        "organization_id": position.organization_id,
        "position_id": position.id,
        "session_id": await session_of(system, other),
        "template_id": await a_template(system, recruiter),
    }


async def own_objects(system: System, seeker: Person) -> dict[str, str]:
    analysis = await an_analysis(system, seeker)
    # An application to a position of a third organization, closed to everybody since.
    recruiter = await a_recruiter(system)
    position = await a_position(system, recruiter)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    request = talenthub.ApplyRequest(position_id=position.id)
    application = await stub.Apply(request, metadata=seeker.metadata)
    talk = talenthub.ScheduleInterviewRequest(
        application_id=application.id, start_time=in_a_week(), duration_minutes=30
    )
    offer = talenthub.CreateOfferRequest(application_id=application.id, terms="x", expire_time=in_a_week())
    career = CareerForgeServiceStub(system.direct("careerforge"))
    role = careerforge.CreateExperienceRequest(experience=Experience(title="Developer"))
    study = careerforge.CreateEducationRequest(education=Education(institution="A school"))
    shown = Showing(system, seeker)
    test = careerforge.StartAssessmentRequest(skill_id=PYTHON)
    export = user.ExportMyDataRequest()
    writing = careerforge.WriteCoverLetterRequest(position_id=position.id)
    written = [event async for event in career.WriteCoverLetter(writing, metadata=seeker.metadata)]
    return (await growth_objects(system, seeker)) | {
        "account_id": seeker.id,
        "candidate_id": seeker.id,
        "user_id": seeker.id,
        "viewer_id": seeker.id,
        "resume_id": analysis.resume_id,
        "analysis_id": analysis.id,
        "experience_id": (await career.CreateExperience(role, metadata=seeker.metadata)).id,
        "education_id": (await career.CreateEducation(study, metadata=seeker.metadata)).id,
        "letter_id": written[-1].letter.id,
        "document_id": (await shown.a_document("A letter of reference")).id,
        "item_id": (await shown.show()).id,
        "milestone_id": (await shown.reach()).id,
        "assessment_id": (await career.StartAssessment(test, metadata=seeker.metadata)).id,
        "introduction_id": await an_introduction(system, seeker),
        "application_id": application.id,
        "interview_id": (await stub.ScheduleInterview(talk, metadata=recruiter.metadata)).id,
        "offer_id": (await stub.CreateOffer(offer, metadata=recruiter.metadata)).id,
        "session_id": await session_of(system, seeker),
        "data_export_id": (
            await UserServiceStub(system.direct("user")).ExportMyData(export, metadata=seeker.metadata)
        ).id,
    }


async def growth_objects(system: System, seeker: Person) -> dict[str, str]:
    """Without the matches that they are made of."""
    path, preparation, question = (str(uuid4()) for _ in range(3))
    await system.database.execute(
        "insert into careerforge.learning_paths (id, user_id, goal, basis) values ($1, $2, 'x', 'POSITION')",
        path,
        seeker.id,
    )
    await system.database.execute(
        "insert into careerforge.interview_preparations (id, user_id, position_id, language) values ($1, $2, $1, 'en')",
        preparation, seeker.id,
    )  # fmt: skip
    about = codec.to_json(Question("?", "x", True, None, (RubricLine("names", "names"),), (), None, ("x",), ()))
    await system.database.execute(
        "insert into careerforge.interview_questions (id, preparation_id, user_id, number, question) values ($1, $2, $3, 1, $4)",
        question, preparation, seeker.id, json.dumps(about),
    )  # fmt: skip
    return {"path_id": path, "preparation_id": preparation, "question_id": question}


async def an_introduction(system: System, seeker: Person) -> str:
    """Proposed to the person and somebody else; the person's view of it."""
    other, between, view = (uuid4() for _ in range(3))
    first, second = sorted((UUID(seeker.id), other))
    for statement, *values in (
        ("insert into careerforge.user_careerforge (id, base_user_id) values ($1, $1)", other),
        (
            "insert into careerforge.introductions (id, first_id, second_id, expire_time) values ($1, $2, $3, now() + interval '1 day')",
            between, first, second,
        ),
        (
            "insert into careerforge.introduction_views (id, introduction_id, user_id, common_ground, expire_time)"
            " values ($1, $2, $3, 'x', now() + interval '1 day')",
            view, between, UUID(seeker.id),
        ),
    ):  # fmt: skip
        await system.database.execute(statement, *values)
    return str(view)


def in_a_week() -> Timestamp:
    return Timestamp(seconds=int(time.time()) + 7 * 24 * 3600)


async def session_of(system: System, person: Person) -> str:
    stub = UserServiceStub(system.direct("user"))
    return (await stub.ListSessions(user.ListSessionsRequest(), metadata=person.metadata)).sessions[0].id


async def a_template(system: System, recruiter: Person) -> str:
    position = Position(title="Senior Python Developer", description=DESCRIPTION)
    template = PositionTemplate(display_name="Developers", position=position)
    request = talenthub.CreatePositionTemplateRequest(template=template)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    return (await stub.CreatePositionTemplate(request, metadata=recruiter.metadata)).id


async def a_member(system: System, organization_id: str, role: str) -> Person:
    person = await a_person(system, 2)
    await system.database.execute(
        "insert into talenthub.members (id, organization_id, account_id, role) values ($1, $2, $3, $4)",
        uuid4(), organization_id, person.id, role,
    )  # fmt: skip
    return person
