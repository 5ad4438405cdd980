"""Roles given and taken."""

import asyncio

import grpc
import pytest
from skillsync.type.v1.access_pb2 import ROLE_JOB_SEEKER, ROLE_OPS, ROLE_SUPPORT
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from tests.builders import Person, a_job_seeker, with_role
from tests.harness import System
from tests.refusals import refused
from tests.user.machine import at_the_machine


@pytest.fixture
async def ops(system: System, clean: None) -> Person:
    return await with_role(system, await a_job_seeker(system), "ops")


async def test_a_role_is_in_the_tokens_after_the_next_refresh(
    system: System, user: UserServiceStub, ops: Person
) -> None:
    person = await a_job_seeker(system)
    account = await user.GrantRole(pb.GrantRoleRequest(account_id=person.id, role=ROLE_SUPPORT), metadata=ops.metadata)
    assert list(account.roles) == [ROLE_JOB_SEEKER, ROLE_SUPPORT]
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_ROLES"):
        await user.GrantRole(pb.GrantRoleRequest(account_id=person.id, role=ROLE_OPS), metadata=person.metadata)


async def test_who_loses_a_role_signs_in_again(system: System, user: UserServiceStub, ops: Person) -> None:
    person = await with_role(system, await a_job_seeker(system), "support")
    await user.RevokeRole(pb.RevokeRoleRequest(account_id=person.id, role=ROLE_SUPPORT), metadata=ops.metadata)
    with refused("TOKEN_INVALID"):
        await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))


async def test_the_last_who_can_give_roles_keeps_it(system: System, user: UserServiceStub, ops: Person) -> None:
    with refused("WRONG_STATE"):
        await user.RevokeRole(pb.RevokeRoleRequest(account_id=ops.id, role=ROLE_OPS), metadata=ops.metadata)
    second = await with_role(system, await a_job_seeker(system), "ops")
    calls = [
        user.RevokeRole(pb.RevokeRoleRequest(account_id=whose.id, role=ROLE_OPS), metadata=by.metadata)
        for by, whose in ((ops, second), (second, ops))
    ]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(answer, grpc.aio.AioRpcError) for answer in answers) == 1
    assert await system.count('"user".account_roles', "role = 'ops'") == 1


async def test_an_unknown_account_has_no_roles(user: UserServiceStub, ops: Person) -> None:
    with refused("NOT_FOUND", resource="account"):
        await user.GrantRole(
            pb.GrantRoleRequest(account_id="0190f3a0-0000-7000-8000-000000000000", role=ROLE_OPS), metadata=ops.metadata
        )


async def test_an_operator_makes_the_first_of_ops_at_the_machine(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    done = await at_the_machine(system, "grant-role", person.email.upper(), "ops")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"has the role ops now" in done.stdout
    tokens = await user.RefreshTokens(pb.RefreshTokensRequest(refresh_token=person.refresh_token))
    assert ROLE_OPS in tokens.account.roles
    missing = await at_the_machine(system, "grant-role", "nobody@example.org", "ops")
    assert missing.returncode == 1
    assert b"There is no account with the address nobody@example.org" in missing.stderr
