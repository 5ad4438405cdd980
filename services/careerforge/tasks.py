"""The work of careerforge's workers: one resume, stage by stage."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.ai import codec
from services.ai.documents import (
    BadRules,
    ClamAV,
    Document,
    DocumentError,
    File,
    Pool,
    SandboxDown,
    ScannerDown,
    scan_file,
    sniff,
)
from services.ai.resume import parse
from services.careerforge import analyses, entries, findings, hits, queries, rereading, stages, telling, uploads
from services.careerforge.findings import Engine, Finding
from services.careerforge.refreshing import Refresher
from services.careerforge.stages import OverError
from services.careerforge.tables import Resume, ResumeAnalysis, UserCareerForge
from services.careerforge.telling import Spokesman
from services.kit.blobs import Blobs
from services.kit.credits import Credits
from services.kit.db import Database, WriteSession, utc_now
from services.kit.errors import NotFound, Unavailable
from services.kit.jobs import Handler, Job, Queue
from services.kit.settings import Settings
from services.kit.worker import Work

WAITS_FOR_SCANNER = (
    "the malware scanner does not answer; the file waits in quarantine, and is looked at as soon as it does"
)


class Worker(Protocol):
    """Who does jobs of some kinds."""

    @property
    def handlers(self) -> Mapping[str, Handler]: ...

    @property
    def on_dead(self) -> Mapping[str, Handler]: ...


@dataclass(frozen=True)
class Reading:
    """Bytes → text: looked at for malware first, in children of this process then."""

    pool: Pool
    clamav: ClamAV | None
    settings: Settings

    async def open(self, data: bytes) -> File:
        """Close it. Raises DocumentError for what is no document."""
        return self.pool.open(data, await asyncio.to_thread(sniff, data))

    async def scan(self, file: File) -> None:
        """Raises DocumentError for what must not go on, ScannerDown when nobody can tell."""
        await asyncio.to_thread(lambda: scan_file(file, self.clamav, rules=self.settings.yara_rules))

    async def extract(self, file: File) -> Document:
        document = await asyncio.to_thread(file.extract)
        if "\x00" in document.text:
            raise DocumentError("FILE_UNREADABLE", "the text has letters that mean nothing; save it again")
        return findings.to_hundredths(document)


@dataclass(frozen=True)
class Analyst:
    """Does the jobs."""

    blobs: Blobs
    credits: Credits
    engine: Engine
    reading: Reading

    def work(self, queue: Queue, others: Sequence[Worker] = ()) -> Work:
        """With what `others` do."""
        handlers: dict[str, Handler] = {
            analyses.ANALYZE_JOB: self.analyse,
            analyses.SETTLE_JOB: self.settle,
            analyses.TAKE_BACK_JOB: self.take_back,
            uploads.FORGET_JOB: self.forget,
            entries.REFRESH_JOB: Refresher(self.engine).refresh,
        }
        on_dead: dict[str, Handler] = {analyses.ANALYZE_JOB: self.give_up}
        for other in others:
            handlers |= other.handlers
            on_dead |= other.on_dead
        return Work(queue, "careerforge", handlers, on_dead)

    async def reread(self, db: Database) -> None:
        """Begins to read again what another engine read."""
        version = await asyncio.to_thread(lambda: self.engine.version)
        async with db.write() as session:
            await rereading.begin_outdated(session, version, self.reading.settings.reread_per_minute, utc_now())

    async def settle(self, queue: Queue, job: Job) -> None:
        """A reservation that is gone, or never was, needs no settling."""
        with suppress(NotFound):
            await self.credits.settle(UUID(job.payload["operation_id"]), job.payload["spent"])
        await queue.end(job)

    async def take_back(self, queue: Queue, job: Job) -> None:
        """Of a request that did not become an analysis: its file, if it had one, and its credit."""
        if job.payload["blob_key"]:
            await self.blobs.delete(job.payload["blob_key"])
        with suppress(NotFound):
            await self.credits.settle(UUID(job.payload["operation_id"]), spent=False)
        await queue.end(job)

    async def forget(self, queue: Queue, job: Job) -> None:
        await self.blobs.delete(job.payload["blob_key"])
        await queue.end(job)

    async def analyse(self, queue: Queue, job: Job) -> None:
        try:
            version = await asyncio.to_thread(lambda: self.engine.version)
            async with queue.db.read() as session:
                work = await queries.find_work(session, UUID(job.payload["analysis_id"]))
                if work is None:
                    raise OverError
                analysis, resume = work
                known = await queries.find_known(session, resume, version, utc_now().date())
            alone = analysis.again or analysis.position_text
            if known is None or alone or not await self._answer(queue, job):
                await self._work(queue, job, analysis, resume, known)
        except DocumentError as refusal:
            async with queue.finish(job) as session:
                await _end_failed(session, job, refusal.reason, str(refusal))
        except OverError:
            async with queue.finish(job) as session:
                await _forget_copy(session, job)

    async def give_up(self, queue: Queue, job: Job) -> None:
        """The job killed its process too often, or failed each time: the person hears of it and keeps the credit."""
        async with queue.step(job) as session:
            await _end_failed(session, job, "INTERNAL", "something went wrong here; try again later")

    async def _answer(self, queue: Queue, job: Job) -> bool:
        """From what was found in the same bytes before, unless that is gone by now. Where one such analysis waits, more may."""
        known = hits.Known(self.engine.version, self.engine.encoder.version, utc_now().date())
        try:
            async with queue.finish(job) as session:
                await hits.answer_one(session, known, job.id)
        except hits.Missed:
            return False
        async with queue.db.write() as session:
            await hits.answer_waiting(session, known)
        return True

    async def _work(
        self, queue: Queue, job: Job, analysis: ResumeAnalysis, resume: Resume, known: Resume | None
    ) -> None:
        progress = stages.Progress(queue, job)
        await progress.enter("SCANNING")
        finding = findings.kept(known) if known else await self._find(progress, resume)
        result = await asyncio.to_thread(findings.result_of, finding, resume.byte_size)
        if analysis.position_text:
            compared = await asyncio.to_thread(self.engine.compare, finding, analysis.position_text)
            result["comparison"] = codec.to_json(compared)
        if not resume.clean:
            await self.blobs.copy(resume.blob_key, uploads.clean_key(resume.user_id, resume.id))
        async with queue.finish(job) as session:
            await queries.find_profile(session, resume.user_id, for_update=True)
            await self._store(session, await _running(session, job), finding, result)

    async def _find(self, progress: stages.Progress, row: Resume) -> Finding:
        document = await self._read(progress, await self.blobs.get(row.blob_key))
        await progress.enter("PARSING")
        resume = await asyncio.to_thread(parse, document, utc_now().date())
        await progress.enter("LINKING")
        resume = await asyncio.to_thread(self.engine.link, resume, document)
        await progress.enter("EMBEDDING")
        return Finding(document, resume, await asyncio.to_thread(self.engine.embed, resume, document))

    async def _read(self, progress: stages.Progress, data: bytes) -> Document:
        with await self.reading.open(data) as file:
            try:
                await self.reading.scan(file)
            except (ScannerDown, BadRules) as down:
                await stages.enter(progress.queue, progress.job, "SCANNING", WAITS_FOR_SCANNER)
                raise Unavailable("the malware scanner") from down
            except SandboxDown as down:
                raise Unavailable("the sandbox") from down
            await progress.enter("EXTRACTING")
            return await self.reading.extract(file)

    async def _store(
        self, session: WriteSession, analysis: ResumeAnalysis, finding: Finding, result: dict[str, Any]
    ) -> None:
        """Result, resume and profile, and what watchers and billing must hear of, in one transaction."""
        resume = await session.get_one(Resume, analysis.resume_id)
        if not resume.clean:
            await uploads.forget(session, resume.blob_key)
            resume.clean, resume.blob_key = True, uploads.clean_key(resume.user_id, resume.id)
        findings.keep(resume, finding, self.engine.version)
        await self._speak_for(session, analysis, resume)
        analysis.result, analysis.engine_version = result, self.engine.version
        analysis.end("SUCCEEDED", utc_now())
        await analyses.settle(session, analysis, spent=True)
        await analyses.record(session, analysis)

    async def _speak_for(self, session: WriteSession, analysis: ResumeAnalysis, resume: Resume) -> None:
        """The newest upload speaks for the person; one that is read again does only if it did before. What the person wrote stays."""
        profile = await session.get_one(UserCareerForge, analysis.user_id)
        if analysis.again and profile.resume_id != resume.id:
            return
        assert resume.parsed is not None
        spokesman = Spokesman(resume.id, resume.parsed["resume"], resume.vector, self.engine.encoder.version)
        await telling.speak(session, profile, spokesman, Refresher(self.engine).work_out)


async def _running(session: WriteSession, job: Job) -> ResumeAnalysis:
    """Raises OverError when nobody waits for it any more."""
    analysis = await queries.find_analysis(session, UUID(job.payload["analysis_id"]))
    if analysis is None or analysis.state in ResumeAnalysis.FINAL:
        raise OverError
    return analysis


async def _forget_copy(session: WriteSession, job: Job) -> None:
    """Of a file that was copied out of quarantine for an analysis that then did not end well."""
    resume = await session.get(Resume, UUID(job.payload["resume_id"]))
    key = uploads.clean_key(UUID(job.payload["user_id"]), UUID(job.payload["resume_id"]))
    # Another resume of the same bytes may have the same file.
    if (resume is None or not resume.clean) and not await queries.is_shared(session, key):
        await uploads.forget(session, key)


async def _end_failed(session: WriteSession, job: Job, reason: str, message: str) -> None:
    """With its file, if nobody could read it before. Does nothing when it has ended."""
    analysis = await queries.find_analysis(session, UUID(job.payload["analysis_id"]))
    if analysis is None or analysis.state in ResumeAnalysis.FINAL:
        return
    analysis.end("FAILED", utc_now(), reason, message)
    resume = await session.get_one(Resume, analysis.resume_id)
    if reason == "FILE_MALICIOUS":
        # Rules that are newer than those that let it pass: from now on it is not handed out.
        resume.clean = False
    if not analysis.again:
        await uploads.forget(session, uploads.quarantine_key(analysis.user_id, analysis.resume_id))
    await analyses.settle(session, analysis, spent=False)
    await analyses.record(session, analysis)
