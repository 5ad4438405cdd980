"""`skillsync migrate`, from the environment that the stack and docker-compose.yml give it."""

from collections.abc import Mapping

from sqlalchemy.engine import make_url

from gateway.contract import SERVICES
from services.migrate import OWNER, prepare, upgrade

SUPERUSER_URL = "SKILLSYNC_SUPERUSER_DATABASE_URL"
OWNER_URL = "SKILLSYNC_OWNER_DATABASE_URL"


async def migrate(environment: Mapping[str, str]) -> None:
    """Roles and database where a superuser is given, then the newest revision. Safe to repeat.

    Each role gets the password that stands in its own URL (`SKILLSYNC_USER_DATABASE_URL`, …).
    """
    owner_url = environment[OWNER_URL]
    if superuser_url := environment.get(SUPERUSER_URL):
        urls = {OWNER: owner_url} | {service: environment[service_url(service)] for service in SERVICES}
        await prepare(superuser_url, {role: make_url(url).password or "" for role, url in urls.items()})
    await upgrade(owner_url)


def service_url(service: str) -> str:
    """The variable with a service's way into the database, where several services share an environment."""
    return f"SKILLSYNC_{service.upper()}_DATABASE_URL"
