"""All objects, in memory and in one file, so that a restarted stack still knows who pays."""

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Thing = dict[str, Any]


class Missing(Exception):
    """There is no such object."""


class Store:
    """Objects by id, in the order in which they were made. `ahead`: seconds that the clock was set forward."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file and file.exists() else {}
        self.objects: dict[str, Thing] = kept.get("objects", {})
        self.answers: dict[str, Any] = kept.get("answers", {})  # of idempotency keys
        self.ahead: int = kept.get("ahead", 0)

    def now(self) -> int:
        return int(time.time()) + self.ahead

    def add(self, prefix: str, kind: str, **fields: Any) -> Thing:
        thing: Thing = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": self.now()}
        thing |= {"livemode": False, "metadata": {}} | fields
        self.objects[thing["id"]] = thing
        return thing

    def get(self, kind: str, id_: str) -> Thing:
        """Raises Missing."""
        thing = self.objects.get(id_)
        if thing is None or thing["object"] != kind:
            raise Missing(f"No such {kind}: '{id_}'")
        return thing

    def all(self, kind: str, **wanted: Any) -> Iterator[Thing]:
        """Newest first; of equal fields."""
        for thing in reversed(list(self.objects.values())):
            if thing["object"] == kind and all(thing.get(name) == value for name, value in wanted.items()):
                yield thing

    def save(self) -> None:
        if self._file:
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps({"objects": self.objects, "answers": self.answers, "ahead": self.ahead}))
            beside.replace(self._file)
