"""A browser's view of SkillSync: REST and server-sent events through the gateway."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.embedded.mailbox import read_mails, text_of

Json = dict[str, Any]

MAIL_SECONDS = 30.0


class RefusedError(Exception):
    """The gateway or a service said no, or nothing that can be read; the message is its own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed up, and is signed in."""

    id: str
    email: str
    password: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


class Client:
    """Calls of the demo. Each raises RefusedError when it fails. `inbox` is the folder of the stack's mailbox."""

    def __init__(self, url: str, inbox: Path) -> None:
        self._inbox = inbox
        self._http = httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(15, read=60), trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def sign_up(self, name: str, platform: str) -> Person:
        email = f"{name}-{secrets.token_hex(4)}@example.org"
        password = secrets.token_urlsafe(16)
        body = {"email": email, "platform": platform, "displayName": name}
        await self.call("POST", "/v1/accounts:register", None, json=body)
        body = {"code": await self._mailed_code(email), "password": password}
        tokens = await self.call("POST", "/v1/accounts:completeRegistration", None, json=body)
        return Person(tokens["account"]["id"], email, password, tokens["accessToken"])

    async def _mailed_code(self, email: str) -> str:
        """From the link in the mail, as the person would open it."""
        if not self._inbox.exists():
            raise RefusedError(f"there is no mailbox at {self._inbox}: name the data folder of the stack with --data")
        end = time.monotonic() + MAIL_SECONDS
        while not (mails := await asyncio.to_thread(read_mails, self._inbox, email)):
            if time.monotonic() > end:
                raise RefusedError(f"no mail came for {email} in {MAIL_SECONDS:.0f} s")
            await asyncio.sleep(0.05)
        link = re.search(r"/#/complete-registration/([\w-]+)", text_of(mails[-1]))
        if link is None:
            raise RefusedError(f"the mail to {email} has no link that completes the registration")
        return link[1]

    async def call(self, method: str, path: str, person: Person | None, **options: Any) -> Json:
        headers = person.headers if person else {}
        answer = await self._http.request(method, path, headers=headers, **options)
        found = _json(answer, f"{method} {path}")
        if answer.is_error:
            raise RefusedError(f"{method} {path}: {answer.status_code} {found.get('message', found)}")
        return found

    async def upload(self, person: Person, filename: str, data: bytes) -> Json:
        """The resume analysis that the upload began."""
        path = "/resume/analyze"
        return await self.call("POST", path, person, params={"filename": filename}, content=data)

    @asynccontextmanager
    async def stream(self, path: str, person: Person) -> AsyncIterator[AsyncIterator[Json]]:
        """An open stream of server-sent events."""
        headers = person.headers | {"accept": "text/event-stream"}
        async with self._http.stream("GET", path, headers=headers) as answer:
            if answer.is_error:
                raise RefusedError(f"GET {path}: {answer.status_code} {(await answer.aread()).decode()}")
            yield _events(answer)


def _json(answer: httpx.Response, call: str) -> Json:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RefusedError(f"{call}: {answer.status_code} with a body that is no JSON object: {answer.text[:80]!r}")
    return found


async def _events(answer: httpx.Response) -> AsyncIterator[Json]:
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))
