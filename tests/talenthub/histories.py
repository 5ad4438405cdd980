"""Histories of applications: written straight into the tables, and summed up by definition, one person after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID, uuid4

import asyncpg

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FORWARD = ["APPLIED", "SCREENING", "INTERVIEW", "OFFER", "HIRED"]
ACTIVE = FORWARD[:-1]
ENDED = ["HIRED", "REJECTED", "WITHDRAWN"]


@dataclass(frozen=True)
class History:
    """`steps`: stage and how many microseconds before NOW it was entered, the first APPLIED."""

    steps: Sequence[tuple[str, int]]
    channel: str = "direct"
    offer: str = ""
    candidate_id: UUID = field(default_factory=uuid4)

    @property
    def stage(self) -> str:
        return self.steps[-1][0]


def days_ago(days: float) -> int:
    return round(days * 86_400_000_000)


def at(before: int) -> datetime:
    return NOW - timedelta(microseconds=before)


async def an_organization(database: asyncpg.Connection, capacity: int = 0, member: str = "") -> tuple[UUID, UUID]:
    """With an open position; `member` is one with the role of a recruiter."""
    organization, position = uuid4(), uuid4()
    await database.execute(
        "insert into talenthub.organizations (id, display_name, hiring_capacity) values ($1, 'Works', $2)",
        organization,
        capacity,
    )
    await a_position(database, organization, position)
    if member:
        await database.execute(
            "insert into talenthub.members (id, organization_id, account_id, role) values ($1, $2, $3, 'RECRUITER')",
            uuid4(), organization, UUID(member),
        )  # fmt: skip
    return organization, position


async def a_position(
    database: asyncpg.Connection, organization: UUID, position: UUID, team: str = "", published: datetime = NOW
) -> None:
    await database.execute(
        "insert into talenthub.positions (id, organization_id, title, description, state, team, publish_time)"
        " values ($1, $2, 'Engineer', 'x', 'OPEN', $3, $4)",
        position, organization, team, published,
    )  # fmt: skip


async def write(database: asyncpg.Connection, position: UUID, histories: Sequence[History]) -> list[UUID]:
    """As steps of people through RPCs leave them."""
    ids = [uuid4() for _ in histories]
    both = list(zip(ids, histories, strict=True))
    await database.executemany(
        "insert into talenthub.applications (id, position_id, candidate_id, stage, stage_time, channel, create_time)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        [(id, position, h.candidate_id, h.stage, at(h.steps[-1][1]), h.channel, at(h.steps[0][1])) for id, h in both],
    )
    moves = [
        (uuid4(), id, position, before, after, uuid4(), at(when))
        for id, h in both
        for before, (after, when) in zip(["", *(stage for stage, _ in h.steps)], h.steps, strict=False)
    ]
    await database.executemany(
        "insert into talenthub.stage_moves (id, application_id, position_id, from_stage, to_stage, actor_id, create_time)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        moves,
    )
    await database.executemany(
        "insert into talenthub.offers (id, application_id, terms, expire_time, state) values ($1, $2, 'x', $3, $4)",
        [(uuid4(), id, NOW, h.offer) for id, h in both if h.offer],
    )
    return ids


def median_survival(lengths: Sequence[tuple[int, bool]]) -> int | None:
    """The first length at which the product-limit estimate is at most a half; each has whether it ended. Exact: in fractions."""
    alive = Fraction(1)
    for length in sorted({length for length, _ in lengths}):
        staying = sum(other >= length for other, _ in lengths)
        ended = sum(other == length and over for other, over in lengths)
        alive *= 1 - Fraction(ended, staying)
        if alive <= Fraction(1, 2):
            return length
    return None


def stays(histories: Sequence[History], stage: str) -> list[tuple[int, bool]]:
    found = []
    for history in histories:
        for (here, entered), (_, left) in pairwise([*history.steps, ("", 0)]):
            if here == stage:
                found.append((entered - left, left != 0 or (here, entered) != history.steps[-1]))
    return found


def waits(histories: Sequence[History]) -> list[tuple[int, bool]]:
    """From coming in to the first interview; who went by it, or ended before, waited until then."""
    found = []
    for history in histories:
        came = history.steps[0][1]
        stage, when = next(((s, t) for s, t in history.steps if s not in ("APPLIED", "SCREENING")), ("", 0))
        found.append((came - when, stage == "INTERVIEW"))
    return found


def went_on(history: History, stage: str) -> bool:
    stages = [name for name, _ in history.steps]
    later = stages[stages.index(stage) + 1 :]
    return stage in FORWARD and any(name in FORWARD[FORWARD.index(stage) + 1 :] for name in later)
