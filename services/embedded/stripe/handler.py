"""HTTP for the server."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import urlsplit

from services.embedded.stripe import pages
from services.embedded.stripe.form import nested

# The pages need nothing else, and run nothing.
RULES = {"content-security-policy": "default-src 'none'; style-src 'self'", "cache-control": "no-store"}


class Served(Protocol):
    """What the handler asks; a status of 0 hangs up, 302 comes with where to go."""

    def call(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, Any, bool]: ...

    def control(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, Any, bool]: ...

    def page(self, path: str) -> tuple[int, str]: ...

    def submit(self, path: str, form: dict[str, Any]) -> tuple[int, str]: ...


def handler(stripe: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/v1/"):
                self._tell(*stripe.call("GET", parts.path, parts.query, self._headers()))
            elif parts.path == "/style.css":
                self._send(200, "text/css; charset=utf-8", pages.STYLE.encode(), {})
            else:
                self._show(*stripe.page(parts.path))

        def do_POST(self) -> None:
            path = urlsplit(self.path).path
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            if path.startswith("/v1/"):
                self._tell(*stripe.call("POST", path, body, self._headers()))
            elif path.startswith("/local/"):
                self._tell(*stripe.control(path, body, self._headers()))
            else:
                self._show(*stripe.submit(path, nested(body)))

        def do_DELETE(self) -> None:
            parts = urlsplit(self.path)
            self._tell(*stripe.call("DELETE", parts.path, parts.query, self._headers()))

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _tell(self, status: int, told: Any, remembered: bool) -> None:
            if not status:
                # The work is done; the line goes dead before anybody hears of it.
                self.close_connection = True
                self.connection.close()
                return
            headers = {"request-id": "req_local"} | ({"idempotent-replayed": "true"} if remembered else {})
            self._send(status, "application/json", json.dumps(told).encode(), headers)

        def _show(self, status: int, words: str) -> None:
            if status == 302:
                self._send(302, "text/plain", b"", {"location": words})
            else:
                self._send(status, "text/html; charset=utf-8", words.encode(), RULES)

        def _send(self, status: int, kind: str, body: bytes, more: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(body))}.items() | more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
