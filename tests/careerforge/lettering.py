"""What tests of cover letters ask for again and again."""

import asyncio
from typing import Any
from uuid import uuid4

from skillsync.billing.v1 import billing_service_pb2 as billing
from skillsync.billing.v1.billing_service_pb2_grpc import BillingServiceStub
from skillsync.billing.v1.plan_pb2 import FEATURE_COVER_LETTER, Feature
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.careerforge_service_pb2_grpc import CareerForgeServiceStub
from skillsync.careerforge.v1.growth_pb2 import CoverLetter, LetterSentence

from tests.builders import Person
from tests.harness import System


class Letters:
    """A person's own letters, as the person asks for them."""

    def __init__(self, system: System, person: Person) -> None:
        self.stub, self.person, self.system = CareerForgeServiceStub(system.direct("careerforge")), person, system

    async def stream(self, position_id: str, **fields: Any) -> list[pb.WriteCoverLetterResponse]:
        request = pb.WriteCoverLetterRequest(position_id=position_id, **fields)
        return [event async for event in self.stub.WriteCoverLetter(request, metadata=self.person.metadata)]

    async def write(self, position_id: str, **fields: Any) -> CoverLetter:
        return (await self.stream(position_id, **fields))[-1].letter

    async def ask(self, method: str, request: Any) -> Any:
        return await getattr(self.stub, method)(request, metadata=self.person.metadata)

    async def get(self, letter_id: str, version_number: int = 0) -> CoverLetter:
        request = pb.GetCoverLetterRequest(letter_id=letter_id, version_number=version_number)
        found: CoverLetter = await self.ask("GetCoverLetter", request)
        return found

    async def change(self, letter_id: str, *sentences: str, **fields: Any) -> CoverLetter:
        request = pb.UpdateCoverLetterRequest(letter_id=letter_id, sentences=sentences, **fields)
        found: CoverLetter = await self.ask("UpdateCoverLetter", request)
        return found

    async def credits(self, feature: Feature.ValueType = FEATURE_COVER_LETTER) -> int:
        """Left, once nothing is reserved any more."""
        async with asyncio.timeout(60):
            while await self.reserved():
                await asyncio.sleep(0.05)
        stub = BillingServiceStub(self.system.direct("billing"))
        found = await stub.GetEntitlements(billing.GetEntitlementsRequest(), metadata=self.person.metadata)
        return next(b.remaining for b in found.balances if b.feature == feature)

    async def reserved(self) -> int:
        return await self.system.count("billing.reservations", "user_id = $1 and state = 'RESERVED'", self.person.id)

    async def kept(self) -> int:
        return await self.system.count("careerforge.cover_letters", "user_id = $1", self.person.id)


def texts(letter: CoverLetter) -> list[str]:
    return [one.text for one in letter.sentences]


def streamed(events: list[pb.WriteCoverLetterResponse]) -> list[LetterSentence]:
    """Sentences that count."""
    found: list[LetterSentence] = []
    for event in events:
        found = [] if event.restarted else [*found, event.sentence] if event.HasField("sentence") else found
    return found


def an_id() -> str:
    return str(uuid4())
