"""What members write about applications, for colleagues alone."""

from collections.abc import Sequence
from uuid import UUID

from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession
from services.kit.pages import Page
from services.talenthub import application_queries as queries
from services.talenthub import dossier_queries, moves
from services.talenthub.tables import Note


async def create_note(
    session: WriteSession, caller: Caller, application_id: UUID, text: str, request_id: UUID | None
) -> Note:
    """The same `request_id` again: the note it made before."""
    await moves.get_managed(session, caller, application_id)
    known = await dossier_queries.find_note_by_request(session, application_id, request_id) if request_id else None
    if known:
        return known
    note = Note(application_id=application_id, author_id=caller.account(), text=text, request_id=request_id)
    session.add(note)
    await session.flush()
    await session.refresh(note)
    return note


async def list_notes(session: ReadSession, caller: Caller, application_id: UUID, page: Page) -> Sequence[Note]:
    """Newest first, with those about applications merged into this one."""
    await moves.get_read(session, caller, application_id)
    return await dossier_queries.list_notes(session, await queries.with_merged(session, application_id), page)
