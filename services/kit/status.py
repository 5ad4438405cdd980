"""Domain errors as `google.rpc.Status`: code, ErrorInfo, and what clients act on."""

import asyncio
from collections.abc import Iterable
from typing import Any as Any_

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, RetryInfo
from google.rpc.status_pb2 import Status

from services.kit import errors

DOMAIN = "skillsync"

CODES: dict[type[errors.DomainError], grpc.StatusCode] = {
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.PermissionDenied: grpc.StatusCode.PERMISSION_DENIED,
    errors.Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    errors.InvalidArgument: grpc.StatusCode.INVALID_ARGUMENT,
    errors.Conflict: grpc.StatusCode.ALREADY_EXISTS,
    errors.EtagMismatch: grpc.StatusCode.ABORTED,
    errors.WrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.PreconditionFailed: grpc.StatusCode.FAILED_PRECONDITION,
    errors.QuotaExceeded: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.RateLimited: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unavailable: grpc.StatusCode.UNAVAILABLE,
    errors.DeadlineExceeded: grpc.StatusCode.DEADLINE_EXCEEDED,
    errors.StaleResumeToken: grpc.StatusCode.OUT_OF_RANGE,
    errors.Unimplemented: grpc.StatusCode.UNIMPLEMENTED,
    errors.DomainError: grpc.StatusCode.INTERNAL,
}

DETAILS_KEY = "grpc-status-details-bin"


def code_of(error: errors.DomainError) -> grpc.StatusCode:
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


async def abort(context: grpc.aio.ServicerContext[Message, Message], error: errors.DomainError) -> None:
    """Ends the call with the error. Always raises."""
    status = to_status(error)
    if isinstance(error, errors.RateLimited):
        # Over REST, where clients look for it.
        await context.send_initial_metadata((("retry-after", error.metadata["retry_after_seconds"]),))
    await context.abort(code_of(error), error.message, trailing_metadata=((DETAILS_KEY, status.SerializeToString()),))


def result_of(error: BaseException, context: Any_) -> str:
    """The name of the code that a call ends with."""
    if isinstance(error, errors.DomainError):
        return code_of(error).name
    # What a generated servicer raises in the methods that its subclass leaves out.
    if isinstance(error, NotImplementedError):
        return grpc.StatusCode.UNIMPLEMENTED.name
    if isinstance(error, grpc.aio.AbortError):
        return getattr(context.code(), "name", None) or grpc_name(context.code())
    return "CANCELLED" if isinstance(error, asyncio.CancelledError | GeneratorExit) else "INTERNAL"


def grpc_name(code: Any_) -> str:
    names = {c.value[0]: c.name for c in grpc.StatusCode}
    return names.get(code, str(code))


def to_status(error: errors.DomainError) -> Status:
    status = Status(code=code_of(error).value[0], message=error.message)
    for detail in (ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata), *_more(error)):
        packed = Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status


def error_info(failure: grpc.RpcError) -> ErrorInfo | None:
    """The ErrorInfo that a call failed with, for clients of other services; None when there is none."""
    metadata: Iterable[Any_] = failure.trailing_metadata() or ()
    for key, value in metadata:
        if key == DETAILS_KEY:
            for detail in Status.FromString(value).details:
                info = ErrorInfo()
                if detail.Unpack(info):
                    return info
    return None


def _more(error: errors.DomainError) -> list[Message]:
    match error:
        case errors.InvalidArgument(violations=violations):
            return [
                BadRequest(field_violations=[BadRequest.FieldViolation(field=f, description=w) for f, w in violations])
            ]
        case errors.QuotaExceeded(quota=quota):
            return [QuotaFailure(violations=[QuotaFailure.Violation(subject=quota, description=error.message)])]
        case errors.Unavailable(retry_after=retry_after) | errors.RateLimited(retry_after=retry_after):
            return [_retry(retry_after)]
    return []


def _retry(seconds: float) -> RetryInfo:
    info = RetryInfo()
    info.retry_delay.FromMilliseconds(int(seconds * 1000))
    return info
