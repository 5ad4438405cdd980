"""What a stream of matches says, as rows: each event once, in the order of the ranking, whatever was cut or begun anew. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillsync.matching.v1.match_pb2 import Match
from skillsync.matching.v1.matching_service_pb2 import ChangeCause, MatchEvent, StreamMatchesResponse

Kind = MatchEvent.Kind


@dataclass(frozen=True, slots=True)
class Change:
    """Something to show. `match` is as it is now, or as it was of who left; ranks are 0 where there is none."""

    kind: Kind.ValueType
    cause: ChangeCause.ValueType
    match: Match
    old_rank: int
    new_rank: int


class Ranking:
    """The rows that a stream has told of. `token` is where to go on; empty: from the beginning."""

    def __init__(self) -> None:
        self.token = ""
        self.complete = False
        self._rows: dict[str, Match] = {}
        # A snapshot that takes the place of the rows once all of it is there; None for the first one, whose rows count at once.
        self._renewed: dict[str, Match] | None = None

    @property
    def rows(self) -> Sequence[Match]:
        """Best first. Who only moved because of others is not told of; scores and ids say where they are."""
        return _ordered(self._rows)

    def begin_anew(self) -> None:
        """The stream cannot go on from where it was: its next rows are a snapshot."""
        self.token = ""
        self._renewed = {} if self._rows or self.complete else None

    def apply(self, response: StreamMatchesResponse) -> list[Change]:
        """What is new to who looks at the rows."""
        self.token = response.resume_token
        match response.WhichOneof("event"):
            case "match":
                return list(self._match(response.match))
            case "resync":
                self._renewed = {}
            case "snapshot_complete":
                self.complete = True
                return self._renew()
        return []

    def _match(self, event: MatchEvent) -> Iterator[Change]:
        key, known = event.match.candidate_id, self._rows.get(event.match.candidate_id)
        if event.kind == Kind.KIND_SNAPSHOT and self._renewed is not None:
            self._renewed[key] = event.match
        elif event.kind == Kind.KIND_LEFT:
            if known is not None:
                del self._rows[key]
                yield Change(event.kind, event.cause, known, event.old_rank, 0)
        elif known != event.match:
            self._rows[key] = event.match
            yield Change(event.kind, event.cause, event.match, event.old_rank, event.new_rank)

    def _renew(self) -> list[Change]:
        """What became of the rows while nobody told."""
        if self._renewed is None:
            return []
        before, self._rows, self._renewed = self._rows, self._renewed, None
        old, new = _ranks(before), _ranks(self._rows)
        cause = ChangeCause.CHANGE_CAUSE_UNSPECIFIED
        changes = [Change(Kind.KIND_LEFT, cause, before[i], old[i], 0) for i in old if i not in new]
        for key, rank in new.items():
            if key not in old:
                changes.append(Change(Kind.KIND_ENTERED, cause, self._rows[key], 0, rank))
            elif (before[key].score, list(before[key].reasons)) != (
                self._rows[key].score,
                list(self._rows[key].reasons),
            ):
                kind = Kind.KIND_MOVED if old[key] != rank else Kind.KIND_RESCORED
                changes.append(Change(kind, cause, self._rows[key], old[key], rank))
        return changes


def _ordered(rows: dict[str, Match]) -> list[Match]:
    return sorted(rows.values(), key=lambda row: (-row.score, row.candidate_id))


def _ranks(rows: dict[str, Match]) -> dict[str, int]:
    return {row.candidate_id: rank for rank, row in enumerate(_ordered(rows), 1)}
