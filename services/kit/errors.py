"""What use cases raise. They know nothing of gRPC; one interceptor turns them into `google.rpc.Status`.

Each has a `reason` (a name of `skillsync.error.v1.ErrorReason` without prefix), a message for people, and in `metadata` every changing part
of that message.
"""

import math
from datetime import datetime


class DomainError(Exception):
    """A refusal that the client is told about."""

    reason = "INTERNAL"

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = metadata


class NotFound(DomainError):
    """Missing, or somebody else's: both answer alike."""

    reason = "NOT_FOUND"

    def __init__(self, resource: str, id: str) -> None:
        super().__init__(f"no {resource} {id}", resource=resource, id=id)


class PermissionDenied(DomainError):
    reason = "PERMISSION_DENIED"

    def __init__(self, permission: str) -> None:
        super().__init__(f"needs {permission}", permission=permission)


class Unauthenticated(DomainError):
    """`reason` is one of TOKEN_MISSING, TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_REUSED, CREDENTIALS_INVALID, SECOND_FACTOR_REQUIRED and
    SIGN_IN_LOCKED.
    """

    def __init__(self, why: str, reason: str = "TOKEN_INVALID") -> None:
        super().__init__(why)
        self.reason = reason


class InvalidArgument(DomainError):
    """`field` is its path in the request, e.g. `position.title`; `why` says limit and remedy."""

    def __init__(self, field: str, why: str, reason: str = "INVALID_ARGUMENT", **metadata: str) -> None:
        super().__init__(f"{field}: {why}", field=field, **metadata)
        self.field, self.why, self.reason = field, why, reason
        self.violations = [(field, why)]

    @classmethod
    def of_all(cls, violations: list[tuple[str, str]]) -> "InvalidArgument":
        """One error for several fields, each with why; at least one."""
        error = cls(*violations[0])
        error.violations = violations
        return error


class Conflict(DomainError):
    reason = "ALREADY_EXISTS"

    def __init__(self, resource: str, why: str) -> None:
        super().__init__(why, resource=resource)


class EtagMismatch(DomainError):
    reason = "ETAG_MISMATCH"

    def __init__(self, resource: str) -> None:
        super().__init__(f"the {resource} changed since it was read; read it again", resource=resource)


class WrongState(DomainError):
    reason = "WRONG_STATE"

    def __init__(self, resource: str, state: str, needed: str) -> None:
        super().__init__(
            f"the {resource} is {state}, needed is {needed}", resource=resource, state=state, needed=needed
        )


class PreconditionFailed(DomainError):
    """Something else must be done first; `reason` names it."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason


class QuotaExceeded(DomainError):
    """`renew_time`: when it is filled up again, None when waiting does not help."""

    reason = "QUOTA_EXCEEDED"

    def __init__(self, quota: str, limit: str, renew_time: datetime | None = None) -> None:
        message, metadata = f"{quota} is used up (limit {limit})", {"quota": quota, "limit": limit}
        if renew_time:
            metadata["renew_time"] = renew_time.isoformat(timespec="seconds")
            message += f"; it is filled up again at {metadata['renew_time']}. More can be bought, or another plan taken"
        super().__init__(message, **metadata)
        self.quota = quota


class RateLimited(DomainError):
    """`what` there was too much of, e.g. `calls of this account`; `retry_after` in seconds."""

    reason = "RATE_LIMITED"

    def __init__(self, what: str, retry_after: float) -> None:
        seconds = str(max(1, math.ceil(retry_after)))
        super().__init__(f"too many {what}; try again in {seconds} s", limit=what, retry_after_seconds=seconds)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """`retry_after` in seconds."""

    reason = "DEPENDENCY_UNAVAILABLE"

    def __init__(self, dependency: str, retry_after: float = 1.0) -> None:
        super().__init__(f"{dependency} does not answer; try again", dependency=dependency)
        self.retry_after = retry_after


class DeadlineExceeded(DomainError):
    reason = "DEADLINE_EXCEEDED"

    def __init__(self) -> None:
        super().__init__("the time given for this call is over")


class StaleResumeToken(DomainError):
    reason = "RESUME_TOKEN_EXPIRED"

    def __init__(self) -> None:
        super().__init__("the resume token is older than the changes kept; start again without one")


class Unimplemented(DomainError):
    reason = "UNIMPLEMENTED"

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} is in the contract, but not in this version", method=method)
