"""What tests of documents, projects and milestones ask for again and again."""

import asyncio
from typing import Any
from uuid import uuid4

from google.api.httpbody_pb2 import HttpBody
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import (
    AchievementProgress,
    Document,
    LinkPreview,
    Milestone,
    MilestoneReview,
    MilestoneType,
    PortfolioItem,
)
from skillsync.careerforge.v1.profile_pb2 import Profile

from tests.builders import Person
from tests.harness import System

PART = 65_536


class Showing:
    """A person's documents, projects and milestones, as the person asks for them."""

    def __init__(self, system: System, person: Person) -> None:
        self.system, self.person = system, person
        self.stub = CareerForgeServiceStub(system.direct("careerforge"))

    async def ask(self, method: str, request: Any) -> Any:
        return await getattr(self.stub, method)(request, metadata=self.person.metadata)

    # Documents

    async def upload(self, data: bytes | str, filename: str = "file", kind: str = "", request_id: str = "") -> Document:
        raw = data.encode() if isinstance(data, str) else data
        pieces = [raw[i : i + PART] for i in range(0, len(raw), PART)] or [b""]

        async def requests() -> Any:
            for number, piece in enumerate(pieces):
                first = {"filename": filename, "kind": kind, "request_id": request_id} if number == 0 else {}
                yield pb.UploadDocumentRequest(file=HttpBody(data=piece), **first)

        return await self.stub.UploadDocument(requests(), metadata=self.person.metadata)

    async def documents(self) -> list[Document]:
        return list((await self.ask("ListDocuments", pb.ListDocumentsRequest(page_size=200))).documents)

    async def scanned(self, document: Document) -> Document:
        """As it is once it was looked at."""
        async with asyncio.timeout(60):
            while True:
                found = next(one for one in await self.documents() if one.id == document.id)
                if found.state != Document.STATE_SCANNING:
                    return found
                await asyncio.sleep(0.05)

    async def a_document(self, data: bytes | str, **fields: str) -> Document:
        document = await self.scanned(await self.upload(data, **fields))
        assert document.state == Document.STATE_CLEAN, document
        return document

    async def download(self, document_id: str) -> HttpBody:
        return await self.ask("DownloadDocument", pb.DownloadDocumentRequest(document_id=document_id))

    async def delete_document(self, document_id: str) -> None:
        await self.ask("DeleteDocument", pb.DeleteDocumentRequest(document_id=document_id))

    # Projects

    async def show(self, request_id: str = "", **fields: Any) -> PortfolioItem:
        item = PortfolioItem(**({"project_title": "A map"} | fields))
        return await self.ask("CreateShowcase", pb.CreateShowcaseRequest(item=item, request_id=request_id))

    async def items(self, page_size: int = 200) -> list[PortfolioItem]:
        """Over as many pages as there are."""
        found, token = [], ""
        while True:
            request = pb.ListPortfolioRequest(page_size=page_size, page_token=token)
            answer = await self.ask("ListPortfolio", request)
            found += answer.items
            if not (token := answer.next_page_token):
                return found

    async def update_item(
        self, item_id: str, mask: tuple[str, ...] = (), request_id: str = "", **fields: Any
    ) -> PortfolioItem:
        request = pb.UpdatePortfolioItemRequest(item_id=item_id, item=PortfolioItem(**fields), request_id=request_id)
        request.update_mask.paths.extend(mask)
        return await self.ask("UpdatePortfolioItem", request)

    async def delete_item(self, item_id: str) -> None:
        await self.ask("DeletePortfolioItem", pb.DeletePortfolioItemRequest(item_id=item_id))

    async def previewed(self, item_id: str, field: str = "link_preview") -> LinkPreview:
        """As it is once a worker has been there."""
        async with asyncio.timeout(60):
            while True:
                item = next(one for one in await self.items() if one.id == item_id)
                preview: LinkPreview = getattr(item, field)
                if preview.state != LinkPreview.STATE_PENDING:
                    return preview
                await asyncio.sleep(0.05)

    async def become(self, visibility: Any, **fields: str) -> Profile:
        request = pb.UpdateProfileRequest(profile=Profile(visibility=visibility, **fields))
        return await self.ask("UpdateProfile", request)

    # Milestones

    async def reach(self, title: str = "A certificate", kind: Any = None, **fields: Any) -> Milestone:
        request_id = fields.pop("request_id", "")
        kind = kind or MilestoneType.MILESTONE_TYPE_CERT_EARNED
        milestone = Milestone(milestone_type=kind, title=title, **fields)
        request = pb.CreateMilestoneRequest(milestone=milestone, request_id=request_id)
        return await self.ask("CreateMilestone", request)

    async def milestones(self) -> list[Milestone]:
        return list((await self.ask("ListMilestones", pb.ListMilestonesRequest(page_size=200))).milestones)

    async def change(self, milestone_id: str, mask: tuple[str, ...] = (), request_id: str = "", **fields: Any) -> Any:
        milestone = Milestone(**fields)
        request = pb.UpdateMilestoneRequest(milestone_id=milestone_id, milestone=milestone, request_id=request_id)
        request.update_mask.paths.extend(mask)
        return await self.ask("UpdateMilestone", request)

    async def verify(self, milestone_id: str, request_id: str = "") -> Milestone:
        request = pb.VerifyMilestoneRequest(milestone_id=milestone_id, request_id=request_id)
        return await self.ask("VerifyMilestone", request)

    async def forget(self, milestone_id: str) -> None:
        await self.ask("DeleteMilestone", pb.DeleteMilestoneRequest(milestone_id=milestone_id))

    async def progress(self) -> AchievementProgress:
        return await self.ask("GetAchievementProgress", pb.GetAchievementProgressRequest())

    async def score(self) -> int:
        """Of the profile."""
        return int((await self.ask("GetProfile", pb.GetProfileRequest())).insights.achievement_score)

    # Reviews, as a reviewer

    async def reviews(self) -> list[MilestoneReview]:
        return list((await self.ask("ListMilestoneReviews", pb.ListMilestoneReviewsRequest(page_size=200))).reviews)

    async def review(self, milestone_id: str, accept: bool, reason: str = "seen", **fields: str) -> None:
        request = pb.ReviewMilestoneRequest(milestone_id=milestone_id, accept=accept, reason=reason, **fields)
        await self.ask("ReviewMilestone", request)

    async def proof(self, milestone_id: str) -> HttpBody:
        return await self.ask("DownloadMilestoneProof", pb.DownloadMilestoneProofRequest(milestone_id=milestone_id))


def an_id() -> str:
    return str(uuid4())
