"""A ranking in a terminal: a table that changes, or a line for each change."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from skillsync.matching.v1.match_pb2 import Match, Reason
from skillsync.matching.v1.matching_service_pb2 import ChangeCause, MatchEvent

from services.feed.following import Connection, News
from services.feed.ranking import Change, Ranking

BAR = 10
REASONS, MISSING = 3, 2
# A change is marked for so long.
MARKED_SECONDS = 6.0

_STYLES = {Connection.LIVE: "green", Connection.CONNECTING: "yellow", Connection.LOST: "red"}
_KINDS = {
    "ENTERED": ("new", "green"),
    "MOVED": ("moved", "cyan"),
    "RESCORED": ("changed", "cyan"),
    "LEFT": ("left", "red"),
}
_CAUSES = {"CANDIDATE": "the candidate changed", "POSITION": "the position changed", "OTHERS": "others came or went"}
_CAUSES["ENGINE"] = "worked out anew"


@dataclass
class View:
    """What is on the screen beside the rows."""

    position_id: str
    ranking: Ranking
    connection: Connection = Connection.CONNECTING
    why: str = ""
    _marks: dict[str, tuple[float, Change]] = field(default_factory=dict)
    _gone: list[tuple[float, Change]] = field(default_factory=list)

    def take(self, news: News, now: float | None = None) -> None:
        moment = time.monotonic() if now is None else now
        self.connection, self.why = news.connection, news.why
        for change in news.changes:
            if change.kind == MatchEvent.KIND_LEFT:
                self._gone.append((moment, change))
            elif change.kind != MatchEvent.KIND_SNAPSHOT:
                self._marks[change.match.candidate_id] = (moment, change)

    def shown(self, now: float | None = None) -> RenderableType:
        since = (time.monotonic() if now is None else now) - MARKED_SECONDS
        self._marks = {key: mark for key, mark in self._marks.items() if mark[0] > since}
        self._gone = [mark for mark in self._gone if mark[0] > since]
        left = (Text(f"  {words(change)}", style="red") for _, change in self._gone)
        return Group(self._header(), self._table(), *left)

    def _header(self) -> Text:
        state = Text(f"● {self.connection.value}", style=_STYLES[self.connection])
        why = f": {self.why}" if self.why else ""
        rows = len(self.ranking.rows)
        return Text.assemble("Position ", (self.position_id, "bold"), f"   {rows} candidates   ", state, why)

    def _table(self) -> Table:
        marks = {key: change for key, (_, change) in self._marks.items()}
        return table(self.ranking.rows, marks)


def table(rows: Sequence[Match], marks: dict[str, Change] | None = None) -> Table:
    """`marks`: what just happened, by candidate."""
    found = Table(expand=True)
    found.add_column("#", justify="right", no_wrap=True)
    found.add_column("Score", no_wrap=True)
    found.add_column("Candidate", no_wrap=True)
    found.add_column("Speaks for them", ratio=3)
    found.add_column("Missing", ratio=2)
    found.add_column("", ratio=1)
    for rank, row in enumerate(rows, 1):
        mark = (marks or {}).get(row.candidate_id)
        found.add_row(
            str(rank),
            bar(row.score),
            row.candidate_id[-12:],
            Text("; ".join(best(row.reasons))),
            Text("; ".join(missing(row.reasons)), style="dim"),
            Text(_short(mark) if mark else ""),
            style=_KINDS[_name(mark)][1] if mark else "",
        )
    return found


def bar(score: float) -> str:
    full = round(max(0.0, min(1.0, score)) * BAR)
    return f"{'█' * full}{'░' * (BAR - full)} {score:.3f}"


def best(reasons: Iterable[Reason]) -> list[str]:
    """What brings most."""
    found = sorted((r for r in reasons if r.contribution > 0), key=lambda r: -r.contribution)
    return [reason.label for reason in found[:REASONS]]


def missing(reasons: Iterable[Reason]) -> list[str]:
    """What would bring most, and brings nothing."""
    found = sorted((r for r in reasons if r.weight > 0 and not r.contribution), key=lambda r: -r.weight)
    return [reason.label.partition(":")[0] for reason in found[:MISSING]]


def words(change: Change) -> str:
    """One change in one line."""
    match, kind = change.match, _name(change)
    place = f"#{change.new_rank}" if change.new_rank else f"#{change.old_rank}"
    if kind == "SNAPSHOT":
        said = ""
    elif kind == "MOVED":
        said = f" moved from #{change.old_rank}"
    else:
        said = f" {_KINDS[kind][0]}"
    reasons = "; ".join(best(match.reasons)) if kind != "LEFT" else ""
    why = f" ({_cause(change)})" if _cause(change) else ""
    return f"{place:>4} {match.score:.3f} {match.candidate_id}{said}{why}" + (f"  {reasons}" if reasons else "")


def _short(change: Change) -> str:
    told = _KINDS[_name(change)][0]
    moved = f" from #{change.old_rank}" if change.kind == MatchEvent.KIND_MOVED else ""
    return f"{told}{moved}: {_cause(change)}" if _cause(change) else f"{told}{moved}"


def _name(change: Change) -> str:
    return MatchEvent.Kind.Name(change.kind).removeprefix("KIND_")


def _cause(change: Change) -> str:
    return _CAUSES.get(ChangeCause.Name(change.cause).removeprefix("CHANGE_CAUSE_"), "")
