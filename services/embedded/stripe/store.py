"""All objects, in memory and in a file to which changes are added, so that a restarted stack still knows who pays."""

import json
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Thing = dict[str, Any]


class Missing(Exception):
    """There is no such object."""


class Store:
    """Objects by id. What was made or changed since is written by `save`. `ahead`: seconds that the clock was set forward."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.objects: dict[str, Thing] = {}
        self.answers: dict[str, Any] = {}  # of idempotency keys
        self.ahead = 0
        # Ids in the order in which they were made: of a kind, and of a kind and a customer.
        self._of: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._unsaved: list[dict[str, Any]] = []
        self._changed: dict[str, None] = {}
        if file and file.exists():
            self._load(file)

    def now(self) -> int:
        return int(time.time()) + self.ahead

    def add(self, prefix: str, kind: str, id_: str = "", **fields: Any) -> Thing:
        thing: Thing = {"id": id_ or f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": self.now()}
        thing |= {"livemode": False, "metadata": {}} | fields
        self._put(thing)
        self._changed[thing["id"]] = None
        return thing

    def change(self, thing: Thing, **fields: Any) -> Thing:
        thing |= fields
        self._changed[thing["id"]] = None
        return thing

    def answered(self, key: str, answer: dict[str, Any]) -> None:
        self.answers[key] = answer
        self._unsaved.append({"key": key, "answer": answer})

    def get(self, kind: str, id_: str) -> Thing:
        """Raises Missing."""
        thing = self.objects.get(id_)
        if thing is None or thing["object"] != kind:
            raise Missing(f"No such {kind}: '{id_}'")
        return thing

    def all(self, kind: str, **wanted: Any) -> Iterator[Thing]:
        """Newest first; of equal fields."""
        for id_ in reversed(list(self._of[kind, wanted.pop("customer", "")])):
            thing = self.objects[id_]
            if all(thing.get(name) == value for name, value in wanted.items()):
                yield thing

    def count(self, kind: str) -> int:
        return len(self._of[kind, ""])

    def save(self) -> None:
        lines = [{"thing": self.objects[id_]} for id_ in self._changed] + self._unsaved
        self._changed, self._unsaved = {}, []
        if self._file:
            with self._file.open("a") as file:
                file.write("".join(json.dumps(line) + "\n" for line in [*lines, {"ahead": self.ahead}]))

    def _put(self, thing: Thing) -> None:
        if thing["id"] not in self.objects:
            for customer in {"", thing.get("customer") or ""}:
                self._of[thing["object"], customer].append(thing["id"])
        self.objects[thing["id"]] = thing

    def _load(self, file: Path) -> None:
        """And writes each object once. Who was killed while writing left half a line."""
        for line in file.read_text().splitlines():
            try:
                self._take(json.loads(line))
            except ValueError:
                continue
        beside = file.with_suffix(".new")
        kept = [{"thing": thing} for thing in self.objects.values()]
        answers = [{"key": key, "answer": answer} for key, answer in self.answers.items()]
        lines: list[Any] = [*kept, *answers, {"ahead": self.ahead}]
        beside.write_text("".join(json.dumps(line) + "\n" for line in lines))
        beside.replace(file)

    def _take(self, line: dict[str, Any]) -> None:
        if "thing" in line:
            self._put(line["thing"])
        elif "key" in line:
            self.answers[line["key"]] = line["answer"]
        else:
            self.ahead = line.get("ahead", self.ahead)
