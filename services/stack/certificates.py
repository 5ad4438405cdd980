"""The certificates of every identity on the mesh, renewed long before they end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from gateway.contract import SERVICES
from services.kit.certificates import create_authority, issue

# The names that a client may reach the gateway by; in docker-compose.yml it is `gateway`.
GATEWAY_HOSTS = ("localhost", "127.0.0.1", "gateway")
RENEW_BEFORE = timedelta(days=60)


def ensure_certificates(folder: Path) -> None:
    """Issues what is missing or about to end."""
    create_authority(folder)
    for name in (*SERVICES, "gateway", "edge"):
        if not _is_good(folder / f"{name}.pem"):
            issue(folder, name, GATEWAY_HOSTS)


def _is_good(path: Path) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)
