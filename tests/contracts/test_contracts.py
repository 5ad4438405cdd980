"""Promises that all contracts keep, and what of them is not built yet."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from google.api import annotations_pb2, field_behavior_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from openapi_spec_validator import validate
from skillsync.error.v1 import error_reason_pb2
from skillsync.type.v1 import access_pb2

from gateway.contract import SERVICES
from protos.generate import image, validate_descriptors
from services.billing.servicer import BillingServicer
from services.careerforge.servicer import CareerForgeServicer
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


def test_every_part_of_a_contract_is_commented(tmp_path: Path) -> None:
    sources = sorted(str(p.relative_to(ROOT / "protos")) for p in (ROOT / "protos").rglob("*.proto"))
    image(validate_descriptors(tmp_path / "validate"), tmp_path / "image", sources, "--include_source_info")
    described = FileDescriptorSet.FromString((tmp_path / "image").read_bytes())
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


def raised_reasons() -> set[str]:
    source = "\n".join(path.read_text() for path in (ROOT / "services").rglob("*.py"))
    words = r'reason\s*[:=]\s*"([A-Z_]+)"', r'(?:PreconditionFailed|DocumentError|_fail)\(\s*"([A-Z_]+)"'
    return {found for pattern in words for found in re.findall(pattern, source)}


def test_every_reason_that_is_given_stands_in_the_contract() -> None:
    known = {name.removeprefix("ERROR_REASON_") for name in error_reason_pb2.ErrorReason.keys()}  # noqa: SIM118
    raised = raised_reasons()
    assert {"WRONG_STATE", "FILE_EMPTY", "ORGANIZATION_REQUIRED", "TOKEN_REUSED"} <= raised
    assert raised <= known


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
    public = [m for m in METHODS if not m.GetOptions().Extensions[access_pb2.access].HasField("service_only")]
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values() if "operationId" in o]
    assert len(operations) >= len(public)


LEFT = Path(__file__).with_name("unimplemented.txt")


def test_what_is_not_built_yet_is_listed() -> None:
    """A method that gets built leaves the list; one that is lost comes into it, and this fails."""
    missing = sorted(
        method.full_name.removeprefix("skillsync.")
        for method in METHODS
        if method.name not in vars(SERVICERS[method.containing_service.name])
    )
    assert missing == LEFT.read_text().split()
