"""What Envoy itself answers when it refuses a request, in the same form as the services' errors.

REST callers get `google.rpc.Status` as JSON, native gRPC callers `grpc-status` with `grpc-status-details-bin`.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.protobuf import duration_pb2, json_format
from google.rpc import code_pb2, error_details_pb2, status_pb2

from gateway.parts import Config, extension, set_header

UPLOAD_BYTES = 20 << 20
# Nothing but a file needs more: a page of 200 positions is sent the other way.
REQUEST_BYTES = 1 << 20

DOMAIN = "skillsync"
# The transcoder has replaced the content type by the time of most refusals; it leaves the path it was called with.
TRANSCODED = "x-envoy-original-path"
# Where `fields.lua` leaves the field it refused.
UNKNOWN_FIELD = "%DYNAMIC_METADATA(skillsync:field)%"
ENVOYS_WORDS = "%LOCAL_REPLY_BODY%"


@dataclass(frozen=True)
class Refusal:
    """One way in which Envoy refuses: how to recognise it, and what the caller reads."""

    when: str  # a CEL expression over the response
    http: int
    code: int
    reason: str  # a name of skillsync.error.v1.ErrorReason
    message: str
    metadata: dict[str, str] = field(default_factory=dict)
    retry_seconds: int = 0
    explained: bool = False  # Envoy's own words say more than ours

    def status(self) -> status_pb2.Status:
        """What the caller gets, as protobuf."""
        status = status_pb2.Status(code=self.code, message=self.message)
        info = error_details_pb2.ErrorInfo(reason=self.reason, domain=DOMAIN, metadata=self.metadata)
        status.details.add().Pack(info)
        if self.retry_seconds:
            delay = duration_pb2.Duration(seconds=self.retry_seconds)
            status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
        return status


def _details(text: str) -> str:
    return f"response.code_details.contains('{text}')"


# The first that fits is taken.
REFUSALS = (
    Refusal(_details("Jwt_is_missing"), 401, code_pb2.UNAUTHENTICATED, "TOKEN_MISSING", "Send an access token."),
    Refusal(_details("Jwt_is_expired"), 401, code_pb2.UNAUTHENTICATED, "TOKEN_EXPIRED", "The access token is over."),
    Refusal(
        _details("Jwks_remote_fetch"),
        503,
        code_pb2.UNAVAILABLE,
        "DEPENDENCY_UNAVAILABLE",
        "Tokens cannot be checked yet.",
        {"dependency": "user"},
        retry_seconds=1,
    ),
    Refusal(
        _details("jwt_authn_access_denied"),
        401,
        code_pb2.UNAUTHENTICATED,
        "TOKEN_INVALID",
        "This is not an access token of SkillSync.",
        explained=True,
    ),
    Refusal(
        _details("upload_too_large"),
        413,
        code_pb2.INVALID_ARGUMENT,
        "FILE_TOO_LARGE",
        "The file is too large.",
        {"limit_bytes": str(UPLOAD_BYTES)},
    ),
    Refusal(
        f"{_details('body_too_large')} || response.code == 413",
        413,
        code_pb2.INVALID_ARGUMENT,
        "MALFORMED_REQUEST",
        "The request is too large.",
        {"limit_bytes": str(REQUEST_BYTES)},
    ),
    Refusal(
        "response.code == 429",
        429,
        code_pb2.RESOURCE_EXHAUSTED,
        "RATE_LIMITED",
        "Too many requests.",
        retry_seconds=1,
    ),
    Refusal(
        _details("rbac_access_denied"),
        403,
        code_pb2.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        "This service may not call this method.",
    ),
    Refusal(
        _details("lua_response"),
        400,
        code_pb2.INVALID_ARGUMENT,
        "MALFORMED_REQUEST",
        "There is an unknown field.",
        {"field": UNKNOWN_FIELD},
        explained=True,
    ),
    Refusal(
        "response.code == 400",
        400,
        code_pb2.INVALID_ARGUMENT,
        "MALFORMED_REQUEST",
        "The request cannot be read.",
        explained=True,
    ),
    Refusal("response.code == 404", 404, code_pb2.NOT_FOUND, "METHOD_UNKNOWN", "There is nothing at this path."),
    Refusal(
        "response.code == 408 || response.code == 504",
        504,
        code_pb2.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        "It took too long.",
    ),
    Refusal(
        "response.code >= 500",
        503,
        code_pb2.UNAVAILABLE,
        "DEPENDENCY_UNAVAILABLE",
        "The service cannot be reached.",
        {"dependency": "%UPSTREAM_CLUSTER%"},
        retry_seconds=1,
    ),
)


def local_replies() -> Config:
    """The `local_reply_config` of a listener."""
    return {
        "mappers": [mapper for refusal in REFUSALS for mapper in _mappers(refusal)],
        "body_format": _text(ENVOYS_WORDS),
    }


def _mappers(refusal: Refusal) -> Iterator[Config]:
    condition = _cel(refusal.when)
    yield {
        "filter": {"and_filter": {"filters": [condition, _is_native_grpc()]}},
        "body_format_override": _text(refusal.message),
        "headers_to_add": [
            set_header("grpc-status-details-bin", _binary(refusal)),
            set_header("grpc-status", refusal.code),
        ],
    }
    status = json_format.MessageToDict(refusal.status())
    yield {
        "filter": condition,
        "status_code": refusal.http,
        "headers_to_add": [set_header("retry-after", refusal.retry_seconds)] if refusal.retry_seconds else [],
        "body_format_override": {
            "json_format": status | ({"message": ENVOYS_WORDS} if refusal.explained else {}),
            "content_type": "application/json",
        },
    }


def _binary(refusal: Refusal) -> str:
    """The status as gRPC carries it, without what Envoy would have to fill in."""
    fixed = {key: value for key, value in refusal.metadata.items() if "%" not in value}
    plain = Refusal(**{**vars(refusal), "metadata": fixed}).status()
    return base64.b64encode(plain.SerializeToString()).decode().rstrip("=")


def _text(content: str) -> Config:
    return {"text_format_source": {"inline_string": content}}


def _is_native_grpc() -> Config:
    content_type = "request.headers['content-type'].startsWith('application/grpc')"
    return _cel(f"{content_type} && !('{TRANSCODED}' in request.headers)")


def _cel(expression: str) -> Config:
    return {
        "extension_filter": extension(
            "access_loggers.extension_filters.cel",
            "extensions.access_loggers.filters.cel.v3.ExpressionFilter",
            expression=expression,
        )
    }
