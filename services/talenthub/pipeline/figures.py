"""What follows from the sums: shares, medians, bottleneck, forecast. Groups under `LEAST_GROUP` people are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.talenthub.pipeline.facts import (
    ACTIVE,
    ENDED,
    LEAST_GROUP,
    STAGES,
    TO_INTERVIEW,
    ChannelFacts,
    Facts,
    HireFacts,
    StageFacts,
)
from services.talenthub.pipeline.forecast import expected_hires


@dataclass(frozen=True, slots=True)
class StageFigures:
    """`median_days` is None when unknown: nobody left, or more than half are in it still."""

    stage: str
    current: int
    entered: int
    conversion_rate: float
    median_days: float | None


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    channel: str
    applied: int
    hired: int
    hire_rate: float


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """`stages` and `channels` are without those that fewer than `LEAST_GROUP` people ever entered; rates of smaller groups are 0."""

    stages: Sequence[StageFigures]
    channels: Sequence[ChannelFigures]
    pipeline_size: int
    open_positions: int
    hire_rate: float
    offer_acceptance_rate: float
    bottleneck: str | None
    forecast_hires: float
    median_days_to_interview: float | None
    hiring_capacity: int


@dataclass(frozen=True, slots=True)
class SuccessFigures:
    hired: int
    median_days_to_hire: float | None
    offer_acceptance_rate: float
    hires_by_channel: Mapping[str, int]


def pipeline_figures(facts: Facts) -> PipelineFigures:
    ended = sum(facts.current.get(stage, 0) for stage in ENDED)
    return PipelineFigures(
        stages=[_stage(facts, stage) for stage in STAGES if _is_told(facts, stage)],
        channels=[_channel(name, one) for name, one in sorted(facts.channels.items()) if one.applied >= LEAST_GROUP],
        pipeline_size=sum(facts.current.get(stage, 0) for stage in ACTIVE),
        open_positions=facts.open_positions,
        hire_rate=_share(facts.current.get("HIRED", 0), ended),
        offer_acceptance_rate=_share(facts.offers_accepted, facts.offers_answered),
        bottleneck=_bottleneck(facts),
        forecast_hires=_forecast(facts),
        median_days_to_interview=_median(facts, TO_INTERVIEW),
        hiring_capacity=facts.hiring_capacity,
    )


def success_figures(facts: HireFacts) -> SuccessFigures:
    return SuccessFigures(
        hired=facts.hired,
        median_days_to_hire=facts.median_days if facts.hired >= LEAST_GROUP else None,
        offer_acceptance_rate=_share(facts.offers_accepted, facts.offers_answered),
        hires_by_channel={name: count for name, count in facts.hired_by_channel.items() if count >= LEAST_GROUP},
    )


def _stage(facts: Facts, stage: str) -> StageFigures:
    counts = facts.stages[stage]
    return StageFigures(
        stage=stage,
        current=facts.current.get(stage, 0),
        entered=counts.entered,
        conversion_rate=counts.went_on / counts.entered,
        median_days=_median(facts, stage),
    )


def _is_told(facts: Facts, stage: str) -> bool:
    return facts.stages.get(stage, StageFacts(0, 0)).entered >= LEAST_GROUP


def _channel(name: str, facts: ChannelFacts) -> ChannelFigures:
    return ChannelFigures(name, facts.applied, facts.hired, facts.hired / facts.applied)


def _share(some: int, all_of_them: int) -> float:
    return some / all_of_them if all_of_them >= LEAST_GROUP else 0.0


def _median(facts: Facts, key: str) -> float | None:
    wait = facts.waits.get(key)
    return wait.median if wait and wait.count >= LEAST_GROUP else None


def _bottleneck(facts: Facts) -> str | None:
    """The stage with the longest median; of equal ones the earlier. Where more than half stay still, the median is greater than the longest
    stay so far, which then counts for it."""
    told = [stage for stage in ACTIVE if _is_told(facts, stage)]
    return max(told, key=lambda stage: _wait(facts, stage), default=None)


def _wait(facts: Facts, stage: str) -> float:
    wait = facts.waits[stage]
    return wait.longest if wait.median is None else wait.median


def _forecast(facts: Facts) -> float:
    people = facts.stages.get("APPLIED", StageFacts(0, 0)).entered
    return expected_hires(facts.current, facts.stays, facts.arrivals) if people >= LEAST_GROUP else 0.0
