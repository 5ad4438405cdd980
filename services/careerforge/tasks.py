"""The work of careerforge's workers: one resume, stage by stage."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from services.ai import codec
from services.ai.documents import Document, DocumentError, extract, sniff
from services.ai.embedding import Encoder, Vector
from services.ai.resume import ENGINE_VERSION, ParsedResume, analyse, parse, with_skills
from services.ai.skills import SkillLinker
from services.careerforge import analyses, profiles, queries, tables, uploads
from services.careerforge.credits import Credits
from services.careerforge.tables import Resume, ResumeAnalysis
from services.kit import changes
from services.kit.blobs import Blobs
from services.kit.db import WriteSession, utc_now
from services.kit.errors import NotFound
from services.kit.jobs import Job, Queue
from services.kit.worker import Work


class OverError(Exception):
    """The analysis was called off, or its resume deleted, while we worked."""


@dataclass(frozen=True)
class Finding:
    """What an analysis found, before it is stored."""

    document: Document
    resume: ParsedResume
    vector: Vector


@dataclass(frozen=True)
class Analyst:
    """Does the jobs. `linker` is built when first asked for: it takes a second, and servers need none."""

    blobs: Blobs
    credits: Credits
    encoder: Encoder
    linker: Callable[[], SkillLinker]

    def work(self, queue: Queue) -> Work:
        handlers = {
            analyses.ANALYZE_JOB: self.analyse,
            analyses.SETTLE_JOB: self.settle,
            analyses.TAKE_BACK_JOB: self.take_back,
            uploads.FORGET_JOB: self.forget,
        }
        return Work(queue, "careerforge", handlers, on_dead={analyses.ANALYZE_JOB: self.give_up})

    async def settle(self, queue: Queue, job: Job) -> None:
        """A reservation that is gone needs no settling."""
        with suppress(NotFound):
            await self.credits.settle(UUID(job.payload["operation_id"]), job.payload["spent"])
        async with queue.finish(job):
            pass

    async def take_back(self, queue: Queue, job: Job) -> None:
        """Of an upload that did not become an analysis: its file and its credit."""
        await self.blobs.delete(job.payload["blob_key"])
        with suppress(NotFound):
            await self.credits.settle(UUID(job.payload["operation_id"]), spent=False)
        async with queue.finish(job):
            pass

    async def forget(self, queue: Queue, job: Job) -> None:
        await self.blobs.delete(job.payload["blob_key"])
        async with queue.finish(job):
            pass

    async def analyse(self, queue: Queue, job: Job) -> None:
        try:
            resume = await self._enter(queue, job, "SCANNING", 10)
            finding = await self._find(queue, job, resume)
            await self._succeed(queue, job, finding)
        except DocumentError as refusal:
            await self._fail(queue, job, refusal.reason, str(refusal))
        except OverError:
            async with queue.finish(job) as session:
                await _forget_copy(session, job)

    async def give_up(self, queue: Queue, job: Job) -> None:
        """The job killed its process too often, or failed each time: the person hears of it and keeps the credit."""
        async with queue.step(job) as session:
            await _end_failed(session, job, "INTERNAL", "something went wrong here; try again later")

    async def _find(self, queue: Queue, job: Job, row: Resume) -> Finding:
        data = await self.blobs.get(row.blob_key)
        kind = sniff(data)
        await self._enter(queue, job, "EXTRACTING", 25)
        document = await asyncio.to_thread(extract, data, kind)
        await self._enter(queue, job, "PARSING", 45)
        resume = await asyncio.to_thread(parse, document, utc_now().date())
        await self._enter(queue, job, "LINKING", 60)
        resume = await asyncio.to_thread(self._link, resume, document)
        await self._enter(queue, job, "EMBEDDING", 75)
        return Finding(document, resume, await asyncio.to_thread(self.encoder.encode, document.text))

    def _link(self, resume: ParsedResume, document: Document) -> ParsedResume:
        return with_skills(resume, document, self.linker().link(document.text))

    async def _enter(self, queue: Queue, job: Job, state: str, progress: int) -> Resume:
        async with queue.step(job) as session:
            analysis = await _running(session, job)
            analysis.enter(state, progress)
            await analyses.record(session, analysis)
            resume = await session.get(Resume, analysis.resume_id)
            if resume is None:
                raise OverError
            return resume

    async def _succeed(self, queue: Queue, job: Job, finding: Finding) -> None:
        async with queue.step(job) as session:
            analysis = await _running(session, job)
            source = uploads.quarantine_key(analysis.user_id, analysis.resume_id)
            target = uploads.clean_key(analysis.user_id, analysis.resume_id)
        await self.blobs.copy(source, target)
        async with queue.finish(job) as session:
            await queries.find_profile(session, UUID(job.payload["user_id"]), for_update=True)
            analysis = await _running(session, job)
            await self._store(session, analysis, finding, target)
            await uploads.forget(session, source)

    async def _store(self, session: WriteSession, analysis: ResumeAnalysis, finding: Finding, key: str) -> None:
        """Result, resume and profile, and what watchers and billing must hear of, in one transaction."""
        found, version = analyse(finding.document, finding.resume), self._version()
        stored = codec.to_json(finding.resume)
        resume = await session.get_one(Resume, analysis.resume_id)
        resume.text, resume.clean, resume.blob_key = finding.document.text, True, key
        resume.parsed = {
            "resume": stored,
            "engine_version": version,
            "page_count": finding.document.page_count,
        }
        profile = await session.get_one(tables.UserCareerForge, analysis.user_id)
        profile.parsed_resume, profile.skill_vector, profile.resume_id = stored, list(finding.vector), resume.id
        profile.vector_version = self.encoder.version
        profile.profile_strength, profile.career_stage = found.strength, found.career_stage
        analysis.result = {
            "analysis": codec.to_json(found),
            "years_of_experience": finding.resume.years_of_experience,
            "skill_count": len(finding.resume.skills),
            "as_of": finding.resume.as_of.isoformat(),
        }
        analysis.engine_version = version
        analysis.end("SUCCEEDED", utc_now())
        await analyses.settle(session, analysis, spent=True)
        await analyses.record(session, analysis)
        await changes.record(session, tables.changes, profiles.CANDIDATE, profile.id)

    def _version(self) -> str:
        return f"{ENGINE_VERSION}/{self.linker().version}/{self.encoder.version}"

    async def _fail(self, queue: Queue, job: Job, reason: str, message: str) -> None:
        async with queue.finish(job) as session:
            await _end_failed(session, job, reason, message)


async def _running(session: WriteSession, job: Job) -> ResumeAnalysis:
    """Raises OverError when nobody waits for it any more."""
    analysis = await queries.find_analysis(session, UUID(job.payload["analysis_id"]))
    if analysis is None or analysis.state in ResumeAnalysis.FINAL:
        raise OverError
    return analysis


async def _forget_copy(session: WriteSession, job: Job) -> None:
    """Of a file that was copied out of quarantine for an analysis that then did not end well."""
    resume = await session.get(Resume, UUID(job.payload["resume_id"]))
    if resume is None or not resume.clean:
        await uploads.forget(session, uploads.clean_key(UUID(job.payload["user_id"]), UUID(job.payload["resume_id"])))


async def _end_failed(session: WriteSession, job: Job, reason: str, message: str) -> None:
    """With its file, which nobody can read. Does nothing when it has ended."""
    analysis = await queries.find_analysis(session, UUID(job.payload["analysis_id"]))
    if analysis is None or analysis.state in ResumeAnalysis.FINAL:
        return
    analysis.end("FAILED", utc_now(), reason, message)
    await uploads.forget(session, uploads.quarantine_key(analysis.user_id, analysis.resume_id))
    await analyses.settle(session, analysis, spent=False)
    await analyses.record(session, analysis)
