"""What counting costs: calls of the billing service beside the cheapest that reads the database. `python -m tests.bench.credits`."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console
from rich.progress import track
from rich.table import Table
from skillsync.billing.v1 import billing_service_pb2 as pb
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_JOB_MATCH_SEARCH

from services.kit.entitlements import Entitlements
from tests.builders import a_job_seeker
from tests.harness import System, as_service, running_system

ROUNDS = 300
SERVICE = as_service("careerforge")


async def table(system: System) -> Table:
    calls = await _calls(system)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in track(range(ROUNDS), "calls of billing, in turns"):
        for name, call in calls.items():
            began = time.perf_counter()
            await call()
            times[name].append(time.perf_counter() - began)
    found = Table(title=f"Calls of the billing service, one at a time, {ROUNDS} rounds in turns")
    for column in ("call", "median ms", "against GetSubscription"):
        found.add_column(column, justify="right")
    base = times["GetSubscription: one query"]
    for name, taken in times.items():
        ratio = statistics.median(mine / theirs for mine, theirs in zip(taken, base, strict=True))
        found.add_row(name, f"{statistics.median(taken) * 1000:.2f}", f"{ratio:.2f}")
    return found


async def _calls(system: System) -> dict[str, Callable[[], Awaitable[object]]]:
    person = await a_job_seeker(system)
    await system.database.execute(
        """insert into billing.subscriptions (id, user_id, plan_tier, payment_status, active_until)
           values (gen_random_uuid(), $1, 'enterprise', 'paid', now() + interval '1 month')""",
        UUID(person.id),
    )
    stub = BillingServiceStub(system.direct("billing"))
    # As careerforge and the others ask: what was answered a moment ago is not asked for again.
    kept = Entitlements(system.direct("billing"))
    kept._keep(UUID(person.id), await stub.GetEntitlements(pb.GetEntitlementsRequest(), metadata=person.metadata))

    async def spend() -> None:
        request = pb.ReserveCreditsRequest(
            account_id=person.id, feature=FEATURE_JOB_MATCH_SEARCH, amount=1, operation_id=str(uuid4())
        )
        await stub.ReserveCredits(request, metadata=SERVICE)
        await stub.CommitCredits(pb.CommitCreditsRequest(operation_id=request.operation_id), metadata=SERVICE)

    return {
        "GetSubscription: one query": lambda: stub.GetSubscription(
            pb.GetSubscriptionRequest(), metadata=person.metadata
        ),
        "GetEntitlements": lambda: stub.GetEntitlements(pb.GetEntitlementsRequest(), metadata=person.metadata),
        "entitlements, as services ask": lambda: kept.of(UUID(person.id)),
        "ReserveCredits, then CommitCredits": spend,
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_system(Path(folder) / "data") as system:
            Console().print(await table(system))


if __name__ == "__main__":
    asyncio.run(main())
