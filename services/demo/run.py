"""The main job: two people and a recruiter, two resumes, one position, and a ranking that changes while one looks at it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from importlib.resources import files

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.demo.client import Client, Json, Person, RefusedError

# A stage that takes longer than this has failed.
STEP_SECONDS = 90.0
REASONS_SHOWN = 6

FILES = files("services.demo")


class FailedError(Exception):
    """A step did not do what it promises."""


async def show(url: str) -> bool:
    """Whether all of it worked. Prints what happens as it happens."""
    console = Console()
    client = Client(url)
    try:
        await _Demo(client, console).run()
    except (FailedError, RefusedError, httpx.HTTPError, TimeoutError) as error:
        console.print(f"[red]The demo failed:[/] {type(error).__name__}: {error}")
        return False
    finally:
        await client.close()
    return True


class _Demo:
    def __init__(self, client: Client, console: Console) -> None:
        self._client = client
        self._console = console
        self._figures: dict[str, float] = {}

    async def run(self) -> None:
        seeker = await self._sign_up("david", "PLATFORM_CAREERFORGE", "A job seeker")
        recruiter = await self._sign_up("recruiter", "PLATFORM_TALENTHUB", "A recruiter")
        await self._analyse(seeker, "david-kowalski.pdf")
        position = await self._publish(recruiter)
        path = f"/v1/positions/{position['id']}/matches:stream"
        start = time.monotonic()
        async with self._client.stream(path, recruiter) as events:
            await self._ranking(events, seeker, start)
            second = await self._sign_up("john", "PLATFORM_CAREERFORGE", "A second job seeker")
            await self._live_change(events, second)
        self._summary()

    async def _sign_up(self, name: str, platform: str, who: str) -> Person:
        person = await self._client.sign_up(name, platform)
        self._console.print(f"[green]✓[/] {who} signed up: {person.email}, password {person.password}")
        return person

    async def _analyse(self, person: Person, filename: str) -> None:
        """Uploads a resume and follows its analysis to the end."""
        data = (FILES / "resumes" / filename).read_bytes()
        start = time.monotonic()
        analysis = await self._client.upload(person, filename, data)
        columns = (
            TextColumn("  {task.fields[stage]:<11}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            bar = progress.add_task(filename, total=100, stage="PENDING")
            async with (
                asyncio.timeout(STEP_SECONDS),
                self._client.stream(f"/v1/resumeAnalyses/{analysis['id']}:watch", person) as events,
            ):
                async for event in events:
                    analysis = event.get("analysis", analysis)
                    stage = analysis["state"].removeprefix("STATE_")
                    progress.update(bar, completed=analysis.get("progressPercent", 0), stage=stage)
        if analysis["state"] != "STATE_SUCCEEDED":
            raise FailedError(
                f"the analysis of {filename} ended as {analysis['state']}: {analysis.get('failureMessage')}"
            )
        seconds = self._figures[f"upload of {filename} until analysed"] = time.monotonic() - start
        result = analysis["result"]
        found = f"{result['skillCount']} skills, {result['yearsOfExperience']:.1f} years, strength {result['strength']} of 100"
        self._console.print(f"[green]✓[/] {filename} analysed in {seconds:.2f} s: {found}")

    async def _publish(self, recruiter: Person) -> Json:
        call = self._client.call
        organization = {"organization": {"displayName": "Example Labs"}}
        await call("POST", "/v1/organizations", recruiter, json=organization)
        position = await call(
            "POST", "/positions/create", recruiter, json=json.loads((FILES / "position.json").read_text())
        )
        published = await call("POST", f"/v1/positions/{position['id']}:publish", recruiter, json={})
        if published["state"] != "STATE_OPEN":
            raise FailedError(f"the position is {published['state']} after it was published")
        self._console.print(f"[green]✓[/] Position published: {published['title']}")
        return published

    async def _ranking(self, events: AsyncIterator[Json], seeker: Person, start: float) -> None:
        """Prints rows as they come, until the first job seeker is ranked."""
        self._console.print("  The recruiter opens the match stream:")
        match = (await self._match_of(events, seeker))["match"]
        self._figures["published until the first match was streamed"] = time.monotonic() - start
        total = sum(reason.get("contribution", 0) for reason in match["reasons"])
        if abs(total - match["score"]) > 1e-9:
            raise FailedError(f"the contributions add up to {total}, the score is {match['score']}")
        self._console.print("[green]✓[/] Ranked and explained; the contributions add up to the score")

    async def _live_change(self, events: AsyncIterator[Json], second: Person) -> None:
        """A second resume comes in while the stream is open."""
        waiting = asyncio.create_task(self._match_of(events, second))
        start = time.monotonic()
        await self._analyse(second, "john-doe.pdf")
        event = await waiting
        self._figures["upload of john-doe.pdf until matched on the open stream"] = time.monotonic() - start
        if event["kind"] != "KIND_ENTERED":
            raise FailedError(f"the second candidate came as {event['kind']}, not as KIND_ENTERED")
        self._console.print(f"[green]✓[/] Live change: a candidate entered at rank {event['newRank']}")

    async def _match_of(self, events: AsyncIterator[Json], person: Person) -> Json:
        """The next event about a person; everything on the way is printed."""
        async with asyncio.timeout(STEP_SECONDS):
            async for response in events:
                event = response.get("match")
                if event is None:
                    continue
                self._console.print(_table(event))
                if event["match"]["candidateId"] == person.id and event["kind"] != "KIND_LEFT":
                    return dict(event)
        raise FailedError("the match stream ended early")

    def _summary(self) -> None:
        table = Table(title="Measured on this machine", show_header=False)
        for name, seconds in self._figures.items():
            table.add_row(name, f"{seconds:.2f} s")
        self._console.print(table)


def _table(event: Json) -> Table:
    """One row of the ranking with its strongest reasons."""
    match, kind = event["match"], event["kind"].removeprefix("KIND_").lower()
    title = f"{kind}: rank {event.get('newRank', 0)}, score {match.get('score', 0):.3f}, candidate {match['candidateId'][-8:]}"
    table = Table(title=title, title_justify="left")
    for column in ("reason", "brings", "of", "position says", "resume says"):
        table.add_column(column, justify="right" if column in ("brings", "of") else "left", overflow="fold")
    for reason in match.get("reasons", [])[:REASONS_SHOWN]:
        evidence = reason.get("evidence", [])
        table.add_row(
            reason["label"],
            f"{reason.get('contribution', 0):.3f}",
            f"{reason.get('weight', 0):.3f}",
            _quote(reason.get("requirement")),
            _quote(evidence[0] if evidence else None),
        )
    return table


def _quote(span: Json | None) -> str:
    if not span:
        return ""
    page = f", page {span['page']}" if span.get("page") else ""
    return f"“{' '.join(span['text'].split())}” ({span.get('start', 0)}–{span['end']}{page})"
