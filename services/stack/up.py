"""Starts the stack in parallel, keeps it running, and stops exactly what it started."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.contract import SERVICES
from services.embedded.envoy import serves_all
from services.embedded.postgres import initialise
from services.embedded.program import Program, StartError, in_words, until
from services.stack.certificates import ensure_certificates
from services.stack.environment import public_url
from services.stack.ports import PortTakenError, choose
from services.stack.preflight import StackError, check_machine, one_sentence, own
from services.stack.servers import PORTS, Servers
from services.stack.state import State, load_state, save_state
from services.stack.supervisor import Supervisor

Say = Callable[[str], None]

READY_SECONDS = 60.0


class Stack:
    """A running stack. `state` holds its URLs, ports and secrets."""

    def __init__(self, data: Path, state: State, say: Say, separate: bool) -> None:
        self.data, self.state = data, state
        state.phases = {}
        self.phases = state.phases
        self._say = say
        self._servers = Servers(data, state)
        self._separate = separate
        self._mailbox = self._servers.mailbox()
        self._stripe = self._servers.stripe()
        self._started: list[Program] = []  # in this order; stopped in the other
        self._since = time.monotonic()
        self._supervisor = Supervisor(say, self._remember_if_possible)

    async def start(self) -> None:
        """Returns when every service answers through the gateway; raises StackError."""
        with one_sentence():
            ensure_certificates(self._servers.certificates)
            await self._start_all()
            self._remember()
        for program in self._started:
            self._supervisor.watch(program)

    async def stop(self) -> None:
        """The other way round: nobody new gets in, calls and jobs finish, then the stores close."""
        await self._supervisor.close()
        stores = [program for program in self._started if program.name in ("postgres", "valkey", "s3")]
        await asyncio.gather(*(program.stop() for program in self._started if program not in stores))
        await asyncio.gather(*(program.stop() for program in stores))
        await self._mailbox.stop()
        await asyncio.to_thread(self._stripe.stop)
        self._remember_if_possible()

    async def _start_all(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._start_gateway())
                group.create_task(self._start_services())
            await self._timed("services", until(lambda: serves_all(self._servers.target.edge), READY_SECONDS))
        except ExceptionGroup as failures:
            raise _first_failure(failures) from failures
        except TimeoutError as late:
            raise StackError(f"The services are not healthy; see {self._servers.log('fleet')}") from late

    async def _start_gateway(self) -> None:
        await self._start(await asyncio.to_thread(self._servers.envoy))

    async def _start_services(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._start_database())
            group.create_task(self._start(self._servers.valkey()))
            group.create_task(self._start(self._servers.s3()))
            group.create_task(self._mailbox.start())
            group.create_task(asyncio.to_thread(self._stripe.start))
        fleet = [self._servers.service(name) for name in SERVICES] if self._separate else [self._servers.fleet()]
        async with asyncio.TaskGroup() as group:
            for program in (*fleet, self._servers.worker()):
                group.create_task(self._start(program))

    async def _start_database(self) -> None:
        await initialise(self.data / "postgres")
        await self._start(self._servers.postgres())
        await self._timed("migrate", self._servers.migration().run())

    async def _start(self, program: Program) -> None:
        # Before it is ready: whatever happens next, it will be stopped.
        self._started.append(program)
        await self._timed(program.name, program.start())

    async def _timed(self, name: str, work: Awaitable[None]) -> None:
        await work
        self.phases[name] = round(time.monotonic() - self._since, 2)

    def _remember(self) -> None:
        running = {program.name: program.pid for program in self._started if program.pid}
        self.state.pids = {"stack": os.getpid(), **running} if running else {}
        save_state(self.data / "stack.json", self.state)

    def _remember_if_possible(self) -> None:
        """Later than the start: a full disk is no reason to stop serving, or not to stop."""
        try:
            self._remember()
        except OSError as error:
            self._say(f"{self.data}/stack.json is out of date: {in_words(error)}")


@asynccontextmanager
async def running(
    data: Path, *, say: Say = print, ports: Mapping[str, int] | None = None, separate: bool = False
) -> AsyncIterator[Stack]:
    """A stack on a data folder for as long as the block runs.

    `ports` fixes some by name (`edge`, `postgres`, …); the others are chosen. `separate` runs each service in a process
    of its own, as docker-compose.yml does. Raises StackError.
    """
    data = Path(os.path.abspath(data))  # noqa: PTH100 - no links are followed, no disk is touched
    with own(data):
        with one_sentence():
            check_machine(data)
            stack = Stack(data, _prepared(data, ports or {}), say, separate)
        try:
            await stack.start()
            yield stack
        finally:
            await stack.stop()


async def up(
    data: Path,
    *,
    say: Say = print,
    ports: Mapping[str, int] | None = None,
    then: Callable[[Stack], Awaitable[None]] | None = None,
) -> None:
    """`skillsync up`: runs until Ctrl-C or SIGTERM. `then` runs once everything is ready."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted.set)
    work = asyncio.create_task(_serve(data, say, ports, then))
    stopper = asyncio.create_task(interrupted.wait())
    await asyncio.wait({work, stopper}, return_when=asyncio.FIRST_COMPLETED)
    stopper.cancel()
    if not work.done():
        say("stopping")
        work.cancel()
    try:
        await work
    except asyncio.CancelledError:
        say("stopped")


async def _serve(
    data: Path,
    say: Say,
    ports: Mapping[str, int] | None,
    then: Callable[[Stack], Awaitable[None]] | None,
) -> None:
    async with running(data, say=say, ports=ports) as stack:
        for line in summary(stack):
            say(line)
        if then:
            await then(stack)
        await asyncio.Event().wait()


def summary(stack: Stack) -> list[str]:
    """What is ready, for a person."""
    width = max(map(len, stack.state.urls))
    seconds = max(stack.phases.values())
    lines = [f"  {name:<{width}}  {url}" for name, url in stack.state.urls.items()]
    return [f"SkillSync is ready after {seconds:.1f} s.", *lines, f"  {'secrets':<{width}}  {stack.data}/stack.json"]


def _first_failure(failures: ExceptionGroup[Exception]) -> Exception:
    """A sentence for a person when there is one, else what happened first."""
    for failure in failures.exceptions:
        if isinstance(failure, ExceptionGroup):
            return _first_failure(failure)
        if isinstance(failure, StartError):
            return StackError(str(failure))
    return failures.exceptions[0]


def _prepared(data: Path, fixed: Mapping[str, int]) -> State:
    state = _remembered(data / "stack.json")
    try:
        state.ports = choose(PORTS, state.ports, fixed)
    except PortTakenError as taken:
        raise StackError(str(taken)) from taken
    servers = Servers(data, state)
    state.urls, state.environment = _urls(servers), servers.environment
    return state


def _remembered(path: Path) -> State:
    try:
        return load_state(path)
    except (ValueError, TypeError) as damage:
        raise StackError(f"{path} is damaged ({damage}); restore it from a copy, or use another --data.") from damage


def _urls(servers: Servers) -> dict[str, str]:
    """What a person opens; the web app and the description if the edge shows them."""
    edge, public = f"http://{servers.target.edge}", public_url(servers.state)
    shown = {"web": "/", "openapi": "/openapi.yaml"}
    files = {name: public + path for name, path in shown.items() if path in servers.target.public_files}
    folders = {name: str(servers.data / name) for name in ("mail", "logs")}
    return files | {"api": edge, "grpc": str(servers.target.edge)} | folders
