"""What the pages say of themselves that projects link to: fetched by a worker, through the one safe way out, and kept as plain text."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute

from services.careerforge import previews_pages, tables
from services.careerforge.previews_pages import NoPage
from services.careerforge.tables import Portfolio
from services.kit import jobs
from services.kit.db import WriteSession, utc_now
from services.kit.egress import Egress, FetchFailed, RefusedUrl
from services.kit.jobs import Handler, Job, Queue

FETCH_JOB = "fetch_preview"
# Pages of the web carry much that is none of a preview's.
MOST_BYTES = 2 << 20
SECONDS = 5.0
MOST_WHY = 300
ACCEPT = {"accept": "text/html,application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Link:
    """A column that has a URL, and the one that has its preview."""

    url: InstrumentedAttribute[str]
    preview: InstrumentedAttribute[dict[str, Any] | None]


LINKS: Mapping[str, Link] = {
    "project": Link(Portfolio.project_url, Portfolio.link_preview),
    "github": Link(Portfolio.github_url, Portfolio.github_preview),
}


async def fetch_later(session: WriteSession, row: Portfolio) -> None:
    """For each link that is new, or another than before, or could not be fetched then."""
    for name, link in LINKS.items():
        url, known = getattr(row, link.url.key), getattr(row, link.preview.key) or {}
        if url == known.get("url", "") and known.get("state") != "FAILED":
            continue
        setattr(row, link.preview.key, {"url": url, "state": "PENDING"} if url else None)
        if url:
            payload = {"item_id": str(row.id), "user_id": str(row.user_id), "link": name, "url": url}
            await jobs.enqueue(session, tables.jobs, FETCH_JOB, payload)


@dataclass(frozen=True)
class Previewer:
    """Does the jobs."""

    egress: Egress

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {FETCH_JOB: self.fetch}

    @property
    def on_dead(self) -> Mapping[str, Handler]:
        return {FETCH_JOB: self.give_up}

    async def fetch(self, queue: Queue, job: Job) -> None:
        found = await self._preview(job.payload["url"], utc_now())
        async with queue.finish(job) as session:
            await _store(session, job, found)

    async def give_up(self, queue: Queue, job: Job) -> None:
        async with queue.step(job) as session:
            await _store(session, job, _failed(job.payload["url"], "the page could not be read", utc_now()))

    async def _preview(self, url: str, now: datetime) -> dict[str, Any]:
        try:
            answer = await self.egress.fetch(url, headers=ACCEPT, most_bytes=MOST_BYTES, seconds=SECONDS)
            page = await asyncio.to_thread(previews_pages.read, answer)
        except (FetchFailed, RefusedUrl, NoPage) as failure:
            return _failed(url, str(failure), now)
        image = page.image_url if page.image_url and self._may_be_shown(page.image_url) else ""
        return {
            **asdict(page), "image_url": image, "url": url, "state": "READY", "fetch_time": now.isoformat()
        }  # fmt: skip

    def _may_be_shown(self, image_url: str) -> bool:
        """Browsers of others would fetch it: nothing but what a public server may have."""
        try:
            self.egress.check(image_url, tls=True)
        except RefusedUrl:
            return False
        return True


async def _store(session: WriteSession, job: Job, found: Mapping[str, Any]) -> None:
    """Unless the link leads elsewhere by now. The etag stays: the person changed nothing."""
    link, item_id = LINKS[job.payload["link"]], UUID(job.payload["item_id"])
    changed = update(Portfolio).where(Portfolio.id == item_id, link.url == job.payload["url"])
    await session.execute(changed.values({link.preview: found}).execution_options(synchronize_session=False))


def _failed(url: str, why: str, now: datetime) -> dict[str, Any]:
    return {"url": url, "state": "FAILED", "failure_message": why[:MOST_WHY], "fetch_time": now.isoformat()}
