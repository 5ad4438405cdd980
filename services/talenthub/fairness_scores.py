"""Scores for audits, from matching: as the organization itself sees them, with the token of who asks for the audit."""

from dataclasses import dataclass
from uuid import UUID

import grpc
from skillsync.matching.v1 import matching_service_pb2 as matching
from skillsync.matching.v1.match_pb2 import MATCH_VIEW_BASIC
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub

from services.kit.errors import Unavailable

PAGE = 200


@dataclass(frozen=True)
class MatchScores:
    """`channel` leads to matching."""

    channel: grpc.aio.Channel

    async def of(self, position_id: UUID) -> dict[UUID, float]:
        """Of everybody in the position's ranking. Empty where matching knows none, e.g. of a draft; raises Unavailable when it is away."""
        request = matching.ListMatchesRequest(position_id=str(position_id), page_size=PAGE, view=MATCH_VIEW_BASIC)
        found: dict[UUID, float] = {}
        while True:
            try:
                answer = await MatchingServiceStub(self.channel).ListMatches(request)
            except grpc.aio.AioRpcError as error:
                if error.code() == grpc.StatusCode.NOT_FOUND:
                    return {}
                raise Unavailable("matching") from error
            found |= {UUID(match.candidate_id): match.score for match in answer.matches}
            if not answer.next_page_token:
                return found
            request.page_token = answer.next_page_token
