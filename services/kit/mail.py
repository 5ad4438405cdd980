"""Sending mail over SMTP."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.kit.errors import Unavailable
from services.kit.jobs import GiveUp
from services.kit.settings import Settings

TIMEOUT_SECONDS = 10.0


class Mailer:
    """Sends through the server of `smtp_url`: STARTTLS where it is offered, TLS from the first byte with `smtps://`."""

    def __init__(self, settings: Settings) -> None:
        url = urlsplit(settings.smtp_url.get_secret_value())
        self._server: dict[str, Any] = {
            "hostname": url.hostname,
            "port": url.port,
            "username": unquote(url.username) if url.username else None,
            "password": unquote(url.password) if url.password else None,
            "use_tls": url.scheme == "smtps",
            "timeout": TIMEOUT_SECONDS,
        }
        self._sender = settings.mail_from

    async def send(self, recipient: str, subject: str, text: str) -> None:
        """Raises Unavailable when the server does not take it now, GiveUp when it never will."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, recipient, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="skillsync")
        message.set_content(text)
        try:
            await aiosmtplib.send(message, **self._server)
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500:
                raise GiveUp(f"the mail server answers {error.code}") from error
            raise Unavailable("smtp") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable("smtp") from error
