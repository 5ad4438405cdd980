"""Signing in through providers."""

from typing import Any

from skillsync.user.v1 import user_service_pb2 as pb
from skillsync.user.v1.session_pb2 import TokenSet

from services.kit.db import EVERYONE, utc_now
from services.user import oidc, sessions, wire
from services.user.oidc import Vouched
from services.user.servicer.methods import Methods, device


class ProviderMethods(Methods):
    async def ListSignInProviders(
        self, request: pb.ListSignInProvidersRequest, context: Any
    ) -> pb.ListSignInProvidersResponse:
        return wire.sign_in_providers(self.providers.by_name.values())

    async def BeginOidcSignIn(self, request: pb.BeginOidcSignInRequest, context: Any) -> pb.BeginOidcSignInResponse:
        platform = wire.platform_name(request.platform)
        begun = await self.providers.begin(request.provider, request.redirect_uri, platform, utc_now())
        return pb.BeginOidcSignInResponse(
            authorization_url=begun.url, state=begun.state, browser_secret=begun.browser_secret
        )

    async def SignInWithOidc(self, request: pb.SignInWithOidcRequest, context: Any) -> TokenSet:
        now, signer = utc_now(), await self.signer()
        vouched = await self._vouched(request)
        async with self.db.write(EVERYONE) as session:
            account_id = await oidc.account_of(session, vouched, now)
            pair = await sessions.open_session(session, signer, account_id, device(context), now)
        return await self.token_set(pair)

    async def _vouched(self, request: pb.SignInWithOidcRequest) -> Vouched:
        if request.code:
            return await self.providers.vouched_by_code(
                request.provider, request.code, request.state, request.browser_secret, utc_now()
            )
        platform = wire.platform_name(request.platform) if request.platform else "careerforge"
        return await self.providers.vouched_by_token(request.provider, request.id_token, request.nonce, platform)
