"""Between messages and what recruiters edit and record, what was shown, and what would help."""

from collections.abc import Collection, Iterable
from typing import Any

from skillsync.matching.v1 import match_pb2
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.type.v1 import money_pb2, work_pb2

from services.ai import codec
from services.ai.matching import Pay, Place, Requirement, RequirementKind
from services.kit.enums import chosen, number
from services.kit.errors import InvalidArgument
from services.kit.times import timestamp
from services.matching import features, wire
from services.matching.replaying import Replay, ReplayedRanking, ReplayedRow
from services.matching.tables import AuditRecord, Match
from services.matching.whatif import Outlook

REQUIREMENT_FIELDS = frozenset(
    {"kind", "label", "must", "strict", "skill_id", "years", "level", "name", "location", "pay"}
)


def requirement(found: Requirement) -> match_pb2.Requirement:
    return match_pb2.Requirement(
        id=found.id,
        kind=number(match_pb2.Requirement.Kind, found.kind.value),
        label=found.label,
        must=found.must,
        strict=found.strict,
        skill_id=found.skill_id,
        years=found.years,
        level=found.level,
        name=found.name,
        span=wire.span(found.span) if found.span else None,
        origin=number(match_pb2.Requirement.Origin, found.origin.value),
        location=_location(found.place) if found.place else None,
        pay=_pay_range(found.pay) if found.pay else None,
    )


def requirement_values(message: match_pb2.Requirement, fields: Collection[str] = REQUIREMENT_FIELDS) -> dict[str, Any]:
    """Fields of a Requirement. Raises InvalidArgument for what cannot be one."""
    plain = ("label", "must", "strict", "skill_id", "years", "level", "name")
    values: dict[str, Any] = {name: getattr(message, name) for name in plain if name in fields}
    if "kind" in fields:
        kind = chosen(match_pb2.Requirement.Kind, message.kind)
        if kind is None:
            raise InvalidArgument("requirement.kind", "is required; say what the requirement is about")
        values["kind"] = RequirementKind[kind]
    if "location" in fields:
        values["place"] = features.place(message.location) if message.HasField("location") else None
    if "pay" in fields:
        values["pay"] = _pay(message.pay) if message.HasField("pay") else None
    return values


def _pay(message: money_pb2.PayRange) -> Pay:
    least, most = message.minimum, message.maximum
    both = message.HasField("minimum") and message.HasField("maximum")
    if both and least.currency_code != most.currency_code:
        raise InvalidArgument("requirement.pay.maximum", "has another currency than the minimum; use one")
    if both and most.minor_units < least.minor_units:
        raise InvalidArgument("requirement.pay.maximum", "is less than the minimum; swap them")
    if not message.period:
        raise InvalidArgument("requirement.pay.period", "is required; say what the amounts are for")
    found = features.pay(message)
    if found is None:
        raise InvalidArgument("requirement.pay", "needs at least one of its ends")
    return found


def _pay_range(found: Pay) -> money_pb2.PayRange:
    """A year's."""
    message = money_pb2.PayRange(period=money_pb2.PAY_PERIOD_YEAR)
    for end, amount in ((message.minimum, found.minimum), (message.maximum, found.maximum)):
        if amount is not None:
            end.CopyFrom(money_pb2.Money(minor_units=amount, currency_code=found.currency))
    return message


def _location(found: Place) -> work_pb2.Location:
    return work_pb2.Location(city=found.city, region=found.region, country_code=found.country)


def requirements(found: Iterable[Requirement], position_etag: str) -> pb.ListRequirementsResponse:
    return pb.ListRequirementsResponse(requirements=map(requirement, found), position_etag=position_etag)


def audit_record(row: AuditRecord) -> pb.AuditRecord:
    return pb.AuditRecord(
        id=str(row.id),
        position_id=str(row.position_id),
        viewer_id=str(row.viewer_id),
        engine_version=row.engine_version,
        row_count=row.row_count,
        time=timestamp(row.create_time),
        hash=row.hash,
    )


def replayed_ranking(found: ReplayedRanking) -> pb.ReplayRankingResponse:
    return pb.ReplayRankingResponse(
        record=audit_record(found.record),
        rows=map(_replayed_row, found.rows),
        intact=found.intact,
        identical=found.identical,
    )


def _replayed_row(row: ReplayedRow) -> pb.ReplayedRow:
    if row.score is None:
        return pb.ReplayedRow(rank=row.shown.rank)
    return pb.ReplayedRow(
        rank=row.shown.rank,
        candidate_id=str(row.shown.candidate_id),
        shown_score=row.shown.score,
        score=row.score,
        as_of_date=row.shown.as_of.isoformat(),
        identical=row.identical,
    )


def replay(found: Replay) -> pb.ReplayMatchResponse:
    """The stored match with what was computed now in its place."""
    row = found.row
    anew = Match(
        position_id=row.position_id,
        candidate_id=row.candidate_id,
        score=found.score.value,
        reasons=codec.to_json(found.score.reasons),
        candidate_fit=found.fit.value,
        candidate_reasons=codec.to_json(found.fit.reasons),
        engine_version=found.engine_version,
        candidate_etag=row.candidate_etag,
        position_etag=row.position_etag,
        as_of=row.as_of,
        compute_time=row.compute_time,
    )
    return pb.ReplayMatchResponse(match=wire.match(anew, found.rank), identical=found.identical)


def outlook(found: Outlook) -> pb.WhatIfResponse:
    changes = [
        pb.SuggestedChange(
            kind=one.change.kind, skill_id=one.change.skill_id, label=one.change.label, score_gain=one.gain
        )
        for one in found.changes
    ]
    return pb.WhatIfResponse(changes=changes, reached_rank=found.rank, reached_score=found.score, exact=found.exact)
