"""The settings that the stack gives to its programs, as environment variables.

`SKILLSYNC_<SETTING>` is for every service, `SKILLSYNC_<SERVICE>_<SETTING>` for one: the fleet and the worker hold
several services in one process, each with its own role in the database, its own port and its own certificate.
"""

from pathlib import Path

from gateway.contract import SERVICES
from services.migrate import DATABASE, OWNER
from services.stack.ports import LOOPBACK
from services.stack.state import State

BUCKET = "skillsync"


def environment(state: State, data: Path) -> dict[str, str]:
    """Everything, for the fleet, the worker and the migrations alike."""
    certificates = data / "certificates"
    settings = _shared(state, certificates)
    for service in SERVICES:
        settings |= {f"{service}_{key}": value for key, value in _own(state, certificates, service).items()}
    return {f"SKILLSYNC_{key.upper()}": value for key, value in settings.items()}


def database_url(state: State, role: str, password: str) -> str:
    """A role's way into the database."""
    return f"postgresql+asyncpg://{role}:{password}@{LOOPBACK}:{state.ports['postgres']}/{DATABASE}"


def public_url(state: State) -> str:
    """What people open and mails link to. By name: not every provider that people sign in through sends browsers back to a bare address."""
    return f"http://localhost:{state.ports['edge']}"


def _shared(state: State, certificates: Path) -> dict[str, str]:
    ports, secrets = state.ports, state.secrets
    return {
        "owner_database_url": database_url(state, OWNER, secrets["owner_password"]),
        "redis_url": f"redis://:{secrets['redis_password']}@{LOOPBACK}:{ports['valkey']}/0",
        "s3_endpoint": f"http://{LOOPBACK}:{ports['s3']}",
        "s3_access_key": secrets["s3_access_key"],
        "s3_secret_key": secrets["s3_secret_key"],
        "s3_bucket": BUCKET,
        "smtp_url": f"smtp://{LOOPBACK}:{ports['mailbox']}",
        # As at the gateway: one person's load test is not an attack.
        "limits_factor": "100",
        "public_url": public_url(state),
        "mesh_address": f"{LOOPBACK}:{ports['mesh']}",
        "jwks_url": f"http://{LOOPBACK}:{ports['edge']}/v1/.well-known/jwks.json",
        "seal_key": secrets["seal_key"],
        "tls_ca": str(certificates / "ca.pem"),
    }


def _own(state: State, certificates: Path, service: str) -> dict[str, str]:
    return (_payments(state) if service == "billing" else {}) | {
        "database_url": database_url(state, service, state.secrets[f"{service}_password"]),
        "listen": f"{LOOPBACK}:{state.ports[service]}",
        "tls_cert": str(certificates / f"{service}.pem"),
        "tls_key": str(certificates / f"{service}-key.pem"),
    }


def _payments(state: State) -> dict[str, str]:
    """The stack's own Stripe."""
    return {
        "stripe_key": state.secrets["stripe_key"],
        "stripe_webhook_secret": state.secrets["stripe_webhook_secret"],
        "stripe_url": f"http://{LOOPBACK}:{state.ports['stripe']}",
    }
