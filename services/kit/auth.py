"""Who calls: verification of access tokens, and what roles grant."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jwt
from skillsync.type.v1 import access_pb2

from services.kit.db import EVERYONE, NOBODY, set_tenant
from services.kit.enums import plain
from services.kit.errors import PermissionDenied, Unauthenticated, Unavailable
from services.kit.settings import Settings

AUDIENCE = "skillsync"
# The only algorithm. PyJWT would take others if asked to.
ALGORITHM = "EdDSA"
LEEWAY_SECONDS = 5
# Unknown key ids fetch the keys again, but an attacker who invents some must not make us hammer the user service.
REFETCH_SECONDS = 10.0
KEYS_LIFETIME_SECONDS = 300.0
# As long as there are none at all: this replica has just started.
FIRST_KEYS_SECONDS = 0.25
# Checking a signature takes most of a cheap call's time, and each client sends the same token for minutes.
MOST_VERIFIED = 10_000


def grants_of(roles: Any) -> dict[str, frozenset[int]]:
    """Permissions that each value of an enum grants, as the contract says; by its name in lower case, without prefix."""
    return {
        plain(roles, value.number).lower(): frozenset(value.GetOptions().Extensions[access_pb2.grants])
        for value in roles.DESCRIPTOR.values
    }


GRANTS = grants_of(access_pb2.Role)
"""Permissions of each role."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. A service that calls for a person has both `service` and `account_id`."""

    account_id: UUID | None = None
    session_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    service: str | None = None
    # Forwarded to other services; never logged.
    token: str | None = field(default=None, repr=False)
    address: str = ""

    @property
    def permissions(self) -> frozenset[int]:
        return frozenset().union(*(GRANTS.get(role, frozenset()) for role in self.roles))

    def require(self, permission: int) -> None:
        """Raises PermissionDenied unless a role grants it."""
        if permission not in self.permissions:
            raise PermissionDenied(access_pb2.Permission.Name(permission))  # type: ignore[arg-type]

    def account(self) -> UUID:
        """Raises Unauthenticated for calls without an account."""
        if self.account_id is None:
            raise Unauthenticated("this needs a signed-in account", reason="TOKEN_MISSING")
        return self.account_id


_NOBODY = Caller()
_caller: ContextVar[Caller] = ContextVar("caller", default=_NOBODY)


def caller() -> Caller:
    """Who makes the call that is being served. Set by the interceptor; anonymous outside of a call."""
    return _caller.get()


def set_caller(value: Caller) -> None:
    """A service that calls for nobody acts for the platform."""
    _caller.set(value)
    set_tenant(value.account_id or (EVERYONE if value.service else NOBODY))


FetchKeys = Callable[[], Awaitable[list[dict[str, Any]]]]
"""Returns JSON Web Keys."""


def keys_from(url: str, authority: Path) -> FetchKeys:
    """Keys from a JWKS document. Over https, its server has a certificate of our own authority and of no other."""
    tls: ssl.SSLContext | bool = True
    if url.startswith("https:"):
        # Once: it reads the file, and a fetch must not hold up the loop.
        tls = ssl.create_default_context(cafile=authority)

    async def fetch() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(timeout=3, trust_env=False, verify=tls) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            keys: list[dict[str, Any]] = answer.json()["keys"]
            return keys

    return fetch


def verifier_of(settings: Settings) -> "TokenVerifier":
    """With the keys that the user service publishes."""
    return TokenVerifier(keys_from(settings.jwks_url, settings.tls_ca), settings.token_issuer)


class TokenVerifier:
    """Verifies access tokens with the user service's published keys. Known keys go on working when that is down."""

    def __init__(self, fetch: FetchKeys, issuer: str) -> None:
        self._fetch = fetch
        self._issuer = issuer
        self._keys: dict[str, jwt.PyJWK] = {}
        self._verified: dict[str, dict[str, Any]] = {}
        self._fetched = self._tried = float("-inf")
        self._failure: Exception | None = None
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims. Raises Unauthenticated (TOKEN_EXPIRED, TOKEN_INVALID). A token that was good is so until its time is over."""
        known = self._verified.get(token)
        if (
            known is None
            or known["exp"] + LEEWAY_SECONDS <= time.time()
            or time.monotonic() - self._fetched > KEYS_LIFETIME_SECONDS
        ):
            known = await self._verify(token)
            if len(self._verified) >= MOST_VERIFIED:
                self._verified.clear()
            self._verified[token] = known
        return known

    async def _verify(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != ALGORITHM:
                raise Unauthenticated(f"the token's algorithm is not {ALGORITHM}")
            key = await self._key(str(header.get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "nbf", "iat", "iss", "aud", "sub", "sid"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("the access token is over; refresh it", reason="TOKEN_EXPIRED") from error
        except jwt.PyJWTError as error:
            raise Unauthenticated("the access token is not valid; sign in again") from error
        return claims

    async def _key(self, kid: str) -> jwt.PyJWK:
        stale = time.monotonic() - self._fetched > KEYS_LIFETIME_SECONDS
        # Who knows its key does not wait for an asking that is under way.
        if kid not in self._keys or (stale and not self._lock.locked()):
            await self._refresh(kid)
        if kid not in self._keys:
            raise Unauthenticated("the access token was signed with an unknown key; sign in again")
        return self._keys[kid]

    async def _refresh(self, kid: str) -> None:
        """Asks once in a while, whatever comes of it. Raises Unavailable when the last asking failed and this key is not known."""
        async with self._lock:
            pause = REFETCH_SECONDS if self._keys else FIRST_KEYS_SECONDS
            if time.monotonic() - self._tried > pause:
                self._failure = await self._renew()
                self._tried = time.monotonic()
        if self._failure and kid not in self._keys:
            raise Unavailable("user") from self._failure

    async def _renew(self) -> Exception | None:
        try:
            found = await self._fetch()
            self._keys = {key["kid"]: jwt.PyJWK(key, algorithm=ALGORITHM) for key in found}
        # However it fails: no answer, no JSON, no keys in it. Keys that we have go on working.
        except Exception as error:
            return error
        self._verified.clear()
        self._fetched = time.monotonic()
        return None


def caller_of(claims: dict[str, Any], token: str, service: str | None, address: str) -> Caller:
    """Raises Unauthenticated when the claims are not as the user service writes them."""
    try:
        account, session = UUID(claims["sub"]), UUID(claims["sid"])
    except (ValueError, TypeError, AttributeError) as error:
        raise Unauthenticated("the access token is not valid; sign in again") from error
    return Caller(account, session, frozenset(map(str, claims.get("roles", []))), service, token, address)
