"""Cover letters of a person: kept, listed, changed version by version, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ai import codec
from services.careerforge import analyses, letter_edits, letter_queries, profiles, tables
from services.careerforge.letter_edits import Told, told
from services.careerforge.letter_writing import Asked, Written
from services.careerforge.positions import OpenPosition
from services.careerforge.tables import CoverLetter, CoverLetterVersion
from services.kit import jobs
from services.kit.auth import Caller
from services.kit.db import ReadSession, WriteSession, lock_request
from services.kit.masks import check_etag
from services.kit.pages import Numbers, Page

# The first is what was written; of a person's own, so many.
MOST_VERSIONS = 100

Letter = tuple[CoverLetter, CoverLetterVersion]
"""A letter as one of its versions is."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A letter on its way: its id, for which the credit is reserved, and the job that gives it back unless the letter is kept."""

    letter_id: UUID
    promise_id: UUID


@dataclass(frozen=True, slots=True)
class Change:
    """`paragraphs` may be empty."""

    texts: Sequence[str]
    paragraphs: Sequence[int]
    etag: str
    request_id: UUID | None


def sentences_of(version: CoverLetterVersion) -> tuple[Told, ...]:
    return codec.from_json(tuple[Told, ...], version.sentences)


async def find_repeated(session: ReadSession, caller: Caller, request_id: UUID | None) -> Letter | None:
    """The letter that the same request wrote before, as it is now."""
    row = request_id and await letter_queries.find_by_request(session, caller.account(), request_id)
    return (row, await letter_queries.get_version(session, row.id, row.version_number)) if row else None


async def keep(
    session: WriteSession,
    caller: Caller,
    promised: Promised,
    asked: Asked,
    position: OpenPosition,
    resume_id: UUID | None,
    written: Written,
) -> Letter:
    """Letter and credit at once. Raises Conflict when it took too long, or another call of the same request was first."""
    await jobs.withdraw(session, tables.jobs, promised.promise_id)
    await profiles.ensure_profile(session, caller)
    options = asked.options
    row = CoverLetter(
        id=promised.letter_id,
        user_id=caller.account(),
        position_id=position.id,
        position_title=position.title,
        organization_name=position.organization_name,
        resume_id=resume_id,
        tone=options.tone.value,
        length=options.length.value,
        language_code=options.language,
        model=written.model,
        version_number=1,
        request_id=asked.request_id,
    )
    session.add(row)
    await session.flush()
    version = await _add(session, row, tuple(map(told, written.sentences)))
    payload = {"operation_id": str(row.id), "spent": True, "user_id": str(row.user_id)}
    await jobs.enqueue(session, tables.jobs, analyses.SETTLE_JOB, payload)
    await session.refresh(row)
    return row, version


async def get_letter(session: ReadSession, caller: Caller, letter_id: UUID, number: int = 0) -> Letter:
    """As version `number` of it; 0 is as it is now."""
    row = await letter_queries.get_own_letter(session, caller.account(), letter_id)
    return row, await letter_queries.get_version(session, row.id, number or row.version_number)


async def list_letters(session: ReadSession, caller: Caller, page: Page) -> Sequence[CoverLetter]:
    return await letter_queries.list_letters(session, caller.account(), page)


async def list_versions(
    session: ReadSession, caller: Caller, letter_id: UUID, page: Numbers
) -> Sequence[tuple[CoverLetterVersion, int]]:
    """Each with how many sentences it has."""
    row = await letter_queries.get_own_letter(session, caller.account(), letter_id)
    return await letter_queries.list_versions(session, row.id, page)


async def change_letter(session: WriteSession, caller: Caller, letter_id: UUID, change: Change) -> Letter:
    """Nothing happens to a letter that is so already."""
    if change.request_id:
        await lock_request(session, change.request_id)
        if made := await letter_queries.find_change(session, caller.account(), change.request_id):
            return await get_letter(session, caller, made.letter_id)
    row = await letter_queries.get_own_letter(session, caller.account(), letter_id, for_update=True)
    check_etag("cover letter", change.etag, row.version_number)
    lines = letter_edits.tidied(change.texts)
    version = await letter_queries.get_version(session, row.id, row.version_number)
    known = [codec.from_json(Told, one) for one in await letter_queries.known_sentences(session, row.id, lines)]
    now = sentences_of(version)
    sentences = letter_edits.edited(lines, change.paragraphs, now, known)
    if sentences == now:
        return row, version
    row.version_number += 1
    version = await _add(session, row, sentences, change.request_id, edited=True)
    await letter_queries.drop_versions(session, row.id, first=1, before=row.version_number - MOST_VERSIONS + 2)
    await session.refresh(row)
    return row, version


async def delete_letter(session: WriteSession, caller: Caller, letter_id: UUID) -> None:
    await session.delete(await letter_queries.get_own_letter(session, caller.account(), letter_id, for_update=True))


async def _add(
    session: WriteSession,
    row: CoverLetter,
    sentences: Sequence[Told],
    request_id: UUID | None = None,
    edited: bool = False,
) -> CoverLetterVersion:
    version = CoverLetterVersion(
        letter_id=row.id,
        number=row.version_number,
        user_id=row.user_id,
        sentences=codec.to_json(tuple(sentences)),
        edited=edited,
        request_id=request_id,
    )
    session.add(version)
    await session.flush()
    await session.refresh(version)
    return version
