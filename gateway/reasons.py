"""The error reasons of the contracts, in the words of OpenAPI."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import EnumValueDescriptor, MethodDescriptor
from google.rpc import code_pb2
from skillsync.error.v1 import error_reason_pb2

Schema = dict[str, Any]

# As Envoy translates them.
HTTP_STATUS = {
    code_pb2.INVALID_ARGUMENT: 400,
    code_pb2.FAILED_PRECONDITION: 400,
    code_pb2.OUT_OF_RANGE: 400,
    code_pb2.UNAUTHENTICATED: 401,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.NOT_FOUND: 404,
    code_pb2.ABORTED: 409,
    code_pb2.ALREADY_EXISTS: 409,
    code_pb2.RESOURCE_EXHAUSTED: 429,
    code_pb2.INTERNAL: 500,
    code_pb2.UNIMPLEMENTED: 501,
    code_pb2.UNAVAILABLE: 503,
    code_pb2.DEADLINE_EXCEEDED: 504,
}
# The gateway refuses a file far over the limit itself, as HTTP has a word for it.
UNREAD = {"FILE_TOO_LARGE": 413}

ENUM = error_reason_pb2.ErrorReason.DESCRIPTOR
VALUES = ENUM.values[1:]


def error_answers(method: MethodDescriptor) -> Schema:
    """What a method answers with when it fails: its own reasons by HTTP status, and the common ones."""
    by_status: dict[int, list[str]] = {}
    for number in method.GetOptions().Extensions[error_reason_pb2.reasons]:
        value = ENUM.values_by_number[number]
        for status in statuses(value):
            by_status.setdefault(status, []).append(f"`{name(value)}`")
    own = {str(status): answer(f"{', '.join(found)}.") for status, found in sorted(by_status.items())}
    return own | {"default": {"$ref": "#/components/responses/CommonError"}}


def common_answer() -> Schema:
    common = [value for value in VALUES if value.GetOptions().Extensions[error_reason_pb2.common]]
    listed = ", ".join(f"`{name(value)}` ({statuses(value)[0]})" for value in common)
    return answer(f"What any operation may answer with: {listed}.")


def reason_schema(comments: Mapping[str, str]) -> Schema:
    """All reasons, each with its comment. `comments` by full name, e.g. `skillsync.error.v1.ErrorReason.ERROR_REASON_NOT_FOUND`."""
    lines = [f"- `{name(value)}` – {comments[f'{ENUM.full_name}.{value.name}']}" for value in VALUES]
    return {
        "type": "string",
        "enum": [name(value) for value in VALUES],
        "description": "\n".join([comments[ENUM.full_name], "", *lines]),
    }


def error_schema() -> Schema:
    detail = {
        "type": "object",
        "description": "Of several types; the one of type `google.rpc.ErrorInfo` has `reason` and `metadata`.",
        "properties": {
            "@type": {"type": "string"},
            "reason": {"$ref": "#/components/schemas/ErrorReason"},
            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }
    return {
        "type": "object",
        "description": "google.rpc.Status.",
        "properties": {
            "code": {"type": "integer", "description": "The gRPC code."},
            "message": {"type": "string"},
            "details": {"type": "array", "items": detail},
        },
    }


def answer(description: str) -> Schema:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def statuses(value: EnumValueDescriptor) -> list[int]:
    own = HTTP_STATUS[value.GetOptions().Extensions[error_reason_pb2.code]]
    return [own, UNREAD[name(value)]] if name(value) in UNREAD else [own]


def name(value: EnumValueDescriptor) -> str:
    return value.name.removeprefix("ERROR_REASON_")
