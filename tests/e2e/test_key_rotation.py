"""Signing keys are replaced while people work, and nobody notices."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.db import Database, utc_now
from services.kit.settings import Settings
from services.user.keyring import PUBLISH_BEFORE_SIGNING, Keyring
from services.user.tokens import access_token
from tests.builders import PASSWORD, a_job_seeker, with_role
from tests.harness import System
from tests.refusals import refused

JWKS = "/v1/.well-known/jwks.json"
# For the replicas (5 s) and Envoy (5 s here) to learn of the new key; in production they have five minutes.
NOTICE = timedelta(seconds=13)


def kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


async def call(system: System, token: str) -> list[str]:
    """How a call went over REST and over gRPC, both through the gateway."""
    rest = await system.rest.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    try:
        await UserServiceStub(system.edge).GetMe(pb.GetMeRequest(), metadata=(("authorization", f"Bearer {token}"),))
    except Exception as error:
        return [str(rest.status_code), repr(error)]
    return [str(rest.status_code), "OK"]


async def test_keys_rotate_while_people_work_and_no_call_fails(system: System) -> None:
    person = await a_job_seeker(system)
    stub, first, answers = UserServiceStub(system.edge), kid(person.token), Counter[str]()
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        keyring = Keyring(db, settings.seal_key.get_secret_value())
        await keyring.rotate(utc_now() - PUBLISH_BEFORE_SIGNING + NOTICE)
    newest, tokens = person.token, {person.token}
    async with asyncio.timeout(60):
        while kid(newest) == first:
            newest = (await stub.SignIn(pb.SignInRequest(email=person.email, password=PASSWORD))).access_token
            tokens.add(newest)
            for token in (person.token, newest):
                answers.update(await call(system, token))
            await asyncio.sleep(0.2)
    # The first rounds were with the old key alone, the last with the new one and, still, with the old.
    assert set(answers) == {"200", "OK"}
    assert answers["OK"] >= 4
    published = [key["kid"] for key in (await system.rest.get(JWKS)).json()["keys"]]
    assert {first, kid(newest)} <= set(published)


async def test_ops_replaces_keys_and_nobody_else(system: System) -> None:
    stub, person = UserServiceStub(system.direct("user")), await a_job_seeker(system)
    with refused("PERMISSION_DENIED", permission="PERMISSION_MANAGE_KEYS"):
        await stub.RotateSigningKeys(pb.RotateSigningKeysRequest(), metadata=person.metadata)
    ops = await with_role(system, person, "ops")
    before = {key.kid for key in (await stub.GetJsonWebKeySet(pb.GetJsonWebKeySetRequest())).keys}
    after = {
        key.kid for key in (await stub.RotateSigningKeys(pb.RotateSigningKeysRequest(), metadata=ops.metadata)).keys
    }
    assert len(after - before) == 1
    assert before <= after
    # It does not sign yet: not everybody has it.
    tokens = await stub.SignIn(pb.SignInRequest(email=ops.email, password=PASSWORD))
    assert kid(tokens.access_token) in before


async def test_tokens_of_a_retired_key_are_refused(system: System) -> None:
    person = await a_job_seeker(system)
    settings = Settings.of("user", system.environment)
    async with Database.opened(settings.database_url.get_secret_value()) as db:
        keyring = Keyring(db, settings.seal_key.get_secret_value())
        await keyring.rotate(utc_now() - timedelta(days=1))
        gone = await keyring.signer(utc_now() - timedelta(hours=23))
        token = access_token(gone, "skillsync", UUID(person.id), uuid4(), ["job_seeker"], utc_now())
        await system.database.execute('delete from "user".signing_keys where kid = $1', gone.kid)
    with refused("TOKEN_INVALID"):
        await UserServiceStub(system.direct("user")).GetMe(
            pb.GetMeRequest(), metadata=(("authorization", f"Bearer {token}"),)
        )
