"""Many gRPC streams over few connections with as little work as can be: what is measured is the servers, not a client in Python.

HTTP/2 (RFC 9113) without TLS as far as it goes: header blocks are sent without compression and not read, and windows are so large that
none is ever used up.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 4, 6, 7, 8
ACK, END_STREAM, END_HEADERS = 1, 1, 4
WINDOW = 2**31 - 1
INITIAL_WINDOW_SIZE = 4
HEAD, PREFIX = 9, 5
Pairs = Iterable[tuple[str, str]]


class Watching(asyncio.Protocol):
    """One connection with some streams of one method. `counts` are of messages, `times` when the last one of each was there."""

    def __init__(self, headers: Pairs, request: bytes, streams: int) -> None:
        block = b"".join(b"\0" + _text(name) + _text(value) for name, value in headers)
        message = b"\0" + len(request).to_bytes(4, "big") + request
        self.ids = range(1, 2 * streams, 2)
        self._opening = b"".join(
            _frame(HEADERS, END_HEADERS, one, block) + _frame(DATA, END_STREAM, one, message) for one in self.ids
        )
        self.counts, self.times = dict.fromkeys(self.ids, 0), dict.fromkeys(self.ids, 0.0)
        self._left, self._parts = b"", dict.fromkeys(self.ids, b"")
        self._wanted, self._there = 0, asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, headers: Pairs, request: bytes, streams: int) -> AsyncIterator["Watching"]:
        """`url` is a gateway's, without TLS; `headers` those of the method, pseudo headers first."""
        parts = urlsplit(url if "//" in url else f"//{url}")
        loop = asyncio.get_running_loop()
        transport, made = await loop.create_connection(
            lambda: cls(headers, request, streams), parts.hostname, parts.port
        )
        try:
            yield made
        finally:
            transport.close()

    async def reached(self, count: int) -> None:
        """Every stream has had so many messages."""
        self._wanted = count
        self._there.clear()
        if min(self.counts.values()) < count:
            await self._there.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        settings = INITIAL_WINDOW_SIZE.to_bytes(2, "big") + WINDOW.to_bytes(4, "big")
        more = (WINDOW - 65_535).to_bytes(4, "big")
        transport.write(PREFACE + _frame(SETTINGS, 0, 0, settings) + _frame(WINDOW_UPDATE, 0, 0, more) + self._opening)

    def data_received(self, data: bytes) -> None:
        now, buffer, at = time.perf_counter(), self._left + data, 0
        while len(buffer) - at >= HEAD:
            end = at + HEAD + int.from_bytes(buffer[at : at + 3], "big")
            if end > len(buffer):
                break
            kind, flags, stream = buffer[at + 3], buffer[at + 4], int.from_bytes(buffer[at + 5 : at + HEAD], "big")
            self._take(kind, flags, stream, buffer[at + HEAD : end], now)
            at = end
        self._left = buffer[at:]
        if min(self.counts.values()) >= self._wanted:
            self._there.set()

    def _take(self, kind: int, flags: int, stream: int, body: bytes, now: float) -> None:
        if kind == DATA:
            self._message(stream, body, now)
        elif kind in (SETTINGS, PING) and not flags & ACK:
            self._transport.write(_frame(kind, ACK, 0, body if kind == PING else b""))
        elif kind == GOAWAY or (kind == HEADERS and flags & END_STREAM):
            raise ConnectionError(f"the server ended stream {stream}: {body!r}")

    def _message(self, stream: int, body: bytes, now: float) -> None:
        part = self._parts[stream] + body
        while len(part) >= PREFIX and len(part) >= (end := PREFIX + int.from_bytes(part[1:PREFIX], "big")):
            part = part[end:]
            self.counts[stream] += 1
            self.times[stream] = now
        self._parts[stream] = part


def _text(value: str) -> bytes:
    """A string of a header block: its length in seven bits and on (RFC 7541, 5.1), and its bytes."""
    data, most = value.encode(), 127
    if len(data) < most:
        return bytes([len(data)]) + data
    rest, made = len(data) - most, bytearray([most])
    while rest >= 128:
        made.append(rest % 128 + 128)
        rest //= 128
    return bytes([*made, rest]) + data


def _frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body
