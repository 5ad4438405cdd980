"""A server of matches that says what a test tells it to, call by call."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from skillsync.matching.v1.match_pb2 import Match, Reason
from skillsync.matching.v1.matching_service_pb2 import (
    ChangeCause,
    MatchEvent,
    Resync,
    StreamMatchesRequest,
    StreamMatchesResponse,
)
from skillsync.matching.v1.matching_service_pb2_grpc import (
    MatchingServiceServicer,
    add_MatchingServiceServicer_to_server,
)
from skillsync.type.v1.watch_pb2 import Checkpoint, SnapshotComplete
from skillsync.user.v1.session_pb2 import TokenSet
from skillsync.user.v1.user_service_pb2 import RefreshTokensRequest, SignInRequest
from skillsync.user.v1.user_service_pb2_grpc import UserServiceServicer, add_UserServiceServicer_to_server

from services.kit.status import DETAILS_KEY


@dataclass(frozen=True)
class Refuse:
    """Ends a call with an error."""

    code: grpc.StatusCode
    reason: str = ""


class Hold:
    """Keeps a call open, silently."""


Step = StreamMatchesResponse | Refuse | Hold
CUT = Refuse(grpc.StatusCode.UNAVAILABLE)


@dataclass
class Script(MatchingServiceServicer, UserServiceServicer):
    """`calls`: what each call of the stream is answered; more are held open. `seen`: of each, its resume token and who called."""

    calls: Sequence[Sequence[Step]]
    seen: list[tuple[str, str]] = field(default_factory=list)
    renewals: list[str] = field(default_factory=list)

    async def StreamMatches(self, request: StreamMatchesRequest, context: Any) -> AsyncIterator[StreamMatchesResponse]:
        self.seen.append((request.resume_token, dict(context.invocation_metadata())["authorization"]))
        number = len(self.seen) - 1
        for step in self.calls[number] if number < len(self.calls) else [Hold()]:
            if isinstance(step, Hold):
                await asyncio.sleep(3600)
            elif isinstance(step, Refuse):
                await refuse(context, step)
            else:
                yield step

    async def SignIn(self, request: SignInRequest, context: Any) -> TokenSet:
        if request.password != "right":
            await refuse(context, Refuse(grpc.StatusCode.UNAUTHENTICATED, "CREDENTIALS_INVALID"))
        return TokenSet(access_token="access-0", refresh_token="refresh-0")

    async def RefreshTokens(self, request: RefreshTokensRequest, context: Any) -> TokenSet:
        self.renewals.append(request.refresh_token)
        number = len(self.renewals)
        return TokenSet(access_token=f"access-{number}", refresh_token=f"refresh-{number}")


async def refuse(context: Any, step: Refuse) -> None:
    metadata: tuple[tuple[str, bytes], ...] = ()
    if step.reason:
        detail = AnyMessage()
        detail.Pack(ErrorInfo(reason=step.reason, domain="skillsync"))
        metadata = ((DETAILS_KEY, Status(details=[detail]).SerializeToString()),)
    await context.abort(step.code, f"refused: {step.reason or step.code.name}", metadata)


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[str]:
    """The address of a server that follows the script."""
    server = grpc.aio.server()
    add_MatchingServiceServicer_to_server(script, server)
    add_UserServiceServicer_to_server(script, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


def row(
    token: str,
    candidate: str,
    score: float,
    kind: str = "SNAPSHOT",
    old: int = 0,
    new: int = 1,
    cause: str = "UNSPECIFIED",
) -> StreamMatchesResponse:
    reasons = [
        Reason(factor="skill", label=f"Python: {score}", weight=0.6, contribution=score),
        Reason(factor="skill", label="Rust: not found", weight=0.4),
    ]
    match = Match(candidate_id=candidate, score=score, reasons=reasons)
    event = MatchEvent(
        kind=MatchEvent.Kind.Value(f"KIND_{kind}"),
        match=Match(candidate_id=candidate) if kind == "LEFT" else match,
        old_rank=old,
        new_rank=0 if kind == "LEFT" else new,
        cause=ChangeCause.Value(f"CHANGE_CAUSE_{cause}"),
    )
    return StreamMatchesResponse(resume_token=token, match=event)


def complete(token: str) -> StreamMatchesResponse:
    return StreamMatchesResponse(resume_token=token, snapshot_complete=SnapshotComplete())


def checkpoint(token: str) -> StreamMatchesResponse:
    return StreamMatchesResponse(resume_token=token, checkpoint=Checkpoint())


def resync(token: str) -> StreamMatchesResponse:
    return StreamMatchesResponse(resume_token=token, resync=Resync())
