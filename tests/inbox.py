"""The mails that a system under test sends, as their recipients get them."""

import asyncio
import re
from collections import defaultdict
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP

from services.embedded.mailbox import Mailbox, text_of

LINK = re.compile(r"/#/(?P<purpose>[a-z-]+)/(?P<code>[\w-]+)")
SECONDS = 20.0


class Inbox(Mailbox):
    """The stack's own mailbox; it also remembers the mails of this run, so that tests need not search for them on the disk."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._mails: dict[str, list[str]] = defaultdict(list)
        self._arrived = asyncio.Condition()

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        text = text_of(message_from_bytes(envelope.content))
        async with self._arrived:
            for recipient in envelope.rcpt_tos:
                self._mails[recipient].append(text)
            self._arrived.notify_all()
        return answer

    async def mails(self, recipient: str, count: int = 1) -> list[str]:
        """The texts of all mails to an address, oldest first, once there are so many."""
        async with asyncio.timeout(SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self._mails[recipient]) >= count)
        return self._mails[recipient]

    async def code(self, recipient: str, purpose: str) -> str:
        """The secret in the newest mailed link for a purpose, e.g. `complete-registration`. Waits for the first."""
        async with asyncio.timeout(SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: self._codes(recipient, purpose))
        return self._codes(recipient, purpose)[-1]

    def _codes(self, recipient: str, purpose: str) -> list[str]:
        links = [match for mail in self._mails[recipient] for match in LINK.finditer(mail)]
        return [link["code"] for link in links if link["purpose"] == purpose]
