"""Between rows and messages of the matching service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skillsync.matching.v1 import match_pb2
from skillsync.matching.v1 import matching_service_pb2 as pb
from skillsync.type.v1 import span_pb2
from skillsync.type.v1.watch_pb2 import Checkpoint, SnapshotComplete

from services.ai.spans import Span
from services.kit.enums import number
from services.kit.times import timestamp
from services.matching.feeds import Place
from services.matching.steps import Difference
from services.matching.tables import Match

Json = Mapping[str, Any]


def match(row: Match, rank: int) -> match_pb2.Match:
    """Reasons with the greatest contribution first."""
    full = basic_match(row, rank)
    full.reasons.extend(_reasons(row.reasons))
    full.candidate_reasons.extend(_reasons(row.candidate_reasons))
    return full


def basic_match(row: Match, rank: int) -> match_pb2.Match:
    """Without reasons."""
    return match_pb2.Match(
        position_id=str(row.position_id),
        candidate_id=str(row.candidate_id),
        rank=rank,
        score=row.score,
        candidate_fit=row.candidate_fit,
        engine_version=row.engine_version,
        candidate_etag=row.candidate_etag,
        position_etag=row.position_etag,
        as_of_date=row.as_of.isoformat(),
        compute_time=timestamp(row.compute_time),
    )


def seen_as(view: match_pb2.MatchView.ValueType) -> Callable[[Match, int], match_pb2.Match]:
    """What makes a match of a row and its rank."""
    return basic_match if view == match_pb2.MATCH_VIEW_BASIC else match


def _reasons(stored: Sequence[Json]) -> list[match_pb2.Reason]:
    """As they are stored, without going through the scorer's types: streams send thousands."""
    ordered = sorted(stored, key=lambda one: (-one["contribution"], -one["weight"]))
    return [
        match_pb2.Reason(
            factor=one["factor"],
            label=one["label"],
            rule=one["rule"],
            weight=one["weight"],
            contribution=one["contribution"],
            requirement=_stored_span(one["requirement"]) if one["requirement"] else None,
            evidence=[_stored_span(span) for span in one["evidence"]],
        )
        for one in ordered
    ]


def _stored_span(stored: Json) -> span_pb2.Span:
    return span_pb2.Span(start=stored["start"], end=stored["end"], page=stored["page"], text=stored["text"])


def span(found: Span) -> span_pb2.Span:
    return span_pb2.Span(start=found.start, end=found.end, page=found.page, text=found.text)


@dataclass(frozen=True)
class RankingEncoder:
    """Messages of a stream of matches: `response` is its type. `name` is the stream's, `subject` what its rows share."""

    response: type[pb.StreamMatchesResponse] | type[pb.StreamPositionsResponse]
    seal_key: str
    name: str
    position_id: str = ""
    candidate_id: str = ""

    def change(self, place: Place, found: Difference, match_row: Match | None, snapshot: bool) -> bytes:
        event = pb.MatchEvent(
            kind=number(pb.MatchEvent.Kind, "SNAPSHOT" if snapshot else _kind(found)),
            match=match(match_row, found.rank) if match_row and found.rank else self._ids(found),
            old_rank=found.old_rank,
            new_rank=found.new_rank,
            cause=number(pb.ChangeCause, found.cause),
        )
        return self._encoded(place, match=event)

    def snapshot_complete(self, place: Place, rows: int) -> bytes:
        return self._encoded(place, snapshot_complete=SnapshotComplete(row_count=rows))

    def checkpoint(self, place: Place) -> bytes:
        return self._encoded(place, checkpoint=Checkpoint())

    def resync(self, place: Place) -> bytes:
        return self._encoded(place, resync=pb.Resync())

    def _encoded(self, place: Place, **event: Any) -> bytes:
        message = self.response(resume_token=place.seal(self.seal_key, self.name), **event)
        return message.SerializeToString()

    def _ids(self, found: Difference) -> match_pb2.Match:
        item = str(found.item_id)
        return match_pb2.Match(
            position_id=self.position_id or item,
            candidate_id=self.candidate_id or item,
        )


def _kind(found: Difference) -> str:
    if not found.new_rank:
        return "LEFT"
    if not found.old_rank:
        return "ENTERED"
    return "RESCORED" if found.old_rank == found.new_rank else "MOVED"
