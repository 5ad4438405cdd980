"""Signing up, and the own account."""

from typing import Any

from google.protobuf.empty_pb2 import Empty
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import Account
from skillsync.user.v1.session_pb2 import TokenSet

from services.kit.auth import caller
from services.kit.db import EVERYONE, utc_now
from services.kit.masks import masked
from services.user import accounts, registrations, sessions, wire
from services.user.servicer.methods import Methods, device


class AccountMethods(Methods):
    async def Register(self, request: pb.RegisterRequest, context: Any) -> Empty:
        platform = wire.platform_name(request.platform)
        async with self.db.write(EVERYONE) as session:
            await registrations.register(session, request.email, platform, request.display_name, utc_now())
        return Empty()

    async def CompleteRegistration(self, request: pb.CompleteRegistrationRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self.signer()
        async with self.db.write(EVERYONE) as session:
            account_id = await registrations.complete(session, request.code, request.password, now)
            pair = await sessions.open_session(session, signer, account_id, device(context), now)
        return await self.token_set(pair)

    async def GetMe(self, request: pb.GetMeRequest, context: Any) -> Account:
        async with self.db.read() as session:
            return wire.account(await accounts.get_me(session, caller()))

    async def UpdateMe(self, request: pb.UpdateMeRequest, context: Any) -> Account:
        values = masked(request.account, request.update_mask, {"display_name"})
        async with self.db.write() as session:
            return wire.account(await accounts.update_me(session, caller(), values, request.account.etag))

    async def JoinPlatform(self, request: pb.JoinPlatformRequest, context: Any) -> Account:
        platform = wire.platform_name(request.platform)
        async with self.db.write() as session:
            return wire.account(await accounts.join_platform(session, caller(), platform))

    async def ListRoles(self, request: pb.ListRolesRequest, context: Any) -> pb.ListRolesResponse:
        return wire.roles()
