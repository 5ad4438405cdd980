"""Sentences with known concepts, made from ESCO's own words, our phrases and the wording around marked spans of job advertisements."""

import csv
import gzip
import json
import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.ai.skills.concepts.names import bare, phrases
from services.ai.skills.spans.decode import spans

_KNOWLEDGE = [
    "Experience with {}",
    "Knowledge of {}",
    "Strong {} skills",
    "You have experience in {}",
    "Solid understanding of {} is a plus",
    "Proficient in {}",
    "Good {} required",
    "{}",
    "* {}",
    "- {} experience",
    "Familiarity with {}",
    "Background in {} or similar",
    "Hands-on experience with {} preferred",
    "You bring knowledge within {}",
    "3+ years of {}",
    "Expertise in {}",
    "Degree in {}",
]
_DOING = [
    "You will {}",
    "Ability to {}",
    "{}",
    "* {}",
    "Responsible for: {}",
    "Your tasks: {}",
    "You are able to {}",
    "In this role you {} for our clients",
    "We expect you to {}",
    "{} on a daily basis",
    "Experience in how to {}",
    "Help us {}",
]
_BEING = [
    "You are {}",
    "{}",
    "* {}",
    "We are looking for a person who is {}",
    "You have {}",
    "{} is required",
    "As a person you are {} and friendly",
    "Good {}",
]
_TAGS = {"O": 0, "B": 1, "I": 2}
_LONGEST_DESCRIPTION = 28
_LONGEST_CARRIER = 40
# How much likelier a skill is drawn that more advertisements speak of.
_REUSE = {"transversal": 1.5, "cross-sector": 0.7}
_KINDS = ("digital", "transversal", "language")
_COMMON, _LANGUAGE, _HAS_PHRASES = 1.0, 0.3, 8.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A skill of ESCO with everything that may stand for it."""

    label: str
    knowledge: bool
    aliases: tuple[str, ...]
    phrases: tuple[str, ...]
    description: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Carrier:
    """Words of an advertisement and the places where it says a skill and a field of knowledge."""

    words: tuple[str, ...]
    doing: tuple[tuple[int, int], ...]
    knowing: tuple[tuple[int, int], ...]


def read_entries(esco: Path) -> list[Entry]:
    """ESCO's skills; `esco` holds the tables skills, occupation_skill and skill_collections."""
    used = Counter(row["skill_id"] for row in _rows(esco, "occupation_skill"))
    member = {
        kind: {r["skill_id"] for r in _rows(esco, "skill_collections") if r["collection"] == kind} for kind in _KINDS
    }
    return [_entry(row, used[row["id"]], member) for row in _rows(esco, "skills")]


def read_carriers(sentences: Path) -> list[Carrier]:
    """SkillSpan's training sentences (MIT) that have a span; its other parts stay unseen."""
    with gzip.open(sentences, "rt") as lines:
        rows = [
            row for row in map(json.loads, lines) if row["split"] == "train" and len(row["tokens"]) < _LONGEST_CARRIER
        ]
    carriers = (Carrier(tuple(r["tokens"]), _spans(r["tags_skill"]), _spans(r["tags_knowledge"])) for r in rows)
    return [carrier for carrier in carriers if carrier.doing or carrier.knowing]


class Examples:
    """Draws sentences; the same seed, the same sentences."""

    def __init__(self, entries: Sequence[Entry], carriers: Sequence[Carrier], seed: int) -> None:
        self._entries = entries
        self._weights = [entry.weight for entry in entries]
        self._knowing = [carrier for carrier in carriers if carrier.knowing]
        self._doing = [carrier for carrier in carriers if carrier.doing]
        self._random = random.Random(seed)  # noqa: S311

    def draw(self, count: int) -> list[int]:
        """Skills, the common ones more often."""
        return self._random.choices(range(len(self._entries)), weights=self._weights, k=count)

    def choose(self, among: Sequence[int]) -> int:
        return self._random.choice(among)

    def sentence(self, skill: int) -> tuple[str, list[int]]:
        """A sentence that says this skill and perhaps one or two of the same kind, and the skills it says."""
        more = self.draw(self._random.choices([0, 1, 2], [0.55, 0.3, 0.15])[0])
        kind = self._entries[skill].knowledge
        said = [skill, *(m for m in more if m != skill and self._entries[m].knowledge == kind)]
        if self._random.random() < 0.45:
            return self._carried(said, kind)
        return self._framed(said, kind), said

    def _carried(self, said: list[int], knowledge: bool) -> tuple[str, list[int]]:
        carrier = self._random.choice(self._knowing if knowledge else self._doing)
        places = list(carrier.knowing if knowledge else carrier.doing)
        self._random.shuffle(places)
        words = list(carrier.words)
        for (first, after), skill in sorted(zip(places, said, strict=False), reverse=True):
            phrase = self._surface(skill)
            words[first:after] = [_lowered(phrase) if first else phrase]
        return " ".join(words), said[: len(places)]

    def _framed(self, said: Sequence[int], knowledge: bool) -> str:
        phrases = [_lowered(self._surface(skill)) for skill in said]
        *firsts, last = phrases
        joined = ", ".join(firsts) + self._random.choice([" and ", ", ", " / ", " or "]) + last if firsts else last
        being = bool(self._entries[said[0]].phrases) and self._random.random() < 0.3
        return self._random.choice(_KNOWLEDGE if knowledge else _BEING if being else _DOING).format(joined)

    def _surface(self, skill: int) -> str:
        entry, dice = self._entries[skill], self._random.random()
        if entry.phrases and dice < 0.6:
            return self._random.choice(entry.phrases)
        if entry.aliases and dice < 0.72:
            return self._random.choice(entry.aliases)
        if entry.description and dice < 0.85:
            return " ".join(self._random.choice(entry.description).split()[:_LONGEST_DESCRIPTION])
        return entry.label


def _entry(row: Mapping[str, str], used: int, member: Mapping[str, set[str]]) -> Entry:
    label, skill = bare(row["preferred_label"]), row["id"]
    said = phrases().get(label.lower(), ())
    common = skill in member["digital"] or skill in member["transversal"]
    weight = (
        1 + 0.3 * math.log1p(used) + _REUSE.get(row["reuse_level"], 0.0) + _COMMON * common + _HAS_PHRASES * bool(said)
    )
    others = f"{row['alt_labels']} | {row['hidden_labels']}".split(" | ")
    aliases = tuple(name for name in (" ".join(o.split()) for o in others) if len(name) > 2)
    told = re.split(r"(?<=[.;])\s+", " ".join((row["description"] or row["definition"]).split()))
    weight *= _LANGUAGE if skill in member["language"] else 1
    return Entry(label, row["skill_type"] == "knowledge", aliases, said, tuple(filter(None, told)), weight)


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with gzip.open(folder / f"{table}.csv.gz", "rt") as lines:
        return list(csv.DictReader(lines))


def _spans(tags: Sequence[str]) -> tuple[tuple[int, int], ...]:
    return tuple(spans([_TAGS[tag[0]] for tag in tags]))


def _lowered(phrase: str) -> str:
    """Without a capital that only begins a sentence: `SQL` and `Java` in the middle keep theirs where a second letter tells."""
    return phrase[0].lower() + phrase[1:] if len(phrase) > 1 and phrase[1].islower() else phrase
