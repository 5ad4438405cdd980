"""The work of the user service's workers beside mail: handing over and removing everything about a person."""

import asyncio
import logging
import tempfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from services.kit import jobs
from services.kit.blobs import Blobs
from services.kit.db import utc_now
from services.kit.errors import Unavailable
from services.kit.jobs import GiveUp, Handler, Job, Queue
from services.kit.privacy import UserData
from services.user import erasures, exports, tables
from services.user.others import STUBS, Others
from services.user.tables import DataExport, Erasure

log = logging.getLogger(__name__)

OWN = "user"
# Until a pass finds nothing more; what still writes then is swept up later.
MOST_PASSES = 5
# At a time in one process: who wants to be forgotten must not wait for who wants everything.
MOST_EXPORTS = 2
ABOUT = """Everything that SkillSync holds about you: a folder for each of its services, in it a JSON file for each table with rows of
yours, and below `files` the files that you uploaded. Hashes of passwords and codes are left out.
"""


@dataclass(frozen=True)
class Exporter:
    blobs: Blobs
    own: UserData
    others: Others
    running: set[tuple[UUID, int]] = field(default_factory=set)

    def handlers(self) -> dict[str, Handler]:
        return {exports.EXPORT_JOB: self.export, exports.FORGET_JOB: self.forget}

    def on_dead(self) -> dict[str, Handler]:
        return {exports.EXPORT_JOB: self.give_up}

    async def export(self, queue: Queue, job: Job) -> None:
        row = await _find(queue, DataExport, job.payload["export_id"])
        if row is None:
            return await _nothing(queue, job)
        if len(self.running) >= MOST_EXPORTS:
            raise Unavailable("a free worker")
        # One that lost its lease may still be ending when it is taken again.
        run = (job.id, job.fence)
        self.running.add(run)
        try:
            return await self._export(queue, job, row)
        except BaseException:
            # The person may be erased meanwhile, and nobody would look for the file.
            if await _find(queue, DataExport, str(row.id)) is None:
                await self.blobs.delete(row.blob_key)
            raise
        finally:
            self.running.remove(run)

    async def _export(self, queue: Queue, job: Job, row: DataExport) -> None:
        with tempfile.TemporaryFile() as target:
            try:
                size = await self._write(queue, job, row, target)
            except Unavailable as error:
                if utc_now() - row.create_time > DataExport.PATIENCE:
                    raise GiveUp(str(error)) from error
                raise
            target.seek(0)
            await self.blobs.put(row.blob_key, target, "application/zip")
        async with queue.finish(job) as session:
            stored = await session.get_one(DataExport, row.id)
            stored.succeed(size, utc_now())
            await exports.record(session, stored)
            payload = {"export_id": str(row.id)}
            await jobs.enqueue(session, tables.jobs, exports.FORGET_JOB, payload, run_after=stored.expire_time)

    async def forget(self, queue: Queue, job: Job) -> None:
        if row := await _find(queue, DataExport, job.payload["export_id"]):
            await self.blobs.delete(row.blob_key)
        await _nothing(queue, job)

    async def give_up(self, queue: Queue, job: Job) -> None:
        async with queue.step(job) as session:
            if row := await session.get(DataExport, UUID(job.payload["export_id"])):
                row.fail()
                await exports.record(session, row)

    async def _write(self, queue: Queue, job: Job, row: DataExport, target: IO[bytes]) -> int:
        """The zip file. Returns its size."""
        services = [OWN, *STUBS]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", ABOUT)
            for done, service in enumerate(services, 1):
                parts = (
                    self.own.export(row.account_id) if service == OWN else self.others.export(service, row.account_id)
                )
                await _add(archive, service, parts)
                await self._progress(queue, job, row.id, 95 * done // len(services))
        return target.tell()

    async def _progress(self, queue: Queue, job: Job, export_id: UUID, percent: int) -> None:
        async with queue.step(job) as session:
            row = await session.get_one(DataExport, export_id)
            row.progress = percent
            await exports.record(session, row)


async def _add(archive: zipfile.ZipFile, folder: str, parts: AsyncIterator[tuple[str, bytes]]) -> None:
    """The parts of one file follow each other. Compressing runs beside the loop: the lease is renewed there."""
    path, file = "", None
    try:
        async for part_path, content in parts:
            if file is None or part_path != path:
                if file:
                    file.close()
                path, file = part_path, archive.open(f"{folder}/{part_path}", "w", force_zip64=True)
            await asyncio.to_thread(file.write, content)
    finally:
        if file:
            file.close()


@dataclass(frozen=True)
class Eraser:
    own: UserData
    others: Others

    def handlers(self) -> dict[str, Handler]:
        return {erasures.ERASE_JOB: self.erase, erasures.SWEEP_JOB: self.sweep}

    def on_dead(self) -> dict[str, Handler]:
        return {erasures.ERASE_JOB: self.begin_anew, erasures.SWEEP_JOB: self.begin_anew}

    async def begin_anew(self, queue: Queue, job: Job) -> None:
        """What ended its process again and again may not the next time. Nobody could ask again: the account is gone."""
        async with queue.step(job) as session:
            later = utc_now() + Erasure.BEGIN_ANEW_AFTER
            await jobs.enqueue(session, tables.jobs, job.kind, dict(job.payload), run_after=later)

    async def erase(self, queue: Queue, job: Job) -> None:
        row = await _find(queue, Erasure, job.payload["erasure_id"])
        if row is None or row.account_id is None or row.state == "SUCCEEDED":
            return await _nothing(queue, job)
        await self._erase_everywhere(queue, job, row)
        if utc_now() < (again := row.create_time + Erasure.IN_FLIGHT):
            async with queue.finish(job) as session:
                await jobs.enqueue(session, tables.jobs, erasures.ERASE_JOB, dict(job.payload), run_after=again)
            return None
        await self._erase_rest(row.account_id)
        async with queue.finish(job) as session:
            stored = await session.get_one(Erasure, row.id)
            stored.state, stored.end_time = "SUCCEEDED", utc_now()
            await erasures.record(session, stored)
            later = utc_now() + Erasure.SWEEP_AFTER
            await jobs.enqueue(session, tables.jobs, erasures.SWEEP_JOB, dict(job.payload), run_after=later)
        return None

    async def sweep(self, queue: Queue, job: Job) -> None:
        """Once more, when no token of theirs works any longer; then nobody knows who it was."""
        row = await _find(queue, Erasure, job.payload["erasure_id"])
        if row and row.account_id:
            await self._erase_rest(row.account_id)
        async with queue.finish(job) as session:
            if stored := await session.get(Erasure, UUID(job.payload["erasure_id"])):
                stored.account_id = None

    async def _erase_everywhere(self, queue: Queue, job: Job, row: Erasure) -> None:
        """Raises Unavailable after all others have removed theirs, when one has not."""
        assert row.account_id
        away: list[Unavailable] = []
        for service in [*STUBS, OWN]:
            try:
                await self._erase_in(service, row.account_id)
            except Unavailable as error:
                away.append(error)
            else:
                await self._done(queue, job, row.id, service)
        if away:
            raise away[0]

    async def _erase_in(self, service: str, account_id: UUID) -> int:
        """Raises Unavailable, whatever is wrong: it is tried until it works, and keeps no other service from its turn."""
        try:
            if service != OWN:
                return await self.others.erase(service, account_id)
            removed = await self.own.erase(account_id)
        except Unavailable:
            raise
        except Exception as error:
            log.exception("%s cannot remove what it holds about a person", service)
            raise Unavailable(service) from error
        return removed.rows + removed.files

    async def _erase_rest(self, account_id: UUID) -> None:
        """What was being written meanwhile, until nothing is."""
        for _ in range(MOST_PASSES):
            if not sum([await self._erase_in(service, account_id) for service in [*STUBS, OWN]]):
                return

    async def _done(self, queue: Queue, job: Job, erasure_id: UUID, service: str) -> None:
        async with queue.step(job) as session:
            row = await session.get_one(Erasure, erasure_id)
            if service not in row.done_services:
                row.done_services = [*row.done_services, service]
                await erasures.record(session, row)


async def _find(queue: Queue, table: Any, id: str) -> Any:
    async with queue.db.read() as session:
        return await session.get(table, UUID(id))


async def _nothing(queue: Queue, job: Job) -> None:
    """More to do."""
    await queue.end(job)
