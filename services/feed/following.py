"""A stream of matches that goes on by itself: after a cut from its resume token, after too long an absence from a new snapshot."""

import asyncio
import random
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from skillsync.matching.v1.matching_service_pb2 import StreamMatchesRequest, StreamMatchesResponse
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.feed.ranking import Change, Ranking
from services.feed.session import Session
from services.kit.status import DETAILS_KEY

if TYPE_CHECKING:
    from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceAsyncStub

# Between attempts: doubled each time, up to the greatest; less up to half of it at random, so that not all come back at once.
PAUSE_SECONDS, MOST_PAUSE_SECONDS = 0.25, 15.0
# A stream says something every 15 seconds. One that is silent for so long is dead, though nobody told us.
SILENT_SECONDS = 40.0

# What another attempt cannot change.
FINAL = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.FAILED_PRECONDITION,
}
ANEW = {"RESUME_TOKEN_EXPIRED", "RESUME_TOKEN_INVALID"}


class FeedRefused(Exception):
    """The service said no, in its own words."""


class Connection(Enum):
    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class News:
    """What to show next: how the connection is, why it was lost if it was, and changes of rows."""

    connection: Connection
    changes: tuple[Change, ...] = ()
    why: str = ""


class Following:
    """Follows one position. `ranking` has the rows."""

    def __init__(
        self, channel: grpc.aio.Channel, session: Session, position_id: str, limit: int, pause: float = PAUSE_SECONDS
    ) -> None:
        self.ranking = Ranking()
        self._channel, self._session, self._position_id, self._limit = channel, session, position_id, limit
        self._least_pause = self._pause = pause
        self._renewed = False

    async def news(self) -> AsyncGenerator[News, None]:
        """Until the reader has enough. Raises FeedRefused."""
        yield News(Connection.CONNECTING)
        while True:
            why = "the stream ended"
            try:
                async for changes in self._stream():
                    self._pause, self._renewed = self._least_pause, False
                    yield News(Connection.LIVE, tuple(changes))
            except TimeoutError:
                why = f"nothing came for {SILENT_SECONDS:.0f} s"
            except grpc.aio.AioRpcError as error:
                if await self._is_mended(error):
                    continue
                why = error.details() or error.code().name
            yield News(Connection.LOST, why=why)
            await asyncio.sleep(self._pause * random.uniform(0.5, 1))  # noqa: S311 - spreads attempts, guards nothing
            self._pause = min(2 * self._pause, MOST_PAUSE_SECONDS)

    async def _stream(self) -> AsyncGenerator[list[Change], None]:
        stub: MatchingServiceAsyncStub = MatchingServiceStub(self._channel)
        request = StreamMatchesRequest(
            position_id=self._position_id, limit=self._limit, resume_token=self.ranking.token
        )
        call = stub.StreamMatches(request, metadata=self._session.metadata)
        try:
            while True:
                async with asyncio.timeout(SILENT_SECONDS):
                    response = await call.read()
                if not isinstance(response, StreamMatchesResponse):
                    return
                yield self.ranking.apply(response)
        finally:
            call.cancel()

    async def _is_mended(self, error: grpc.aio.AioRpcError) -> bool:
        """Whether to try again at once. Raises FeedRefused when trying again cannot help."""
        reason = reason_of(error)
        if reason in ANEW and self.ranking.token:
            self.ranking.begin_anew()
            return True
        # Once: a new token that is refused too will not get better.
        if reason == "TOKEN_EXPIRED" and not self._renewed:
            self._renewed = await self._renew(error)
            return self._renewed
        if error.code() in FINAL:
            raise FeedRefused(error.details() or error.code().name) from error
        return False

    async def _renew(self, error: grpc.aio.AioRpcError) -> bool:
        try:
            if await self._session.renew(self._channel):
                return True
        except grpc.aio.AioRpcError as refusal:
            if refusal.code() not in FINAL:
                return False
            raise FeedRefused(refusal.details() or refusal.code().name) from refusal
        raise FeedRefused(error.details() or error.code().name) from error


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """As the contract names it; empty where nobody gave one."""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            for detail in Status.FromString(value).details:
                info = ErrorInfo()
                if detail.Is(info.DESCRIPTOR) and detail.Unpack(info):
                    return str(info.reason)
    return ""
