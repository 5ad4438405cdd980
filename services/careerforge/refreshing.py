"""The worker's part of an edit: skills in what the person wrote, the vector, the strength, and what matching is told."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from services.ai import codec
from services.ai.resume import ParsedResume
from services.ai.resume.standing.edited import as_edited, portrait_of
from services.careerforge import filling, queries, telling
from services.careerforge.findings import Engine
from services.careerforge.insights import nothing
from services.careerforge.tables import UserCareerForge
from services.careerforge.telling import Seen, Told
from services.kit.db import ReadSession, WriteSession
from services.kit.errors import Unavailable
from services.kit.jobs import Job, Queue

# Somebody who writes on and on is told of a little later.
ATTEMPTS = 3


class ChangedMeanwhile(Exception):
    """What was worked out is not of the profile as it is now."""


@dataclass(frozen=True)
class Refresher:
    engine: Engine

    async def refresh(self, queue: Queue, job: Job) -> None:
        """Does nothing where another job has seen the last edit."""
        user_id = UUID(job.payload["user_id"])
        if job.payload.get("fill"):
            async with queue.step(job) as session:
                await _fill(session, user_id)
        for _ in range(ATTEMPTS):
            async with queue.db.read() as session:
                seen = await _see(session, user_id)
            if seen is None or seen.profile.told_entry_number == seen.profile.entry_number:
                return await queue.end(job)
            told = await self.work_out(seen)
            try:
                async with queue.finish(job) as session:
                    await telling.tell_matching(session, await _same(session, seen), told)
            except ChangedMeanwhile:
                continue
            return None
        raise Unavailable("a moment without edits")

    async def work_out(self, seen: Seen) -> Told:
        return await asyncio.to_thread(self._work_out, seen)

    def _work_out(self, seen: Seen) -> Told:
        version = self.engine.encoder.version
        resume = as_edited(seen.base, seen.entries, self.engine.link_words)
        if resume == seen.base and seen.vector is not None:
            return Told(resume, seen.vector, version)
        words = portrait_of(resume)
        return Told(resume, self.engine.encoder.encode(words) if words else None, version)


async def _same(session: WriteSession, seen: Seen) -> Seen:
    """Locked. Raises ChangedMeanwhile."""
    profile = await queries.find_profile(session, seen.profile.id, for_update=True)
    if profile is None or _state(profile) != _state(seen.profile):
        raise ChangedMeanwhile
    return Seen(profile, seen.entries, seen.base, seen.vector)


def _state(profile: UserCareerForge) -> tuple[int, UUID | None]:
    return profile.entry_number, profile.resume_id


async def _fill(session: WriteSession, user_id: UUID) -> None:
    """Who was there before profiles had entries."""
    profile = await queries.find_profile(session, user_id, for_update=True)
    if profile and profile.parsed_resume:
        await filling.fill(session, user_id, codec.from_json(ParsedResume, profile.parsed_resume))
        # Once more than is told, so that this job works it out.
        profile.entry_number += 1


async def _see(session: ReadSession, user_id: UUID) -> Seen | None:
    """None for who is gone. First the profile: what is written after that is found out when the result is stored."""
    profile = await queries.find_profile(session, user_id)
    if profile is None:
        return None
    base = codec.from_json(ParsedResume, profile.parsed_resume) if profile.parsed_resume else nothing()
    vector = await queries.find_vector(session, profile.resume_id) if profile.resume_id else None
    return Seen(profile, await filling.entries_of(session, profile), base, vector)
