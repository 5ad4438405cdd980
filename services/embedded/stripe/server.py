"""The server: Stripe's API under /v1, its pages, and what tests do to it (`set_faults`, `advance`, `pay`, `refund`, `dispute` …)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from services.embedded.stripe import charges, clock, pages, portal, prices, sessions
from services.embedded.stripe.desk import Desk, Invalid, Refused
from services.embedded.stripe.faults import SHARES, Fault, Faults
from services.embedded.stripe.form import nested
from services.embedded.stripe.handler import handler
from services.embedded.stripe.routes import answer
from services.embedded.stripe.store import Missing, Store
from services.embedded.stripe.webhooks import Webhooks

# Status, body, and whether it was remembered.
Answer = tuple[int, Any, bool]
# So long an answer is remembered for its idempotency key.
REMEMBERED_SECONDS = 86_400


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
            prices.create_promotion(self.desk, "WELCOME20", 20)

    def start(self) -> None:
        self._http = ThreadingHTTPServer(self._address, handler(self))
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

    def _set_shares(self, **shares: float) -> None:
        self.set_faults(Faults(**shares))  # type: ignore[arg-type]

    # What tests do, and people and banks

    def advance(self, days: float) -> None:
        with self._kept():
            clock.advance(self.desk, int(days * 86_400))

    def pay(self, session_id: str, card: str = "good") -> None:
        """As if a person had clicked."""
        with self._kept():
            sessions.pay(self.desk, self.store.get("checkout.session", session_id), card)

    def settle(self, session_id: str, paid: bool = True) -> None:
        """What a bank says of a payment that was to come later."""
        with self._kept():
            sessions.settle(self.desk, self.store.get("checkout.session", session_id), paid)

    def refund(self, session_id: str, amount: int | None = None) -> None:
        """Of what was paid at a page: all that is left, or `amount` in minor units."""
        with self._kept():
            charges.refund(self.desk, self._charge(session_id), amount)

    def fail_refund(self, session_id: str) -> None:
        """The newest of a page's payment."""
        with self._kept():
            refunds = self.store.all("refund", charge=self._charge(session_id)["id"], status="succeeded")
            charges.fail(self.desk, next(refunds))

    def dispute(self, session_id: str, status: str = "lost") -> None:
        with self._kept():
            charges.dispute(self.desk, self._charge(session_id), status)

    def _charge(self, session_id: str) -> dict[str, Any]:
        intent = self.store.get("checkout.session", session_id)["payment_intent"]
        return self.store.get("charge", self.store.get("payment_intent", intent)["latest_charge"])

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """One at a time, and on disk before anybody hears of it."""
        with self._lock:
            try:
                yield
            finally:
                self.store.save()

    # Calls

    def call(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        if headers.get("authorization") != f"Bearer {self._key}":
            return _error(Refused("Invalid API Key provided.", "api_key_invalid", 401))
        fault = self.faults.of_call()
        if fault is Fault.FAILS:
            return _error(Refused("An unknown error occurred.", "", 500, "api_error"))
        found = self._once(method, path, body, headers.get("idempotency-key", ""), fault is Fault.BREAKS)
        return (0, None, False) if fault is Fault.HANGS_UP else found

    def _once(self, method: str, path: str, body: str, key: str, breaks: bool) -> Answer:
        """The same key again: the same answer, also where it was an error. For another request, an error."""
        asked = f"{method} {path} {body}"
        with self._kept():
            if key and method == "POST" and (known := self._remembered(key)):
                if known["asked"] != asked:
                    words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
                    return _error(Refused(words, "", 400, "idempotency_error"))
                return known["status"], known["told"], True
            status, told, begun = _broken() if breaks else self._answer(method, path, nested(body))
            if key and method == "POST" and begun:
                now = self.store.now()
                self.store.answered(key, {"asked": asked, "status": status, "told": told, "time": now})
            return status, told, False

    def control(self, path: str, body: str, headers: dict[str, str]) -> Answer:
        """What only this Stripe can do: `/local/faults` with shares by name, all others 0; `/local/advance` with `days`."""
        if headers.get("authorization") != f"Bearer {self._key}":
            return _error(Refused("Invalid API Key provided.", "api_key_invalid", 401))
        verbs: dict[str, Callable[..., None]] = {"faults": self._set_shares, "advance": self.advance}
        if (verb := verbs.get(path.removeprefix("/local/"))) is None:
            return _error(Refused(f"No {path} here; there are {', '.join(verbs)}.", "resource_missing", 404))
        try:
            numbers = {name: float(value) for name, value in nested(body).items()}
            verb(**numbers)
        except (TypeError, ValueError) as wrong:
            words = f"{wrong}; send numbers: days, or any of {', '.join(SHARES)}"
            return _error(Refused(words, "parameter_invalid"))
        return 200, numbers, False

    def _remembered(self, key: str) -> dict[str, Any] | None:
        known: dict[str, Any] | None = self.store.answers.get(key)
        return known if known and known["time"] > self.store.now() - REMEMBERED_SECONDS else None

    def _answer(self, method: str, path: str, form: dict[str, Any]) -> tuple[int, Any, bool]:
        """With whether anything was begun: of requests that are not well-formed nothing is remembered."""
        try:
            return 200, answer(self.desk, method, path, form), True
        except Missing as missing:
            return *_told(Refused(str(missing), "resource_missing", 404)), True
        except KeyError as missing:
            return *_told(Refused(f"Missing required param: {missing.args[0]}.", "parameter_missing")), False
        except Refused as refused:
            return *_told(refused), not isinstance(refused, Invalid)

    # Pages

    def page(self, path: str) -> tuple[int, str]:
        with self._lock:
            kind, _, id_ = path.strip("/").rpartition("/")
            try:
                if kind == "c/pay":
                    return 200, pages.checkout(self.store.get("checkout.session", id_))
                if kind == "p/session":
                    return 200, self._portal(id_)
                return 200, pages.invoice(self.store.get("invoice", id_))
            except Missing as missing:
                return 404, pages.missing(str(missing))

    def submit(self, path: str, form: dict[str, Any]) -> tuple[int, str]:
        """302 with where to go next, or a page."""
        kind, _, id_ = path.strip("/").rpartition("/")
        with self._kept():
            try:
                return self._use_portal(id_, form) if kind == "p/session" else self._pay(id_, form)
            except Missing as missing:
                return 404, pages.missing(str(missing))

    def _pay(self, id_: str, form: dict[str, Any]) -> tuple[int, str]:
        session = self.store.get("checkout.session", id_)
        try:
            sessions.pay(self.desk, session, form.get("card", ""))
        except Refused as refused:
            return 402, pages.checkout(session, str(refused))
        return 302, session["success_url"].replace("{CHECKOUT_SESSION_ID}", id_)

    def _use_portal(self, id_: str, form: dict[str, Any]) -> tuple[int, str]:
        session = self.store.get("billing_portal.session", id_)
        try:
            portal.use(self.desk, session, form.get("do", ""), form.get("card", ""))
        except Refused as refused:
            return 402, self._portal(id_, str(refused))
        return 302, f"/p/session/{id_}"

    def _portal(self, id_: str, problem: str = "") -> str:
        session = self.store.get("billing_portal.session", id_)
        return pages.portal(session, portal.subscriptions_of(self.desk, session), problem)


def _error(refused: Refused) -> Answer:
    return *_told(refused), False


def _broken() -> tuple[int, Any, bool]:
    return *_told(Refused("An unknown error occurred.", "", 500, "api_error")), True


def _told(refused: Refused) -> tuple[int, Any]:
    return refused.status, {"error": {"type": refused.kind, "code": refused.code or None, "message": str(refused)}}
