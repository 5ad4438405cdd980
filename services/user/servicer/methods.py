"""What the methods of all modules have at hand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from skillsync.user.v1.session_pb2 import TokenSet

from services.kit.auth import caller
from services.kit.blobs import Blobs
from services.kit.changes import Relay
from services.kit.db import EVERYONE, Database, WriteSession, utc_now
from services.kit.errors import Unauthenticated
from services.kit.privacy import UserData
from services.user import accounts, attempts, credentials, wire
from services.user.keyring import Keyring
from services.user.oidc import Providers
from services.user.sessions import Device, Signer, TokenPair


@dataclass(frozen=True)
class Methods:
    """`issuer` is the `iss` of access tokens; `seal_key` seals page and resume tokens."""

    db: Database
    relay: Relay
    blobs: Blobs
    keyring: Keyring
    issuer: str
    seal_key: str
    providers: Providers
    user_data: UserData
    # One attempt at an address' secret at a time in this process: of many right ones at once none is taken for a wrong one too many.
    guesses: "WeakValueDictionary[bytes, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    async def signer(self) -> Signer:
        return Signer(await self.keyring.signer(utc_now()), self.issuer)

    @asynccontextmanager
    async def guessing(self, email: str) -> AsyncIterator[WriteSession]:
        """A transaction in which a secret of the address is checked. Wrong ones (Unauthenticated) are counted and slow down the next."""
        subject = attempts.subject(self.seal_key, email)
        async with self.guesses.setdefault(subject, asyncio.Lock()), self._counted(subject, email) as session:
            yield session

    @asynccontextmanager
    async def _counted(self, subject: bytes, email: str) -> AsyncIterator[WriteSession]:
        now = utc_now()
        async with self.db.write(EVERYONE) as session:
            count = await attempts.begin(session, subject, now)
        try:
            async with self.db.write(EVERYONE) as session:
                yield session
                await attempts.forget(session, subject)
        except Unauthenticated:
            async with self.db.write(EVERYONE) as session:
                await attempts.fail(session, subject, count, email, now)
            raise

    @asynccontextmanager
    async def own_secret(self) -> AsyncIterator[WriteSession]:
        """`guessing` at the caller's own: a stolen session must not become a stolen account."""
        async with self.db.read() as reading:
            email = await credentials.own_email(reading, caller())
        async with self.guessing(email) as session:
            yield session

    async def token_set(self, pair: TokenPair) -> TokenSet:
        async with self.db.read(pair.session.account_id) as session:
            return wire.token_set(pair, await accounts.get_account(session, pair.session.account_id))


def device(context: Any) -> Device:
    """Where the call comes from, as the gateway tells."""
    metadata: Sequence[tuple[str, str | bytes]] = context.invocation_metadata() or ()
    agent = next((value for key, value in metadata if key == "user-agent"), "")
    return Device(str(agent), caller().address)
