"""What everything at Stripe has in common: objects that change, and an event of each change."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from services.embedded.stripe.store import Missing, Store, Thing

VERSION = "2026-10-28.endive"


class Refused(Exception):
    """Asked for what is not possible. `code` as Stripe has it."""

    def __init__(self, message: str, code: str = "parameter_invalid", status: int = 400, kind: str = "") -> None:
        super().__init__(message)
        self.code, self.status = code, status
        self.kind = kind or ("card_error" if status == 402 else "invalid_request_error")


class Invalid(Refused):
    """The request is not well-formed: nothing was begun, and so nothing is remembered of it."""


class Desk:
    """`tell` hears of each event."""

    def __init__(self, store: Store, url: str, tell: Callable[[Thing], None]) -> None:
        self.store, self.url, self._tell = store, url, tell

    def event(self, kind: str, thing: Thing) -> None:
        event = self.store.add(
            "evt",
            "event",
            type=kind,
            data={"object": self.public(thing)},
            api_version=VERSION,
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )
        self._tell(self.public(event))

    def public(self, thing: Thing) -> Thing:
        """As it is now, and stays: without what only this server knows. The price of an item is the price as it is now."""
        shown: Thing = json.loads(
            json.dumps({name: value for name, value in thing.items() if not name.startswith("_")})
        )
        if shown["object"] == "subscription":
            for item in shown["items"]["data"]:
                item["price"] = self.public(self.store.get("price", item["price"]))
        return shown

    def expanded(self, shown: Thing, paths: Sequence[str]) -> Thing:
        """With objects in the place of their ids, as `expand` asks for. Raises Invalid."""
        for path in paths:
            self._expand(shown, path.split("."), path)
        return shown

    def _expand(self, shown: Any, names: Sequence[str], path: str) -> None:
        if isinstance(shown, list):
            for one in shown:
                self._expand(one, names, path)
            return
        first, *rest = names
        if not isinstance(shown, dict) or first not in shown:
            raise Invalid(f"This property cannot be expanded ({path}).", "parameter_invalid")
        if isinstance(shown[first], str):
            shown[first] = self.public(self._of_id(shown[first], path))
        if rest and shown[first] is not None:
            self._expand(shown[first], rest, path)

    def _of_id(self, id_: str, path: str) -> Thing:
        if id_ not in self.store.objects:
            raise Invalid(f"This property cannot be expanded ({path}).", "parameter_invalid")
        return self.store.objects[id_]

    def required(self, kind: str, id_: str, param: str) -> Thing:
        """An object that a parameter names. Raises Refused: what is not found in the body is a bad request."""
        try:
            return self.store.get(kind, id_)
        except Missing as missing:
            raise Refused(f"{missing} ({param})", "resource_missing") from missing
