"""The servers of the stack, built from its state."""

from collections.abc import Mapping
from pathlib import Path

from gateway.contract import SERVICES
from gateway.envoy import repository_contract
from gateway.target import Address, Target, laptop
from services.embedded import s3
from services.embedded.envoy import envoy
from services.embedded.mailbox import Mailbox
from services.embedded.postgres import postgres, superuser_url
from services.embedded.program import Program, answers
from services.embedded.stripe.server import LocalStripe
from services.embedded.valkey import valkey
from services.stack import commands
from services.stack.database import SUPERUSER_URL
from services.stack.environment import BUCKET, environment
from services.stack.ports import LOOPBACK
from services.stack.state import State

PORTS = ("edge", "mesh", "admin", "postgres", "valkey", "mailbox", "stripe", *s3.PORTS, *SERVICES)

ROOT = Path(__file__).parent.parent.parent
# What the edge shows besides the API, if it was built: the API's description and the web app.
OPENAPI = ROOT / "gateway" / "openapi.yaml"
SITE = ROOT / "gateway" / "web" / "dist"


class Servers:
    """Everything that can be started on one data folder."""

    def __init__(self, data: Path, state: State) -> None:
        self.data, self.state = data, state
        self.certificates = data / "certificates"
        self.environment = environment(state, data)
        self.target = self._target()

    def log(self, name: str) -> Path:
        """Where a program's output goes."""
        return self.data / "logs" / f"{name}.log"

    def postgres(self) -> Program:
        """The database."""
        return postgres(self.data / "postgres", self.state.ports["postgres"], self.log("postgres"))

    def valkey(self) -> Program:
        """The broker."""
        secrets = self.state.secrets
        return valkey(self.data / "valkey", self.state.ports["valkey"], secrets["redis_password"], self.log("valkey"))

    def s3(self) -> Program:
        """The object store."""
        secrets, ports = self.state.secrets, self.state.ports
        keys = secrets["s3_access_key"], secrets["s3_secret_key"]
        return s3.s3(self.data / "s3", ports, *keys, BUCKET, self.log("s3"))

    def mailbox(self) -> Mailbox:
        """The mailbox; it lives in this process."""
        return Mailbox(self.data / "mail", LOOPBACK, self.state.ports["mailbox"])

    def stripe(self) -> LocalStripe:
        """What is paid at; it lives in this process."""
        secrets, port = self.state.secrets, self.state.ports["stripe"]
        keys = secrets["stripe_key"], secrets["stripe_webhook_secret"]
        stripe = LocalStripe(LOOPBACK, port, *keys, self.data / "stripe.json")
        stripe.webhooks.url = f"http://{self.target.edge}/v1/webhooks/stripe"
        return stripe

    def envoy(self) -> Program:
        """The gateway."""
        return envoy(self.target, repository_contract(), self.data, self.log("envoy"))

    def fleet(self) -> Program:
        """All five services in one process."""
        return self._ours("fleet", commands.FLEET, SERVICES)

    def service(self, name: str) -> Program:
        """One service in a process of its own."""
        return self._ours(name, commands.SERVER[name], (name,))

    def worker(self) -> Program:
        """The jobs of all services. It is ready when it is ready: jobs wait."""
        return self._ours("worker", commands.WORKER, ())

    def migration(self) -> Program:
        """Ends when the database is of the newest revision."""
        superuser = {SUPERUSER_URL: superuser_url(self.data / "postgres", self.state.ports["postgres"])}
        return self._ours("migrate", commands.MIGRATE, (), superuser)

    def _ours(
        self, name: str, command: tuple[str, ...], listening: tuple[str, ...], more: Mapping[str, str] | None = None
    ) -> Program:
        ports = [self.state.ports[service] for service in listening]

        async def ready() -> bool:
            return all([await answers(LOOPBACK, port) for port in ports])

        return Program(
            name, commands.runnable(command), self.log(name), ready, env={**self.environment, **(more or {})}
        )

    def _target(self) -> Target:
        ports = {name: Address(LOOPBACK, port) for name, port in self.state.ports.items()}
        return laptop(
            certificates=self.certificates,
            upstreams={service: ports[service] for service in SERVICES},
            edge=ports["edge"],
            mesh=ports["mesh"],
            admin=ports["admin"],
            public_files=public_files(OPENAPI, SITE),
        )


# Where people find them.
PAGES = {"/": "/index.html", "/showcase/{user_id}": "/showcase.html"}


def public_files(openapi: Path, site: Path) -> Mapping[str, Path]:
    """URL path → file. A path may have an id in it, as `{…}`."""
    files = {f"/{file.relative_to(site)}": file for file in sorted(site.rglob("*")) if file.is_file()}
    for url, page in PAGES.items():
        if page in files:
            files[url] = files[page]
    return files | ({"/openapi.yaml": openapi} if openapi.exists() else {})
