"""What we fetch for others leads to public servers and nowhere else."""

import asyncio
import ipaddress
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import pytest

from services.kit.egress import Egress, FetchFailed, RefusedUrl, Streamed, is_public

PUBLIC = "93.184.216.34"

INSIDE = (
    "127.0.0.1", "127.0.0.53", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1",
    "192.168.1.254", "169.254.169.254", "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.254", "0.0.0.0",
    "0.1.2.3", "192.0.0.192", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "192.88.99.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::1", "::", "fe80::1", "fe80::a9fe:a9fe",
    "fc00::1", "fd00:ec2::254", "fd12:3456:789a::1", "ff02::1", "2001:db8::1", "2001::1", "2001:10::1", "100::1", "fec0::1",
    "3fff::1", "5f00::1",
)  # fmt: skip
FOUR = [text for text in INSIDE if "." in text]


def wrapped(four: str) -> list[str]:
    """An IPv4 address within IPv6: mapped, compatible, 6to4, NAT64, Teredo."""
    number = int(ipaddress.IPv4Address(four))
    high, low = number >> 16, number & 0xFFFF
    inverse = number ^ 0xFFFFFFFF
    return [
        f"::ffff:{four}", f"::{high:x}:{low:x}", f"2002:{high:x}:{low:x}::1", f"64:ff9b::{high:x}:{low:x}",
        f"64:ff9b:1::{high:x}:{low:x}", f"2001:0:1:2:3:4:{inverse >> 16:x}:{inverse & 0xFFFF:x}",
    ]  # fmt: skip


def spelled(four: str) -> list[str]:
    """An IPv4 address as old resolvers read it."""
    a, b, c, d = (int(part) for part in four.split("."))
    number = int(ipaddress.IPv4Address(four))
    return [
        str(number), hex(number), f"0{number:o}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"{a}.{(b << 16) + (c << 8) + d}", f"{a}.{b}.{(c << 8) + d}", f"{a}.{b}.{c}.{d}.",
        f"{a:03}.{b:03}.{c:03}.{d:03}", f"{number + (1 << 32)}",
    ]  # fmt: skip


ADDRESSES = [*INSIDE, *(found for four in FOUR for found in wrapped(four))]
OF_ADDRESSES = [f"http://[{text}]/" if ":" in text else f"http://{text}/" for text in ADDRESSES]
OF_SPELLINGS = [
    f"http://{text}/latest" for four in ("127.0.0.1", "169.254.169.254", "10.0.0.1") for text in spelled(four)
]
ODD = [
    "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "dict://127.0.0.1:11211/stat", "ws://example.org/",
    "unix:///var/run/docker.sock", "data:text/plain,x", "javascript:alert(1)", "//127.0.0.1/", "http:///etc", "http://", "https://",
    "http:127.0.0.1", "http://localhost/", "https://localhost", "http://localhost./", "http://LOCALHOST/", "http://intranet/",
    "http://user:secret@example.org/", "http://example.org@127.0.0.1/", "http://127.0.0.1\\@example.org/", "http://127.0.0.1#@example.org/",
    "http://127.0.0.1?@example.org/", "http://example.org:22/", "http://example.org:6379/", "https://example.org:8443/", "http://example.org:0/",
    "http://example.org:99999/", "http://exa mple.org/", "http://example.org\r\nhost: x/", "http://example.org/\r\nX: y", "http://[::1/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.０.０.１/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:0:0:1]/",
    "http://[::1%25lo]/", "http://[fe80::1%25eth0]/", "http://0/", "http://127.1/", "http://%31%32%37.0.0.1/", "http://.../",
    "http://-example.org/", "http://example..org/", "http://" + "a" * 64 + ".org/", "http://" + "a." * 130 + "org/",
    "https://example.org/" + "x" * 2000, "http://xn--.org/", "http://xn--/", "http://xn--a./", "http://xn--zzzzzzzzzz--./",
]  # fmt: skip
# What a name of a stranger's own leads to.
NAMED = [[address] for address in ADDRESSES] + [
    [PUBLIC, "127.0.0.1"],
    ["127.0.0.1", PUBLIC],
    [PUBLIC, "::1"],
    ["fe80::1%eth0"],
]

# Of this test alone: services of the same process connect as well, in contexts of their own.
_seen: ContextVar[list[Any] | None] = ContextVar("seen", default=None)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and (seen := _seen.get()) is not None and isinstance(arguments[1], tuple):
        seen.append(arguments[1])


sys.addaudithook(_watch)


@contextmanager
def connections() -> Iterator[list[Any]]:
    """Every address that is connected to meanwhile from here, as the interpreter itself tells."""
    token = _seen.set(seen := [])
    try:
        yield seen
    finally:
        _seen.reset(token)


def leading_to(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


@asynccontextmanager
async def answering(
    answer: bytes, pieces: int = 1, pause: float = 0.0, goes_on: asyncio.Event | None = None
) -> AsyncIterator[tuple[str, list[str]]]:
    """A local server's origin, and the request lines that it got. It waits for `goes_on` after the first piece."""
    got: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append((await reader.readuntil(b"\r\n\r\n")).decode())
        for _ in range(pieces):
            writer.write(answer)
            await writer.drain()
            await asyncio.sleep(pause)
            if goes_on:
                await goes_on.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", got


def ok(body: bytes, *headers: str) -> bytes:
    head = "\r\n".join(["HTTP/1.1 200 OK", "connection: close", *headers])
    return head.encode() + b"\r\n\r\n" + body


async def refusals(payloads: list[tuple[Egress, str]]) -> list[str]:
    """Those that were not refused."""
    let_through = []
    for egress, url in payloads:
        try:
            await egress.fetch(url, seconds=1)
        except RefusedUrl:
            continue
        except FetchFailed:
            pass
        let_through.append(url)
    return let_through


async def test_hundreds_of_ways_inside_lead_nowhere() -> None:
    strict = Egress(resolve=leading_to("127.0.0.1"))
    payloads = [(strict, url) for url in (*OF_ADDRESSES, *OF_SPELLINGS, *ODD)]
    payloads += [(Egress(resolve=leading_to(*named)), "http://stranger.example/") for named in NAMED]
    assert len(payloads) >= 300
    with connections() as made:
        assert await refusals(payloads) == []
    assert made == []


async def test_no_redirect_leads_inside() -> None:
    targets = [*OF_ADDRESSES[:60], *OF_SPELLINGS, *ODD[:40], "http://stranger.example/"]
    for target in [target for target in targets if "\r" not in target and target.isascii()]:
        redirect = f"HTTP/1.1 302 Found\r\nlocation: {target}\r\nconnection: close\r\n\r\n".encode()
        async with answering(redirect) as (origin, got):
            egress = Egress([origin], resolve=leading_to("10.0.0.1"))
            with connections() as made, pytest.raises((RefusedUrl, FetchFailed)):
                await egress.fetch(f"{origin}/")
            # The one that redirects, and for relative locations it again.
            assert {f"http://{host}:{port}" for host, port, *_ in made} == {origin}, target
            assert got


async def test_the_watching_sees_what_is_let_through() -> None:
    async with answering(ok(b"hello")) as (origin, got):
        with connections() as made:
            fetched = await Egress([origin]).fetch(f"{origin}/a?b=c")
    assert (fetched.status, fetched.content, len(made)) == (200, b"hello", 1)
    assert got[0].startswith("GET /a?b=c HTTP/1.1")
    assert "cookie" not in got[0].lower()


async def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and local a moment later."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    made: list[str] = []

    async def connect(self: Any, host: str, *rest: Any, **options: Any) -> None:
        """Nothing leaves the building in a test."""
        made.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(FetchFailed):
        await Egress(resolve=resolve).fetch("http://rebinding.example/")
    assert made == [PUBLIC]


async def test_an_origin_of_the_operator_is_that_origin_only() -> None:
    async with answering(ok(b"")) as (origin, _), answering(ok(b"")) as (other, got):
        with pytest.raises(RefusedUrl):
            await Egress([origin]).fetch(other)
        assert not got


async def test_what_is_too_large_is_not_read_to_the_end() -> None:
    async with answering(ok(b"x" * 65_536), pieces=1_000) as (origin, _):
        with pytest.raises(FetchFailed, match="larger than 100,000 bytes"):
            await Egress([origin]).fetch(origin, most_bytes=100_000)


async def test_what_comes_in_drops_is_given_up() -> None:
    async with answering(ok(b"x"), pieces=100, pause=0.05) as (origin, _):
        with pytest.raises(FetchFailed, match="took longer"):
            await Egress([origin]).fetch(origin, seconds=0.3)


async def test_a_compressed_answer_is_not_unpacked() -> None:
    async with answering(ok(b"\x1f\x8b", "content-encoding: gzip")) as (origin, _):
        with pytest.raises(FetchFailed, match="compressed"):
            await Egress([origin]).fetch(origin)


@asynccontextmanager
async def streaming(answer: bytes, pieces: int = 1, pause: float = 0.0, **limits: float) -> AsyncIterator[Streamed]:
    async with (
        answering(answer, pieces, pause) as (origin, got),
        Egress([origin]).stream(f"{origin}/x", "POST", {"x-own": "1"}, b"{}", **limits) as streamed,  # type: ignore[arg-type]
    ):
        assert got[0].startswith("POST /x HTTP/1.1")
        assert "x-own: 1" in got[0]
        yield streamed


async def test_an_answer_can_be_read_while_it_arrives() -> None:
    goes_on = asyncio.Event()
    async with (
        answering(ok(b"first"), pieces=2, goes_on=goes_on) as (origin, _),
        Egress([origin]).stream(origin, "POST", {}, b"") as answer,
    ):
        assert await anext(answer.chunks) == b"first"
        goes_on.set()
        assert b"".join([chunk async for chunk in answer.chunks]) == ok(b"first")
    assert answer.status == 200


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://example.org:8443/", "http://10.0.0.1/", "http://u:p@example.org/"]
)
async def test_no_stream_leads_inside_either(url: str) -> None:
    with connections() as made, pytest.raises(RefusedUrl):
        async with Egress().stream(url, "POST", {}, b""):
            pass
    assert not made


async def test_a_stream_follows_no_redirect() -> None:
    redirect = b"HTTP/1.1 307 Moved\r\nlocation: /again\r\nconnection: close\r\n\r\n"
    async with answering(redirect) as (origin, got), Egress([origin]).stream(origin, "POST", {}, b"x") as answer:
        assert answer.status == 307
    assert len(got) == 1


async def test_a_stream_has_an_end_in_bytes() -> None:
    async with streaming(ok(b"x" * 65_536), pieces=1_000, most_bytes=100_000) as answer:
        with pytest.raises(FetchFailed, match="larger than 100,000 bytes"):
            _ = [chunk async for chunk in answer.chunks]


async def test_a_stream_has_an_end_in_seconds() -> None:
    async with streaming(ok(b"x"), pieces=100, pause=0.05, seconds=0.3) as answer:
        with pytest.raises(FetchFailed, match="took longer"):
            _ = [chunk async for chunk in answer.chunks]


async def test_who_reads_slowly_is_not_interrupted_elsewhere() -> None:
    async with streaming(ok(b"whole", "content-length: 5"), seconds=3) as answer:
        assert await anext(answer.chunks) == b"whole"
        await asyncio.sleep(3.2)


async def test_redirects_in_a_circle_end() -> None:
    async with answering(b"HTTP/1.1 302 Found\r\nlocation: /again\r\nconnection: close\r\n\r\n") as (origin, got):
        with pytest.raises(FetchFailed, match="redirects more than 3 times"):
            await Egress([origin]).fetch(origin)
    assert len(got) == 4


@pytest.mark.parametrize("text", [PUBLIC, "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


async def test_what_is_only_looked_at_is_judged_as_what_is_fetched() -> None:
    looked = Egress(["http://forge.intra:3000"])
    for url in (*OF_ADDRESSES, *OF_SPELLINGS, *ODD):
        with pytest.raises(RefusedUrl):
            looked.check(url)
    with connections() as made:
        looked.check("http://example.org/")
        looked.check("https://example.org/", tls=True)
        looked.check("http://forge.intra:3000/x", tls=True)
    assert made == []
    with pytest.raises(RefusedUrl, match="https"):
        looked.check("http://example.org/", tls=True)
