"""CareerForgeService's methods about milestones: the caller's own, and the proofs of others that wait for a reviewer."""

from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import AchievementProgress, Milestone

from services.careerforge import achievements, milestone_reviews, milestone_wire, milestones
from services.careerforge.milestone_verifying import Verifier
from services.kit.auth import caller
from services.kit.blobs import Blobs
from services.kit.db import EVERYONE, Database, utc_now
from services.kit.ids import optional_id
from services.kit.masks import masked
from services.kit.pages import Page


class MilestoneMethods:
    """Part of the servicer."""

    _db: Database
    _blobs: Blobs
    _seal_key: str
    _verifier: Verifier

    async def CreateMilestone(self, request: pb.CreateMilestoneRequest, context: Any) -> Milestone:
        values, request_id = milestone_wire.new_values(request.milestone), optional_id(request.request_id)
        async with self._db.write() as session:
            return milestone_wire.milestone(await milestones.create_milestone(session, caller(), values, request_id))

    async def ListMilestones(self, request: pb.ListMilestonesRequest, context: Any) -> pb.ListMilestonesResponse:
        page = Page.asked(self._seal_key, request, "milestones")
        async with self._db.read() as session:
            rows = await milestones.list_milestones(session, caller(), page)
        shown, token = page.cut(rows)
        return pb.ListMilestonesResponse(milestones=map(milestone_wire.milestone, shown), next_page_token=token)

    async def UpdateMilestone(self, request: pb.UpdateMilestoneRequest, context: Any) -> Milestone:
        values = milestone_wire.values(masked(request.milestone, request.update_mask, milestone_wire.FIELDS))
        milestone_id, request_id = UUID(request.milestone_id), optional_id(request.request_id)
        async with self._db.write() as session:
            row = await milestones.update_milestone(
                session, caller(), milestone_id, values, request.milestone.etag, request_id
            )
            return milestone_wire.milestone(row)

    async def DeleteMilestone(self, request: pb.DeleteMilestoneRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await milestones.delete_milestone(session, caller(), UUID(request.milestone_id))
        return Empty()

    async def VerifyMilestone(self, request: pb.VerifyMilestoneRequest, context: Any) -> Milestone:
        milestone_id, request_id = UUID(request.milestone_id), optional_id(request.request_id)
        return milestone_wire.milestone(await self._verifier.verify(caller(), milestone_id, request_id, utc_now()))

    async def GetAchievementProgress(
        self, request: pb.GetAchievementProgressRequest, context: Any
    ) -> AchievementProgress:
        async with self._db.read() as session:
            return milestone_wire.progress(await achievements.get_progress(session, caller(), utc_now()))

    async def ListMilestoneReviews(
        self, request: pb.ListMilestoneReviewsRequest, context: Any
    ) -> pb.ListMilestoneReviewsResponse:
        page = Page.asked(self._seal_key, request, "milestone-reviews")
        async with self._db.read(EVERYONE) as session:
            rows = await milestone_reviews.list_reviews(session, caller(), page)
        shown, token = page.cut(rows, key=lambda found: found[0].id)
        return pb.ListMilestoneReviewsResponse(reviews=map(milestone_wire.review, shown), next_page_token=token)

    async def DownloadMilestoneProof(self, request: pb.DownloadMilestoneProofRequest, context: Any) -> HttpBody:
        async with self._db.read(EVERYONE) as session:
            row = await milestone_reviews.get_proof(session, caller(), UUID(request.milestone_id))
        return HttpBody(content_type=row.content_type, data=await self._blobs.get(row.blob_key))

    async def ReviewMilestone(self, request: pb.ReviewMilestoneRequest, context: Any) -> Empty:
        milestone_id, request_id = UUID(request.milestone_id), optional_id(request.request_id)
        said = (request.accept, request.reason, request.etag, request_id, utc_now())
        async with self._db.write(EVERYONE) as session:
            await milestone_reviews.review(session, caller(), milestone_id, *said)
        return Empty()
