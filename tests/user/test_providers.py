"""Signing in through providers: a real OpenID Connect one, and one that speaks as GitHub does."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import PLATFORM_TALENTHUB
from skillsync.user.v1.session_pb2 import TokenSet
from skillsync.user.v1.user_service_pb2_grpc import UserServiceStub

from services.kit.errors import Unauthenticated, Unavailable
from services.kit.settings import Settings, SignInProvider
from services.user import providers as providers_
from services.user.providers import OpenIdProvider, providers_of
from tests.builders import a_job_seeker
from tests.harness import System
from tests.providers import CLIENT, SECRET
from tests.refusals import refused


def home(system: System) -> str:
    return Settings.of("user", system.environment).public_url + "/"


async def begun(system: System, user: UserServiceStub, provider: str, **changes: Any) -> pb.BeginOidcSignInResponse:
    fields = {"redirect_uri": home(system), "platform": PLATFORM_TALENTHUB} | changes
    return await user.BeginOidcSignIn(pb.BeginOidcSignInRequest(provider=provider, **fields))


async def vouched(system: System, user: UserServiceStub, provider: str, uid: str) -> pb.SignInWithOidcRequest:
    """What the browser came back with."""
    page = await begun(system, user, provider)
    there = system.providers.openid if provider == "acme" else system.providers.github
    answer = await asyncio.to_thread(there.vouch, page.authorization_url, uid)
    assert answer["state"] == page.state
    secret = page.browser_secret
    return pb.SignInWithOidcRequest(
        provider=provider, code=answer["code"], state=answer["state"], browser_secret=secret
    )


async def somebody(system: System, **claims: Any) -> str:
    """A person at the provider."""
    uid = uuid4().hex
    claims = {"email": f"{uid}@example.org", "email_verified": True, "name": "Ada"} | claims
    await asyncio.to_thread(system.providers.openid.person, uid, **claims)
    return uid


async def test_who_may_vouch_is_listed(system: System) -> None:
    answer = await system.rest.get("/v1/signInProviders")
    assert answer.json()["providers"] == [
        {"name": "acme", "displayName": "Acme"},
        {"name": "github", "displayName": "GitHub"},
    ]


async def test_a_person_signs_up_and_in_through_a_provider(system: System, user: UserServiceStub) -> None:
    uid = await somebody(system)
    first = await user.SignInWithOidc(await vouched(system, user, "acme", uid))
    account = first.account
    assert (account.auth_provider, account.provider_uid, account.email) == ("acme", uid, f"{uid}@example.org")
    assert (account.display_name, account.email_verified, list(account.platforms)) == (
        "Ada",
        True,
        [PLATFORM_TALENTHUB],
    )
    again = await user.SignInWithOidc(await vouched(system, user, "acme", uid))
    assert again.account.id == account.id
    me = await user.GetMe(pb.GetMeRequest(), metadata=[("authorization", f"Bearer {again.access_token}")])
    assert me.id == account.id


async def test_github_says_who_somebody_is(system: System, user: UserServiceStub) -> None:
    uid = uuid4().hex
    emails = [
        {"email": f"old-{uid}@example.org", "primary": False, "verified": True},
        {"email": f"{uid}@Example.org", "primary": True, "verified": True},
    ]
    system.providers.github.people[uid] = {"user": {"id": 4711, "login": "ada", "name": None}, "emails": emails}
    account = (await user.SignInWithOidc(await vouched(system, user, "github", uid))).account
    assert (account.provider_uid, account.email, account.display_name) == ("4711", f"{uid}@example.org", "ada")


async def test_without_a_verified_address_there_is_no_account(system: System, user: UserServiceStub) -> None:
    uid = await somebody(system, email_verified=False)
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(await vouched(system, user, "acme", uid))
    emails = [{"email": f"{uid}@example.org", "primary": True, "verified": False}]
    system.providers.github.people[uid] = {"user": {"id": 4712, "login": "eve"}, "emails": emails}
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(await vouched(system, user, "github", uid))
    assert await system.count('"user".base_users', "email = $1", f"{uid}@example.org") == 0


async def test_a_provider_takes_over_nobodys_account(system: System, user: UserServiceStub) -> None:
    person = await a_job_seeker(system)
    uid = await somebody(system, email=person.email.upper())
    with refused("ALREADY_EXISTS"):
        await user.SignInWithOidc(await vouched(system, user, "acme", uid))


async def test_what_came_back_is_good_once_and_of_many_at_once_for_one(system: System, user: UserServiceStub) -> None:
    request = await vouched(system, user, "acme", await somebody(system))
    answers = await asyncio.gather(*(user.SignInWithOidc(request) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, TokenSet) for answer in answers) == 1
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(request)


async def test_a_state_that_was_changed_or_is_of_another_provider_or_too_old_is_refused(
    system: System, user: UserServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await vouched(system, user, "acme", await somebody(system))
    for provider, state in (("acme", request.state[:-6] + "AAAA=="), ("acme", "invented"), ("github", request.state)):
        changed = {"provider": provider, "code": request.code, "state": state, "browser_secret": request.browser_secret}
        with refused("TOKEN_INVALID"):
            await user.SignInWithOidc(pb.SignInWithOidcRequest(**changed))
    monkeypatch.setattr("services.user.oidc.STATE_LIFETIME", timedelta(0))
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(request)


async def test_the_code_of_another_sign_in_does_not_fit(system: System, user: UserServiceStub) -> None:
    """Somebody's stolen code, brought with a state of one's own: the nonce in the ID token, or PKCE at GitHub, is the victim's."""
    victim = await somebody(system)
    for provider in ("acme", "github"):
        stolen = await vouched(system, user, provider, victim)
        own = await begun(system, user, provider)
        with refused("TOKEN_INVALID"):
            await user.SignInWithOidc(
                pb.SignInWithOidcRequest(
                    provider=provider, code=stolen.code, state=own.state, browser_secret=own.browser_secret
                )
            )


async def test_who_reads_the_address_that_the_browser_came_back_to_cannot_sign_in_with_it(
    system: System, user: UserServiceStub
) -> None:
    request = await vouched(system, user, "acme", await somebody(system))
    overheard = {"provider": "acme", "code": request.code, "state": request.state}
    with refused("INVALID_ARGUMENT"):
        await user.SignInWithOidc(pb.SignInWithOidcRequest(**overheard))
    own = await begun(system, user, "acme")
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(pb.SignInWithOidcRequest(**overheard, browser_secret=own.browser_secret))
    await user.SignInWithOidc(request)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "http://localhost/", "http://localhost@evil.example/", "javascript:alert(1)"]
)
async def test_a_browser_is_sent_back_to_this_installation_only(
    system: System, user: UserServiceStub, elsewhere: str
) -> None:
    with refused("INVALID_ARGUMENT", field="redirect_uri"):
        await begun(system, user, "acme", redirect_uri=elsewhere)


async def test_a_provider_that_is_not_configured_is_not_there(system: System, user: UserServiceStub) -> None:
    with refused("NOT_FOUND"):
        await begun(system, user, "google")
    with refused("NOT_FOUND"):
        await user.SignInWithOidc(pb.SignInWithOidcRequest(provider="google", id_token="x", nonce="12345678"))


# ID tokens that a native client brings.


async def an_id_token(system: System, uid: str, nonce: str, client: str = CLIENT) -> str:
    """As the provider itself issues it."""
    query = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": home(system),
        "scope": "openid email",
        "nonce": nonce,
    }
    openid = system.providers.openid
    url = str(httpx.URL(f"{openid.url}/oauth2/authorize", params=query | {"state": "x"}))
    code = (await asyncio.to_thread(openid.vouch, url, uid))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": home(system)}
    async with httpx.AsyncClient(trust_env=False) as client_:
        answer = await client_.post(f"{openid.url}/oauth2/token", data=form, auth=(client, SECRET))
    return str(answer.json()["id_token"])


async def test_an_id_token_signs_in_once(system: System, user: UserServiceStub) -> None:
    nonce = uuid4().hex
    token = await an_id_token(system, await somebody(system), nonce)
    request = pb.SignInWithOidcRequest(provider="acme", id_token=token, nonce=nonce, platform=PLATFORM_TALENTHUB)
    assert list((await user.SignInWithOidc(request)).account.platforms) == [PLATFORM_TALENTHUB]
    for spelling in (token, token + "=="):
        with refused("TOKEN_INVALID"):
            again = pb.SignInWithOidcRequest(provider="acme", id_token=spelling, nonce=nonce)
            await user.SignInWithOidc(again)


async def test_an_id_token_with_another_nonce_or_for_another_client_is_refused(
    system: System, user: UserServiceStub
) -> None:
    uid, nonce = await somebody(system), uuid4().hex
    token = await an_id_token(system, uid, nonce)
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(pb.SignInWithOidcRequest(provider="acme", id_token=token, nonce=uuid4().hex))
    foreign = await an_id_token(system, uid, nonce, client="somebody-else")
    with refused("TOKEN_INVALID"):
        await user.SignInWithOidc(pb.SignInWithOidcRequest(provider="acme", id_token=foreign, nonce=nonce))


# Forgeries need the provider's key, so this one has a key that we know.


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def provider(key: rsa.RSAPrivateKey) -> OpenIdProvider:
    """With a description and keys as they would have been fetched."""
    found = OpenIdProvider("acme", "Acme", "https://acme.example", CLIENT, SECRET)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    found._keys = providers_._keys_of("acme", {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]})
    found._metadata, found._fetched = {"issuer": "https://acme.example"}, time.monotonic()
    return found


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": "https://acme.example", "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, "nonce": "12345678"}
    return {
        k: v for k, v in (good | {"email": "a@example.org", "email_verified": True} | changes).items() if v is not None
    }


async def test_a_good_token_is_taken(provider: OpenIdProvider, key: rsa.RSAPrivateKey) -> None:
    for changes in ({}, {"aud": [CLIENT, "other"], "azp": CLIENT}, {"azp": CLIENT}):
        token = jwt.encode(claims(**changes), key, "RS256", {"kid": "1"})
        identity, _ = await provider.identity_of_token(token, "12345678")
        assert (identity.uid, identity.email) == ("7", "a@example.org")


HOUR = 3600
# Times are in seconds from now.
FORGED: list[dict[str, Any]] = [
    {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"aud": ["other", CLIENT]}, {"azp": "other"},
    {"aud": [CLIENT, "other"], "azp": "other"}, {"exp": -HOUR}, {"exp": None}, {"iat": None}, {"iat": -HOUR}, {"iat": HOUR},
    {"nbf": HOUR}, {"sub": None}, {"sub": ""}, {"nonce": None}, {"nonce": "87654321"}, {"email": None}, {"email_verified": None},
    {"email_verified": False}, {"email_verified": "false"}, {"email": 7}, {"email": "nobody"}, {"email": "a@" + "b" * 300},
]  # fmt: skip


@pytest.mark.parametrize("changes", FORGED, ids=str)
async def test_a_token_that_says_something_else_is_refused(
    provider: OpenIdProvider, key: rsa.RSAPrivateKey, changes: dict[str, Any]
) -> None:
    now = int(time.time())
    dated = {k: now + v if k in ("exp", "iat", "nbf") and v else v for k, v in changes.items()}
    token = jwt.encode(claims(**dated), key, "RS256", {"kid": "1"})
    with pytest.raises(Unauthenticated):
        await provider.identity_of_token(token, "12345678")


async def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: OpenIdProvider, key: rsa.RSAPrivateKey
) -> None:
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    good = jwt.encode(claims(), key, "RS256", {"kid": "1"})
    other = rsa.generate_private_key(65537, 2048)
    forged = [
        jwt.encode(claims(), None, "none", {"kid": "1"}),
        _signed_with_public_key(pem),
        jwt.encode(claims(), other, "RS256", {"kid": "1"}),
        jwt.encode(claims(), other, "RS256", {"kid": "2"}),
        jwt.encode(claims(), key, "RS512", {"kid": "1"}),
        jwt.encode(claims(), key, "PS256", {"kid": "1"}),
        good[:-4] + "AAAA", good.rpartition(".")[0] + ".", "", "a.b.c", "....", "{}",
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(Unauthenticated):
            await provider.identity_of_token(token, "12345678")
    await provider.identity_of_token(good, "12345678")


def _signed_with_public_key(pem: bytes) -> str:
    """HS256 with what everybody knows. PyJWT itself would not make it."""

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    body = f"{part(json.dumps({'alg': 'HS256', 'kid': '1'}).encode())}.{part(json.dumps(claims()).encode())}"
    return f"{body}.{part(hmac.new(pem, body.encode(), hashlib.sha256).digest())}"


async def test_a_provider_inside_our_network_is_not_asked_unless_the_operator_named_it(system: System) -> None:
    """What its description leads to is looked at as everybody's links are."""
    named = SignInProvider(name="acme", client_id=CLIENT, client_secret=SECRET, issuer="http://localhost:1")
    found = providers_of([named])["acme"]
    assert isinstance(found, OpenIdProvider)
    with pytest.raises(Unavailable):
        await found.fetch(f"http://127.0.0.1:{system.servers.state.ports['s3']}/")


def test_presets_need_no_address() -> None:
    configured = [SignInProvider(name=name, client_id=CLIENT, client_secret=SECRET) for name in providers_.PRESETS]
    names = [(provider.name, provider.display_name) for provider in providers_of(configured).values()]
    assert names == [("google", "Google"), ("linkedin", "LinkedIn"), ("github", "GitHub")]
    assert SECRET not in repr(configured) + repr(providers_of(configured))


async def test_a_provider_that_is_down_is_said_so(system: System) -> None:
    down = SignInProvider(name="acme", client_id=CLIENT, client_secret=SECRET, issuer="http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="acme"):
        await providers_of([down])["acme"].identity_of_token(
            jwt.encode({}, "x" * 32, "HS256", {"kid": "1"}), "12345678"
        )
