"""Methods about fair hiring: audits, decisions, disputes, and what people tell of themselves."""

from typing import Any
from uuid import UUID

from skillsync.talenthub.v1 import talenthub_service_pb2 as pb
from skillsync.talenthub.v1.fairness_pb2 import BiasAudit, Dispute, SelfIdentification

from services.kit.auth import caller
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.ids import optional_id
from services.kit.pages import Numbers, Page
from services.talenthub import decisions
from services.talenthub import fairness_wire as wire
from services.talenthub.fairness import audits, disputes, identification
from services.talenthub.fairness.audits import Asked
from services.talenthub.fairness_scores import MatchScores
from services.talenthub.wire import time_of


class FairnessMethods:
    _db: Database
    _seal_key: str
    _scores: MatchScores

    async def RunBiasAudit(self, request: pb.RunBiasAuditRequest, context: Any) -> BiasAudit:
        now = utc_now()
        start = time_of("start_time", request.start_time) if request.HasField("start_time") else now - audits.PERIOD
        asked = Asked(UUID(request.organization_id), start, now, optional_id(request.request_id))
        row = await audits.run_bias_audit(self._db, caller(), asked, self._scores.of)
        return wire.bias_audit(row, row.html)

    async def ListBiasAudits(self, request: pb.ListBiasAuditsRequest, context: Any) -> pb.ListBiasAuditsResponse:
        page = Page.asked(self._seal_key, request, f"bias-audits/{request.organization_id}")
        async with self._db.read() as session:
            rows = await audits.list_bias_audits(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows)
        return pb.ListBiasAuditsResponse(bias_audits=[wire.bias_audit(row) for row in shown], next_page_token=token)

    async def GetSelfIdentification(self, request: pb.GetSelfIdentificationRequest, context: Any) -> SelfIdentification:
        async with self._db.read() as session:
            row = await identification.find_own(session, caller())
        return SelfIdentification(sex=row.sex, race=row.race) if row else SelfIdentification()

    async def SetSelfIdentification(self, request: pb.SetSelfIdentificationRequest, context: Any) -> SelfIdentification:
        told = request.self_identification
        async with self._db.write() as session:
            await identification.set_own(session, caller(), told.sex, told.race)
        return told

    async def ListDecisions(self, request: pb.ListDecisionsRequest, context: Any) -> pb.ListDecisionsResponse:
        name = f"decisions/{request.organization_id}/{caller().account_id}"
        page = Numbers.of(self._seal_key, name, request.page_size, request.page_token)
        async with self._db.read() as session:
            rows = await decisions.list_decisions(session, caller(), UUID(request.organization_id), page)
        shown, token = page.cut(rows, key=lambda row: row.sequence)
        return pb.ListDecisionsResponse(decisions=[wire.decision(row) for row in shown], next_page_token=token)

    async def CreateDispute(self, request: pb.CreateDisputeRequest, context: Any) -> Dispute:
        application_id, request_id = UUID(request.application_id), optional_id(request.request_id)
        # It goes into a log that the person does not see.
        async with self._db.write(EVERYONE) as session:
            row = await disputes.create_dispute(session, caller(), application_id, request.text, request_id, utc_now())
            return wire.dispute(row)

    async def ListDisputes(self, request: pb.ListDisputesRequest, context: Any) -> pb.ListDisputesResponse:
        page = Page.asked(self._seal_key, request, f"disputes/{request.application_id}")
        async with self._db.read() as session:
            rows = await disputes.list_disputes(session, caller(), UUID(request.application_id), page)
        shown, token = page.cut(rows)
        return pb.ListDisputesResponse(disputes=[wire.dispute(row) for row in shown], next_page_token=token)

    async def AnswerDispute(self, request: pb.AnswerDisputeRequest, context: Any) -> Dispute:
        dispute_id, answer = UUID(request.dispute_id), request.answer
        async with self._db.write() as session:
            row = await disputes.answer_dispute(session, caller(), dispute_id, answer, request.corrected, utc_now())
            return wire.dispute(row)
