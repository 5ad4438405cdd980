"""Passwords, mailed codes, the second factor and roles."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.type.v1.access_pb2 import Role
from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.account_pb2 import Account

from services.kit.auth import caller
from services.kit.db import EVERYONE, utc_now
from services.kit.enums import plain
from services.user import credentials, roles, second_factor, sessions, wire
from services.user.servicer.methods import Methods


class CredentialMethods(Methods):
    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Any) -> Empty:
        async with self.db.read() as reading:
            await credentials.check_new_password(reading, caller(), request.new_password)
        async with self.own_secret() as session:
            await credentials.change_password(
                session, caller(), request.current_password, request.new_password, utc_now()
            )
        return Empty()

    async def SendPasswordReset(self, request: pb.SendPasswordResetRequest, context: Any) -> Empty:
        async with self.db.write(EVERYONE) as session:
            await credentials.ask_for_reset(session, request.email)
        return Empty()

    async def ResetPassword(self, request: pb.ResetPasswordRequest, context: Any) -> Empty:
        async with self.db.write(EVERYONE) as session:
            await credentials.reset_password(session, request.code, request.new_password, self.seal_key, utc_now())
        return Empty()

    async def SendEmailVerification(self, request: pb.SendEmailVerificationRequest, context: Any) -> Empty:
        async with self.db.write() as session:
            await credentials.ask_for_verification(session, caller())
        return Empty()

    async def VerifyEmail(self, request: pb.VerifyEmailRequest, context: Any) -> Empty:
        async with self.db.write(EVERYONE) as session:
            await credentials.verify_email(session, request.code, utc_now())
        return Empty()

    async def UnlockAccount(self, request: pb.UnlockAccountRequest, context: Any) -> Empty:
        async with self.db.write(EVERYONE) as session:
            await credentials.unlock(session, request.code, self.seal_key, utc_now())
        return Empty()

    async def BeginSecondFactor(
        self, request: pb.BeginSecondFactorRequest, context: Any
    ) -> pb.BeginSecondFactorResponse:
        async with self.db.read() as reading:
            account = await credentials.own_account(reading, caller())
            await second_factor.check_can_begin(reading, account)
        async with self.own_secret() as session:
            await sessions.check_password(session, account.email, request.password)
            uri = await second_factor.begin(session, caller(), self.seal_key)
        return pb.BeginSecondFactorResponse(otpauth_uri=uri)

    async def ConfirmSecondFactor(
        self, request: pb.ConfirmSecondFactorRequest, context: Any
    ) -> pb.ConfirmSecondFactorResponse:
        async with self.db.write() as session:
            codes = await second_factor.confirm(session, caller(), request.code, self.seal_key, utc_now())
        return pb.ConfirmSecondFactorResponse(recovery_codes=codes)

    async def RemoveSecondFactor(self, request: pb.RemoveSecondFactorRequest, context: Any) -> Empty:
        now = utc_now()
        async with self.own_secret() as session:
            email = await credentials.own_email(session, caller())
            account_id = await sessions.check_password(session, email, request.password)
            await self.check_second_factor(session, account_id, email, request.code, now)
            await second_factor.remove(session, account_id)
        return Empty()

    async def GrantRole(self, request: pb.GrantRoleRequest, context: Any) -> Account:
        async with self.db.write(EVERYONE) as session:
            role = plain(Role, request.role).lower()
            return wire.account(await roles.grant_role(session, caller(), UUID(request.account_id), role))

    async def RevokeRole(self, request: pb.RevokeRoleRequest, context: Any) -> Account:
        async with self.db.write(EVERYONE) as session:
            role = plain(Role, request.role).lower()
            return wire.account(await roles.revoke_role(session, caller(), UUID(request.account_id), role, utc_now()))
