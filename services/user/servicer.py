"""UserService. Who may call what stands in the contract; the kit's guard has checked it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import Account
from skillsync.user.v1.session_pb2 import Session, TokenSet
from skillsync.user.v1.user_service_pb2_grpc import UserServiceServicer

from services.kit.auth import caller
from services.kit.db import Database, utc_now
from services.kit.errors import Unauthenticated
from services.kit.masks import masked
from services.user import accounts, sessions, wire
from services.user.keyring import Keyring
from services.user.sessions import Device, Signer, TokenPair


class UserServicer(UserServiceServicer):
    """Methods of the contract that are not here answer UNIMPLEMENTED."""

    def __init__(self, db: Database, keyring: Keyring, issuer: str) -> None:
        self._db = db
        self._keyring = keyring
        self._issuer = issuer

    async def Register(self, request: pb.RegisterRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self._signer()
        platform = wire.platform_name(request.platform)
        async with self._db.write() as session:
            view = await accounts.register(session, request.email, request.password, platform, request.display_name)
            pair = await sessions.open_session(session, signer, view.row.id, device(context), now)
        return wire.token_set(pair, view)

    async def SignIn(self, request: pb.SignInRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self._signer()
        async with self._db.write() as session:
            pair = await sessions.sign_in(session, signer, request.email, request.password, device(context), now)
        return await self._token_set(pair)

    async def RefreshTokens(self, request: pb.RefreshTokensRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self._signer()
        async with self._db.write() as session:
            pair = await sessions.refresh(session, signer, request.refresh_token, now)
        if pair is None:
            raise Unauthenticated("this refresh token was used before; sign in again", reason="TOKEN_REUSED")
        return await self._token_set(pair)

    async def SignOut(self, request: pb.SignOutRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await sessions.sign_out(session, caller(), utc_now())
        return Empty()

    async def SignOutEverywhere(
        self, request: pb.SignOutEverywhereRequest, context: Any
    ) -> pb.SignOutEverywhereResponse:
        async with self._db.write() as session:
            ended = await sessions.sign_out_everywhere(session, caller(), utc_now())
        return pb.SignOutEverywhereResponse(ended_count=ended)

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Any) -> pb.ListSessionsResponse:
        async with self._db.read() as session:
            rows = await sessions.list_sessions(session, caller(), utc_now())
        current = caller().session_id
        return pb.ListSessionsResponse(sessions=[wire.session(row, row.id == current) for row in rows])

    async def RevokeSession(self, request: pb.RevokeSessionRequest, context: Any) -> Session:
        async with self._db.write() as session:
            row = await sessions.revoke_session(session, caller(), UUID(request.session_id), utc_now())
        return wire.session(row, row.id == caller().session_id)

    async def GetJsonWebKeySet(self, request: pb.GetJsonWebKeySetRequest, context: Any) -> pb.JsonWebKeySet:
        keys = await self._keyring.published(utc_now())
        return pb.JsonWebKeySet(keys=[wire.json_web_key(key) for key in keys])

    async def GetMe(self, request: pb.GetMeRequest, context: Any) -> Account:
        async with self._db.read() as session:
            return wire.account(await accounts.get_me(session, caller()))

    async def UpdateMe(self, request: pb.UpdateMeRequest, context: Any) -> Account:
        values = masked(request.account, request.update_mask, {"display_name"})
        async with self._db.write() as session:
            return wire.account(await accounts.update_me(session, caller(), values, request.account.etag))

    async def JoinPlatform(self, request: pb.JoinPlatformRequest, context: Any) -> Account:
        platform = wire.platform_name(request.platform)
        async with self._db.write() as session:
            return wire.account(await accounts.join_platform(session, caller(), platform))

    async def ListRoles(self, request: pb.ListRolesRequest, context: Any) -> pb.ListRolesResponse:
        return wire.roles()

    async def _signer(self) -> Signer:
        return Signer(await self._keyring.signer(utc_now()), self._issuer)

    async def _token_set(self, pair: TokenPair) -> TokenSet:
        async with self._db.read() as session:
            return wire.token_set(pair, await accounts.get_account(session, pair.session.account_id))


def device(context: Any) -> Device:
    """Where the call comes from, as the gateway tells."""
    metadata: Sequence[tuple[str, str | bytes]] = context.invocation_metadata() or ()
    agent = next((value for key, value in metadata if key == "user-agent"), "")
    return Device(str(agent), caller().address)
