"""The one way out to addresses that people or providers name: links in portfolios and proofs, avatars, OpenID providers.

Who can make us fetch a URL can make us knock where only we can reach: at our own database, at a cloud's metadata. So a name is resolved
once, every address it has must be public, and the connection goes to the very address that was looked at. Each redirect likewise.
"""

import asyncio
import ipaddress
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

MOST_BYTES = 1 << 20
MOST_SECONDS = 5.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = "SkillSync"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Iterable[str]]]
"""The addresses of a host, for a port."""

# Global by the registry, and yet not somebody's server: relays and translators to other addresses, and clouds' metadata.
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3",
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
    )
]  # fmt: skip
UNICAST = ipaddress.ip_network("2000::/3")
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class RefusedUrl(Exception):
    """Not fetched, for the URL's or an address' sake; the message says why, for the person who gave it."""


class FetchFailed(Exception):
    """Nothing that can be used came back; the message says what came instead."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is the last one, after redirects. `headers` have lower-case names."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer whose end has not come. `chunks` may be read once, within the block; it raises FetchFailed. `headers` as in Fetched."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


def is_public(address: Address) -> bool:
    """Whether anybody's server may be there."""
    if isinstance(address, ipaddress.IPv6Address) and address not in UNICAST:
        return False
    special = any(address in network for network in NOT_PUBLIC if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


async def resolve(host: str, port: int) -> list[str]:
    """By the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [str(entry[4][0]) for entry in found]


class Egress:
    """`allowed_origins`, e.g. `http://127.0.0.1:9000`, are the operator's own and may be anywhere; everything else must be public."""

    def __init__(self, allowed_origins: Collection[str] = (), resolve: Resolve = resolve) -> None:
        self._allowed = frozenset(_origin(httpx.URL(origin)) for origin in allowed_origins)
        self._network = _PublicNetwork(resolve, frozenset((host, port) for _, host, port in self._allowed))

    async def fetch(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        most_bytes: int = MOST_BYTES,
        seconds: float = MOST_SECONDS,
    ) -> Fetched:
        """Raises RefusedUrl or FetchFailed. `seconds` are for all of it: names, redirects and the last byte. Redirects only for GET."""
        with _as_failures(url, seconds):
            async with asyncio.timeout(seconds):
                return await self._follow(url, method, dict(headers or {}), content, most_bytes)

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        method: str,
        headers: Mapping[str, str],
        content: bytes,
        most_bytes: int = MOST_BYTES,
        seconds: float = MOST_SECONDS,
    ) -> AsyncIterator[Streamed]:
        """An answer while it arrives; redirects are not followed. Raises RefusedUrl or FetchFailed. `seconds` are for all of it, as far as
        it is waited for here: whoever reads slowly is not interrupted in the middle of something else.
        """
        ends = asyncio.get_running_loop().time() + seconds
        async with AsyncExitStack() as stack:
            with _as_failures(url, seconds):
                async with asyncio.timeout_at(ends):
                    answer = await stack.enter_async_context(self._asked(self._checked(url), method, headers, content))
            chunks = _chunks(answer, url, most_bytes, seconds, ends)
            yield Streamed(answer.status, _headers_of(answer), chunks)

    def check(self, url: str, tls: bool = False) -> None:
        """Raises RefusedUrl for what can be seen not to be fetched, from the URL alone: names are not looked up. `tls`: nor for what
        anybody on the way could change, unless the operator named it.
        """
        parsed = self._checked(url)
        if tls and parsed.scheme != "https" and _origin(parsed) not in self._allowed:
            raise RefusedUrl(f"{_shown(url)} does not begin with https://")

    async def _follow(self, url: str, method: str, headers: dict[str, str], content: bytes, most_bytes: int) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            parsed = self._checked(url)
            answer = await self._once(parsed, method, headers, content, most_bytes)
            if answer.status not in REDIRECTS or "location" not in answer.headers or method != "GET":
                return answer
            following = _join(parsed, answer.headers["location"])
            if _origin(self._checked(str(following))) != _origin(parsed):
                headers.pop("authorization", None)
            if (parsed.scheme, following.scheme) == ("https", "http"):
                raise RefusedUrl(f"{_shown(url)} leads from https to http")
            url = str(following)
        raise FetchFailed(f"{_shown(url)} redirects more than {MOST_REDIRECTS} times")

    def _checked(self, text: str) -> httpx.URL:
        """Raises RefusedUrl for what is no plain address of a public server."""
        url = _parse(text)
        if url.userinfo:
            raise RefusedUrl("a URL must not hold a user name or a password")
        if _origin(url) in self._allowed:
            return url
        if url.port not in (None, PORTS[url.scheme]):
            raise RefusedUrl(f"port {url.port} is not one of web servers (80, 443)")
        _check_host(url.host)
        return url

    async def _once(
        self, url: httpx.URL, method: str, headers: dict[str, str], content: bytes, most_bytes: int
    ) -> Fetched:
        async with self._asked(url, method, headers, content) as answer:
            body = b"".join([part async for part in _limited(answer, str(url), most_bytes)])
            return Fetched(str(url), answer.status, _headers_of(answer), body)

    @asynccontextmanager
    async def _asked(
        self, url: httpx.URL, method: str, headers: Mapping[str, str], content: bytes
    ) -> AsyncIterator[httpcore.Response]:
        # Not compressed: a few bytes could become many.
        sent = {"host": url.netloc.decode(), "user-agent": USER_AGENT, "accept-encoding": "identity"} | dict(headers)
        raw = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        async with (
            httpcore.AsyncConnectionPool(network_backend=self._network, max_connections=1) as pool,
            pool.stream(method, raw, headers=list(sent.items()), content=content or None) as answer,
        ):
            if _headers_of(answer).get("content-encoding", "identity") != "identity":
                raise FetchFailed(f"{_shown(str(url))} answers compressed, which was not asked for")
            yield answer


class _PublicNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, whoever asks: what the URL says has been looked at before, what it leads to is looked at here."""

    def __init__(self, resolve: Resolve, allowed: frozenset[tuple[str, int]]) -> None:
        self._resolve, self._allowed = resolve, allowed
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *rest: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        address = host if (host, port) in self._allowed else await self._public(host, port)
        return await self._real.connect_tcp(address, port, *rest, **options)

    async def _public(self, host: str, port: int) -> str:
        found = [ipaddress.ip_address(text.partition("%")[0]) for text in await self._resolve(host, port)]
        if not found:
            raise FetchFailed(f"{host} has no address")
        if not all(map(is_public, found)):
            raise RefusedUrl(f"{host} leads to an address that is not public")
        return str(found[0])

    async def connect_unix_socket(self, path: str, *rest: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        raise RefusedUrl("sockets of this machine are not public")

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)


@contextmanager
def _as_failures(url: str, seconds: float) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise FetchFailed(f"{_shown(url)} took longer than {seconds:.0f} s") from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        OSError,
        ssl.SSLError,
    ) as error:
        raise FetchFailed(f"{_shown(url)} cannot be reached") from error


def _headers_of(answer: httpcore.Response) -> dict[str, str]:
    return {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers}


async def _limited(answer: httpcore.Response, url: str, most_bytes: int) -> AsyncIterator[bytes]:
    read = 0
    async for part in answer.aiter_stream():
        read += len(part)
        if read > most_bytes:
            raise FetchFailed(f"{_shown(url)} is larger than {most_bytes:,} bytes")
        yield part


async def _chunks(
    answer: httpcore.Response, url: str, most_bytes: int, seconds: float, ends: float
) -> AsyncIterator[bytes]:
    parts = _limited(answer, url, most_bytes)
    while True:
        with _as_failures(url, seconds):
            # Around each reading alone: a timeout around a `yield` would strike whoever takes the chunk.
            async with asyncio.timeout_at(ends):
                part = await anext(parts, None)
        if part is None:
            return
        yield part


def _parse(text: str) -> httpx.URL:
    if len(text) > 2000 or any(
        ord(character) <= 32 or ord(character) == 127 or character == "\\" for character in text
    ):
        raise RefusedUrl("a URL has at most 2,000 characters, and no spaces, control characters or backslashes")
    try:
        url = httpx.URL(text)
        # Decodes what is written in punycode.
        named = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedUrl("this is not a URL") from error
    if url.scheme not in PORTS or not named:
        raise RefusedUrl("a URL must begin with https:// or http:// and name a host")
    return url


def _join(base: httpx.URL, location: str) -> httpx.URL:
    try:
        return base.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedUrl(f"{_shown(str(base))} redirects to what is not a URL") from error


def _check_host(host: str) -> None:
    """An address as the standards write it, or a name with a dot: no decimal, octal, hexadecimal or shortened addresses."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not HOST.fullmatch(httpx.URL(scheme="http", host=host).raw_host.decode().lower()):
            raise RefusedUrl(f"{host} is not the name of a public server") from None
    else:
        if not is_public(address):
            raise RefusedUrl(f"{host} is not a public address")


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or PORTS[url.scheme]


def _shown(url: str) -> str:
    """Without what may be secret in it."""
    return url.partition("?")[0]
