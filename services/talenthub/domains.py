"""Internet domains: how they are written, and what their DNS says."""

import re
from uuid import UUID

import dns.asyncresolver
import dns.exception
import dns.resolver

from services.kit.errors import InvalidArgument, Unavailable
from services.kit.seal import pseudonym

LABEL = "_skillsync"
LOOK_SECONDS = 3.0
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


def normal(text: str, field: str) -> str:
    """In lower case, as DNS has it; empty stays empty. Raises InvalidArgument for what is no domain."""
    if not text:
        return ""
    try:
        domain = text.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise InvalidArgument(field, "is no internet domain; write it like example.org, without https:// and paths")
    return domain


def record(seal_key: str, organization_id: UUID, domain: str) -> tuple[str, str]:
    """Name and value of the TXT record that shows that the organization owns the domain. The same whenever it is asked for."""
    token = pseudonym(seal_key, "domain", f"{organization_id}/{domain}").hex()[:32]
    return f"{LABEL}.{domain}", f"skillsync-verification={token}"


class Lookup:
    """`server`: `host:port` of a DNS server; empty for those of this machine."""

    def __init__(self, server: str = "") -> None:
        self._server = server

    async def txt(self, domain: str) -> set[str]:
        """What the TXT records of the domain's own name for us say; empty where there are none. Raises Unavailable without an answer."""
        try:
            answer = await self._resolver().resolve(f"{LABEL}.{domain}.", "TXT", lifetime=LOOK_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return set()
        except (dns.exception.DNSException, OSError) as error:
            raise Unavailable("dns") from error
        return {b"".join(record.strings).decode("utf-8", "replace") for record in answer}

    def _resolver(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=not self._server)
        if self._server:
            host, _, port = self._server.rpartition(":")
            resolver.nameservers, resolver.port = [host], int(port)
        # What was not there a moment ago may be there now.
        resolver.cache = None
        return resolver
