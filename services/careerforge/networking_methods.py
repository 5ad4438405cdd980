"""CareerForgeService's methods about networking. What is between two people is worked on as the platform; each is told from a view of
their own.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1 import growth_pb2

from services.careerforge import introductions, networking, queries
from services.careerforge import networking_queries as network_queries
from services.careerforge import networking_wire as wire
from services.careerforge.introductions import Reply
from services.careerforge.tables import IntroductionView
from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import chosen
from services.kit.pages import Page


class NetworkingMethods:
    """Part of the servicer."""

    _db: Database
    _seal_key: str

    async def GetNetworking(self, request: pb.GetNetworkingRequest, context: Any) -> growth_pb2.Networking:
        async with self._db.read() as session:
            setting = await network_queries.find_setting(session, caller().account())
            return wire.networking(setting, await queries.find_profile(session, caller().account()))

    async def SetNetworking(self, request: pb.SetNetworkingRequest, context: Any) -> Empty:
        async with self._db.write(EVERYONE) as session:
            await networking.set_networking(session, caller(), request.enabled, utc_now())
        return Empty()

    async def ListIntroductions(
        self, request: pb.ListIntroductionsRequest, context: Any
    ) -> pb.ListIntroductionsResponse:
        state = chosen(growth_pb2.Introduction.State, request.state)
        page = Page.asked(self._seal_key, request, f"introductions/{state}")
        async with self._db.read() as session:
            rows = await network_queries.list_views(session, caller().account(), state, utc_now(), page)
        shown, token = page.cut(rows)
        return pb.ListIntroductionsResponse(introductions=await self._introductions(shown), next_page_token=token)

    async def AnswerIntroduction(self, request: pb.AnswerIntroductionRequest, context: Any) -> growth_pb2.Introduction:
        request_id = UUID(request.request_id) if request.request_id else None
        reply = Reply(request.accept, request.block, request.report, request_id)
        async with self._db.write(EVERYONE) as session:
            view = await introductions.answer(session, caller(), UUID(request.introduction_id), reply, utc_now())
        return (await self._introductions([view]))[0]

    async def _introductions(self, views: Sequence[IntroductionView]) -> list[growth_pb2.Introduction]:
        """With the names of those whom the views name: no other of what is not the caller's is read."""
        async with self._db.read(EVERYONE) as session:
            names = await network_queries.names_of(session, views)
        return [wire.introduction(view, names, utc_now()) for view in views]
