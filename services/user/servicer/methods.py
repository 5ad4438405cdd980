"""What the methods of all modules have at hand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from skillsync.user.v1.session_pb2 import TokenSet

from services.kit.auth import caller
from services.kit.blobs import Blobs
from services.kit.changes import Relay
from services.kit.db import EVERYONE, Database, WriteSession, utc_now
from services.kit.privacy import UserData
from services.user import accounts, attempts, credentials, second_factor, wire
from services.user.attempts import Guessed
from services.user.keyring import Keyring
from services.user.oidc import Providers
from services.user.second_factor import WrongCode
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
    async def guessing(self, of: Guessed) -> AsyncIterator[WriteSession]:
        """A transaction in which a secret of an address is checked. Wrong ones (Unauthenticated) are counted and slow down the next."""
        async with self.guesses.setdefault(of.subject, asyncio.Lock()), self._counted(of) as session:
            yield session

    @asynccontextmanager
    async def _counted(self, of: Guessed) -> AsyncIterator[WriteSession]:
        now, code = utc_now(), attempts.guessed(self.seal_key, of.email, attempts.SECOND_FACTOR)
        async with self.db.write(EVERYONE) as session:
            await attempts.check_pause(session, code, now)
            await attempts.begin(session, of, now)
        try:
            async with self.db.write(EVERYONE) as session:
                yield session
                await attempts.forget(session, of)
        except WrongCode:
            async with self.db.write(EVERYONE) as session:
                await attempts.count_wrong_code(session, code, now)
            raise

    async def check_second_factor(
        self, session: WriteSession, account_id: UUID, email: str, code: str, now: datetime
    ) -> None:
        """If the account has one. Raises Unauthenticated. A right code excuses the wrong ones before, as nothing else does."""
        if await second_factor.check(session, account_id, code, self.seal_key, now):
            await attempts.forget(session, attempts.guessed(self.seal_key, email, attempts.SECOND_FACTOR))

    @asynccontextmanager
    async def own_secret(self) -> AsyncIterator[WriteSession]:
        """`guessing` at the caller's own: a stolen session must not become a stolen account."""
        async with self.db.read() as reading:
            email = await credentials.own_email(reading, caller())
        async with self.guessing(attempts.guessed(self.seal_key, email, attempts.OWN_SECRET)) as session:
            yield session

    async def token_set(self, pair: TokenPair) -> TokenSet:
        async with self.db.read(pair.session.account_id) as session:
            view = await accounts.get_account(session, pair.session.account_id)
        return wire.token_set(pair, view, attempts.device_token(self.seal_key, view.row.email, pair.session.id))


def device(context: Any) -> Device:
    """Where the call comes from, as the gateway tells."""
    metadata: Sequence[tuple[str, str | bytes]] = context.invocation_metadata() or ()
    agent = next((value for key, value in metadata if key == "user-agent"), "")
    return Device(str(agent), caller().address)
