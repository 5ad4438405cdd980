"""Between rows and messages of the matching service."""

from skillsync.matching.v1 import match_pb2
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.type.v1 import span_pb2

from services.ai import codec
from services.ai.matching import PositionFeatures, Reason, Requirement, RequirementKind
from services.ai.spans import Span
from services.kit.changes import Event
from services.kit.enums import number
from services.kit.feeds import told_pause
from services.kit.times import timestamp
from services.matching.feeds import Row
from services.matching.tables import Match, Position


def match(row: Match, rank: int) -> match_pb2.Match:
    """Reasons with the greatest contribution first."""
    reasons = codec.from_json(tuple[Reason, ...], row.reasons)
    return match_pb2.Match(
        position_id=str(row.position_id),
        candidate_id=str(row.candidate_id),
        rank=rank,
        score=row.score,
        reasons=[_reason(r) for r in sorted(reasons, key=lambda r: (-r.contribution, -r.weight))],
        engine_version=row.engine_version,
        candidate_etag=row.candidate_etag,
        position_etag=row.position_etag,
        as_of_date=row.as_of.isoformat(),
        compute_time=timestamp(row.compute_time),
    )


def matches_event(position_id: str, event: Row | Event[Match], resume_token: str) -> pb.StreamMatchesResponse:
    response = pb.StreamMatchesResponse(resume_token=resume_token)
    if isinstance(event, Row):
        response.match.CopyFrom(_match_event(position_id, event))
    else:
        told_pause(event, response)
    return response


def _match_event(position_id: str, row: Row) -> pb.MatchEvent:
    found = match(row.match, row.new_rank) if row.match else None
    return pb.MatchEvent(
        kind=number(pb.MatchEvent.Kind, row.move.value),
        match=found or match_pb2.Match(position_id=position_id, candidate_id=str(row.candidate_id)),
        old_rank=row.old_rank,
        new_rank=row.new_rank,
    )


def requirements(row: Position) -> pb.ListRequirementsResponse:
    """None until a worker has read the position."""
    response = pb.ListRequirementsResponse(position_etag=row.features_etag)
    if row.features:
        features = codec.from_json(PositionFeatures, row.features)
        response.requirements.extend(_requirement(r) for r in features.requirements)
    return response


def _requirement(found: Requirement) -> match_pb2.Requirement:
    return match_pb2.Requirement(
        id=found.id,
        kind=number(match_pb2.Requirement.Kind, found.kind.value),
        label=found.label,
        must=found.must,
        skill_id=found.skill_id,
        years=found.years,
        level=found.level.name.lower() if found.kind is RequirementKind.DEGREE else "",
        span=span(found.span),
        origin=match_pb2.Requirement.ORIGIN_TEXT,
    )


def _reason(found: Reason) -> match_pb2.Reason:
    return match_pb2.Reason(
        factor=found.factor,
        label=found.label,
        rule=found.rule,
        weight=found.weight,
        contribution=found.contribution,
        requirement=span(found.requirement) if found.requirement else None,
        evidence=[span(s) for s in found.evidence],
    )


def span(found: Span) -> span_pb2.Span:
    return span_pb2.Span(start=found.start, end=found.end, page=found.page, text=found.text)
