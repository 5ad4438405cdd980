"""CareerForgeService's methods about cover letters."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from uuid import UUID

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty
from skillsync.billing.v1.plan_pb2 import FEATURE_COVER_LETTER, FEATURE_EXPORT
from skillsync.careerforge.v1 import careerforge_service_pb2 as pb
from skillsync.careerforge.v1.growth_pb2 import CoverLetter

from services.careerforge import analyses, insights, letter_export, letter_sources, letter_wire, letters, profiles
from services.careerforge.letter_writing import Asked, Author, Written
from services.careerforge.letters import Letter, Promised
from services.careerforge.positions import Positions
from services.kit.auth import caller
from services.kit.credits import Credits
from services.kit.db import EVERYONE, Database, utc_now, uuid7
from services.kit.pages import Numbers, Page


class LetterMethods:
    """Part of the servicer."""

    _db: Database
    _seal_key: str
    _credits: Credits
    _positions: Positions
    _author: Author

    async def WriteCoverLetter(
        self, request: pb.WriteCoverLetterRequest, context: Any
    ) -> AsyncIterator[pb.WriteCoverLetterResponse]:
        asked = letter_wire.asked(request)
        async with self._db.read() as session:
            known = await letters.find_repeated(session, caller(), asked.request_id)
        found = _again(known) if known else self._write(asked)
        async with aclosing(found) as responses:
            async for response in responses:
                yield response

    async def _write(self, asked: Asked) -> AsyncGenerator[pb.WriteCoverLetterResponse, None]:
        """Streams, and keeps the letter before it says that it is done. Who goes away before that has asked for nothing."""
        position = await self._positions.get_open(asked.position_id)
        async with self._db.snapshot(EVERYONE) as reading:
            person = await letter_sources.read_person(reading, caller().account(), utc_now().date())
        async with self._reserved() as promised, aclosing(self._author.write(person, position, asked)) as events:
            async for event in events:
                if not isinstance(event, Written):
                    yield letter_wire.written(event)
                    continue
                async with self._db.write() as session:
                    kept = await letters.keep(session, caller(), promised, asked, position, person.resume_id, event)
        yield pb.WriteCoverLetterResponse(letter=letter_wire.letter(kept))

    @asynccontextmanager
    async def _reserved(self) -> AsyncIterator[Promised]:
        """A credit, given back when the block fails, or its process dies, unless the letter was kept."""
        letter_id = uuid7()
        async with self._db.write() as session:
            promise_id = await analyses.promise(session, caller(), letter_id)
        try:
            await self._credits.reserve(caller().account(), letter_id, FEATURE_COVER_LETTER, f"letters/{letter_id}")
            yield Promised(letter_id, promise_id)
        except BaseException:
            # Whoever is cut off is still to be given it back.
            await asyncio.shield(self._give_back(promise_id))
            raise

    async def _give_back(self, promise_id: UUID) -> None:
        async with self._db.write() as session:
            await analyses.take_back(session, promise_id)

    async def GetCoverLetter(self, request: pb.GetCoverLetterRequest, context: Any) -> CoverLetter:
        async with self._db.read() as session:
            found = await letters.get_letter(session, caller(), UUID(request.letter_id), request.version_number)
        return letter_wire.letter(found)

    async def ListCoverLetters(self, request: pb.ListCoverLettersRequest, context: Any) -> pb.ListCoverLettersResponse:
        page = Page.asked(self._seal_key, request, "letters")
        async with self._db.read() as session:
            shown, token = page.cut(await letters.list_letters(session, caller(), page))
        return pb.ListCoverLettersResponse(letters=map(letter_wire.overview, shown), next_page_token=token)

    async def ListCoverLetterVersions(
        self, request: pb.ListCoverLetterVersionsRequest, context: Any
    ) -> pb.ListCoverLetterVersionsResponse:
        name = f"letter versions/{request.letter_id}"
        page = Numbers.of(self._seal_key, name, request.page_size, request.page_token)
        async with self._db.read() as session:
            rows = await letters.list_versions(session, caller(), UUID(request.letter_id), page)
        shown, token = page.cut(rows, lambda row: row[0].number)
        versions = [letter_wire.version(*row) for row in shown]
        return pb.ListCoverLetterVersionsResponse(versions=versions, next_page_token=token)

    async def UpdateCoverLetter(self, request: pb.UpdateCoverLetterRequest, context: Any) -> CoverLetter:
        change = letter_wire.change(request)
        async with self._db.write() as session:
            return letter_wire.letter(await letters.change_letter(session, caller(), UUID(request.letter_id), change))

    async def DeleteCoverLetter(self, request: pb.DeleteCoverLetterRequest, context: Any) -> Empty:
        async with self._db.write() as session:
            await letters.delete_letter(session, caller(), UUID(request.letter_id))
        return Empty()

    async def ExportCoverLetter(self, request: pb.ExportCoverLetterRequest, context: Any) -> HttpBody:
        async with self._db.read() as session:
            row, version = await letters.get_letter(session, caller(), UUID(request.letter_id))
            profile = await profiles.get_profile(session, caller())
        contact = insights.said(profile).contact
        name = profile.display_name or (contact.name.text if contact.name else "")
        async with self._credits.spent(caller().account(), FEATURE_EXPORT, f"letters/{row.id}"):
            data = await asyncio.to_thread(
                letter_export.export,
                request.format,
                letters.sentences_of(version),
                name,
                contact,
                row.position_title,
                row.language_code,
            )
        return HttpBody(content_type=letter_export.CONTENT_TYPES[request.format], data=data)


async def _again(known: Letter) -> AsyncGenerator[pb.WriteCoverLetterResponse, None]:
    _, version = known
    for sentence in letters.sentences_of(version):
        yield pb.WriteCoverLetterResponse(sentence=letter_wire.sentence(sentence))
    yield pb.WriteCoverLetterResponse(letter=letter_wire.letter(known))
