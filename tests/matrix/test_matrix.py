"""Every method × everybody who may call × {own, foreign, missing} object × both doors; what must be answered follows from the contract."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from skillsync.type.v1.access_pb2 import Permission

from services.kit import membership, rules
from services.kit.auth import GRANTS
from services.kit.rules import Rule, rules_of
from services.kit.status import DETAILS_KEY
from services.matching import matches
from tests.contracts.test_contracts import METHODS, SERVICERS, built
from tests.harness import System
from tests.matrix.people import OBJECTS, WITHOUT_OBJECT, Caller, Cast, the_cast
from tests.requests import a_request

DOORS = ("service", "edge")
AT_ONCE = 24
SECONDS = 15
# They end sessions that other cells need: each is called with nothing but bad luck, see `spared`.
ENDS_SESSIONS = {"SignOut", "SignOutEverywhere", "RevokeSession", "RevokeRole", "GrantRole", "JoinPlatform"}
# Who may call these may name anybody.
NAMES_ANYBODY = {"GrantRole", "RevokeRole", "ListActivities"}
UNKNOWN_AT_THE_EDGE = {"NOT_FOUND", "UNIMPLEMENTED", "PERMISSION_DENIED", "UNAUTHENTICATED"}
ODD = {"INTERNAL", "UNKNOWN", "DEADLINE_EXCEEDED", "UNAVAILABLE", "CANCELLED"}

RULES = {
    path: rule
    for service in {m.containing_service.full_name for m in METHODS}
    for path, rule in rules_of([service]).items()
}
called = Counter[str]()


@dataclass(frozen=True)
class Answer:
    """As a client sees it, with the ids that it sent itself taken out."""

    code: str
    reason: str = ""
    message: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


def path_of(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def verb(method: MethodDescriptor) -> str:
    return str(method.GetOptions().Extensions[annotations_pb2.http].WhichOneof("pattern"))


def id_fields(method: MethodDescriptor) -> list[str]:
    """That name an object, which `request_id` does not."""
    names = (field.name for field in method.input_type.fields if not field.is_repeated)
    return [name for name in names if name.endswith("_id") and name != "request_id"]


# What only looks comes first, what removes last: cells must not take each other's objects away.
ORDERED = sorted(METHODS, key=lambda method: ("get", "post", "put", "patch", "delete").index(verb(method)))


@pytest.fixture(scope="module", autouse=True)
def _all_have_arrived() -> Iterator[None]:
    """The matcher knows the positions by now, and waits for none that is not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matches, "ARRIVAL_SECONDS", 2 * matches.LOOK_SECONDS)
        yield


@pytest.fixture(scope="module")
async def cast(system: System) -> Cast:
    return await the_cast(system)


async def ask(system: System, method: MethodDescriptor, caller: Caller, door: str, ids: dict[str, str]) -> Answer:
    channel = system.edge if door == "edge" else system.direct(method.containing_service.full_name.split(".")[1])
    request = a_request(method.input_type, **ids)
    # One message and the end look alike on the wire, streamed or not; and a client that still sends may miss an early answer.
    call = (channel.unary_stream if method.server_streaming else channel.unary_unary)(
        path_of(method),
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
    )
    made = call(request, metadata=caller.metadata, timeout=SECONDS)
    try:
        await (made.read() if method.server_streaming else made)
    except grpc.aio.AioRpcError as error:
        return answer_of(error, ids)
    finally:
        made.cancel()
    return Answer("OK")


def answer_of(error: grpc.aio.AioRpcError, ids: dict[str, str]) -> Answer:
    def blank(text: str) -> str:
        for value in ids.values():
            text = text.replace(value, "ID")
        return text

    info = ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY:
            Status.FromString(value).details[0].Unpack(info)
    metadata = tuple(sorted((name, blank(value)) for name, value in info.metadata.items()))
    return Answer(error.code().name, info.reason, blank(error.details() or ""), metadata)


def refusal(rule: Rule, caller: Caller, door: str) -> set[str] | None:
    """The codes that the contract demands for who may not call; None for who may."""
    service = caller.service if door == "service" else ""
    if rule.services and not (rule.permission or rule.public) and door == "edge":
        return UNKNOWN_AT_THE_EDGE
    if not caller.token_is_good:
        return {"UNAUTHENTICATED"}
    if service in rule.services or rule.public:
        return None
    if not caller.roles:
        return {"UNAUTHENTICATED"}
    granted = frozenset().union(*(GRANTS[role] for role in caller.roles))
    return None if rule.permission and rule.permission in granted else {"PERMISSION_DENIED"}


def spared(method: MethodDescriptor, rule: Rule, caller: Caller, door: str, kind: str) -> bool:
    """Not called: it would work, and take the caller's session from the cells after it."""
    return (
        method.name in ENDS_SESSIONS
        and refusal(rule, caller, door) is None
        and (kind == "own" or not id_fields(method))
    )


async def row(system: System, cast: Cast, method: MethodDescriptor, caller: Caller, door: str) -> list[str]:
    """What is wrong with the three cells of a caller at a door."""
    rule, answers = RULES[path_of(method)], {}
    for kind in OBJECTS:
        if not spared(method, rule, caller, door, kind):
            ids = {name: cast.value(caller, name, kind) for name in id_fields(method)}
            answers[kind] = await ask(system, method, caller, door, ids)
            called[door] += 1
    return [f"{caller.name} at the {door}: {what}" for what in faults(method, rule, caller, door, answers)]


def faults(
    method: MethodDescriptor, rule: Rule, caller: Caller, door: str, answers: dict[str, Answer]
) -> Iterator[str]:
    codes = {kind: answer.code for kind, answer in answers.items()}
    demanded = refusal(rule, caller, door)
    if demanded is not None:
        if not set(codes.values()) <= demanded:
            yield f"must be {demanded}, is {codes}"
        if len(set(answers.values())) > 1:
            yield f"answers tell objects apart: {answers}"
        return
    if set(codes.values()) & ODD:
        yield f"{answers}"
    if not built(SERVICERS[method.containing_service.name], method.name):
        if set(codes.values()) != {"UNIMPLEMENTED"}:
            yield f"is not built, and answers {codes}"
        return
    anybody = method.name in NAMES_ANYBODY or (caller.service and door == "service")
    if id_fields(method) and not anybody and answers["foreign"] != answers["missing"]:
        yield f"a foreign object is not answered as a missing one: {answers['foreign']} and {answers['missing']}"
    if verb(method) == "get" and has_own(method) and is_denied(caller, answers.get("own")):
        yield f"may not see the own object: {answers['own']}"


def is_denied(caller: Caller, answer: Answer | None) -> bool:
    """Although the caller's role in the organization, if any, grants what was asked for."""
    if answer is None or answer.code != "PERMISSION_DENIED":
        return False
    needed = Permission.Value(dict(answer.metadata)["permission"])
    return not caller.member_role or needed in membership.GRANTS[caller.member_role]


def has_own(method: MethodDescriptor) -> bool:
    return bool(id_fields(method)) and not set(id_fields(method)) & WITHOUT_OBJECT


@pytest.mark.parametrize("method", ORDERED, ids=lambda method: method.full_name.removeprefix("skillsync."))
async def test_everybody_is_answered_as_the_contract_says(system: System, cast: Cast, method: MethodDescriptor) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(caller: Caller, door: str) -> list[str]:
        async with gate:
            return await row(system, cast, method, caller, door)

    rows = await asyncio.gather(*(one(caller, door) for caller in cast.callers for door in DOORS))
    assert [fault for found in rows for fault in found] == []


def test_ten_thousand_cells_were_called() -> None:
    """After the ones above."""
    print(f"{sum(called.values()):,} cells: {dict(called)}")
    assert sum(called.values()) >= 10_000


async def test_owners_see_what_is_theirs(system: System, cast: Cast) -> None:
    """So that the answers above are not all refusals."""
    seen = {
        ("GetResume", "job seeker"), ("GetResumeAnalysis", "job seeker"), ("GetPosition", "recruiter"), ("GetOrganization", "recruiter"),
        ("GetPosition", "organization viewer"), ("ListMembers", "organization admin"), ("ListApplications", "organization admin"),
        ("GetApplication", "job seeker"), ("ListOffers", "job seeker"), ("GetInterviewCalendar", "job seeker"),
        ("GetAssessment", "job seeker"),
    }  # fmt: skip
    objects = await the_cast(system)
    for method in METHODS:
        for caller in objects.callers:
            if (method.name, caller.name) in seen:
                ids = {name: caller.own[name] for name in id_fields(method)}
                assert (await ask(system, method, caller, "edge", ids)).code == "OK", (method.name, caller.name)


def test_an_id_that_names_no_known_object_fails() -> None:
    known = WITHOUT_OBJECT | {
        "account_id",
        "candidate_id",
        "user_id",
        "viewer_id",
        "resume_id",
        "analysis_id",
        "application_id",
    }
    known |= {
        "data_export_id",
        "session_id",
        "organization_id",
        "position_id",
        "template_id",
        "interview_id",
        "path_id",
        "preparation_id",
        "question_id",
        "offer_id",
        "experience_id",
        "education_id",
        "letter_id",
        "document_id",
        "item_id",
        "milestone_id",
        "assessment_id",
        "introduction_id",
    }
    assert {name for method in METHODS for name in id_fields(method)} <= known


def test_a_method_without_permission_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """`rules_of` is asked for all services here and when each server starts."""
    file = descriptor_pb2.FileDescriptorProto(name="open.proto", package="open", syntax="proto3")
    file.message_type.add(name="Nothing")
    file.service.add(name="Open").method.add(name="Walk", input_type=".open.Nothing", output_type=".open.Nothing")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    monkeypatch.setattr(rules.descriptor_pool, "Default", lambda: pool)
    with pytest.raises(ValueError, match=r"open\.Open\.Walk does not say who may call it"):
        rules_of(["open.Open"])
