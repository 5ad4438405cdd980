"""Item banks: a TOML file for each skill.

Difficulties and discriminations are estimates by experts until enough people have answered: `recalibrated` re-estimates a difficulty.
The banks that come with the program can be read by everybody, so a badge earned with them proves little to strangers; who runs the platform
puts banks of their own in a folder of their own.
"""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

FOLDER = Path(__file__).with_name("banks")
CHOICES = 4
# Of four plausible choices a guess is right a little less often than one in four.
GUESSING = 0.22
SECONDS = 90


@dataclass(frozen=True, slots=True)
class Item:
    """A question with one right answer. `a`, `b`, `c`: discrimination, difficulty and guessing of the three-parameter logistic model, in
    logits without the factor 1.7. `code` is shown as it is; in `language` (`python`, `sql`, `javascript`, or empty) running it prints the
    answer.
    """

    id: str
    text: str
    answer: str
    wrong: tuple[str, ...]
    why: str
    a: float
    b: float
    c: float
    code: str
    language: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions about one skill of the ontology. Who is as able as `pass_ability` works with it without help. `version` is of the
    file.
    """

    skill_id: str
    label: str
    topics: str
    pass_ability: float
    items: tuple[Item, ...]
    version: str

    def item(self, item_id: str) -> Item | None:
        """None where the bank has lost it since."""
        return next((item for item in self.items if item.id == item_id), None)


def choices_of(item: Item, seed: UUID) -> tuple[str, ...]:
    """In an order of the test's own, the same each time it is asked."""
    choices = [item.answer, *item.wrong]
    random.Random(f"{seed}/{item.id}").shuffle(choices)  # noqa: S311 - who knows bank and test knows the key anyway
    return tuple(choices)


@lru_cache(maxsize=4)
def load_banks(folder: Path = FOLDER) -> Mapping[str, Bank]:
    """By skill id. Raises ValueError naming file and item for what cannot be asked."""
    banks = [read_bank(path) for path in sorted(folder.glob("*.toml"))]
    return {bank.skill_id: bank for bank in banks}


def read_bank(path: Path) -> Bank:
    data = path.read_bytes()
    try:
        stored = tomllib.loads(data.decode())
        items = tuple(_item(entry) for entry in stored["items"])
        bank = Bank(
            stored["skill_id"], stored["label"], stored["topics"], float(stored["pass_ability"]), items,
            sha256(data).hexdigest()[:12],
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ValueError(f"{path.name} is no item bank: {error}") from error
    ids = [item.id for item in items]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"{path.name} has {', '.join(twice)} twice; ids are unique in a bank")
    return bank


def _item(entry: Mapping[str, Any]) -> Item:
    item = Item(
        id=entry["id"],
        text=entry["text"],
        answer=entry["answer"],
        wrong=tuple(entry["wrong"]),
        why=entry["why"],
        a=float(entry["a"]),
        b=float(entry["b"]),
        c=float(entry.get("c", GUESSING)),
        code=entry.get("code", "").strip("\n"),
        language=entry.get("language", ""),
        seconds=entry.get("seconds", SECONDS),
    )
    if len({item.answer, *item.wrong}) != CHOICES or len(item.wrong) != CHOICES - 1:
        raise ValueError(f"item {item.id} needs one right and three wrong answers, all different")
    if not (0 < item.a <= 4 and -4 <= item.b <= 4 and 0 <= item.c < 0.5 and item.seconds > 0):
        raise ValueError(f"item {item.id}: a is in (0, 4], b in [-4, 4], c in [0, 0.5), seconds are more than 0")
    return item
