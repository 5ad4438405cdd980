"""After the ranking: a job seeker applies, is interviewed, gets an offer and takes it, and all of it stands in the log of decisions."""

from datetime import UTC, datetime, timedelta

from rich.table import Table

from services.demo.client import Client, Json, Person, RefusedError

STEPS = (
    ("STAGE_SCREENING", "Kubernetes in production, as the position asks", "We read your resume with pleasure."),
    ("STAGE_INTERVIEW", "Answers by phone were to the point", "Let us meet."),
)
TERMS = "Full time, from the first of next month."


async def hire(client: Client, recruiter: Person, seeker: Person, position: Json) -> Json:
    """The application as it ended."""
    application = await client.call(
        "POST",
        f"/v1/positions/{position['id']}:apply",
        seeker,
        json={"message": "I would like to build this with you."},
    )
    path = f"/v1/applications/{application['id']}"
    for stage, reason, message in STEPS:
        body = {"stage": stage, "reason": reason, "candidateMessage": message}
        await client.call("POST", f"{path}:move", recruiter, json=body)
    await client.call("POST", f"{path}/interviews", recruiter, json=_interview(recruiter))
    terms = {"terms": TERMS, "expireTime": _in_days(14)}
    offer = await client.call("POST", f"{path}/offers", recruiter, json=terms)
    await client.call("POST", f"/v1/offers/{offer['id']}:answer", seeker, json={"accept": True})
    ended = await client.call("GET", path, seeker)
    if ended["stage"] != "STAGE_HIRED":
        raise RefusedError(f"the application is {ended['stage']} after the offer was taken")
    return ended


async def decisions(client: Client, recruiter: Person, position: Json) -> Table:
    """The log of who decided what, as its organization reads it."""
    path = f"/v1/organizations/{position['organizationId']}/decisions"
    lines = (await client.call("GET", path, recruiter))["decisions"]
    table = Table(
        title="The log of decisions, newest first: each line's hash covers the line before it", title_justify="left"
    )
    for column in ("line", "what", "why", "hash"):
        table.add_column(column, overflow="fold")
    for line in lines:
        table.add_row(line["sequence"], line["kind"], line["reason"], line["hash"][:12])
    return table


def _interview(recruiter: Person) -> Json:
    start = _in_days(2)
    return {"startTime": start, "durationMinutes": 45, "place": "Video call", "interviewerIds": [recruiter.id]}


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
