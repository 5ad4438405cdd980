"""Whether money and credits ever drift, in numbers too large for an ordinary run.

`python -m tests.bench.money [CHECKOUTS [OPERATIONS [ROUNDS]]]`: 1,000 checkouts at a Stripe that fails (10 %), hangs up after doing the
work (20 %) and repeats, delays and loses webhooks; 100,000 random movements of credits; 1,000 rounds of 64 spends at once on a
balance of 1.
"""

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.billing import credits
from services.billing.plans import COLUMNS, FEATURES, read
from services.kit.db import EVERYONE, Database
from services.kit.errors import QuotaExceeded, WrongState
from services.kit.settings import Settings
from tests.billing.money import pay_through, still_wrong
from tests.harness import System, running_system

ACCOUNTS, WRITERS, SPENDERS = 40, 8, 64

CATALOGUE = read()

console = Console()


async def main(checkouts: int = 1_000, operations: int = 100_000, rounds: int = 1_000) -> None:
    table = Table(title="Money and credits")
    for column in ("what", "how often", "wrong", "seconds"):
        table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        async with running_system(Path(folder) / "data") as system:
            url = Settings.of("billing", system.environment).database_url.get_secret_value()
            async with Database.opened(url, EVERYONE) as db:
                with Progress(console=console) as progress:
                    table.add_row("paid ≠ granted, or charged twice", *await _checkouts(system, checkouts, progress))
                    table.add_row("accounts whose ledger drifts", *await _operations(system, db, operations, progress))
                    table.add_row("rounds without exactly one winner", *await _rounds(system, db, rounds, progress))
    console.print(table)


async def _checkouts(system: System, count: int, progress: Progress) -> tuple[str, str, str]:
    task, began = progress.add_task("checkouts", total=count), time.perf_counter()
    outcome = await pay_through(system, count, 17, lambda: progress.advance(task))
    paid = time.perf_counter()
    wrong = await still_wrong(system, outcome)
    seconds = f"{paid - began:.0f}, looked at for {time.perf_counter() - paid:.0f}"
    return f"{count:,} ({outcome.retries:,} tried again)", str(len(wrong)), seconds


async def _operations(system: System, db: Database, count: int, progress: Progress) -> tuple[str, str, str]:
    task, began = progress.add_task("movements", total=count), time.perf_counter()
    accounts = [uuid4() for _ in range(ACCOUNTS)]

    async def writer(seed: int) -> None:
        dice, open_ = random.Random(seed), list[UUID]()
        for _ in range(count // WRITERS):
            await _move(db, dice, dice.choice(accounts), open_)
            progress.advance(task)

    await asyncio.gather(*(writer(seed) for seed in range(WRITERS)))
    wrong = [one for one in accounts if not await _adds_up(system, one)]
    return f"{count:,}", str(len(wrong)), f"{time.perf_counter() - began:.0f}"


async def _move(db: Database, dice: random.Random, account: UUID, open_: list[UUID]) -> None:
    """Reserve, commit, release or buy; every fifth call comes twice."""
    what, operation = dice.choice(["reserve", "reserve", "commit", "release", "buy"]), uuid4()
    feature, amount = dice.choice(FEATURES), dice.randint(1, 5)
    if what in ("commit", "release") and open_:
        operation = open_.pop(dice.randrange(len(open_))) if dice.random() < 0.8 else dice.choice(open_)
    for _ in range(2 if dice.random() < 0.2 else 1):
        try:
            async with db.write() as session:
                match what:
                    case "reserve":
                        await credits.reserve(session, CATALOGUE, account, feature, amount, operation)
                    case "buy":
                        await credits.buy(session, CATALOGUE, account, feature, amount, operation)
                    case _ if open_:
                        await getattr(credits, what)(session, CATALOGUE, operation)
        except (QuotaExceeded, WrongState):
            return
    if what == "reserve":
        open_.append(operation)


async def _adds_up(system: System, account: UUID) -> bool:
    row = await system.database.fetchrow("select * from billing.feature_usage where user_id = $1", account)
    entries = await system.database.fetch(
        "select feature, sum(amount) as sum from billing.ledger where user_id = $1 group by feature", account
    )
    sums = {entry["feature"]: entry["sum"] for entry in entries}
    return row is None or all(sums.get(f, 0) == row[column] >= 0 for f, column in COLUMNS.items())


async def _rounds(system: System, db: Database, count: int, progress: Progress) -> tuple[str, str, str]:
    task, began, wrong = progress.add_task("rounds of spends", total=count), time.perf_counter(), 0
    for _ in range(count):
        account = uuid4()
        async with db.write() as session:
            await credits.reserve(session, CATALOGUE, account, "export", 1, uuid4())
        won = await asyncio.gather(*(_spend(db, account) for _ in range(SPENDERS)))
        wrong += sum(won) != 1 or not await _adds_up(system, account)
        progress.advance(task)
    return f"{count:,} × {SPENDERS}", str(wrong), f"{time.perf_counter() - began:.0f}"


async def _spend(db: Database, account: UUID) -> bool:
    try:
        async with db.write() as session:
            await credits.reserve(session, CATALOGUE, account, "export", 1, uuid4())
    except QuotaExceeded:
        return False
    return True


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
