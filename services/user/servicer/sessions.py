"""Signing in, staying signed in, ending it, and the keys that verify tokens."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.type.v1.access_pb2 import PERMISSION_MANAGE_KEYS
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.session_pb2 import Session, TokenSet

from services.kit.auth import caller
from services.kit.db import EVERYONE, utc_now
from services.kit.errors import Unauthenticated
from services.user import attempts, sessions, wire
from services.user.servicer.methods import Methods, device


class SessionMethods(Methods):
    async def SignIn(self, request: pb.SignInRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self.signer()
        async with self.guessing(attempts.at_sign_in(self.seal_key, request.email, request.device_token)) as session:
            account_id = await sessions.check_password(session, request.email, request.password)
            await self.check_second_factor(session, account_id, request.email, request.second_factor_code, now)
            pair = await sessions.open_session(session, signer, account_id, device(context), now)
        return await self.token_set(pair)

    async def RefreshTokens(self, request: pb.RefreshTokensRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self.signer()
        async with self.db.write(EVERYONE) as session:
            pair = await sessions.refresh(session, signer, request.refresh_token, now)
        if pair is None:
            raise Unauthenticated("this refresh token was used before; sign in again", reason="TOKEN_REUSED")
        return await self.token_set(pair)

    async def SignOut(self, request: pb.SignOutRequest, context: Any) -> Empty:
        async with self.db.write() as session:
            await sessions.sign_out(session, caller(), utc_now())
        return Empty()

    async def SignOutEverywhere(
        self, request: pb.SignOutEverywhereRequest, context: Any
    ) -> pb.SignOutEverywhereResponse:
        async with self.db.write() as session:
            ended = await sessions.sign_out_everywhere(session, caller(), utc_now())
        return pb.SignOutEverywhereResponse(ended_count=ended)

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Any) -> pb.ListSessionsResponse:
        async with self.db.read() as session:
            rows = await sessions.list_sessions(session, caller(), utc_now())
        current = caller().session_id
        return pb.ListSessionsResponse(sessions=[wire.session(row, row.id == current) for row in rows])

    async def RevokeSession(self, request: pb.RevokeSessionRequest, context: Any) -> Session:
        async with self.db.write() as session:
            row = await sessions.revoke_session(session, caller(), UUID(request.session_id), utc_now())
        return wire.session(row, row.id == caller().session_id)

    async def RotateSigningKeys(self, request: pb.RotateSigningKeysRequest, context: Any) -> pb.JsonWebKeySet:
        caller().require(PERMISSION_MANAGE_KEYS)
        await self.keyring.rotate(utc_now())
        return await self._key_set()

    async def GetJsonWebKeySet(self, request: pb.GetJsonWebKeySetRequest, context: Any) -> pb.JsonWebKeySet:
        return await self._key_set()

    async def _key_set(self) -> pb.JsonWebKeySet:
        keys = await self.keyring.published(utc_now())
        return pb.JsonWebKeySet(keys=[wire.json_web_key(key) for key in keys])
