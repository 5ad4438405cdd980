"""Where a gateway runs: addresses, certificates and limits. Everything else is the same everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gateway.contract import SERVICES

DEFAULT_ISSUER = "skillsync"

# Where containers find their certificates.
CERTIFICATES = Path("/run/skillsync/certificates")

EDGE_PORT, MESH_PORT, ADMIN_PORT, METRICS_PORT, SERVICE_PORT = 8080, 9080, 9901, 9902, 9000


@dataclass(frozen=True)
class Address:
    """A host and a port, to listen on or to connect to."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Identity:
    """A certificate, its key and the authority that signed its peers, as files on Envoy's machine."""

    cert: Path
    key: Path
    ca: Path

    @classmethod
    def named(cls, name: str, folder: Path) -> "Identity":
        """The files that `services.kit.certificates.issue(folder, name)` writes."""
        return cls(folder / f"{name}.pem", folder / f"{name}-key.pem", folder / "ca.pem")


@dataclass(frozen=True)
class Target:
    """One place a gateway runs in."""

    name: str
    identity: Identity  # towards the services and on the mesh listener
    upstreams: Mapping[str, Address]
    discovery: Literal["STATIC", "DNS"]
    edge: Address
    mesh: Address
    admin: Address  # loopback always
    metrics: Address | None = None  # Prometheus scrape, nothing else of the admin interface
    edge_identity: Identity | None = None  # None: plain HTTP
    origins: tuple[str, ...] = ()  # browsers' origins, as regular expressions
    issuer: str = DEFAULT_ISSUER
    replicas: int = 1  # of each service; the circuit breakers count for all of them
    trusted_hops: int = 0  # proxies in front whose X-Forwarded-For is believed
    requests_per_second: int = 100  # for one client address
    keys_seconds: int = (
        60  # after so long tokens' keys are fetched again; the user service waits longer before it signs with a new one
    )
    reflection: bool = True  # what grpcurl lists services with
    # URL path → file, small ones. A path may have an id in it: `/showcase/{user_id}`.
    public_files: Mapping[str, Path] = field(default_factory=dict)


def laptop(
    *,
    certificates: Path,
    upstreams: Mapping[str, Address],
    edge: Address,
    mesh: Address,
    admin: Address,
    public_files: Mapping[str, Path] | None = None,
) -> Target:
    """The embedded stack: loopback only, plain HTTP at the edge, any local page may call."""
    return Target(
        name="laptop",
        identity=Identity.named("gateway", certificates),
        upstreams=upstreams,
        discovery="STATIC",
        edge=edge,
        mesh=mesh,
        admin=admin,
        origins=(r"http://(localhost|127\.0\.0\.1)(:\d+)?",),
        # One person's load test is not an attack.
        requests_per_second=5000,
        keys_seconds=5,
        public_files=public_files or {},
    )


def compose(*, certificates: Path = CERTIFICATES, origins: tuple[str, ...] = ()) -> Target:
    """One server: containers find each other by name, TLS at the edge."""
    return Target(
        name="compose",
        identity=Identity.named("gateway", certificates),
        edge_identity=Identity.named("edge", certificates),
        upstreams={service: Address(service, SERVICE_PORT) for service in SERVICES},
        discovery="DNS",
        edge=Address("0.0.0.0", EDGE_PORT),  # noqa: S104 - inside a container
        mesh=Address("0.0.0.0", MESH_PORT),  # noqa: S104
        admin=Address("127.0.0.1", ADMIN_PORT),
        metrics=Address("0.0.0.0", METRICS_PORT),  # noqa: S104
        origins=origins,
    )


def aws(
    *, certificates: Path = CERTIFICATES, origins: tuple[str, ...] = (), domain: str = "skillsync.internal"
) -> Target:
    """Many machines: Cloud Map names, CloudFront in front, no reflection for strangers."""
    return Target(
        name="aws",
        identity=Identity.named("gateway", certificates),
        edge_identity=Identity.named("edge", certificates),
        upstreams={service: Address(f"{service}.{domain}", SERVICE_PORT) for service in SERVICES},
        discovery="DNS",
        edge=Address("0.0.0.0", EDGE_PORT),  # noqa: S104
        mesh=Address("0.0.0.0", MESH_PORT),  # noqa: S104
        admin=Address("127.0.0.1", ADMIN_PORT),
        metrics=Address("0.0.0.0", METRICS_PORT),  # noqa: S104
        origins=origins,
        replicas=3,
        trusted_hops=1,
        reflection=False,
    )
