"""The main job: two job seekers and a recruiter, two resumes, one position, a ranking that changes while one looks at it, and a hire."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.demo import hiring
from services.demo.client import Client, Json, Person, RefusedError

# A stage that takes longer than this has failed.
STEP_SECONDS = 90.0
REASONS_SHOWN = 6

FILES = files("services.demo")


class FailedError(Exception):
    """A step did not do what it promises."""


async def show(url: str, inbox: Path) -> bool:
    """Whether all of it worked. Prints what happens as it happens, and at the end who can sign in."""
    client, console = Client(url, inbox), Console()
    demo = _Demo(client, console)
    try:
        await demo.run()
    # An answer may lack anything, at any step; whatever it is, our caller goes on serving.
    except Exception as error:
        console.print("[red]The demo failed:[/]", escape(_in_words(error)))
        return False
    finally:
        demo.tell_accounts()
        await client.close()
    return True


def _in_words(error: Exception) -> str:
    if isinstance(error, FailedError | RefusedError):
        return str(error)
    if isinstance(error, TimeoutError):
        return f"a step took longer than {STEP_SECONDS:.0f} s"
    if isinstance(error, httpx.HTTPError):
        return f"the gateway does not answer: {type(error).__name__}: {error}"
    return f"an answer is not what the contract promises: {error!r}"


class _Demo:
    def __init__(self, client: Client, console: Console) -> None:
        self._client = client
        self._console = console
        self._figures: dict[str, float] = {}
        self._accounts: list[tuple[str, Person]] = []  # who they are, and how they sign in

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
        await self._hire(recruiter, seeker, position)
        self._summary()

    async def _sign_up(self, name: str, platform: str, who: str) -> Person:
        person = await self._client.sign_up(name, platform)
        self._accounts.append((who, person))
        self._console.print(f"[green]✓[/] {who} signed up: {person.email}")
        return person

    def tell_accounts(self) -> None:
        """One line each, however narrow the window is: they are there to be copied."""
        for number, (who, person) in enumerate(self._accounts):
            if number == 0:
                self._console.print("Accounts, with passwords made here at random:")
            line = f"  {who:<19}  {person.email}  password {person.password}"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    async def _analyse(self, person: Person, filename: str) -> None:
        """Uploads a resume and follows its analysis to the end."""
        data = (FILES / "resumes" / filename).read_bytes()
        start = time.monotonic()
        analysis = await self._follow(await self._client.upload(person, filename, data), person, filename)
        if analysis["state"] != "STATE_SUCCEEDED":
            raise FailedError(
                f"the analysis of {filename} ended as {analysis['state']}: {analysis.get('failureMessage')}"
            )
        seconds = self._figures[f"upload of {filename} until analysed"] = time.monotonic() - start
        result = analysis["result"]
        found = f"{result['skillCount']} skills, {result['yearsOfExperience']:.1f} years, strength {result['strength']} of 100"
        self._console.print(f"[green]✓[/] {filename} analysed in {seconds:.2f} s: {found}")

    async def _follow(self, analysis: Json, person: Person, filename: str) -> Json:
        """The analysis as it ended. Its stages are shown as they come, and listed for who reads this in a file."""
        stages: list[str] = []
        path = f"/v1/resumeAnalyses/{analysis['id']}:watch"
        with Progress(*_columns(), console=self._console) as progress:
            bar = progress.add_task(filename, total=100, stage="PENDING")
            async with asyncio.timeout(STEP_SECONDS), self._client.stream(path, person) as events:
                async for event in events:
                    analysis = event.get("analysis", analysis)
                    stage = analysis["state"].removeprefix("STATE_")
                    stages += [stage] if stages[-1:] != [stage] else []
                    progress.update(bar, completed=analysis.get("progressPercent", 0), stage=stage)
        self._console.print(f"  Stages streamed: {', '.join(stages)}", soft_wrap=True)
        return analysis

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
        try:
            await self._analyse(second, "john-doe.pdf")
            event = await waiting
        finally:
            # The stream cannot be closed while somebody reads it.
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        self._figures["upload of john-doe.pdf until matched on the open stream"] = time.monotonic() - start
        if event["kind"] != "KIND_ENTERED":
            raise FailedError(f"the second candidate came as {event['kind']}, not as KIND_ENTERED")
        self._console.print(f"[green]✓[/] Live change: a candidate entered at rank {event['newRank']}")

    async def _hire(self, recruiter: Person, seeker: Person, position: Json) -> None:
        await hiring.hire(self._client, recruiter, seeker, position)
        self._console.print("[green]✓[/] Applied, screened, interviewed, offered, hired; every step with who and why:")
        self._console.print(await hiring.decisions(self._client, recruiter, position))

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


def _columns() -> tuple[ProgressColumn, ...]:
    stage, percentage = TextColumn("  {task.fields[stage]:<11}"), TextColumn("{task.percentage:>3.0f}%")
    return stage, BarColumn(), percentage, TimeElapsedColumn()


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
