"""Every SELECT of cover letters, by name. `find_…` may return None, `get_…` raises NotFound."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import defer

from services.careerforge.tables import CoverLetter, CoverLetterVersion, Resume
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import NotFound
from services.kit.pages import Numbers, Page


async def get_own_letter(session: ReadSession, user_id: UUID, letter_id: UUID, for_update: bool = False) -> CoverLetter:
    """Another person's and a missing one answer alike."""
    statement = select(CoverLetter).where(CoverLetter.id == letter_id, CoverLetter.user_id == user_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).scalar_one_or_none()
    if row is None:
        raise NotFound("cover letter", str(letter_id))
    return row


async def get_version(session: ReadSession, letter_id: UUID, number: int) -> CoverLetterVersion:
    row = await session.get(CoverLetterVersion, (letter_id, number))
    if row is None:
        raise NotFound("version of the cover letter", str(number))
    return row


async def get_resume_text(session: ReadSession, user_id: UUID, resume_id: UUID) -> str:
    """Of a resume that was read, and nothing else of it, which is long."""
    statement = select(Resume.text).where(Resume.id == resume_id, Resume.user_id == user_id)
    return (await session.execute(statement)).scalar_one() or ""


async def find_by_request(session: ReadSession, user_id: UUID, request_id: UUID) -> CoverLetter | None:
    """The letter that a request wrote."""
    where = (CoverLetter.user_id == user_id, CoverLetter.request_id == request_id)
    return (await session.execute(select(CoverLetter).where(*where))).scalar_one_or_none()


async def find_change(session: ReadSession, user_id: UUID, request_id: UUID) -> CoverLetterVersion | None:
    """The version that a request made."""
    where = (CoverLetterVersion.user_id == user_id, CoverLetterVersion.request_id == request_id)
    return (await session.execute(select(CoverLetterVersion).where(*where))).scalar_one_or_none()


async def list_letters(session: ReadSession, user_id: UUID, page: Page) -> Sequence[CoverLetter]:
    """Newest first."""
    statement = select(CoverLetter).where(CoverLetter.user_id == user_id)
    return (await session.execute(page.newest(statement, CoverLetter.id))).scalars().all()


_KNOWN = text(
    """select distinct on (one->>'text') one from careerforge.cover_letter_versions v, jsonb_array_elements(v.sentences) one
       where v.letter_id = :letter_id and one->>'text' = any(:texts) order by one->>'text', v.number desc"""
).columns(one=JSONB)


async def known_sentences(session: ReadSession, letter_id: UUID, texts: Sequence[str]) -> Sequence[Any]:
    """Those of these texts that versions of the letter have, each as the latest of them has it."""
    return (await session.execute(_KNOWN, {"letter_id": letter_id, "texts": list(texts)})).scalars().all()


async def list_versions(
    session: ReadSession, letter_id: UUID, page: Numbers
) -> Sequence[tuple[CoverLetterVersion, int]]:
    """Newest first, each with how many sentences it has."""
    v = CoverLetterVersion
    statement = select(v, func.jsonb_array_length(v.sentences)).options(defer(v.sentences))
    statement = statement.where(v.letter_id == letter_id)
    if page.last is not None:
        statement = statement.where(v.number < page.last)
    found = await session.execute(statement.order_by(v.number.desc()).limit(page.limit))
    return [(row, count) for row, count in found.all()]


async def drop_versions(session: WriteSession, letter_id: UUID, first: int, before: int) -> None:
    """Those after `first` and before `before`."""
    v = CoverLetterVersion
    await session.execute(delete(v).where(v.letter_id == letter_id, v.number > first, v.number < before))
