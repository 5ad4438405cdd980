"""Between figures and messages."""

from skillsync.talenthub.v1.application_pb2 import Stage
from skillsync.talenthub.v1.pipeline_pb2 import ChannelStats, IndustryInsight, StageStats
from skillsync.talenthub.v1.pipeline_pb2 import PipelineStats as PipelineStatsMessage
from skillsync.talenthub.v1.pipeline_pb2 import SuccessMetrics as SuccessMetricsMessage
from skillsync.type.v1.money_pb2 import Money, PayPeriod, PayRange

from services.kit.enums import number
from services.talenthub.insights import Insight, TypicalPay
from services.talenthub.pipeline.figures import ChannelFigures, PipelineFigures, StageFigures, SuccessFigures

UNKNOWN = -1.0


def pipeline_stats(figures: PipelineFigures) -> PipelineStatsMessage:
    return PipelineStatsMessage(
        stages=[_stage(one) for one in figures.stages],
        talent_pipeline_size=figures.pipeline_size,
        open_position_count=figures.open_positions,
        hire_rate=figures.hire_rate,
        offer_acceptance_rate=figures.offer_acceptance_rate,
        bottleneck_stage=number(Stage, figures.bottleneck or ""),
        forecast_hires=figures.forecast_hires,
        channels=[_channel(one) for one in figures.channels],
        median_days_to_interview=_days(figures.median_days_to_interview),
        hiring_capacity=figures.hiring_capacity,
    )


def success_metrics(figures: SuccessFigures) -> SuccessMetricsMessage:
    return SuccessMetricsMessage(
        hired_count=figures.hired,
        median_days_to_hire=_days(figures.median_days_to_hire),
        offer_acceptance_rate=figures.offer_acceptance_rate,
        hires_by_channel=figures.hires_by_channel,
    )


def industry_insight(one: Insight, country_code: str) -> IndustryInsight:
    return IndustryInsight(
        skill_id=one.skill_id,
        skill_label=one.label,
        country_code=country_code,
        position_count=one.positions,
        demand_change=one.demand_change,
        typical_pay=_pay(one.pay) if one.pay else None,
    )


def _pay(pay: TypicalPay) -> PayRange:
    low, high = [Money(minor_units=amount, currency_code=pay.currency) for amount in (pay.low, pay.high)]
    return PayRange(minimum=low, maximum=high, period=PayPeriod.Value(pay.period))


def _stage(one: StageFigures) -> StageStats:
    return StageStats(
        stage=number(Stage, one.stage),
        current_count=one.current,
        entered_count=one.entered,
        conversion_rate=one.conversion_rate,
        median_days=_days(one.median_days),
    )


def _channel(one: ChannelFigures) -> ChannelStats:
    return ChannelStats(channel=one.channel, applied_count=one.applied, hired_count=one.hired, hire_rate=one.hire_rate)


def _days(value: float | None) -> float:
    return UNKNOWN if value is None else value
