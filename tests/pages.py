"""Web pages of strangers, on this machine: real answers over HTTP, honest and hostile ones."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`body` is sent `times` times, with `pause` seconds between."""

    status: int
    headers: dict[str, str]
    body: bytes
    times: int = 1
    pause: float = 0.0


class Pages:
    """`origin` is the operator's own for the services of a test system, so that their way out leads here."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self.asked = Counter[str]()
        self.origin = ""

    @classmethod
    @asynccontextmanager
    async def served(cls) -> AsyncIterator["Pages"]:
        pages = cls()
        server = await asyncio.start_server(pages._serve, "127.0.0.1", 0)
        async with server:
            pages.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield pages

    def put(self, path: str, body: bytes | str, content_type: str = "text/html; charset=utf-8", **changes: Any) -> str:
        """Its URL. Of the same path the last holds."""
        data = body.encode() if isinstance(body, str) else body
        headers = {"content-type": content_type} | changes.pop("headers", {})
        self._answers[path] = Answer(changes.pop("status", 200), headers, data, **changes)
        return self.origin + path

    def put_json(self, path: str, found: Any) -> str:
        return self.put(path, json.dumps(found), "application/json")

    def get_json(self, path: str) -> Any:
        return json.loads(self._answers[path].body)

    def redirect(self, path: str, target: str) -> str:
        return self.put(path, "", status=302, headers={"location": target})

    def take_away(self, path: str) -> None:
        self._answers.pop(path, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            self.asked[path] += 1
            await self._send(writer, self._answers.get(path, Answer(404, {}, b"")))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} X", "connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        for _ in range(answer.times):
            writer.write(answer.body)
            await writer.drain()
            await asyncio.sleep(answer.pause)
