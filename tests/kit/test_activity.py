"""What of calls that were refused stands in the activity log."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import grpc
import pytest
from skillsync.billing.v1.billing_service_pb2 import CancelSubscriptionRequest
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.talenthub.v1 import talenthub_service_pb2 as talenthub
from skillsync.talenthub.v1.talenthub_service_pb2_grpc import TalentHubServiceStub
from skillsync.user.v1 import user_service_pb2 as user
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.builders import Person, a_job_seeker, a_recruiter
from tests.harness import System
from tests.kit.test_door import replica
from tests.refusals import refused

HOME = ("x-forwarded-for", "203.0.113.9")


async def lines_of(system: System, person: Person, action: str) -> Sequence[tuple[str, str, str]]:
    """Target, result and address of what somebody did, oldest first."""
    rows = await system.database.fetch(
        "select a.target, a.result, b.address from activity.activities a join activity.addresses b using (sequence)"
        " where a.actor_id = $1 and a.action like '%.' || $2 order by sequence",
        UUID(person.id), action,
    )  # fmt: skip
    return [tuple(row) for row in rows]


async def test_who_calls_too_often_gets_one_line_for_it_in_a_minute(system: System) -> None:
    person = await a_job_seeker(system)
    async with replica(system, CALLS_PER_ACCOUNT="1") as channel:
        billing = BillingServiceStub(channel)
        with refused("WRONG_STATE"):
            await billing.CancelSubscription(CancelSubscriptionRequest(), metadata=(*person.metadata, HOME))
        for _ in range(5):
            with refused("RATE_LIMITED"):
                await billing.CancelSubscription(CancelSubscriptionRequest(), metadata=(*person.metadata, HOME))
    results = [(result, address) for _, result, address in await lines_of(system, person, "CancelSubscription")]
    # More than one only where the test saw a minute begin.
    assert results[0] == ("FAILED_PRECONDITION", HOME[1])
    assert set(results[1:]) == {("RESOURCE_EXHAUSTED", HOME[1])}
    assert len(results) <= 3


async def test_a_call_with_the_token_of_an_ended_session_stands_there_with_who_and_from_where(system: System) -> None:
    person = await a_job_seeker(system)
    stub = UserServiceStub(system.direct("user"))
    await stub.SignOut(user.SignOutRequest(), metadata=person.metadata)
    with refused("TOKEN_INVALID"):
        await stub.UpdateMe(user.UpdateMeRequest(), metadata=(*person.metadata, HOME))
    assert await lines_of(system, person, "UpdateMe") == [("", "UNAUTHENTICATED", HOME[1])]


async def test_every_object_that_a_call_names_stands_there(system: System) -> None:
    recruiter = await a_recruiter(system)
    stub = TalentHubServiceStub(system.direct("talenthub"))
    ids = {"organization_id": str(uuid4()), "account_id": str(uuid4())}
    with refused("NOT_FOUND"):
        await stub.RemoveMember(talenthub.RemoveMemberRequest(**ids), metadata=recruiter.metadata)
    ((target, _, _),) = await lines_of(system, recruiter, "RemoveMember")
    assert target == f"organization/{ids['organization_id']}/account/{ids['account_id']}"


async def test_a_network_that_guesses_at_many_accounts_gets_a_line_for_each_and_no_more(system: System) -> None:
    """An IPv6 network has more addresses than the log has room for."""
    people = [await a_job_seeker(system) for _ in range(2)]
    stub = UserServiceStub(system.direct("user"))
    for person in people:
        for number in range(12):
            source = ("x-forwarded-for", f"2001:db8:0:1::{number:x}")
            with pytest.raises(grpc.aio.AioRpcError):
                await stub.SignIn(user.SignInRequest(email=person.email, password="not this one"), metadata=(source,))
            await system.database.execute("""update "user".sign_in_attempts set last_time = clock_timestamp()""")
        refused_ = "target = $1 and result = 'RESOURCE_EXHAUSTED'"
        # Two where the test saw a minute begin.
        assert 1 <= await system.count("activity.activities", refused_, f"account/{person.id}") <= 2
