"""Methods of MatchingService about what recruiters edit and record, what was shown, and what would help."""

from typing import Any
from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from skillsync.billing.v1.plan_pb2 import FEATURE_AI_INSIGHT
from skillsync.matching.v1 import match_pb2
from skillsync.matching.v1 import matching_service_pb2 as pb

from services.ai.skills import load
from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.enums import plain
from services.kit.masks import masked
from services.kit.pages import Page
from services.matching import auditing, edit_wire, editing, feedback, matches, replaying, whatif


class EditingMethods:
    """Each asks first whether the position is the caller's to see. What follows may need the eyes or the pen of the platform: copies of
    positions are nobody's to write, and features of people are no recruiter's to read.
    """

    _db: Database
    _credits: Credits
    _seal_key: str

    async def ListRequirements(self, request: pb.ListRequirementsRequest, context: Any) -> pb.ListRequirementsResponse:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.read() as session:
            found = await editing.list_requirements(session, position)
        return edit_wire.requirements(found, position.features_etag)

    async def CreateRequirement(self, request: pb.CreateRequirementRequest, context: Any) -> match_pb2.Requirement:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        values = edit_wire.requirement_values(request.requirement)
        request_id = UUID(request.request_id) if request.request_id else None
        async with self._db.write(EVERYONE) as session:
            made = await editing.create_requirement(session, caller(), position.id, values, request_id, load)
        return edit_wire.requirement(made)

    async def UpdateRequirement(self, request: pb.UpdateRequirementRequest, context: Any) -> match_pb2.Requirement:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        fields = masked(request.requirement, request.update_mask, edit_wire.REQUIREMENT_FIELDS)
        values = edit_wire.requirement_values(request.requirement, fields)
        async with self._db.write(EVERYONE) as session:
            changed = await editing.update_requirement(
                session, caller(), position.id, request.requirement_id, values, load
            )
        return edit_wire.requirement(changed)

    async def DeleteRequirement(self, request: pb.DeleteRequirementRequest, context: Any) -> Empty:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.write(EVERYONE) as session:
            await editing.delete_requirement(session, caller(), position.id, request.requirement_id)
        return Empty()

    async def GetWeights(self, request: pb.GetWeightsRequest, context: Any) -> pb.GetWeightsResponse:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        return pb.GetWeightsResponse(weights=editing.weights(position))

    async def UpdateWeights(self, request: pb.UpdateWeightsRequest, context: Any) -> pb.UpdateWeightsResponse:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.write(EVERYONE) as session:
            weights = await editing.update_weights(session, caller(), position.id, dict(request.weights))
        return pb.UpdateWeightsResponse(weights=weights)

    async def RecordFeedback(self, request: pb.RecordFeedbackRequest, context: Any) -> Empty:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        kind = plain(pb.FeedbackKind, request.kind)
        request_id = UUID(request.request_id) if request.request_id else None
        async with self._db.write() as session:
            await feedback.record_feedback(
                session, caller(), position.id, UUID(request.candidate_id), kind, request.reason, request_id
            )
        return Empty()

    async def ListAuditRecords(self, request: pb.ListAuditRecordsRequest, context: Any) -> pb.ListAuditRecordsResponse:
        position_id = UUID(request.position_id) if request.position_id else None
        page = Page.asked(self._seal_key, request, f"audit-records/{position_id}")
        # Whoever may read them may read those of every organization.
        async with self._db.read(EVERYONE) as session:
            rows = await auditing.list_audit_records(session, position_id, page)
        shown, token = page.cut(rows)
        return pb.ListAuditRecordsResponse(records=map(edit_wire.audit_record, shown), next_page_token=token)

    async def ReplayRanking(self, request: pb.ReplayRankingRequest, context: Any) -> pb.ReplayRankingResponse:
        async with self._db.snapshot(EVERYONE) as session:
            found = await replaying.replay_ranking(session, UUID(request.record_id))
        return edit_wire.replayed_ranking(found)

    async def ReplayMatch(self, request: pb.ReplayMatchRequest, context: Any) -> pb.ReplayMatchResponse:
        position = await matches.await_position(self._db, caller(), UUID(request.position_id))
        async with self._db.snapshot(EVERYONE) as session:
            found = await replaying.replay_match(session, position.id, UUID(request.candidate_id))
        return edit_wire.replay(found)

    async def WhatIf(self, request: pb.WhatIfRequest, context: Any) -> pb.WhatIfResponse:
        async with self._credits.spent(
            caller().account(), FEATURE_AI_INSIGHT, f"positions/{request.position_id}:whatIf"
        ):
            found = await whatif.ask(
                self._db,
                caller(),
                UUID(request.position_id),
                request.target_rank,
                request.max_changes,
                utc_now().date(),
            )
        return edit_wire.outlook(found)
