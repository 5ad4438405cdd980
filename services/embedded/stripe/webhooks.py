"""Events told to the one endpoint: signed as Stripe signs them, again until they are taken."""

import hashlib
import hmac
import json
import threading
import time
import urllib.request
from collections.abc import Sequence
from queue import Empty, PriorityQueue

from services.embedded.stripe.faults import Faults
from services.embedded.stripe.store import Thing

# At a time, as Stripe does not wait for one event's answer before it sends the next.
SENDERS = 4
IDLE_SECONDS = 5.0
RETRIES_SECONDS: Sequence[float] = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


def signature(secret: str, body: bytes, now: int, *others: str) -> str:
    """The header `stripe-signature`; with `others` while the secret is rolled, and more than one is good."""
    signed = f"{now}.".encode() + body
    digests = [hmac.new(one.encode(), signed, hashlib.sha256).hexdigest() for one in (secret, *others)]
    return ",".join([f"t={now}", *(f"v1={digest}" for digest in digests)])


class Webhooks:
    """`pending` counts what is still to be sent."""

    def __init__(self, secret: str, faults: Faults) -> None:
        self.url = ""
        self.faults = faults
        self._secret = secret
        self._due: PriorityQueue[tuple[float, int, int, bytes]] = PriorityQueue()
        self._count = 0
        self._open = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name="stripe webhooks", daemon=True) for _ in range(SENDERS)
        ]

    @property
    def pending(self) -> int:
        with self._lock:
            return self._open

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for _ in self._threads:
            self._put(0.0, 0, b"")  # ends the wait of one that has nothing to send
        for thread in self._threads:
            thread.join(timeout=10)

    def send(self, event: Thing) -> None:
        body = json.dumps(event, indent=2).encode()
        for _ in range(self.faults.times_sent() if self.url else 0):
            with self._lock:
                self._open += 1
            self._put(time.monotonic() + self.faults.delay_seconds(), 0, body)

    def _put(self, due: float, attempt: int, body: bytes) -> None:
        with self._lock:
            self._count += 1
            self._due.put((due, self._count, attempt, body))

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                due, _, attempt, body = self._due.get(timeout=IDLE_SECONDS)
            except Empty:
                continue
            if self._over.is_set():
                return
            if (wait := due - time.monotonic()) > 0:
                self._put(due, attempt, body)
                self._over.wait(min(wait, 0.02))
            elif self._taken(body) or attempt == len(RETRIES_SECONDS):
                with self._lock:
                    self._open -= 1
            else:
                self._put(time.monotonic() + RETRIES_SECONDS[attempt], attempt + 1, body)

    def _taken(self, body: bytes) -> bool:
        headers = {
            "content-type": "application/json",
            "stripe-signature": signature(self._secret, body, int(time.time())),
        }
        request = urllib.request.Request(self.url, body, headers)  # noqa: S310 - our own server
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=10):
                return True
        except OSError:
            return False
