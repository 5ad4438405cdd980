"""Which resume speaks for a person, and what matching is told. Here without models: who has them works out the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.ai import codec
from services.ai.resume import ParsedResume
from services.ai.resume.standing.edited import as_edited
from services.ai.skills import Mention
from services.ai.spans import Span
from services.careerforge import entries, filling, profiles, tables
from services.careerforge.insights import insights, nothing
from services.careerforge.tables import UserCareerForge
from services.kit import changes
from services.kit.db import WriteSession


@dataclass(frozen=True, slots=True)
class Spokesman:
    """A resume that was read: what was found in it, as it is stored, and its vector."""

    resume_id: UUID
    parsed: dict[str, Any]
    vector: Any
    vector_version: str


class NeedsModels(Exception):
    """A person wrote what skills must be found in."""


async def speak(session: WriteSession, profile: UserCareerForge, spokesman: Spokesman) -> None:
    """The resume speaks for the person from now on. What differs from it is worked out by a job; matching is told then."""
    before = {"resume": profile.parsed_resume, "resume_id": str(profile.resume_id)}
    profile.parsed_resume, profile.resume_id = spokesman.parsed, spokesman.resume_id
    resume = codec.from_json(ParsedResume, spokesman.parsed)
    await filling.fill(session, profile.id, resume)
    if await _is_unedited(session, profile, resume):
        profile.told, profile.skill_vector, profile.vector_version = None, spokesman.vector, spokesman.vector_version
        profile.told_number += 1
        profile.entry_number = profile.told_entry_number = profile.entry_number + 1
        await filling.fill_skills(session, profile.id, resume.skills)
        for name, value in insights(profile, resume).items():
            setattr(profile, name, value)
        await record(session, profile.id)
        return
    if profile.told is None and profile.skill_vector is not None:
        profile.told = before
    await session.flush()
    await entries.refresh_later(session, profile.id)


async def fall_silent(session: WriteSession, profile: UserCareerForge) -> None:
    """The resume that spoke for the person is gone, with all that came from it."""
    profile.resume_id = profile.parsed_resume = profile.skill_vector = profile.told = None
    profile.vector_version = ""
    await filling.forget(session, profile.id)
    for name, value in insights(profile, nothing()).items():
        setattr(profile, name, value)
    await session.flush()
    await record(session, profile.id)
    await entries.refresh_later(session, profile.id)


async def _is_unedited(session: WriteSession, profile: UserCareerForge, resume: ParsedResume) -> bool:
    try:
        return as_edited(resume, await filling.entries_of(session, profile), _refuse) == resume
    except NeedsModels:
        return False


def _refuse(text: str, lines: Sequence[Span]) -> Sequence[Mention]:
    raise NeedsModels


async def record(session: WriteSession, user_id: UUID) -> None:
    """Matching, and who watches the profile."""
    await changes.record(session, tables.changes, profiles.CANDIDATE, user_id)
    await entries.tell(session, profiles.PROFILE, user_id, user_id)
