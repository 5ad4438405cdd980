"""CareerForgeService's methods about projects, the caller's and those that everybody may see."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import PortfolioItem

from services.careerforge import portfolio, showcase_wire
from services.careerforge.entry_pages import TextPage
from services.kit.auth import caller
from services.kit.db import EVERYONE, Database
from services.kit.ids import optional_id
from services.kit.masks import masked


class PortfolioMethods:
    """Part of the servicer."""

    _db: Database
    _seal_key: str

    async def CreateShowcase(self, request: pb.CreateShowcaseRequest, context: Any) -> PortfolioItem:
        values, request_id = showcase_wire.new_item(request.item), optional_id(request.request_id)
        async with self._db.write() as session:
            return showcase_wire.item(await portfolio.create_item(session, caller(), values, request_id))

    async def ListPortfolio(self, request: pb.ListPortfolioRequest, context: Any) -> pb.ListPortfolioResponse:
        page = TextPage.asked(self._seal_key, request, "portfolio")
        async with self._db.read() as session:
            shown, token = page.cut(await portfolio.list_portfolio(session, caller(), page))
        return pb.ListPortfolioResponse(items=map(showcase_wire.item, shown), next_page_token=token)

    async def UpdatePortfolioItem(self, request: pb.UpdatePortfolioItemRequest, context: Any) -> PortfolioItem:
        values = showcase_wire.item_values(masked(request.item, request.update_mask, showcase_wire.ITEM_FIELDS))
        item_id, request_id = UUID(request.item_id), optional_id(request.request_id)
        async with self._db.write() as session:
            row = await portfolio.update_item(session, caller(), item_id, values, request.item.etag, request_id)
            return showcase_wire.item(row)

    async def DeletePortfolioItem(self, request: pb.DeletePortfolioItemRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await portfolio.delete_item(session, caller(), UUID(request.item_id))
        return Empty()

    async def GetPublicShowcase(
        self, request: pb.GetPublicShowcaseRequest, context: Any
    ) -> pb.GetPublicShowcaseResponse:
        # Whoever looks, or nobody at all: what may be seen is decided by the use case.
        async with self._db.read(EVERYONE) as session:
            return showcase_wire.showcase(await portfolio.get_public_showcase(session, UUID(request.user_id)))
