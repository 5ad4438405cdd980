"""Who vouches for people: OpenID Connect providers, and GitHub, which has OAuth 2.0 alone.

All talk with them goes through the way out that checks addresses.
"""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import jwt

from services.kit.egress import Egress, Fetched, FetchFailed, RefusedUrl
from services.kit.errors import InvalidArgument, Unauthenticated, Unavailable
from services.kit.settings import SignInProvider
from services.user.accounts import Identity

# What a provider may sign with: only what needs its private key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
# How long a provider's description and keys are good; an unknown key id fetches them again, at most so often.
LIFETIME_SECONDS = 3600.0
REFETCH_SECONDS = 10.0
# A native client brings its ID token at once; one that lay around longer may have been found.
OLDEST_SECONDS = 600
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_NAME = 200

PRESETS: Mapping[str, tuple[str, str]] = {
    "google": ("Google", "https://accounts.google.com"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/oauth"),
    "github": ("GitHub", "https://github.com"),
}
# They put no nonce into ID tokens. What a browser brings is bound to its sign-in by state and PKCE alone there.
WITHOUT_NONCE = frozenset({"linkedin"})


@dataclass(frozen=True, slots=True)
class Challenge:
    """What binds a provider's answer to the sign-in that asked for it. `verifier`: of PKCE (RFC 7636)."""

    nonce: str
    verifier: str
    redirect_uri: str


class Provider(Protocol):
    name: str
    display_name: str

    async def authorization_url(self, state: str, challenge: Challenge, code_challenge: str) -> str:
        """Where to send the browser."""

    async def identity_of_code(self, code: str, challenge: Challenge) -> Identity:
        """Trades what the browser came back with. Raises Unauthenticated when the provider does not take it."""

    async def identity_of_token(self, id_token: str, nonce: str) -> tuple[Identity, datetime]:
        """Whom an ID token is about, and when it is over. Raises Unauthenticated."""


def providers_of(configured: Sequence[SignInProvider]) -> dict[str, Provider]:
    """By name, in the order given."""
    return {one.name: _provider(one) for one in configured}


def _provider(configured: SignInProvider) -> Provider:
    display_name, issuer = PRESETS.get(configured.name, ("", ""))
    kind = GitHub if configured.name == "github" else OpenIdProvider
    return kind(
        configured.name,
        configured.display_name or display_name or configured.name,
        configured.issuer or issuer,
        configured.client_id,
        configured.client_secret.get_secret_value(),
    )


@dataclass
class _Client:
    name: str
    display_name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        # The operator named it, so it may be inside; what it in turn names may not.
        self._egress = Egress(allowed_origins=[f"{parts.scheme}://{parts.netloc}"])

    async def fetch(self, url: str, **options: Any) -> Fetched:
        """Raises Unavailable."""
        if self.issuer.startswith("https:") and not url.startswith("https:"):
            raise Unavailable(self.name)
        try:
            answer = await self._egress.fetch(url, **options)
        except (FetchFailed, RefusedUrl) as error:
            raise Unavailable(self.name) from error
        if answer.status >= 500 or answer.status == 429:
            raise Unavailable(self.name)
        return answer

    async def trade(self, url: str, code: str, challenge: Challenge) -> dict[str, Any]:
        """The token endpoint's answer. Raises Unauthenticated when it has no token in it."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": challenge.redirect_uri,
            "code_verifier": challenge.verifier,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        headers = {"accept": JSON_TYPE, "content-type": FORM_TYPE}
        answer = await self.fetch(url, method="POST", headers=headers, content=urlencode(form).encode())
        found = _object(self.name, answer)
        if answer.status != 200 or "access_token" not in found:
            raise _refusal(f"{self.display_name} does not take the code")
        return found

    def authorization(self, url: str, scope: str, state: str, challenge: Challenge, code_challenge: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": challenge.redirect_uri,
            "scope": scope,
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            "nonce": challenge.nonce,
        }
        return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


@dataclass
class OpenIdProvider(_Client):
    """Found by discovery (OpenID Connect Discovery 1.0)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def authorization_url(self, state: str, challenge: Challenge, code_challenge: str) -> str:
        metadata = await self._known()
        return self.authorization(
            metadata["authorization_endpoint"], "openid email profile", state, challenge, code_challenge
        )

    async def identity_of_code(self, code: str, challenge: Challenge) -> Identity:
        tokens = await self.trade((await self._known())["token_endpoint"], code, challenge)
        claims = await self._verified(str(tokens.get("id_token", "")))
        if self.name not in WITHOUT_NONCE or "nonce" in claims:
            self._check_nonce(claims, challenge.nonce)
        return self._identity(claims)

    async def identity_of_token(self, id_token: str, nonce: str) -> tuple[Identity, datetime]:
        claims = await self._verified(id_token)
        self._check_nonce(claims, nonce)
        if claims["iat"] < time.time() - OLDEST_SECONDS:
            raise _refusal(f"the ID token is older than {OLDEST_SECONDS // 60} minutes")
        return self._identity(claims), datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, UTC)

    async def _verified(self, id_token: str) -> dict[str, Any]:
        """The claims, as OpenID Connect Core 1.0, section 3.1.3.7, wants them checked."""
        try:
            header = jwt.get_unverified_header(id_token)
            key = await self._key(str(header.get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=self.client_id,
                issuer=self._metadata["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        # A token that says it was signed otherwise than its key can be makes some algorithms raise these.
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise _refusal(f"the ID token is not {self.display_name}'s for us, or is over") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self.client_id) != self.client_id:
            raise _refusal("the ID token was made for somebody else")
        return claims

    def _check_nonce(self, claims: Mapping[str, Any], nonce: str) -> None:
        if claims.get("nonce") != nonce:
            raise _refusal("the ID token is not the answer to this sign-in")

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        verified = claims.get("email_verified") in (True, "true")
        return _identity(self, str(claims["sub"]), claims.get("email") if verified else None, claims.get("name"))

    async def _known(self) -> dict[str, Any]:
        if time.monotonic() - self._fetched > LIFETIME_SECONDS:
            await self._learn("")
        return self._metadata

    async def _key(self, kid: str) -> jwt.PyJWK:
        age = time.monotonic() - self._fetched
        if age > LIFETIME_SECONDS or (kid not in self._keys and age > REFETCH_SECONDS):
            await self._learn(kid)
        # A provider with one key may leave out its id.
        found = self._keys.get(kid) or (next(iter(self._keys.values())) if not kid and len(self._keys) == 1 else None)
        if found is None:
            raise _refusal(f"the ID token was signed with a key that is not {self.display_name}'s")
        return found

    async def _learn(self, kid: str) -> None:
        """Description and keys. Raises Unavailable when they cannot be had or are another's."""
        async with self._lock:
            if time.monotonic() - self._fetched <= REFETCH_SECONDS or (kid and kid in self._keys):
                return
            metadata = _object(self.name, await self.fetch(f"{self.issuer}/.well-known/openid-configuration"))
            needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if metadata.get("issuer") != self.issuer or not all(isinstance(metadata.get(name), str) for name in needed):
                raise Unavailable(self.name)
            keys = _object(self.name, await self.fetch(metadata["jwks_uri"]))
            self._keys = _keys_of(self.name, keys)
            self._metadata, self._fetched = metadata, time.monotonic()


@dataclass
class GitHub(_Client):
    """OAuth 2.0 with PKCE; who it is, its API says. An enterprise's server has its API below `/api/v3`."""

    async def authorization_url(self, state: str, challenge: Challenge, code_challenge: str) -> str:
        url = f"{self.issuer}/login/oauth/authorize"
        return self.authorization(url, "read:user user:email", state, challenge, code_challenge)

    async def identity_of_code(self, code: str, challenge: Challenge) -> Identity:
        tokens = await self.trade(f"{self.issuer}/login/oauth/access_token", code, challenge)
        authorization = {"authorization": f"Bearer {tokens['access_token']}"}
        user = _object(self.name, await self._ask("/user", authorization))
        emails = _json(self.name, await self._ask("/user/emails", authorization))
        primary = [one["email"] for one in emails if one.get("primary") and one.get("verified") is True]
        return _identity(
            self, str(user.get("id", "")), primary[0] if primary else None, user.get("name") or user.get("login")
        )

    async def identity_of_token(self, id_token: str, nonce: str) -> tuple[Identity, datetime]:
        raise InvalidArgument("id_token", "GitHub has none; send code and state")

    async def _ask(self, path: str, headers: Mapping[str, str]) -> Fetched:
        public = self.issuer == PRESETS["github"][1]
        api = "https://api.github.com" if public else f"{self.issuer}/api/v3"
        answer = await self.fetch(api + path, headers={**headers, "accept": "application/vnd.github+json"})
        if answer.status != 200:
            raise _refusal("GitHub does not say who you are")
        return answer


def code_challenge(verifier: str) -> str:
    """S256 of PKCE."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _identity(provider: _Client, uid: str, email: Any, name: Any) -> Identity:
    """Raises Unauthenticated without a verified address: nobody gets another's by claiming it."""
    if not uid or not isinstance(email, str) or "@" not in email or len(email) > 254:
        raise _refusal(f"{provider.display_name} names no verified e-mail address of yours; confirm yours there first")
    return Identity(provider.name, uid, email.strip().lower(), name[:MOST_NAME] if isinstance(name, str) else "")


def _keys_of(name: str, document: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """Those that sign and that we can use, by id."""
    found = {}
    for key in document.get("keys", []):
        if isinstance(key, dict) and key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC", "OKP"):
            try:
                found[str(key.get("kid", ""))] = jwt.PyJWK(key)
            except jwt.PyJWTError:
                continue
    if not found:
        raise Unavailable(name)
    return found


def _object(name: str, answer: Fetched) -> dict[str, Any]:
    found = _json(name, answer)
    if not isinstance(found, dict):
        raise Unavailable(name)
    return found


def _json(name: str, answer: Fetched) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError as error:
        raise Unavailable(name) from error


def _refusal(why: str) -> Unauthenticated:
    return Unauthenticated(f"{why}; sign in there again")
