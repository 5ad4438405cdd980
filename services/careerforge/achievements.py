"""How far a person has come, and what comes next, from their own milestones."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.careerforge import milestone_queries
from services.careerforge.tables import POINTS, Milestone
from services.kit.auth import Caller
from services.kit.db import ReadSession

POINTS_PER_LEVEL = 100
MOST_STEPS = 10
# Of one kind of step; the rest comes when these are done.
MOST_PROOFS, MOST_FIRSTS = 5, 2


@dataclass(frozen=True, slots=True)
class Progress:
    """`counts`: milestones of each kind, and how many of them are verified."""

    score: int
    counts: Mapping[str, tuple[int, int]]
    streak_months: int
    longest_streak_months: int
    next_steps: Sequence[str]

    @property
    def level(self) -> int:
        return self.score // POINTS_PER_LEVEL + 1

    @property
    def points_to_next_level(self) -> int:
        return POINTS_PER_LEVEL - self.score % POINTS_PER_LEVEL


async def get_progress(session: ReadSession, caller: Caller, now: datetime) -> Progress:
    return progress_of(await milestone_queries.list_all_milestones(session, caller.account()), now)


def progress_of(rows: Sequence[Milestone], now: datetime) -> Progress:
    months = {_month(row.create_time) for row in rows}
    score = sum(row.achievement_points for row in rows)
    counts = {kind: _count(rows, kind) for kind in POINTS}
    streak = _streak(months, _month(now))
    steps = [
        *_keep_streak(streak, _month(now) in months, now),
        *_prove(rows),
        *_reach_level(score),
        *_begin(counts),
    ]
    return Progress(score, counts, streak, _longest(months), steps[:MOST_STEPS])


def _count(rows: Sequence[Milestone], kind: str) -> tuple[int, int]:
    of_kind = [row for row in rows if row.milestone_type == kind]
    return len(of_kind), sum(row.verified for row in of_kind)


def _month(moment: datetime) -> int:
    return moment.year * 12 + moment.month


def _streak(months: set[int], current: int) -> int:
    """Months in a row with a milestone, up to this one; while this one has none, up to the last."""
    last = current if current in months else current - 1
    length = 0
    while last - length in months:
        length += 1
    return length


def _longest(months: set[int]) -> int:
    return max((_streak(months, month) for month in months if month + 1 not in months), default=0)


def _keep_streak(streak: int, kept: bool, now: datetime) -> Iterator[str]:
    if streak and not kept:
        last_day = calendar.monthrange(now.year, now.month)[1]
        months = f"{streak} month{'s' if streak > 1 else ''}"
        yield f"Record a milestone by {last_day} {calendar.month_name[now.month]}: it keeps your streak of {months}."


def _prove(rows: Sequence[Milestone]) -> Iterator[str]:
    """What brings most first, of equal ones the oldest."""
    open_ = [row for row in rows if row.verification in ("NONE", "REJECTED")]
    for row in sorted(open_, key=lambda row: row.achievement_points - row.points)[:MOST_PROOFS]:
        gain = f"{row.points - row.achievement_points} more points"
        if row.verification == "REJECTED":
            yield f"The proof of “{row.title}” was not accepted: change it and send it again; that brings {gain}."
        elif row.has_proof:
            yield f"Send the proof of “{row.title}” to be verified: that brings {gain}."
        else:
            yield f"Add a proof of “{row.title}”, a link or a file, and have it verified: that brings {gain}."


def _reach_level(score: int) -> Iterator[str]:
    """By the least that is enough."""
    missing = POINTS_PER_LEVEL - score % POINTS_PER_LEVEL
    enough = min(
        [
            *((points // 2, kind, "") for kind, points in POINTS.items() if points // 2 >= missing),
            *((points, kind, ", once verified,") for kind, points in POINTS.items() if points >= missing),
        ]
    )
    level = score // POINTS_PER_LEVEL + 2
    yield f"{missing} point{'s' if missing > 1 else ''} to level {level}: one {_named(enough[1])}{enough[2]} is enough."


def _begin(counts: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for kind in [kind for kind in POINTS if not counts[kind][0]][:MOST_FIRSTS]:
        yield f"Record a first {_named(kind)}: it brings {POINTS[kind] // 2} points, and {POINTS[kind]} once verified."


_NAMES = {
    "job_secured": "job",
    "skill_mastered": "skill mastered",
    "cert_earned": "certificate",
    "project_completed": "project completed",
}


def _named(kind: str) -> str:
    return _NAMES[kind]
