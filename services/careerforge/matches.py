"""How a person fits positions, asked of matching through the mesh with the token of whoever calls: with the engine's own figures."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import grpc
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.matching.v1.match_pb2 import Requirement
from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceStub
from skillsync.type.v1 import span_pb2

from services.ai.interviews import Asked
from services.ai.matching import RequirementKind
from services.ai.spans import Span
from services.kit.enums import plain
from services.kit.errors import NotFound, Unavailable
from services.kit.status import error_info

if TYPE_CHECKING:
    from skillsync.matching.v1.matching_service_pb2_grpc import MatchingServiceAsyncStub

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Promise:
    """Scores for one position: now, with a skill named in the profile, and with a year of dated work with it."""

    position_id: str
    score: float
    named: float
    shown: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What one skill adds, summed over positions."""

    skill_id: str
    label: str
    named: float
    shown: float
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Gains:
    """Greatest first. `had`: skills that the person has; `basis`: `POSITIONS`, `ONTOLOGY` or `TITLES`."""

    gains: tuple[Gain, ...]
    had: frozenset[str]
    basis: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A position, and how the person meets what it asks for. Spans of what is asked are in `description`."""

    title: str
    description: str
    asked: tuple[Asked, ...]


class Matches:
    """`channel` leads to matching. Raises NotFound for what is not there, Unavailable when matching does not answer."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._matching: MatchingServiceAsyncStub = MatchingServiceStub(channel)

    async def gains(
        self,
        position_id: UUID | None = None,
        occupation_id: str | None = None,
        also: Sequence[str] = (),
        excluded: Sequence[str] = (),
    ) -> Gains:
        """Towards the best positions for the person where neither is given."""
        request = pb.ListSkillGainsRequest(skill_ids=also, excluded_skill_ids=excluded)
        if position_id:
            request.position_id = str(position_id)
        elif occupation_id:
            request.occupation_id = occupation_id
        found = await _answered(self._matching.ListSkillGains(request))
        basis = plain(pb.SkillGainBasis, found.basis)
        return Gains(tuple(map(_gain, found.gains)), frozenset(found.candidate_skill_ids), basis)

    async def explain(self, position_id: UUID) -> Explained:
        found = await _answered(self._matching.ExplainPosition(pb.ExplainPositionRequest(position_id=str(position_id))))
        return Explained(found.title, found.description, tuple(map(_asked, found.requirements)))


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except grpc.aio.AioRpcError as failure:
        info = error_info(failure)
        if failure.code() is grpc.StatusCode.NOT_FOUND and info:
            raise NotFound(info.metadata["resource"], info.metadata["id"]) from failure
        raise Unavailable("matching") from failure


def _gain(found: pb.SkillGain) -> Gain:
    promises = tuple(Promise(p.position_id, p.score, p.named_score, p.shown_score) for p in found.positions)
    return Gain(found.skill_id, found.label, found.named_gain, found.shown_gain, promises)


def _asked(found: pb.ExplainedRequirement) -> Asked:
    asked = found.requirement
    return Asked(
        kind=RequirementKind[plain(Requirement.Kind, asked.kind)],
        label=asked.label,
        must=asked.must,
        rule=found.reason.rule,
        span=_span(asked.span) if asked.HasField("span") else None,
        evidence=tuple(map(_span, found.reason.evidence)),
        skill_id=asked.skill_id,
        name=asked.name,
        level=asked.level,
        years=asked.years,
    )


def _span(found: span_pb2.Span) -> Span:
    return Span(found.start, found.end, found.page, found.text)
