"""A language model's endpoint on this machine: a real HTTP server that speaks as vendors do, says what a test wants, fails on demand."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

KINDS = ("openai", "anthropic")


@dataclass
class Endpoint:
    """`says` are the pieces of the next answers; `fault` is what happens after them in place of an orderly end."""

    kind: str
    port: int = 0
    says: Sequence[str] = ()
    fault: str = ""
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    # Set: the answer waits before its last piece.
    waits: asyncio.Event | None = None
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def setting(self, **changes: Any) -> str:
        url = self.origin + ("/v1" if self.kind == "openai" else "")
        fields = {"kind": self.kind, "url": url, "model": "a-model", "key": "a key", "inside": True, "seconds": 5}
        return json.dumps(fields | changes)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
            }
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            self.asked.append({"line": head.split("\r\n")[0], "headers": headers, "body": body})
            await self._answer(writer)
        except ConnectionError:
            self.cut.set()
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        self._head(writer)
        for number, piece in enumerate(self.says):
            if self.waits and number == len(self.says) - 1:
                await self._wait(writer, self.waits)
            for event in self._piece(piece):
                self._send(writer, event)
            await writer.drain()
        for event in FAULTS.get(self.fault, lambda kind: [])(self.kind) if self.fault else self._end():
            self._send(writer, event)
        if self.fault == "hangs":
            await self._wait(writer, asyncio.Event())
        if self.fault != "cut":
            writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _wait(self, writer: asyncio.StreamWriter, event: asyncio.Event) -> None:
        """Until it is set, or nobody listens any more."""
        while not event.is_set():
            await asyncio.sleep(0.02)
            writer.write(self._chunk(": nothing yet\n\n"))
            await writer.drain()

    def _head(self, writer: asyncio.StreamWriter) -> None:
        place = "location: http://169.254.169.254/latest\r\n" if self.status // 100 == 3 else ""
        writer.write(
            f"HTTP/1.1 {self.status} So\r\ncontent-type: text/event-stream\r\n{place}transfer-encoding: chunked\r\n\r\n".encode()
        )

    def _send(self, writer: asyncio.StreamWriter, event: str) -> None:
        kind = f"event: {json.loads(event)['type']}\n" if self.kind == "anthropic" and '"type"' in event else ""
        # Cut where it hurts: events need not come whole.
        whole = f"{kind}data: {event}\n\n"
        for part in (whole[:7], whole[7:]):
            writer.write(self._chunk(part))

    def _chunk(self, text: str) -> bytes:
        raw = text.encode()
        return f"{len(raw):x}\r\n".encode() + raw + b"\r\n"

    def _piece(self, text: str) -> Iterator[str]:
        if self.kind == "openai":
            yield json.dumps({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})
        else:
            yield json.dumps({"type": "ping"})
            delta = {"type": "text_delta", "text": text}
            yield json.dumps({"type": "content_block_delta", "index": 0, "delta": delta})

    def _end(self) -> list[str]:
        if self.kind == "openai":
            usage = json.dumps({"choices": [], "usage": {"total_tokens": 7}})
            return [ended("openai", "stop"), usage, "[DONE]"]
        return [
            json.dumps({"type": "content_block_stop", "index": 0}),
            ended("anthropic", "end_turn"),
            json.dumps({"type": "message_stop"}),
        ]


def ended(kind: str, why: str) -> str:
    if kind == "openai":
        return json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": why}]})
    return json.dumps({"type": "message_delta", "delta": {"stop_reason": why}, "usage": {"output_tokens": 7}})


FAULTS = {
    "breaks off": lambda kind: [],
    "cut": lambda kind: [],
    "hangs": lambda kind: [],
    "no json": lambda kind: ["<html>502 Bad Gateway</html>"],
    "another protocol": lambda kind: [json.dumps({"type": "odd", "choices": 7, "delta": [1]})],
    "an error": lambda kind: [json.dumps({"type": "error", "error": {"message": "overloaded"}})],
    "too long": lambda kind: [ended(kind, "length" if kind == "openai" else "max_tokens")],
    "declined": lambda kind: [ended(kind, "content_filter" if kind == "openai" else "refusal")],
    "a line without end": lambda kind: ["x" * 100_000],
}


@asynccontextmanager
async def serving(kind: str) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(kind)
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        yield endpoint
    finally:
        server.close()
