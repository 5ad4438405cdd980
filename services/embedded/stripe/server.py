"""The server: Stripe's API under /v1, its pages, and what tests set (`faults`, `advance`, `wait`)."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.embedded.stripe import pages
from services.embedded.stripe.desk import Desk, Refused
from services.embedded.stripe.faults import Fault, Faults
from services.embedded.stripe.form import nested
from services.embedded.stripe.routes import answer
from services.embedded.stripe.store import Missing, Store, Thing
from services.embedded.stripe.webhooks import Webhooks

Answer = tuple[int, Any]


class LocalStripe:
    """`key` is the secret key that calls carry, `secret` signs webhooks."""

    def __init__(self, host: str, port: int, key: str, secret: str, file: Path | None = None) -> None:
        self._key = key
        self._lock = threading.RLock()
        self._address = host, port
        self._http: ThreadingHTTPServer | None = None
        self.url = f"http://{host}:{port}"
        self.faults = Faults()
        self.webhooks = Webhooks(secret, self.faults)
        self.store = Store(file)
        self.desk = Desk(self.store, self.url, self.webhooks.send)
        if not any(self.store.all("promotion_code")):
            self.desk.create_promotion("WELCOME20", 20)

    def start(self) -> None:
        self._http = ThreadingHTTPServer(self._address, _handler(self))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="stripe", daemon=True).start()
        self.webhooks.start()

    def stop(self) -> None:
        if self._http:
            self._http.shutdown()
            self._http.server_close()
            self.webhooks.stop()

    def set_faults(self, faults: Faults) -> None:
        self.faults = self.webhooks.faults = faults

    def advance(self, days: float) -> None:
        with self._lock:
            self.desk.advance(int(days * 86_400))
            self.store.save()

    def pay(self, session_id: str, card: str = "good") -> None:
        """As if a person had clicked."""
        with self._lock:
            self.desk.pay(self.store.get("checkout.session", session_id), card)
            self.store.save()

    # Calls

    def call(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        if headers.get("authorization") != f"Bearer {self._key}":
            return _error(Refused("Invalid API Key provided.", "api_key_invalid", 401))
        fault = self.faults.of_call()
        if fault is Fault.FAILS:
            return _error(Refused("An unknown error occurred.", "", 500, "api_error"))
        found = self._once(method, path, body, headers.get("idempotency-key", ""))
        return (0, None) if fault is Fault.HANGS_UP else found

    def _once(self, method: str, path: str, body: str, key: str) -> Answer:
        """The same key again: the same answer. While the first runs, and for another request, an error."""
        asked = f"{method} {path} {body}"
        with self._lock:
            if key and (known := self.store.answers.get(key)):
                if known["asked"] != asked:
                    words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
                    return _error(Refused(words, "idempotency_error", 400, "idempotency_error"))
                return known["status"], known["told"]
            status, told = self._answer(method, path, nested(body))
            if key and method != "GET":
                self.store.answers[key] = {"asked": asked, "status": status, "told": told}
            if method != "GET":
                self.store.save()
            return status, told

    def _answer(self, method: str, path: str, form: dict[str, Any]) -> Answer:
        try:
            # A copy: what is answered stays as it was answered.
            return 200, json.loads(json.dumps(answer(self.desk, method, path, form)))
        except Missing as missing:
            return _error(Refused(str(missing), "resource_missing", 404))
        except KeyError as missing:
            return _error(Refused(f"Missing required param: {missing.args[0]}.", "parameter_missing"))
        except Refused as refused:
            return _error(refused)

    # Pages

    def page(self, path: str) -> tuple[int, str]:
        with self._lock:
            kind, _, id_ = path.strip("/").rpartition("/")
            try:
                if kind == "c/pay":
                    return 200, pages.checkout(self.store.get("checkout.session", id_))
                if kind == "p/session":
                    return 200, pages.portal(*self._portal(id_))
                return 200, pages.invoice(self.store.get("invoice", id_))
            except Missing as missing:
                return 404, str(missing)

    def submit(self, path: str, form: dict[str, Any]) -> tuple[int, str]:
        """302 with where to go next, or a page."""
        with self._lock:
            kind, _, id_ = path.strip("/").rpartition("/")
            try:
                if kind == "p/session":
                    return self._use_portal(id_, form.get("do", ""))
                session = self.store.get("checkout.session", id_)
                self.desk.pay(session, form.get("card", "good"))
                return 302, session["success_url"].replace("{CHECKOUT_SESSION_ID}", id_)
            except Missing as missing:
                return 404, str(missing)
            except Refused as refused:
                return 402, pages.checkout(self.store.get("checkout.session", id_), str(refused))
            finally:
                self.store.save()

    def _portal(self, id_: str) -> tuple[Thing, list[Thing]]:
        session = self.store.get("billing_portal.session", id_)
        return session, list(self.store.all("subscription", customer=session["customer"]))

    def _use_portal(self, id_: str, verb: str) -> tuple[int, str]:
        session, subscriptions = self._portal(id_)
        if verb in ("good", "bad"):
            self.desk.change_card(self.store.get("customer", session["customer"]), verb)
        for subscription in subscriptions if verb in ("cancel", "resume") else ():
            if subscription["status"] != "canceled":
                self.desk.update_subscription(
                    subscription, {"cancel_at_period_end": "true" if verb == "cancel" else "false"}
                )
        return 302, f"/p/session/{id_}"


def _error(refused: Refused) -> Answer:
    return refused.status, {"error": {"type": refused.kind, "code": refused.code, "message": str(refused)}}


def _handler(stripe: LocalStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/v1/"):
                self._tell(*stripe.call("GET", parts.path, parts.query, self._headers()))
            else:
                self._show(*stripe.page(parts.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            if self.path.startswith("/v1/"):
                self._tell(*stripe.call("POST", self.path, body, self._headers()))
            else:
                self._show(*stripe.submit(self.path, nested(body)))

        def do_DELETE(self) -> None:
            parts = urlsplit(self.path)
            self._tell(*stripe.call("DELETE", parts.path, parts.query, self._headers()))

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _tell(self, status: int, told: Any) -> None:
            if not status:
                # The work is done; the line goes dead before anybody hears of it.
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, "application/json", json.dumps(told).encode(), {"request-id": "req_local"})

        def _show(self, status: int, words: str) -> None:
            if status == 302:
                self._send(302, "text/plain", b"", {"location": words})
            else:
                self._send(status, "text/html; charset=utf-8", words.encode(), {})

        def _send(self, status: int, kind: str, body: bytes, more: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(body))}.items() | more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
