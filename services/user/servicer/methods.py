"""What the methods of all modules have at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skillsync.user.v1.session_pb2 import TokenSet

from services.kit.auth import caller
from services.kit.db import Database, utc_now
from services.user import accounts, wire
from services.user.keyring import Keyring
from services.user.sessions import Device, Signer, TokenPair


@dataclass(frozen=True)
class Methods:
    """`issuer` is the `iss` of access tokens; `seal_key` seals page and resume tokens."""

    db: Database
    keyring: Keyring
    issuer: str
    seal_key: str

    async def signer(self) -> Signer:
        return Signer(await self.keyring.signer(utc_now()), self.issuer)

    async def token_set(self, pair: TokenPair) -> TokenSet:
        async with self.db.read() as session:
            return wire.token_set(pair, await accounts.get_account(session, pair.session.account_id))


def device(context: Any) -> Device:
    """Where the call comes from, as the gateway tells."""
    metadata: Sequence[tuple[str, str | bytes]] = context.invocation_metadata() or ()
    agent = next((value for key, value in metadata if key == "user-agent"), "")
    return Device(str(agent), caller().address)
