"""What a refusal must look like, over gRPC and over REST."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from services.kit.status import DETAILS_KEY


class Refusal:
    """Filled in when the block ends."""

    code: grpc.StatusCode
    message: str
    metadata: dict[str, str]
    fields: dict[str, str]


@contextmanager
def refused(reason: str, code: grpc.StatusCode | None = None, **metadata: str) -> Iterator[Refusal]:
    """The block's call is refused with this reason, and at least this metadata in its ErrorInfo."""
    refusal = Refusal()
    with pytest.raises(grpc.RpcError) as caught:
        yield refusal
    error = caught.value
    details = [value for key, value in error.trailing_metadata() or () if key == DETAILS_KEY]
    assert details, f"{error.code()} {error.details()} without details"
    info, fields = _unpacked(Status.FromString(details[0]))
    refusal.code, refusal.message = error.code(), error.details() or ""
    refusal.metadata, refusal.fields = dict(info.metadata), fields
    assert (info.reason, info.domain) == (reason, "skillsync"), refusal.message
    assert metadata.items() <= refusal.metadata.items()
    assert code in (None, error.code())


def _unpacked(status: Status) -> tuple[ErrorInfo, dict[str, str]]:
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details:
        detail.Unpack(info) if detail.Is(ErrorInfo.DESCRIPTOR) else detail.Unpack(bad)
    return info, {violation.field: violation.description for violation in bad.field_violations}


def refused_json(answer: httpx.Response, status: int, reason: str) -> dict[str, Any]:
    """Checks the form that every refusal has over REST; returns message and metadata of its ErrorInfo."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    info = next(detail for detail in body["details"] if detail["@type"].endswith("google.rpc.ErrorInfo"))
    assert (info["reason"], info["domain"]) == (reason, "skillsync")
    assert body["message"]
    return {"message": body["message"], **info.get("metadata", {})}
