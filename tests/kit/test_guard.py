"""The door that every call goes through: tokens, identities, deadlines, rules, errors."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import grpc
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.user_service_pb2_grpc import (
    UserServiceServicer,
    UserServiceStub,
    add_UserServiceServicer_to_server,
)

from services.kit import auth, server
from services.kit.auth import LEEWAY_SECONDS, TokenVerifier
from services.kit.errors import NotFound, Unauthenticated, Unavailable
from services.kit.server import Service, open_server
from services.kit.settings import Settings
from tests.builders import Person, a_job_seeker
from tests.harness import System, as_service, channel_to
from tests.refusals import refused


@pytest.fixture
async def person(system: System) -> Person:
    return await a_job_seeker(system)


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def forged(person: Person, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    """The person's token with other claims, signed with a key of our own under their key's name."""
    real_header, real_claims = parts(person.token)
    headers = {"kid": real_header["kid"]} | (header or {})
    return jwt.encode(real_claims | claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=headers)


def unsigned(person: Person) -> str:
    _, claims = parts(person.token)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, claims)]
    return b".".join([*encoded, b""]).decode()


def with_public_key_as_secret(person: Person) -> str:
    """The old trick: HMAC with the published key, hoping that the verifier takes the algorithm from the token."""
    header, claims = parts(person.token)
    return jwt.encode(claims, b"x" * 32, algorithm="HS256", headers={"kid": header["kid"]})


@pytest.mark.parametrize(
    "forge",
    [
        lambda p: forged(p, {}),
        lambda p: forged(p, {"roles": ["ops"]}),
        lambda p: forged(p, {}, {"kid": "unknown"}),
        unsigned,
        with_public_key_as_secret,
        lambda p: p.token[:-4] + "AAAA",
        lambda p: p.token.split(".", 1)[1],
        lambda _: "not a token",
    ],
    ids=["other key", "more roles", "unknown key", "unsigned", "HMAC", "cut", "two parts", "words"],
)
async def test_a_forged_token_is_refused(user: UserServiceStub, person: Person, forge: Any) -> None:
    with refused("TOKEN_INVALID", grpc.StatusCode.UNAUTHENTICATED):
        await user.GetMe(pb.GetMeRequest(), metadata=bearer(forge(person)))


async def test_no_token_is_told_from_a_bad_one(user: UserServiceStub) -> None:
    with refused("TOKEN_MISSING", grpc.StatusCode.UNAUTHENTICATED):
        await user.GetMe(pb.GetMeRequest())


async def test_only_the_gateway_gets_in(system: System, person: Person) -> None:
    port = system.servers.state.ports["billing"]
    async with channel_to(system.servers.certificates, port, "careerforge") as channel:
        with refused("PERMISSION_DENIED"):
            request = billing.GetEntitlementsRequest(account_id=person.id)
            await BillingServiceStub(channel).GetEntitlements(request, metadata=as_service("careerforge"))


async def test_nobody_gets_in_without_certificate(system: System) -> None:
    async with channel_to(system.servers.certificates, system.servers.state.ports["billing"], None) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await BillingServiceStub(channel).ListPlans(billing.ListPlansRequest(), timeout=5)
    assert caught.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_a_deadline_that_is_over_is_answered_as_such(user: UserServiceStub, person: Person) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await user.GetMe(pb.GetMeRequest(), metadata=person.metadata, timeout=0.001)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


class Odd(UserServiceServicer):
    """Does what services should not."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def GetMe(self, request: Any, context: Any) -> Any:
        raise NotFound("account", "x")

    async def SignOut(self, request: Any, context: Any) -> Any:
        try:
            await asyncio.sleep(3600)
        finally:
            self.ended.set()

    async def ListRoles(self, request: Any, context: Any) -> Any:
        raise RuntimeError("password=hunter2")

    async def WatchErasure(self, request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchErasureResponse(resume_token="one")
        await asyncio.sleep(3600)


@pytest.fixture
async def servicer() -> Odd:
    return Odd()


@pytest.fixture
async def odd(system: System, servicer: Odd) -> AsyncIterator[Any]:
    """A server of our own, with the user service's certificate and keys."""

    async def keys() -> list[dict[str, Any]]:
        answer = await UserServiceStub(system.direct("user")).GetJsonWebKeySet(pb.GetJsonWebKeySetRequest())
        return [{"kty": k.kty, "crv": k.crv, "x": k.x, "kid": k.kid} for k in answer.keys]

    settings = Settings.of("user", {**system.environment, "SKILLSYNC_USER_LISTEN": "127.0.0.1:0"})
    service = Service(
        "skillsync.user.v1.UserService", lambda server: add_UserServiceServicer_to_server(servicer, server)
    )
    async with (
        open_server(settings, service, TokenVerifier(keys, "skillsync"), {}) as running,
        channel_to(system.servers.certificates, running.port, "gateway") as channel,
    ):
        yield running, UserServiceStub(channel)


async def test_what_the_contract_has_and_the_server_has_not_is_unimplemented(odd: Any, person: Person) -> None:
    with refused("UNIMPLEMENTED", grpc.StatusCode.UNIMPLEMENTED, method="skillsync.user.v1.UserService.ListSessions"):
        await odd[1].ListSessions(pb.ListSessionsRequest(), metadata=person.metadata)


async def test_an_unexpected_error_says_nothing_of_its_cause(odd: Any, person: Person) -> None:
    with refused("INTERNAL", grpc.StatusCode.INTERNAL) as refusal:
        await odd[1].ListRoles(pb.ListRolesRequest(), metadata=person.metadata)
    assert "hunter2" not in refusal.message


@pytest.mark.parametrize("kind", ["unary", "stream"])
async def test_bytes_that_are_no_message_are_refused_in_our_words(system: System, person: Person, kind: str) -> None:
    channel, data = system.direct("user"), b"\xff\xff\xff"
    method = "/skillsync.user.v1.UserService/" + ("GetMe" if kind == "unary" else "WatchErasure")
    with refused("INVALID_ARGUMENT", grpc.StatusCode.INVALID_ARGUMENT, field="request"):
        if kind == "unary":
            await channel.unary_unary(method)(data, metadata=person.metadata)
        else:
            await channel.unary_stream(method)(data, metadata=person.metadata).read()


async def test_a_domain_error_carries_its_parts(odd: Any, person: Person) -> None:
    with refused("NOT_FOUND", grpc.StatusCode.NOT_FOUND, resource="account", id="x"):
        await odd[1].GetMe(pb.GetMeRequest(), metadata=person.metadata)


async def test_work_ends_with_the_callers_deadline(odd: Any, servicer: Odd, person: Person) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await odd[1].SignOut(pb.SignOutRequest(), metadata=person.metadata, timeout=3)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    async with asyncio.timeout(60):
        await servicer.ended.wait()


async def test_a_stream_is_told_when_its_server_ends_and_does_not_hold_that_up(
    odd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "DRAIN_SECONDS", 3600)
    running, stub = odd
    stream = stub.WatchErasure(pb.WatchErasureRequest(erasure_id=str(uuid4())))
    assert (await stream.read()).resume_token == "one"
    stopping = asyncio.create_task(running.stop())
    with refused("DEPENDENCY_UNAVAILABLE", grpc.StatusCode.UNAVAILABLE):
        await stream.read()
    await stopping


def a_verifier(person: Person) -> tuple[TokenVerifier, Callable[..., str]]:
    """Of a key of its own, and what signs with it the person's claims, some of them changed."""
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes_raw()
    published = {"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()}

    async def keys() -> list[dict[str, Any]]:
        return [published]

    def signed(**claims: Any) -> str:
        return jwt.encode(parts(person.token)[1] | claims, key, algorithm="EdDSA", headers={"kid": "k"})

    return TokenVerifier(keys, "skillsync"), signed


async def test_a_token_that_was_good_ends_in_time(person: Person) -> None:
    """Known tokens are not checked again, but their time is."""
    verifier, signed = a_verifier(person)
    token = signed(exp=int(time.time()) + 3 - LEEWAY_SECONDS)
    assert (await verifier.verify(token))["sub"] == person.id
    await asyncio.sleep(4.1)
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    assert caught.value.reason == "TOKEN_EXPIRED"


@pytest.mark.parametrize("claim", ["nbf", "iat"])
async def test_clocks_may_differ_by_seconds_and_not_by_more(person: Person, claim: str) -> None:
    verifier, signed = a_verifier(person)
    now = int(time.time())
    await verifier.verify(signed(**{claim: now + LEEWAY_SECONDS - 1}))
    with pytest.raises(Unauthenticated):
        await verifier.verify(signed(**{claim: now + LEEWAY_SECONDS + 10}))


async def test_keys_are_asked_for_once_in_a_while_whatever_comes_of_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invented key ids must not make us hammer the user service, nor may its hanging hold up who brings a good token."""
    key, asked, answers, moment = Ed25519PrivateKey.generate(), [], asyncio.Event(), 1_000.0
    raw = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()

    async def keys() -> list[dict[str, Any]]:
        asked.append(1)
        if len(asked) > 1:
            await answers.wait()
            raise OSError("does not answer")
        return [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": raw}]

    def token(kid: str) -> str:
        return jwt.encode(parts(person.token)[1], key, algorithm="EdDSA", headers={"kid": kid})

    async def look(*kids: str) -> list[Any]:
        return await asyncio.gather(*(verifier.verify(token(kid)) for kid in kids), return_exceptions=True)

    monkeypatch.setattr(auth, "time", SimpleNamespace(time=time.time, monotonic=lambda: moment))
    verifier = TokenVerifier(keys, "skillsync")
    await verifier.verify(token("k"))
    moment += auth.REFETCH_SECONDS + 1
    waiting = asyncio.ensure_future(look(*(f"invented {number}" for number in range(50))))
    while len(asked) < 2:
        await asyncio.sleep(0)
    moment += auth.KEYS_LIFETIME_SECONDS
    assert {claims["sub"] for claims in await look(*["k"] * 20)} == {person.id}
    assert not waiting.done()
    answers.set()
    assert {type(answer) for answer in await waiting} == {Unavailable}
    moment += auth.REFETCH_SECONDS - 1
    assert {type(answer) for answer in await look("invented", "another")} == {Unavailable}
    assert len(asked) == 2
    moment += 2
    assert {claims["sub"] for claims in await look(*["k"] * 20)} == {person.id}
    assert len(asked) == 3
