"""Which resume speaks for a person, and what matching is told. Here without models: who has them works out the rest."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.ai import codec
from services.ai.resume import ParsedResume
from services.ai.resume.standing.edited import as_edited
from services.ai.resume.standing.entries import Entries
from services.ai.skills import Mention
from services.ai.spans import Span
from services.careerforge import entries, entry_queries, filling, profiles, tables
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


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile as it was read. `vector` is of its resume as parsed, None without one."""

    profile: UserCareerForge
    entries: Entries
    base: ParsedResume
    vector: Any


@dataclass(frozen=True, slots=True)
class Told:
    """`resume` is as edited; None for `vector` where nothing is said."""

    resume: ParsedResume
    vector: Any
    vector_version: str


WorkOut = Callable[[Seen], Awaitable[Told]]
"""Done where the models are."""


class NeedsModels(Exception):
    """A person wrote what skills must be found in."""


async def speak(
    session: WriteSession, profile: UserCareerForge, spokesman: Spokesman, work_out: WorkOut | None = None
) -> None:
    """The resume speaks for the person from now on. Without `work_out`, what differs from it is left to a job, and until then matching is
    told what it was told before.
    """
    before = {"resume": profile.parsed_resume, "resume_id": str(profile.resume_id)}
    profile.parsed_resume, profile.resume_id = spokesman.parsed, spokesman.resume_id
    resume = codec.from_json(ParsedResume, spokesman.parsed)
    await filling.fill(session, profile.id, resume)
    seen = Seen(profile, await filling.entries_of(session, profile), resume, spokesman.vector)
    told = Told(resume, spokesman.vector, spokesman.vector_version)
    if work_out is not None and not _is_unedited(seen):
        told = await work_out(seen)
    elif not _is_unedited(seen):
        if profile.told is None and profile.skill_vector is not None:
            profile.told = before
        await session.flush()
        await entries.refresh_later(session, profile.id)
        return
    profile.entry_number += 1
    await session.flush()
    await tell_matching(session, seen, told)


async def tell_matching(session: WriteSession, seen: Seen, told: Told) -> None:
    """Keeps what was worked out, and tells whoever watches. The person changed no part of the profile itself: its etag stays."""
    profile = seen.profile
    await filling.fill_skills(session, profile.id, told.resume.skills)
    await session.flush()
    assessed = await entry_queries.assessed_skills(session, profile.id)
    stored = {"resume": codec.to_json(told.resume), "resume_id": str(profile.resume_id or ""), "assessed": assessed}
    values = insights(profile, told.resume) | {
        "told": None if told.resume == seen.base and profile.resume_id and not assessed else stored,
        "told_number": UserCareerForge.told_number + 1,
        "told_entry_number": profile.entry_number,
        "skill_vector": None if told.vector is None else list(told.vector),
        "vector_version": told.vector_version,
    }
    await session.execute(update(UserCareerForge).where(UserCareerForge.id == profile.id).values(values))
    await record(session, profile.id)


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


def _is_unedited(seen: Seen) -> bool:
    try:
        return as_edited(seen.base, seen.entries, _refuse) == seen.base
    except NeedsModels:
        return False


def _refuse(text: str, lines: Sequence[Span]) -> Sequence[Mention]:
    raise NeedsModels


async def record(session: WriteSession, user_id: UUID) -> None:
    """Matching, and who watches the profile."""
    await changes.record(session, tables.changes, profiles.CANDIDATE, user_id)
    await entries.tell(session, profiles.PROFILE, user_id, user_id)
