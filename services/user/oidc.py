"""Signing in through a provider.

What binds a provider's answer to the browser that asked (nonce, PKCE's verifier, where to come back to) travels in `state`, encrypted:
nothing is kept for sign-ins that nobody finishes. A state, and an ID token, is good once. A state is opened only with the secret that the
browser was told when it began and that is in no address.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.fernet import InvalidToken

from services.kit.db import WriteSession
from services.kit.errors import InvalidArgument, NotFound, Unauthenticated
from services.kit.seal import decrypt, encrypt
from services.user import accounts, queries
from services.user.accounts import Identity
from services.user.providers import Challenge, Provider, code_challenge

PURPOSE = "sign-in through a provider"
STATE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who came back, for the platform asked for. `grant` is what it was shown with, good once and until `expire_time`."""

    identity: Identity
    platform: str
    grant: str
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, the state it comes back with, and what it must keep to itself meanwhile."""

    url: str
    state: str
    browser_secret: str


@dataclass(frozen=True)
class Providers:
    """`public_url` is where browsers may be sent back to."""

    by_name: dict[str, Provider]
    public_url: str
    seal_key: str

    def get(self, name: str) -> Provider:
        """Raises NotFound."""
        if name not in self.by_name:
            raise NotFound("sign-in provider", name)
        return self.by_name[name]

    async def begin(self, name: str, redirect_uri: str, platform: str, now: datetime) -> Begun:
        """Raises NotFound, InvalidArgument, Unavailable."""
        provider = self.get(name)
        self._check_redirect(redirect_uri)
        challenge = Challenge(secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect_uri)
        secret = secrets.token_urlsafe(32)
        values = [platform, now.timestamp(), _hash(secret), challenge.nonce, challenge.verifier, redirect_uri]
        state = encrypt(self.seal_key, f"{PURPOSE}/{name}", json.dumps(values).encode()).decode()
        url = await provider.authorization_url(state, challenge, code_challenge(challenge.verifier))
        return Begun(url, state, secret)

    async def vouched_by_code(self, name: str, code: str, state: str, browser_secret: str, now: datetime) -> Vouched:
        """Raises NotFound, Unauthenticated, Unavailable."""
        provider = self.get(name)
        platform, begun, challenge = self._open(name, state, browser_secret)
        if not timedelta(0) <= now - datetime.fromtimestamp(begun, now.tzinfo) < STATE_LIFETIME:
            raise _not_ours()
        identity = await provider.identity_of_code(code, challenge)
        return Vouched(identity, platform, challenge.nonce, now + STATE_LIFETIME)

    async def vouched_by_token(self, name: str, id_token: str, nonce: str, platform: str) -> Vouched:
        """Raises NotFound, Unauthenticated, Unavailable."""
        identity, expire_time = await self.get(name).identity_of_token(id_token, nonce)
        # What was signed: of the signature itself there may be several spellings.
        return Vouched(identity, platform, id_token.rpartition(".")[0], expire_time)

    def _open(self, name: str, state: str, browser_secret: str) -> tuple[str, float, Challenge]:
        try:
            values = json.loads(decrypt(self.seal_key, f"{PURPOSE}/{name}", state.encode()))
        except InvalidToken as error:
            raise _not_ours() from error
        platform, begun, secret_hash, *challenge = values
        if not secrets.compare_digest(secret_hash, _hash(browser_secret)):
            raise _not_ours()
        return platform, begun, Challenge(*challenge)

    def _check_redirect(self, uri: str) -> None:
        """Elsewhere, somebody else would get the code."""
        asked, ours = urlsplit(uri), urlsplit(self.public_url)
        if (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc) or asked.fragment:
            raise InvalidArgument("redirect_uri", f"must be below {self.public_url}/, without a fragment")


async def account_of(session: WriteSession, vouched: Vouched, now: datetime) -> UUID:
    """The person's account, made now if there is none.

    Raises Unauthenticated for a state or token that was used, Conflict when the address has an account that signs in otherwise.
    """
    if not await queries.use_grant(session, hashlib.sha256(vouched.grant.encode()).digest(), vouched.expire_time):
        raise Unauthenticated("this sign-in was used before; begin again")
    identity = vouched.identity
    known = await queries.find_account_by_provider(session, identity.provider, identity.uid)
    account = known or await accounts.create_account(session, identity, vouched.platform, now)
    return account.id


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _not_ours() -> Unauthenticated:
    return Unauthenticated("this sign-in was not begun here, or longer than 10 minutes ago; begin again")
