"""The medians against lifelines, on lengths of which many are equal and many last still."""

import asyncio
from random import Random

import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from services.kit.db import EVERYONE, Database
from services.kit.settings import Settings
from services.talenthub.pipeline import reading
from services.talenthub.pipeline.facts import Scope
from tests.harness import System
from tests.talenthub.histories import NOW, History, an_organization, days_ago, stays, write


def some_people(random: Random) -> list[History]:
    """Each stays in the first stage some whole days, and leaves it or not."""
    lengths = [(random.randint(1, 12), random.random() < 0.7) for _ in range(random.randint(5, 40))]
    return [
        History([("APPLIED", days_ago(20)), ("SCREENING", days_ago(20 - n))] if over else [("APPLIED", days_ago(n))])
        for n, over in lengths
    ]


@pytest.mark.parametrize("seed", range(20))
async def test_the_median_is_where_the_curve_of_lifelines_comes_down_to_a_half(system: System, seed: int) -> None:
    people = some_people(Random(seed))
    organization, position = await an_organization(system.database)
    await write(system.database, position, people)
    url = Settings.of("talenthub", system.environment).database_url.get_secret_value()
    async with Database.opened(url, EVERYONE) as db, db.read() as session:
        found = (await reading.get_facts(session, Scope([organization], NOW))).waits["APPLIED"]
    lengths, over = zip(*stays(people, "APPLIED"), strict=True)
    fitter = await asyncio.to_thread(KaplanMeierFitter().fit, [n / days_ago(1) for n in lengths], over)
    curve: pd.Series[float] = fitter.survival_function_.iloc[:, 0]
    # Its own `median_survival_time_` takes the next one where rounding leaves a little more than a half.
    below = curve[curve <= 0.5 + 1e-12]
    assert (found.median is None) == below.empty
    if found.median is not None:
        assert found.median == pytest.approx(below.index[0], abs=1e-9)
