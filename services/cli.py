"""`skillsync …`: the command line."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.ontology_commands import ontology

if TYPE_CHECKING:
    from services.stack.up import Stack

DATA = Path(".skillsync")

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=lambda: Path(os.environ.get("SKILLSYNC_DATA", DATA)),
    show_default=".skillsync",
    help="Where the embedded stack keeps everything.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """SkillSync: CareerForge for job seekers, TalentHub for recruiters."""


@main.command()
@data_option
@click.option("--demo", "with_demo", is_flag=True, help="Show the main job once everything is ready.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the gateway listens; 8080 if it is free.")
def up(data: Path, with_demo: bool, port: int | None) -> None:
    """Start everything on this machine and go on serving; Ctrl-C stops it."""
    from services.stack.preflight import StackError
    from services.stack.up import up as run

    ports = {"edge": port} if port else {}
    try:
        asyncio.run(run(data, say=click.echo, ports=ports, then=_demonstrate if with_demo else _invite))
    except StackError as error:
        sys.exit(str(error))


async def _demonstrate(stack: "Stack") -> None:
    from services.demo.run import show

    click.echo()
    if await show(stack.state.urls["api"], stack.data / "mail"):
        door = stack.state.urls.get("web", stack.state.urls["api"])
        click.echo(f"Serving: sign in at {door} as one of the people above. Ctrl-C stops everything.")
    else:
        click.echo("The demo failed; the stack goes on serving.", err=True)
        await _invite(stack)


async def _invite(stack: "Stack") -> None:
    web = stack.state.urls.get("web")
    ways = [f"sign up at {web}"] if web else []
    ways.append(f"let `skillsync demo --data {stack.data}` make three")
    click.echo(f"Serving. To have an account, {' or '.join(ways)}. Ctrl-C stops everything.")


@main.command()
@data_option
@click.option("--url", help="The gateway; found in the data folder of the running stack if not given.")
def demo(data: Path, url: str | None) -> None:
    """Show the main job against a running stack; exit 0 only if all of it worked."""
    from services.demo.run import show

    sys.exit(0 if asyncio.run(show(url or _running_url(data), data / "mail")) else 1)


@main.command()
@data_option
@click.argument("position_id")
@click.option("--url", help="The gateway; found in the data folder of the running stack if not given.")
@click.option("--token", envvar="SKILLSYNC_TOKEN", default="", help="An access token; the feed ends with it.")
@click.option("--email", envvar="SKILLSYNC_EMAIL", default="", help="To sign in with; for as long as one looks.")
@click.option("--password", envvar="SKILLSYNC_PASSWORD", help="Asked for if not given.")
@click.option("--code", default="", help="Of the second factor, if the account has one.")
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many ranks to follow.")
@click.option("--once", is_flag=True, help="Print the ranking as it is now, and end.")
@click.option("--plain", is_flag=True, help="A line for each change, for files and other programs.")
def feed(
    data: Path,
    position_id: str,
    url: str | None,
    token: str,
    email: str,
    password: str | None,
    code: str,
    limit: int,
    once: bool,
    plain: bool,
) -> None:
    """Watch who fits POSITION_ID best, live; Ctrl-C ends it."""
    from rich.console import Console

    from services.feed.following import FeedRefused
    from services.feed.run import Sight, Who, show

    if not token and not email:
        raise click.UsageError("say who looks: with --token, or with --email, or in SKILLSYNC_TOKEN or SKILLSYNC_EMAIL")
    if not token and password is None:
        password = click.prompt("Password", hide_input=True, err=True)
    who, sight = Who(token, email, password or "", code), Sight(position_id, limit, once, plain)
    try:
        asyncio.run(show(url or _running_url(data), who, sight, Console()))
    except FeedRefused as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


@main.command("bias-audit")
@data_option
@click.option("--organization", required=True, help="The id of the organization, which the account administers.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write the page.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Applications from this day on (UTC); a year ago if not given."
)
@click.option("--url", help="The gateway; found in the data folder of the running stack if not given.")
@click.option("--token", envvar="SKILLSYNC_TOKEN", default="", help="An access token.")
@click.option("--email", envvar="SKILLSYNC_EMAIL", default="", help="To sign in with.")
@click.option("--password", envvar="SKILLSYNC_PASSWORD", help="Asked for if not given.")
@click.option("--code", default="", help="Of the second factor, if the account has one.")
def bias_audit(
    data: Path,
    organization: str,
    out: Path,
    since: datetime | None,
    url: str | None,
    token: str,
    email: str,
    password: str | None,
    code: str,
) -> None:
    """Make a bias audit of an organization (Local Law 144), and write its page to publish."""
    from services.audit.run import save_audit
    from services.feed.following import FeedRefused
    from services.feed.run import Who

    if not token and not email:
        raise click.UsageError("say who asks: with --token, or with --email, or in SKILLSYNC_TOKEN or SKILLSYNC_EMAIL")
    if not token and password is None:
        password = click.prompt("Password", hide_input=True, err=True)
    who = Who(token, email, password or "", code)
    try:
        click.echo(asyncio.run(save_audit(url or _running_url(data), who, organization, since, out)))
    except FeedRefused as error:
        sys.exit(str(error))


@main.command()
@data_option
def migrate(data: Path) -> None:
    """Bring the database to the newest revision: that of the environment, else of the running stack."""
    from services.embedded.postgres import superuser_url
    from services.stack.database import OWNER_URL, SUPERUSER_URL
    from services.stack.database import migrate as run
    from services.stack.state import load_state

    environment = dict(os.environ)
    if OWNER_URL not in environment:
        _running_url(data)
        state = load_state(data / "stack.json")
        environment |= state.environment | {SUPERUSER_URL: superuser_url(data / "postgres", state.ports["postgres"])}
    asyncio.run(run(environment))


@main.command()
def work() -> None:
    """Do the jobs of all services until stopped. Settings come from the environment."""
    from services.ai.documents.sandbox.processes import ONE_THREAD

    # Read when numerical libraries are loaded. Jobs go on side by side; a product that takes every core as well waits more than it works.
    os.environ.update(ONE_THREAD)
    asyncio.run(_work())
    # All is closed. A model that is still being loaded would be torn down in its thread, and abort the process.
    logging.shutdown()
    os._exit(0)


async def _work() -> None:
    from services.kit import telemetry
    from services.workers import open_workers

    telemetry.set_up_logging("worker", os.environ.get("SKILLSYNC_LOG_LEVEL", "info"))
    async with AsyncExitStack() as stack:
        await _until_stopped(partial(stack.enter_async_context, open_workers()))


async def _until_stopped(start: Callable[[], Awaitable[object]]) -> None:
    """Starts, and waits for SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await start()
    await stop.wait()


@main.command()
@data_option
@click.argument("address", required=False)
def mail(data: Path, address: str | None) -> None:
    """Print the mails that the embedded stack sent, to ADDRESS or to everybody."""
    from services.embedded.mailbox import read_mails, text_of

    for message in read_mails(data / "mail", address):
        click.echo(f"To: {message['X-Recipients']}\nSubject: {message['Subject']}\n\n{text_of(message)}\n")


@main.command()
@data_option
@click.option("--port", default=1025, show_default=True, help="Where it listens, on all addresses of this machine.")
def mailbox(data: Path, port: int) -> None:
    """Take every mail and keep it under the data folder, for installations without a mail server of their own."""
    from services.embedded.mailbox import Mailbox

    box = Mailbox(data / "mail", "0.0.0.0", port)  # noqa: S104 - inside a container, on a network that leads nowhere
    asyncio.run(_until_stopped(box.start))


@main.command("grant-role")
@data_option
@click.argument("email")
@click.argument("role", type=click.Choice(["ops", "support"]))
def grant_role(data: Path, email: str, role: str) -> None:
    """Give the account with the address EMAIL a ROLE: how the first of ops comes to be, who can then give roles to others."""
    from services.kit.settings import Settings
    from services.user.bootstrap import grant

    settings = Settings.of("user", _environment(data, "SKILLSYNC_USER_DATABASE_URL"))
    if not asyncio.run(grant(settings, email, role)):
        sys.exit(f"There is no account with the address {email}; sign up first.")
    click.echo(f"{email} has the role {role} now. It counts from the next refresh of the tokens on.")


@main.command("sign-log-anew")
@data_option
@click.option(
    "--because", required=True, help="Why, for the service's output, e.g. `restored from the backup of Monday`."
)
def sign_log_anew(data: Path, because: str) -> None:
    """Go on signing the activity log after the database or the bucket was set back. Look first that nobody else did it."""
    from services.kit.settings import Settings
    from services.user.bootstrap import sign_log_anew

    settings = Settings.of("user", _environment(data, "SKILLSYNC_USER_DATABASE_URL"))
    line = asyncio.run(sign_log_anew(settings, because))
    click.echo(f"The activity log is signed up to line {line}. VerifyActivityLog tells whether it holds.")


def _environment(data: Path, needed: str) -> dict[str, str]:
    """That of this process, or, where it lacks what is needed, that of the running stack."""
    from services.stack.state import load_state

    if needed in os.environ:
        return dict(os.environ)
    _running_url(data)
    return {**os.environ, **load_state(data / "stack.json").environment}


@main.group()
def assessments() -> None:
    """The questions that skills are tested with."""


@assessments.command()
@data_option
def calibrate(data: Path) -> None:
    """Say how hard questions are by what people answered, beside what experts guessed. Changes no bank."""
    from services.careerforge.calibration import LEAST_ANSWERS
    from services.careerforge.calibration import calibrate as run
    from services.kit.settings import Settings

    settings = Settings.of("careerforge", _environment(data, "SKILLSYNC_CAREERFORGE_DATABASE_URL"))
    for label, found in asyncio.run(run(settings)).items():
        click.echo(f"{label}: {len(found)} questions with {LEAST_ANSWERS} answers or more")
        for one in found:
            error = f"standard error {one.standard_error:.2f}, {one.answers} answers"
            click.echo(f"  {one.item_id}: b = {one.after:+.2f}, guessed {one.before:+.2f}; {error}")


def _running_url(data: Path) -> str:
    from services.stack.state import load_state

    path = data / "stack.json"
    state = load_state(path) if path.exists() else None
    if state is None or not state.pids:
        sys.exit(f"No stack runs on {data}; start one with `make run` or `skillsync up`.")
    return state.urls["api"]


main.add_command(ontology)

if __name__ == "__main__":
    main()
