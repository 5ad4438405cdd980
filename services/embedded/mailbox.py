"""A local mailbox: takes every mail that the services send and keeps it as files."""

import asyncio
import mailbox
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from services.embedded.program import StartError, in_words

LARGEST_MAIL_BYTES = 1 << 20


class Mailbox:
    """An SMTP server inside this process; mails land in a Maildir that any mail program opens."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self._folder = folder
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Opens the port; raises StartError."""
        # The folder may be there and empty; only a Maildir's own folders make it one.
        for part in ("cur", "new", "tmp"):
            (self._folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._maildir = mailbox.Maildir(self._folder, create=False)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._protocol, self._host, self._port)
        except OSError as error:
            raise StartError(f"mailbox cannot listen on port {self._port}: {in_words(error)}") from error

    async def stop(self) -> None:
        """Closes the port; the mails stay."""
        if self._server:
            self._server.close()

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each mail."""
        mail = message_from_bytes(envelope.content)
        mail["X-Recipients"] = ", ".join(envelope.rcpt_tos)
        self._maildir.add(mail)
        return "250 OK"

    def _protocol(self) -> SMTP:
        return SMTP(self, data_size_limit=LARGEST_MAIL_BYTES, hostname="localhost")


def text_of(mail: Message) -> str:
    """The body of a mail without attachments, as people read it."""
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def read_mails(folder: Path, recipient: str | None = None) -> list[mailbox.MaildirMessage]:
    """What somebody, or everybody, got, oldest first."""
    box = mailbox.Maildir(folder, create=False)
    mails = [mail for mail in box if recipient is None or recipient in mail["X-Recipients"].split(", ")]
    return sorted(mails, key=lambda mail: mail.get_date())
