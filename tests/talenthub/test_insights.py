"""What positions ask for and pay, over many; nothing of a few."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.pipeline_pb2 import IndustryInsight
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.type.v1.money_pb2 import PAY_PERIOD_YEAR, Money, PayRange

from services.kit.db import EVERYONE, Database, utc_now
from services.kit.settings import Settings
from services.talenthub import insights
from tests.builders import DESCRIPTION, Person, a_job_seeker
from tests.harness import System
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
async def seeker(system: System) -> Person:
    return await a_job_seeker(system)


def pay(low: int | None, high: int | None, currency: str = "EUR", period: str = "PAY_PERIOD_YEAR") -> str:
    ends = {"minimum": low, "maximum": high}
    said = {end: {"minorUnits": str(v), "currencyCode": currency} for end, v in ends.items() if v is not None}
    return json.dumps(said | {"period": period})


async def organizations(system: System, count: int = 3) -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    await system.database.executemany(
        "insert into talenthub.organizations (id, display_name) values ($1, 'Works')", [(one,) for one in ids]
    )
    return ids


async def positions(
    system: System,
    owners: Sequence[UUID],
    count: int,
    skill: str = "python",
    country: str = "DE",
    days: float = 10,
    state: str = "OPEN",
    pays: Sequence[str | None] = (None,),
) -> None:
    """Published so many days ago, by one owner after the other."""
    ids = [uuid4() for _ in range(count)]
    await system.database.executemany(
        "insert into talenthub.positions (id, organization_id, title, description, country_code, state, publish_time, pay)"
        " values ($1, $2, 't', 'd', $3, $4, $5, $6)",
        [
            (one, owners[n % len(owners)], country, state, utc_now() - timedelta(days=days), pays[n % len(pays)])
            for n, one in enumerate(ids)
        ],
    )
    await system.database.executemany(
        "insert into talenthub.position_skills (position_id, skill_id, label) values ($1, $2, $3)",
        [(one, skill, skill.title()) for one in ids],
    )


async def listed(stub: TalentHubServiceStub, who: Person, country: str = "") -> list[IndustryInsight]:
    request = pb.ListIndustryInsightsRequest(country_code=country)
    return list((await stub.ListIndustryInsights(request, metadata=who.metadata)).insights)


async def test_no_figure_is_of_fewer_than_ten_positions_or_of_two_organizations(
    system: System, talenthub: TalentHubServiceStub, seeker: Person
) -> None:
    three = await organizations(system)
    await positions(system, three, 9, "nine")
    await positions(system, three[:2], 30, "two")
    await positions(system, three, 10, "ten")
    await positions(system, three, 30, "closed", state="CLOSED")
    assert [(one.skill_id, one.position_count) for one in await listed(talenthub, seeker)] == [("ten", 10)]
    await positions(system, three, 1, "nine")
    await positions(system, three[2:], 1, "two")
    assert [one.skill_id for one in await listed(talenthub, seeker)] == ["two", "nine", "ten"]


async def test_a_country_has_figures_of_its_own_only_if_it_has_enough(
    system: System, talenthub: TalentHubServiceStub, seeker: Person
) -> None:
    three = await organizations(system)
    await positions(system, three, 12, country="DE")
    await positions(system, three, 9, country="FR")
    assert [(i.skill_label, i.country_code, i.position_count) for i in await listed(talenthub, seeker)] == [
        ("Python", "", 21)
    ]
    assert [(i.country_code, i.position_count) for i in await listed(talenthub, seeker, "DE")] == [("DE", 12)]
    assert await listed(talenthub, seeker, "FR") == []


async def test_demand_is_compared_with_the_quarter_before(
    system: System, talenthub: TalentHubServiceStub, seeker: Person
) -> None:
    three = await organizations(system)
    await positions(system, three, 15, days=90)
    # Closed ones were wanted too; what is older than two quarters counts for neither.
    await positions(system, three, 10, days=92, state="CLOSED")
    await positions(system, three, 50, days=184)
    assert (await listed(talenthub, seeker))[0].demand_change == pytest.approx(0.5)
    # Nine in the quarter before are too few to be told of, by a change either.
    await system.database.execute("delete from talenthub.positions where state = 'CLOSED'")
    await positions(system, three, 9, days=92, state="CLOSED")
    assert (await listed(talenthub, seeker))[0].demand_change == 0


async def test_typical_pay_is_the_middle_half_of_what_most_offer(
    system: System, talenthub: TalentHubServiceStub, seeker: Person
) -> None:
    three = await organizations(system)
    # Middles 10, 20, … 90, and one end alone: 100. Of ten, the quartiles lie at places 3.25 and 7.75 from 1: 32.5 and 77.5.
    offered = [pay(n * 1000 - 500, n * 1000 + 500) for n in range(1, 10)] + [pay(None, 10_000)]
    await positions(system, three, 10, pays=offered)
    # Fewer in another currency, and as many by the hour of only two organizations: of these nothing is told.
    await positions(system, three, 9, pays=[pay(1, 2, "USD")])
    await positions(system, three[:2], 20, pays=[pay(1, 2, period="PAY_PERIOD_HOUR")])
    (found,) = await listed(talenthub, seeker)
    low, high = (Money(minor_units=units, currency_code="EUR") for units in (3_250, 7_750))
    assert found.typical_pay == PayRange(minimum=low, maximum=high, period=PAY_PERIOD_YEAR)
    await system.database.execute("delete from talenthub.positions where pay->'maximum'->>'minorUnits' = '10000'")
    assert not (await listed(talenthub, seeker))[0].HasField("typical_pay")


async def test_they_come_in_pages_most_wanted_first(
    system: System, talenthub: TalentHubServiceStub, seeker: Person
) -> None:
    three = await organizations(system)
    for skill, count in (("b", 11), ("a", 11), ("most", 12), ("least", 10)):
        await positions(system, three, count, skill)
    request = pb.ListIndustryInsightsRequest(page_size=3)
    first = await talenthub.ListIndustryInsights(request, metadata=seeker.metadata)
    request.page_token = first.next_page_token
    second = await talenthub.ListIndustryInsights(request, metadata=seeker.metadata)
    assert [i.skill_id for i in (*first.insights, *second.insights)] == ["most", "a", "b", "least"]
    assert second.next_page_token == ""
    with refused("PAGE_TOKEN_INVALID"):
        request.country_code = "DE"
        await talenthub.ListIndustryInsights(request, metadata=seeker.metadata)


async def test_a_worker_reads_what_a_position_asks_for_and_reads_it_again(system: System) -> None:
    (owner,) = await organizations(system, 1)
    position = uuid4()
    await system.database.execute(
        "insert into talenthub.positions (id, organization_id, title, description, state) values ($1, $2, 'Developer', $3, 'OPEN')",
        position, owner, DESCRIPTION,
    )  # fmt: skip
    before = await read(system, position)
    assert len(before) >= 4
    await system.database.execute(
        "update talenthub.positions set description = 'You must know Kubernetes.' where id = $1", position
    )
    after = await read(system, position)
    assert after < before
    assert len(after) == 1


async def read(system: System, position: UUID) -> set[str]:
    """The skills, as soon as the job is over."""
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db, db.write() as session:
        await insights.read_later(session, position)
    over = "state = 'done' and kind = 'skills_of_positions'"
    async with asyncio.timeout(60):
        while await system.count("talenthub.jobs", f"not ({over})") or not await system.count("talenthub.jobs", over):
            await asyncio.sleep(0.05)
    rows = await system.database.fetch("select label from talenthub.position_skills where position_id = $1", position)
    return {row["label"].lower() for row in rows}
