"""HTTP/1.1 with as little work as can be: what is measured is the servers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Connection:
    """One connection that is kept; one request at a time."""

    def __init__(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._host, self._reader, self._writer = host, reader, writer

    @classmethod
    @asynccontextmanager
    async def pool(cls, url: str, count: int) -> AsyncIterator[list["Connection"]]:
        parts = urlsplit(url)
        opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(count)]
        try:
            yield [cls(parts.netloc, reader, writer) for reader, writer in opened]
        finally:
            for _, writer in opened:
                writer.close()

    async def get(self, path: str, headers: Mapping[str, str]) -> bytes:
        """The body. Raises RuntimeError for any answer but 200."""
        lines = [
            f"GET {path} HTTP/1.1",
            f"host: {self._host}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._writer.write("\r\n".join([*lines, "", ""]).encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        body = await self._body(head)
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{head.decode()}{body[:200].decode()}")
        return body

    async def _body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head:
            parts = []
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                parts.append(await self._reader.readexactly(size))
                await self._reader.readexactly(2)
            await self._reader.readexactly(2)
            return b"".join(parts)
        length = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        return await self._reader.readexactly(length)
