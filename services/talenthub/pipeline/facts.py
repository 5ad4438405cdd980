"""What the database sums up of the steps of applications. Durations are in days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# In the order that applications go through.
FORWARD = ("APPLIED", "SCREENING", "INTERVIEW", "OFFER", "HIRED")
ACTIVE = FORWARD[:-1]
ENDED = ("HIRED", "REJECTED", "WITHDRAWN")
STAGES = (*ACTIVE, *ENDED)
# Groups of fewer people are not told of.
LEAST_GROUP = 5
# A quarter of a year.
QUARTER_DAYS = 365.25 / 4
# The wait from coming in to the first interview, beside the stages as a key of `Facts.medians`.
TO_INTERVIEW = "TO_INTERVIEW"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which applications: those made in `[start, end)` to positions of these organizations; merged ones are counted once."""

    organization_ids: Sequence[UUID]
    now: datetime
    position_id: UUID | None = None
    team: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class StageFacts:
    """`entered`: people who were ever in it. `went_on`: those of them who later were in a later one, or were hired."""

    entered: int
    went_on: int


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays in one stage that ended in the same way: `next_stage` is empty for those that last."""

    stage: str
    next_stage: str
    count: int
    days: float


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    applied: int
    hired: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Of a Kaplan–Meier estimate: `median` is None where more than half wait still; `longest` is the longest wait seen so far."""

    count: int
    median: float | None
    longest: float


@dataclass(frozen=True, slots=True)
class Facts:
    """`current`: people in each stage now. `arrivals`: those who came in the quarter before now."""

    current: Mapping[str, int]
    stages: Mapping[str, StageFacts]
    stays: Sequence[Stays]
    waits: Mapping[str, Wait]
    channels: Mapping[str, ChannelFacts]
    arrivals: int
    offers_accepted: int
    offers_answered: int
    open_positions: int
    hiring_capacity: int


@dataclass(frozen=True, slots=True)
class HireFacts:
    """`median_days` from publishing to hiring, over those hired; None without one."""

    hired: int
    median_days: float | None
    hired_by_channel: Mapping[str, int]
    offers_accepted: int
    offers_answered: int
