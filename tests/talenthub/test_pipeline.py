"""Figures of the pipeline, against what the same histories give by definition, one person after the other."""

import json
import math
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Stage
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub

from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.kit.times import timestamp
from services.talenthub.pipeline import reading
from services.talenthub.pipeline.facts import QUARTER_DAYS, Facts, Scope, Stays
from services.talenthub.pipeline.figures import PipelineFigures, pipeline_figures
from services.talenthub.pipeline.forecast import expected_hires
from services.talenthub.pipeline.projecting import project
from tests.builders import Person, a_person, a_recruiter
from tests.harness import System
from tests.refusals import refused
from tests.talenthub.histories import (
    ACTIVE,
    ENDED,
    FORWARD,
    NOW,
    History,
    a_position,
    an_organization,
    at,
    days_ago,
    median_survival,
    stays,
    waits,
    went_on,
    write,
)

DAY = 86_400_000_000


@pytest.fixture(scope="module")
async def db(system: System) -> AsyncIterator[Database]:
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as found:
        yield found


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    """Up to 24 people, back and forth; few lengths, so that many are equal, some to the microsecond."""
    return [draw(history()) for _ in range(draw(st.integers(0, 24)))]


@st.composite
def history(draw: st.DrawFn) -> History:
    length = st.sampled_from([1, DAY // 2, DAY, DAY, 2 * DAY, 2 * DAY + 1, 30 * DAY])
    stages = ["APPLIED", *draw(st.lists(st.sampled_from(ACTIVE), max_size=4))]
    stages = [b for a, b in zip(["", *stages], stages, strict=False) if a != b]
    stages += draw(st.sampled_from([[], [], ["HIRED"], ["REJECTED"], ["WITHDRAWN"]]))
    # The last stay lasts until now.
    lengths = [draw(length) for _ in stages]
    steps = [(stage, sum(lengths[place:])) for place, stage in enumerate(stages)]
    return History(
        steps, draw(st.sampled_from(["match", "search"])), draw(st.sampled_from(["", "OPEN", "ACCEPTED", "DECLINED"]))
    )


async def facts_of(db: Database, organization: UUID, **more: object) -> Facts:
    async with db.read() as session:
        return await reading.get_facts(session, Scope([organization], NOW, **more))  # type: ignore[arg-type]


async def figures_of(system: System, db: Database, people: Sequence[History]) -> PipelineFigures:
    organization, position = await an_organization(system.database)
    await write(system.database, position, people)
    return pipeline_figures(await facts_of(db, organization))


@settings(max_examples=30)
@given(people=histories())
async def test_they_equal_what_the_definitions_give(system: System, db: Database, people: list[History]) -> None:
    found = await figures_of(system, db, people)
    entered = {s: [h for h in people if s in [name for name, _ in h.steps]] for s in (*FORWARD, *ENDED)}
    now = Counter(h.stage for h in people)
    assert {one.stage for one in found.stages} == {stage for stage, some in entered.items() if len(some) >= 5}
    for one in found.stages:
        some = entered[one.stage]
        assert (one.current, one.entered) == (now[one.stage], len(some))
        assert one.conversion_rate == pytest.approx(sum(went_on(h, one.stage) for h in some) / len(some), abs=1e-9)
        expected = median_survival(stays(people, one.stage)) if one.stage in ACTIVE else None
        assert_days(one.median_days, expected)
    assert_days(found.median_days_to_interview, median_survival(waits(people)) if len(people) >= 5 else None)
    assert found.pipeline_size == sum(now[stage] for stage in ACTIVE)
    ended = sum(now[stage] for stage in ENDED)
    assert found.hire_rate == pytest.approx(now["HIRED"] / ended if ended >= 5 else 0, abs=1e-9)
    answered = [h for h in people if h.offer in ("ACCEPTED", "DECLINED")]
    accepted = sum(h.offer == "ACCEPTED" for h in answered)
    assert found.offer_acceptance_rate == pytest.approx(accepted / len(answered) if len(answered) >= 5 else 0, abs=1e-9)
    assert found.bottleneck == bottleneck(people, entered)
    forecast = forecast_of(people) if len(people) >= 5 else 0
    assert found.forecast_hires == pytest.approx(forecast, abs=1e-9, rel=1e-9)
    for channel in ("match", "search"):
        through = [h for h in people if h.channel == channel]
        told = [(c.applied, c.hired) for c in found.channels if c.channel == channel]
        assert told == ([(len(through), sum(h.stage == "HIRED" for h in through))] if len(through) >= 5 else [])


def assert_days(found: float | None, microseconds: int | None) -> None:
    assert (found is None) == (microseconds is None)
    if found is not None and microseconds is not None:
        assert found == pytest.approx(microseconds / DAY, abs=1e-9)


def bottleneck(people: Sequence[History], entered: dict[str, list[History]]) -> str | None:
    waits_of: dict[str, int] = {}
    for stage in ACTIVE:
        if len(entered[stage]) >= 5:
            lengths = stays(people, stage)
            median = median_survival(lengths)
            waits_of[stage] = max(length for length, _ in lengths) if median is None else median
    return next((stage for stage, wait in waits_of.items() if wait == max(waits_of.values())), None)


def forecast_of(people: Sequence[History]) -> float:
    """Moves are counted one by one; the exponential is taken with 60 digits: some rates are a million million times others."""
    moves, days = Counter[tuple[str, str]](), Counter[str]()
    for one in people:
        ends = [*(when for _, when in one.steps[1:]), 0]
        for place, (stage, entered) in enumerate(one.steps):
            days[stage] += entered - ends[place]
            if place + 1 < len(one.steps):
                moves[stage, one.steps[place + 1][0]] += 1
    states = [*ACTIVE, "HIRED", "LOST", "COMING"]
    with mpmath.workdps(60):
        rates = mpmath.zeros(7)
        for (stage, other), count in moves.items():
            rate = mpmath.mpf(count) * DAY / days[stage]
            rates[states.index(stage), states.index(other if other in states else "LOST")] += rate
            rates[states.index(stage), states.index(stage)] -= rate
        rates[6, 0] = sum(h.steps[0][1] < QUARTER_DAYS * DAY for h in people) / mpmath.mpf(QUARTER_DAYS)
        share = mpmath.expm(rates * mpmath.mpf(QUARTER_DAYS), method="taylor")[:, states.index("HIRED")]
        return float(sum(share[states.index(h.stage)] for h in people if h.stage in ACTIVE) + share[6])


def test_who_waits_still_makes_the_median_longer() -> None:
    """Kaplan and Meier by hand: of four, one leaves after 1, one waits since 2, one leaves after 3 of two: 3/4, then 3/4 · 1/2 = 3/8."""
    assert median_survival([(1, True), (2, False), (3, True), (4, False)]) == 3
    assert median_survival([(1, True), (2, False), (3, False), (4, False)]) is None


async def test_a_survival_of_exactly_a_half_is_the_median(system: System, db: Database) -> None:
    """Of eight two leave after a day and two after two: 6/8 · 4/6, whose logarithms add up to a little more than that of a half."""
    assert math.exp(math.log(1 - 2 / 8) + math.log(1 - 2 / 6)) > 0.5
    people = [History([("APPLIED", 9 * DAY), ("REJECTED", (9 - n) * DAY)]) for n in (1, 1, 2, 2)]
    people += [History([("APPLIED", 4 * DAY)]) for _ in range(4)]
    assert (await figures_of(system, db, people)).stages[0].median_days == 2


def test_the_forecast_of_one_stage_is_the_exponential_law() -> None:
    """Ten moves in 100 days of waiting: a tenth a day. Of 20 that are in it, 20 · (1 - exp(-t/10)) are hired after t days."""
    offers = [Stays("OFFER", "HIRED", 10, 60.0), Stays("OFFER", "", 20, 40.0)]
    assert expected_hires({"OFFER": 20}, offers, 0, days=5) == pytest.approx(20 * (1 - math.exp(-0.5)), abs=1e-9)
    half_rejected = [*offers[:1], Stays("OFFER", "REJECTED", 10, 40.0)]
    expected = 20 * 0.5 * (1 - math.exp(-0.2 * 5))
    assert expected_hires({"OFFER": 20}, half_rejected, 0, days=5) == pytest.approx(expected, abs=1e-9)


def test_who_will_come_is_in_the_forecast() -> None:
    """At a rate a of arrivals and r of hires, straight from the first stage: a · (t - (1 - exp(-r t)) / r)."""
    rate, r, t = 30 / QUARTER_DAYS, 0.1, 40.0
    straight = [Stays("APPLIED", "HIRED", 10, 100.0)]
    expected = rate * (t - (1 - math.exp(-r * t)) / r)
    assert expected_hires({}, straight, 30, days=t) == pytest.approx(expected, abs=1e-9)


def test_a_slow_rate_keeps_its_digits_beside_a_fast_one() -> None:
    """Who applies has an offer a microsecond later, and takes it after a hundred days: 20 · (1 - exp(-t/100)), though rates differ by
    thirteen orders.
    """
    fast = [
        Stays("APPLIED", "OFFER", 20, 20 / 86_400e6),
        Stays("OFFER", "HIRED", 1, 50.0),
        Stays("OFFER", "", 19, 50.0),
    ]
    expected = 20 * (1 - math.exp(-0.9))
    assert expected_hires({"APPLIED": 20}, fast, 0, days=90) == pytest.approx(expected, abs=1e-9)


async def test_position_team_and_period_narrow_it(system: System, db: Database) -> None:
    organization, first = await an_organization(system.database, capacity=7)
    second = uuid4()
    await a_position(system.database, organization, second, team="Data")
    await write(system.database, first, [History([("APPLIED", days_ago(n))]) for n in (1, 2, 3)])
    await write(system.database, second, [History([("APPLIED", days_ago(n))]) for n in (1, 40)])
    counts = {}
    for name, scope in {
        "all": {}, "position": {"position_id": first}, "team": {"team": "Data"}, "since": {"start": at(days_ago(2))},
        "before": {"end": at(days_ago(2))}, "both": {"team": "Data", "start": at(days_ago(2))},
    }.items():  # fmt: skip
        facts = await facts_of(db, organization, **scope)
        counts[name] = (facts.current.get("APPLIED", 0), facts.open_positions, facts.hiring_capacity)
    assert counts == {
        "all": (5, 2, 7), "position": (3, 1, 7), "team": (2, 1, 7), "since": (3, 2, 7), "before": (2, 2, 7), "both": (1, 1, 7),
    }  # fmt: skip


async def test_merged_applications_are_counted_once(system: System, db: Database) -> None:
    organization, position = await an_organization(system.database)
    kept, merged = await write(system.database, position, [History([("APPLIED", DAY)]), History([("APPLIED", DAY)])])
    await system.database.execute("update talenthub.applications set merged_into_id = $1 where id = $2", kept, merged)
    assert (await facts_of(db, organization)).current == {"APPLIED": 1}
    hired = [History([("APPLIED", DAY), ("HIRED", 1)], offer="ACCEPTED") for _ in range(2)]
    kept, merged = await write(system.database, position, hired)
    await system.database.execute("update talenthub.applications set merged_into_id = $1 where id = $2", kept, merged)
    async with db.read() as session:
        hires = await reading.get_hires(session, Scope([organization], NOW))
    assert (hires.hired, hires.offers_accepted) == (1, 1)


@pytest.fixture
async def recruiter(system: System) -> Person:
    return await a_person(system, 2)


async def test_the_method_and_the_path_tell_the_same(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    _, position = await an_organization(system.database, capacity=3, member=recruiter.id)
    people = [History([("APPLIED", days_ago(9 + n)), ("SCREENING", days_ago(4))], "match") for n in range(6)]
    people += [
        History([("APPLIED", days_ago(9)), ("INTERVIEW", days_ago(5)), ("HIRED", days_ago(1))], "search", "ACCEPTED")
    ]
    await write(system.database, position, people)
    request = pb.GetPipelineStatsRequest(position_id=str(position))
    told = await talenthub.GetPipelineStats(request, metadata=recruiter.metadata)
    # Under five were ever interviewed or hired.
    assert [(Stage.Name(one.stage), one.entered_count, one.current_count) for one in told.stages] == [
        ("STAGE_APPLIED", 7, 0),
        ("STAGE_SCREENING", 6, 6),
    ]
    assert [channel.channel for channel in told.channels] == ["match"]
    assert (told.talent_pipeline_size, told.open_position_count, told.hiring_capacity) == (6, 1, 3)
    assert (told.hire_rate, told.offer_acceptance_rate) == (0, 0)
    assert told.stages[1].median_days == -1
    path = f"/talent-pipeline/stats?position_id={position}"
    answer = await system.rest.get(path, headers=recruiter.headers)
    assert [one["enteredCount"] for one in answer.json()["stages"]] == [7, 6]
    since = pb.GetPipelineStatsRequest(start_time=timestamp(NOW - timedelta(days=13)), end_time=timestamp(NOW))
    # Those who came 14 days ago are not in it, those of 13 and fewer are.
    assert (await talenthub.GetPipelineStats(since, metadata=recruiter.metadata)).stages[0].entered_count == 6


async def test_success_is_told_of_those_hired(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    organization, _ = await an_organization(system.database, member=recruiter.id)
    published = uuid4()
    await a_position(system.database, organization, published, published=at(days_ago(40)))
    hired = [
        History([("APPLIED", days_ago(30)), ("HIRED", days_ago(n))], "match", "ACCEPTED") for n in (10, 12, 14, 16)
    ]
    refused_offer = History([("APPLIED", days_ago(30)), ("OFFER", days_ago(3))], "search", "DECLINED")
    await write(system.database, published, [*hired, refused_offer])
    request = pb.GetSuccessMetricsRequest(organization_id=str(organization))
    few = await talenthub.GetSuccessMetrics(request, metadata=recruiter.metadata)
    assert (few.hired_count, few.median_days_to_hire, few.hires_by_channel) == (4, -1, {})
    assert few.offer_acceptance_rate == pytest.approx(0.8)
    await write(system.database, published, [History([("APPLIED", days_ago(30)), ("HIRED", days_ago(2))], "match")])
    enough = await talenthub.GetSuccessMetrics(request, metadata=recruiter.metadata)
    # Hired 24, 26, 28, 30 and 38 days after publishing.
    assert (enough.hired_count, dict(enough.hires_by_channel)) == (5, {"match": 5})
    assert enough.median_days_to_hire == pytest.approx(28, abs=1e-9)


async def test_success_is_of_one_organization(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    with refused("ORGANIZATION_REQUIRED"):
        await talenthub.GetSuccessMetrics(pb.GetSuccessMetricsRequest(), metadata=recruiter.metadata)
    for _ in range(2):
        await an_organization(system.database, member=recruiter.id)
    with refused("ORGANIZATION_REQUIRED"):
        await talenthub.GetSuccessMetrics(pb.GetSuccessMetricsRequest(), metadata=recruiter.metadata)


async def test_figures_of_others_are_not_there_and_who_only_looks_on_sees_none(
    system: System, talenthub: TalentHubServiceStub, recruiter: Person
) -> None:
    organization, position = await an_organization(system.database)
    await write(system.database, position, [History([("APPLIED", DAY)])])
    for request in (
        pb.GetPipelineStatsRequest(organization_id=str(organization)),
        pb.GetPipelineStatsRequest(position_id=str(position)),
    ):
        with refused("NOT_FOUND"):
            await talenthub.GetPipelineStats(request, metadata=recruiter.metadata)
    with refused("NOT_FOUND"):
        theirs = pb.GetSuccessMetricsRequest(organization_id=str(organization))
        await talenthub.GetSuccessMetrics(theirs, metadata=recruiter.metadata)
    own = await a_recruiter(system)
    mixed = pb.GetPipelineStatsRequest(position_id=str(position))
    with refused("NOT_FOUND"):
        await talenthub.GetPipelineStats(mixed, metadata=own.metadata)
    await system.database.execute("update talenthub.members set role = 'VIEWER' where account_id = $1", UUID(own.id))
    for call, empty in (
        (talenthub.GetPipelineStats, pb.GetPipelineStatsRequest()),
        (talenthub.GetSuccessMetrics, pb.GetSuccessMetricsRequest()),
    ):
        with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_APPLICATIONS"):
            await call(empty, metadata=own.metadata)


async def test_what_stands_beside_a_recruiter_follows_from_the_same_steps(
    system: System, db: Database, clean: None
) -> None:
    own, other = await a_recruiter(system), await a_recruiter(system)
    organization = await system.database.fetchval(
        "select organization_id from talenthub.user_talenthub where id = $1", UUID(own.id)
    )
    position = uuid4()
    await a_position(system.database, organization, position)
    people = [History([("APPLIED", DAY)]), History([("APPLIED", DAY), ("OFFER", 1)], offer="DECLINED")]
    people += [
        History([("APPLIED", DAY), ("HIRED", 1)], offer="ACCEPTED"),
        History([("APPLIED", DAY), ("REJECTED", 1)]),
    ]
    await write(system.database, position, people)
    twins = [History([("APPLIED", DAY)]), History([("APPLIED", DAY), ("HIRED", 1)], offer="ACCEPTED")]
    await system.database.execute(
        "update talenthub.applications set merged_into_id = (select min(id::text)::uuid from talenthub.applications) where id = any($1)",
        await write(system.database, position, twins),
    )
    told = "select talent_pipeline_size, success_metrics::text, update_time from talenthub.user_talenthub where id = $1"
    await project(db)
    size, metrics, when = await system.database.fetchrow(told, UUID(own.id))
    assert (size, json.loads(metrics)) == (
        2,
        {"hired_count": 1, "ended_count": 2, "offers_accepted": 1, "offers_answered": 2},
    )
    assert (await system.database.fetchrow(told, UUID(other.id)))[0] == 0
    await project(db)
    assert (await system.database.fetchrow(told, UUID(own.id)))[2] == when
