"""Methods about offers."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.application_pb2 import Offer

from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.ids import optional_id
from services.kit.pages import Page
from services.talenthub import application_wire as wire
from services.talenthub import offers
from services.talenthub.wire import time_of


class OfferMethods:
    _db: Database
    _seal_key: str

    async def CreateOffer(self, request: pb.CreateOfferRequest, context: Any) -> Offer:
        now = utc_now()
        async with self._db.write() as session:
            row = await offers.create_offer(
                session,
                caller(),
                UUID(request.application_id),
                request.terms,
                time_of("expire_time", request.expire_time),
                optional_id(request.request_id),
                now,
            )
            return wire.offer(row, now)

    async def ListOffers(self, request: pb.ListOffersRequest, context: Any) -> pb.ListOffersResponse:
        page, now = Page.asked(self._seal_key, request, f"offers/{request.application_id}"), utc_now()
        async with self._db.read() as session:
            rows = await offers.list_offers(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListOffersResponse(offers=[wire.offer(row, now) for row in shown], next_page_token=token)

    async def WithdrawOffer(self, request: pb.WithdrawOfferRequest, context: Any) -> Offer:
        offer_id, now = UUID(request.offer_id), utc_now()
        async with self._db.write() as session:
            row = await offers.withdraw_offer(session, caller(), offer_id, bool(request.request_id), now)
            return wire.offer(row, now)

    async def AnswerOffer(self, request: pb.AnswerOfferRequest, context: Any) -> Offer:
        offer_id, now = UUID(request.offer_id), utc_now()
        # The step that follows stands among what the organization's members see.
        async with self._db.write(EVERYONE) as session:
            row = await offers.answer_offer(session, caller(), offer_id, request.accept, bool(request.request_id), now)
            return wire.offer(row, now)
