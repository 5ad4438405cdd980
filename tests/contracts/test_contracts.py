"""Promises that all contracts keep, and what of them is not built yet."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from google.api import annotations_pb2, field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.rpc.code_pb2 import Code
from openapi_spec_validator import validate
from skillsync.error.v1 import error_reason_pb2
from skillsync.type.v1 import access_pb2

from gateway.contract import SERVICES
from gateway.openapi import read_comments
from gateway.replies import REFUSALS
from protos.generate import image, validate_descriptors
from services.billing.servicer import BillingServicer
from services.careerforge.servicer import CareerForgeServicer
from services.kit.status import CODES
from services.matching.servicer import MatchingServicer
from services.talenthub.servicer import TalentHubServicer
from services.user.app import CONTRACTS
from services.user.servicer import UserServicer

ROOT = Path(__file__).parent.parent.parent
SERVICERS = {
    "UserService": UserServicer,
    "CareerForgeService": CareerForgeServicer,
    "TalentHubService": TalentHubServicer,
    "MatchingService": MatchingServicer,
    "BillingService": BillingServicer,
}


def methods() -> Iterator[MethodDescriptor]:
    for module in CONTRACTS:
        for service in module.DESCRIPTOR.services_by_name.values():
            yield from service.methods


METHODS = list(methods())
each_method = pytest.mark.parametrize("method", METHODS, ids=[m.full_name.removeprefix("skillsync.") for m in METHODS])


def test_all_five_services_are_here() -> None:
    assert {m.containing_service.full_name.split(".")[1] for m in METHODS} == set(SERVICES)
    assert len(METHODS) > 150


@each_method
def test_a_method_has_a_way_over_http(method: MethodDescriptor) -> None:
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    assert rule.WhichOneof("pattern")


@each_method
def test_a_method_says_who_may_call_it(method: MethodDescriptor) -> None:
    access = method.GetOptions().Extensions[access_pb2.access]
    assert access.public or access.permission or access.service_only.callers


def test_the_paths_of_the_requirements_work_verbatim() -> None:
    found = set()
    for method in METHODS:
        rule = method.GetOptions().Extensions[annotations_pb2.http]
        found |= {(r.WhichOneof("pattern"), r.post or r.get) for r in rule.additional_bindings}
    assert found == {
        ("post", "/resume/analyze"),
        ("post", "/portfolio/showcase"),
        ("get", "/achievements/progress"),
        ("post", "/positions/create"),
        ("get", "/talent-pipeline/stats"),
    }


def request_fields() -> Iterator[tuple[str, FieldDescriptor]]:
    for method in METHODS:
        for field in method.input_type.fields:
            yield f"{method.input_type.name}.{field.name}", field


def has_rules(field: FieldDescriptor) -> bool:
    return any(option.full_name == "buf.validate.field" for option, _ in field.GetOptions().ListFields())


def test_every_text_and_number_of_a_request_has_rules() -> None:
    """Booleans have none to break; messages have theirs inside."""
    free = [
        name
        for name, field in request_fields()
        if field.cpp_type not in (FieldDescriptor.CPPTYPE_BOOL, FieldDescriptor.CPPTYPE_MESSAGE)
        and not has_rules(field)
    ]
    assert free == []


def test_what_is_required_is_refused_when_missing() -> None:
    required = [
        (name, field)
        for name, field in request_fields()
        if field_behavior_pb2.REQUIRED in field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    ]
    assert len(required) > 100
    assert [name for name, field in required if not has_rules(field)] == []


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> FileDescriptorSet:
    """The contracts with their comments."""
    folder = tmp_path_factory.mktemp("described")
    sources = sorted(str(p.relative_to(ROOT / "protos")) for p in (ROOT / "protos").rglob("*.proto"))
    image(validate_descriptors(folder / "validate"), folder / "image", sources, "--include_source_info")
    return FileDescriptorSet.FromString((folder / "image").read_bytes())


@pytest.fixture(scope="module")
def comments(described: FileDescriptorSet) -> dict[str, str]:
    return read_comments(described)


def test_every_part_of_a_contract_is_commented(described: FileDescriptorSet) -> None:
    for file in described.file:
        if file.package.startswith("skillsync"):
            bare = [
                location.path
                for location in file.source_code_info.location
                if _is_declaration(list(location.path)) and not location.leading_comments.strip()
            ]
            assert bare == [], file.name


def _is_declaration(path: list[int]) -> bool:
    """Messages (4), enums (5), services (6), and their fields (2), values (2) and methods (2), at any depth."""
    if not path or len(path) % 2 or path[0] not in (4, 5, 6):
        return False
    inside = {2} if path[0] != 4 else {2, 3, 4}
    return set(path[2::2]) <= inside


REASONS = {
    value.name.removeprefix("ERROR_REASON_"): value.GetOptions().Extensions
    for value in error_reason_pb2.ErrorReason.DESCRIPTOR.values[1:]
}
COMMON = {name for name, options in REASONS.items() if options[error_reason_pb2.common]}
# No call fails with these: they say why an analysis failed.
OF_ANALYSES = {name for name, options in REASONS.items() if not options[error_reason_pb2.code]}

# Fields of the request tell when these are meant; all others are explained in the method's comment.
SELF_EVIDENT = {"NOT_FOUND", "ETAG_MISMATCH", "PAGE_TOKEN_INVALID", "RESUME_TOKEN_INVALID", "RESUME_TOKEN_EXPIRED"}
# Billing knows no accounts, and an operation begins with its reservation.
IDS_OF_NOTHING = {
    *(f"skillsync.billing.v1.ReserveCreditsRequest.{name}" for name in ("account_id", "operation_id")),
    # Who has nothing in a service gets nothing of it.
    *(f"skillsync.type.v1.{name}UserDataRequest.account_id" for name in ("Export", "Erase")),
}
# Verbs that whoever may call them can call at any time.
ALWAYS_POSSIBLE = {
    "Register",
    "SignOutEverywhere",
    "SendPasswordReset",
    "VerifyActivityLog",
    "SetNetworking",
    "RotateSigningKeys",
}


def reasons(method: MethodDescriptor) -> list[str]:
    """What the method may answer with besides the common ones."""
    numbers = method.GetOptions().Extensions[error_reason_pb2.reasons]
    return [error_reason_pb2.ErrorReason.Name(number).removeprefix("ERROR_REASON_") for number in numbers]


def code_name(reason: str) -> str:
    return Code.Name(REASONS[reason][error_reason_pb2.code])


def asked_fields(request: Descriptor) -> Iterator[FieldDescriptor]:
    """Of the request, and of requests inside."""
    for field in request.fields:
        yield field
        if field.message_type is not None and field.message_type.name.endswith("Request"):
            yield from asked_fields(field.message_type)


def names_an_object(field: FieldDescriptor) -> bool:
    required = field_behavior_pb2.REQUIRED in field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    return required and field.name.endswith("_id") and field.full_name not in IDS_OF_NOTHING


def takes_an_etag(method: MethodDescriptor) -> bool:
    """By itself, or within the resource that it updates."""
    fields = {field.name: field for field in asked_fields(method.input_type)}
    resources = [field.message_type for field in fields.values() if field.message_type and "update_mask" in fields]
    return "etag" in fields or any("etag" in resource.fields_by_name for resource in resources)


@each_method
def test_a_method_lists_what_its_request_can_lead_to(method: MethodDescriptor) -> None:
    fields = {field.name: field for field in asked_fields(method.input_type)}
    expected = {
        "ETAG_MISMATCH": takes_an_etag(method),
        "PAGE_TOKEN_INVALID": "page_token" in fields,
        "RESUME_TOKEN_INVALID": "resume_token" in fields,
        "RESUME_TOKEN_EXPIRED": "resume_token" in fields,
    }
    assert {reason: reason in reasons(method) for reason in expected} == expected
    assert "NOT_FOUND" in reasons(method) or not any(map(names_an_object, fields.values()))


def test_a_verb_without_reasons_is_always_possible() -> None:
    rules = {method: method.GetOptions().Extensions[annotations_pb2.http] for method in METHODS}
    verbs = [m for m, rule in rules.items() if ":" in getattr(rule, rule.WhichOneof("pattern"))]
    assert len(verbs) > 50
    assert {method.name for method in verbs if not reasons(method)} == ALWAYS_POSSIBLE


@each_method
def test_a_method_lists_each_reason_once_and_no_common_one(method: MethodDescriptor) -> None:
    listed = reasons(method)
    assert len(listed) == len(set(listed))
    assert not set(listed) & (COMMON | OF_ANALYSES)


def said(method: MethodDescriptor, comments: dict[str, str]) -> str:
    """The method's comment, with that of a method whose errors it returns too."""
    own = comments[method.full_name]
    others = re.findall(r"Returns what `(\w+)` returns", own)
    return "\n".join([own, *(comments[f"{method.containing_service.full_name}.{other}"] for other in others)])


@each_method
def test_comment_and_option_name_the_same_reasons(method: MethodDescriptor, comments: dict[str, str]) -> None:
    named = set(re.findall(r"[A-Z_]{4,}", said(method, comments))) & set(REASONS)
    assert named - COMMON <= set(reasons(method))
    assert set(reasons(method)) - SELF_EVIDENT <= named


@each_method
def test_a_comment_names_a_reason_with_its_code(method: MethodDescriptor, comments: dict[str, str]) -> None:
    for code, listed in re.findall(r"(\w+),?\s\((`[A-Z_]+`(?:, `[A-Z_]+`)*)\)", comments[method.full_name]):
        codes = {code_name(reason) for reason in re.findall(r"\w+", listed)}
        assert code.islower() or codes == {code}


def test_every_reason_is_common_or_listed_or_of_an_analysis(comments: dict[str, str]) -> None:
    listed = {reason for method in METHODS for reason in reasons(method)}
    assert set(REASONS) - COMMON - listed == OF_ANALYSES
    for reason in REASONS:
        begin = "An analysis that failed" if reason in OF_ANALYSES else code_name(reason)
        assert comments[f"skillsync.error.v1.ErrorReason.ERROR_REASON_{reason}"].startswith(begin)


def raised_reasons() -> set[str]:
    source = "\n".join(path.read_text() for path in (ROOT / "services").rglob("*.py"))
    words = r'reason\s*[:=]\s*"([A-Z_]+)"', r'(?:PreconditionFailed|DocumentError|_fail)\(\s*"([A-Z_]+)"'
    return {found for pattern in words for found in re.findall(pattern, source)}


def test_every_reason_that_is_given_stands_in_the_contract() -> None:
    raised = raised_reasons()
    assert {"WRONG_STATE", "FILE_EMPTY", "ORGANIZATION_REQUIRED", "TOKEN_REUSED"} <= raised
    assert raised <= set(REASONS)


def test_services_and_gateway_give_a_reason_with_its_code() -> None:
    of_services = {kind.reason: code.name for kind, code in CODES.items() if "reason" in vars(kind)}
    of_gateway = {refusal.reason: Code.Name(refusal.code) for refusal in REFUSALS}
    given = of_services | of_gateway
    assert given == {reason: code_name(reason) for reason in given}
    assert set(of_gateway) - COMMON == {"FILE_TOO_LARGE"}
    assert all("FILE_TOO_LARGE" in reasons(method) for method in METHODS if method.client_streaming)


def test_every_method_has_a_timeout_or_is_a_stream() -> None:
    config = json.loads((ROOT / "protos" / "service_config.json").read_text())
    timed = {
        (entry["service"], entry.get("method"))
        for group in config["methodConfig"]
        if "timeout" in group
        for entry in group["name"]
    }
    for method in METHODS:
        key = (method.containing_service.full_name, method.name)
        assert (key in timed) != method.server_streaming, method.full_name


def test_the_openapi_document_is_valid_and_complete() -> None:
    document = yaml.safe_load((ROOT / "gateway" / "openapi.yaml").read_text())
    validate(document)
    public = {m.name: m for m in METHODS if not m.GetOptions().Extensions[access_pb2.access].HasField("service_only")}
    operations = {o["operationId"]: o["responses"] for path in document["paths"].values() for o in path.values()}
    assert {name.split("_")[0] for name in operations} == set(public)
    for name, responses in operations.items():
        words = " ".join(answer.get("description", "") for status, answer in responses.items() if status != "200")
        assert set(re.findall(r"`(\w+)`", words)) == set(reasons(public[name.split("_")[0]])), name


def built(servicer: type, name: str) -> bool:
    """Whether a class of ours has the method, not only the generated one that answers UNIMPLEMENTED."""
    return any(name in vars(kind) for kind in servicer.__mro__ if kind.__module__.startswith("services."))


def test_every_method_is_built() -> None:
    missing = sorted(
        method.full_name.removeprefix("skillsync.")
        for method in METHODS
        if not built(SERVICERS[method.containing_service.name], method.name)
    )
    assert missing == []
